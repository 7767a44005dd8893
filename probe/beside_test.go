package main

import (
	"fmt"
	"math/rand"
	"os"
	"reflect"
	"strings"
	"testing"
)

// Lines that change what stands before or behind them, or what other declarations mean.
var tellingLines = []string{
	"/*", "*/", "`", "//", "func init() {}", "var _ = 1", "import \"strings\"", "}", "{", ")",
	"//go:noinline", "//go:build linux", "type T struct{ x int }", "const c = iota", "\t", "func f()",
	"func g() { _ = []T{{x: 1}} }", "var s, t = 1, 2", "//line x.go:1", "func (t *T) m() { strings.ToUpper(\"\") }",
}

func editedLines(random *rand.Rand, source string) string {
	lines := strings.Split(source, "\n")
	for edits := 1 + random.Intn(3); edits > 0; edits-- {
		at := random.Intn(len(lines))
		other := lines[random.Intn(len(lines))]
		switch random.Intn(12) {
		case 0:
			lines = append(lines[:at:at], lines[at+1:]...)
		case 1:
			lines[at] = other
		case 2:
			lines[at] = tellingLines[random.Intn(len(tellingLines))]
		case 3:
			lines[at] = tellingLines[random.Intn(len(tellingLines))] + "\n" + lines[at]
		case 4:
			lines[at] += other
		default:
			if strings.HasPrefix(lines[at], "\t") && strings.HasSuffix(lines[at], ")") {
				lines[at] += "\n" + lines[at]
			}
		}
		lines = strings.Split(strings.Join(lines, "\n"), "\n")
	}
	return strings.Join(lines, "\n")
}

// Whatever was edited: a file that is read beside base is told as one that is read as a whole.
func TestReadingBesideBaseTellsTheSame(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	base, head, elsewhere := t.TempDir(), t.TempDir(), t.TempDir()
	var besides, wholes []string
	beside := 0
	for i, path := range goFiles(t, "encoding", "time") {
		source, err := os.ReadFile(path)
		if err != nil || len(source) > 60_000 {
			continue
		}
		edited := editedLines(random, string(source))
		name := fmt.Sprintf("%d/a.go", i)
		write(t, base, name, string(source))
		// Under another name it is not read beside the base side.
		write(t, elsewhere, fmt.Sprintf("%d/b.go", i), string(source))
		write(t, head, name, edited)
		besides = append(besides, "base - "+name, "head - "+name)
		wholes = append(wholes, "base - "+fmt.Sprintf("%d/b.go", i), "head - "+name)
		parsed := parse(source)
		if readBeside(&content{snapshot: &snapshot{}, parsed: parsed}, []byte(edited)) != nil {
			beside++
		}
	}
	if beside < len(wholes)/8 {
		t.Errorf("only %d of %d files were read beside base", beside, len(wholes)/2)
	}
	got := runSyntaxOf(t, bothSides(base, head, ""), besides...)
	want := runSyntaxOf(t, bothSides(elsewhere, head, ""), wholes...)
	told := map[string]syntaxFile{}
	for _, file := range got.Head.Files {
		told[file.Path] = file
	}
	for _, file := range want.Head.Files {
		if !reflect.DeepEqual(file, told[file.Path]) {
			t.Fatalf("%s\nbeside %+v\nwhole  %+v", file.Path, told[file.Path], file)
		}
	}
}

// What a declaration stands for depends on the rest of the file.
func TestTheRestOfTheFileIsKnownBesideBase(t *testing.T) {
	const before = "package p\n\nimport \"example.com/go-x\"\n\nvar v struct{ a int }\n\n"
	const after = "\nfunc last() int { return v.a + x.B }\n"
	for _, c := range []struct{ base, head string }{
		{"func f() {}\n", "func f() int { return v.a }\n"},
		{"func f() { x.A() }\n", "func f() { y.A() }\n"},
		{"var w struct{ a int }\n", "var u struct{ a int }\n"},
		{"type T struct{ a int }\n", "type T map[int]int\n"},
		{"func f() {}\n", "//go:linkname last other.last\nfunc f() {}\n"},
		{"func f() {}\n", "func f() {} /*\n*/ + 1\n"},
		{"func f() {}\n", "func f() {} // a\n\n\n"},
	} {
		base, head, elsewhere := t.TempDir(), t.TempDir(), t.TempDir()
		write(t, base, "a.go", before+c.base+after)
		write(t, elsewhere, "b.go", before+c.base+after)
		write(t, head, "a.go", before+c.head+after)
		got := runSyntaxOf(t, bothSides(base, head, ""), "base - a.go", "head - a.go")
		want := runSyntaxOf(t, bothSides(elsewhere, head, ""), "base - b.go", "head - a.go")
		if !reflect.DeepEqual(got.Head, want.Head) {
			t.Errorf("%s\nbeside %+v\nwhole  %+v", c.head, got.Head, want.Head)
		}
	}
}
