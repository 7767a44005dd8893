package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
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

// asWhole makes of what was told of two files beside each other what reading them whole tells: of a
// declaration that is the same, the hash there, which both sides must have.
func asWhole(t *testing.T, told, whole [2]syntaxFile) {
	t.Helper()
	hashes := [2]map[string]string{{}, {}}
	for s := range whole {
		for _, d := range whole[s].Declarations {
			hashes[s][d.Name] = d.Hash
		}
	}
	for s := range told {
		for i := range told[s].Declarations {
			d := &told[s].Declarations[i]
			if d.Hash != sameHash {
				continue
			}
			if hashes[baseSide][d.Name] != hashes[headSide][d.Name] {
				t.Errorf("%s: %s is not the same on both sides", told[s].Path, d.Name)
			}
			d.Hash = hashes[s][d.Name]
		}
		if !reflect.DeepEqual(told[s], whole[s]) {
			t.Fatalf("%s\nbeside %+v\nwhole  %+v", told[s].Path, told[s], whole[s])
		}
	}
}

// blobOf tells equal files from others, as git does.
func blobOf(t *testing.T, root, path string) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(source))
}

// readBothWays reads files of two directories beside each other and whole, compares what is told, and
// returns of how many files of head something was left out.
func readBothWays(t *testing.T, base, head string, paths []string) int {
	t.Helper()
	var answers [2]map[string][2]syntaxFile
	for way, readsWhole := range []bool{false, true} {
		reader := syntaxReader{readsWhole: readsWhole}
		for s, root := range [2]string{base, head} {
			tree, err := openSourceTree(root)
			if err != nil {
				t.Fatal(err)
			}
			reader.trees[s] = &tree
		}
		var requests []syntaxRequest
		for _, path := range paths {
			requests = append(requests,
				syntaxRequest{baseSide, blobOf(t, base, path), path}, syntaxRequest{headSide, blobOf(t, head, path), path})
		}
		var out bytes.Buffer
		if err := reader.read(requests, newAnswerWriter(&out)); err != nil {
			t.Fatal(err)
		}
		answers[way] = map[string][2]syntaxFile{}
		for lines := json.NewDecoder(&out); lines.More(); {
			var line syntaxLine
			if err := lines.Decode(&line); err != nil {
				t.Fatal(err)
			}
			sides := answers[way][line.File.Path]
			if line.Side != "head" {
				sides[baseSide] = unpacked(t, *line.File)
			}
			if line.Side != "base" {
				sides[headSide] = unpacked(t, *line.File)
			}
			answers[way][line.File.Path] = sides
		}
	}
	beside := 0
	for _, path := range paths {
		told := answers[0][path]
		for _, d := range told[headSide].Declarations {
			if d.Hash == sameHash {
				beside++
				break
			}
		}
		asWhole(t, told, answers[1][path])
	}
	return beside
}

// Whatever was edited: files that are read beside each other are told as if they had been read whole.
func TestReadingBesideTellsTheSame(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	base, head := t.TempDir(), t.TempDir()
	var paths []string
	for _, path := range goFiles(t, "encoding", "time") {
		source, err := os.ReadFile(path)
		if err != nil || len(source) > 60_000 {
			continue
		}
		edited := string(source)
		// Files that are the same know each other's types.
		if random.Intn(3) > 0 {
			edited = editedLines(random, edited)
		}
		write(t, base, path, string(source))
		write(t, head, path, edited)
		paths = append(paths, strings.TrimPrefix(path, "/"))
	}
	if beside := readBothWays(t, base, head, paths); beside < len(paths)/3 {
		t.Errorf("only %d of %d files were read beside each other", beside, len(paths))
	}
}

// What a declaration stands for depends on the rest of the file.
func TestTheRestOfTheFileIsKnownBeside(t *testing.T) {
	const before = "package p\n\nimport \"example.com/go-x\"\n\nvar v struct{ a int }\n\n"
	const after = "\nfunc last() int { return v.a + x.B }\n"
	base, head := t.TempDir(), t.TempDir()
	var paths []string
	for i, c := range []struct{ base, head string }{
		{"func f() {}\n", "func f() int { return v.a }\n"},
		{"func f() { x.A() }\n", "func f() { y.A() }\n"},
		{"var w struct{ a int }\n", "var u struct{ a int }\n"},
		{"type T struct{ a int }\n", "type T map[int]int\n"},
		{"func f() {}\n", "//go:linkname last other.last\nfunc f() {}\n"},
		{"func f() {}\n", "func f() {} /*\n*/ + 1\n"},
		{"func f() {}\n", "func f() {} // a\n\n\n"},
	} {
		path := fmt.Sprintf("%d/a.go", i)
		write(t, base, path, before+c.base+after)
		write(t, head, path, before+c.head+after)
		paths = append(paths, path)
	}
	readBothWays(t, base, head, paths)
}

// What is no formatted source, or only looks like a declaration, is read whole or told the same.
func TestOddSourcesAreToldTheSameBeside(t *testing.T) {
	const rest = "\nfunc same() { x := \"}\"; _ = x }\n\nfunc other() {}\n"
	base, head := t.TempDir(), t.TempDir()
	var paths []string
	for i, c := range []struct{ base, head string }{
		{"func f() {}\n", "func f() { _ = '\x00' }\n"},
		{"func f() {}\n", "func f() { _ = \"\xff\" }\n"},
		{"\uFEFF", ""},
		{"func f() {}\n", "func f() { _ = \"\uFEFF\" }\n"},
		{"var f =\nfunc() int { return 1 }\n", "var f =\nfunc() int { return 2 }\n"},
		{"func f() {}; func g() {}\n", "func f() {}; func g() { f() }\n"},
		{"func f() struct{ a int } { return struct{ a int }{1} }\n", "func f() struct{ a int } { return struct{ a int }{2} }\n"},
		{"func f() {}\n", "func f() {}\nimport \"fmt\"\n"},
		{"func f() {}\n", "func f() { ( }\n"},
		{"func f() {}\n", "func f() { \n"},
		{"func f() {}\n", "/* func f() {}\n"},
		{"func f() {}\n", "//line x.go:100\nfunc f() { f() }\n"},
		{"func f() {}\n", "  func f() {}\n"},
		{"func f() {}\n", "func f() { _ = `\nfunc g() {\n` }\n"},
		{"func f() {}\n", "func same() {}\n"},
		{"const (\n\ta = iota\n\tb\n)\n", "const (\n\tz = iota\n\ta\n\tb\n)\n"},
		{"func init() {}\n", "func init() {}\n\nfunc init() { same() }\n"},
		{"var _ = 1\n", "var _ = 2\n\nvar _ = 1\n"},
		{"type T[P any] struct{}\n\nfunc (t T[P]) m() { var p P; _ = p }\n", "type T[P any] struct{}\n\nfunc (t T[P]) m() { var p P; _ = p }\n\ntype P int\n"},
	} {
		path := fmt.Sprintf("%d/a.go", i)
		write(t, base, path, "package p\n\n"+c.base+rest)
		write(t, head, path, "package p\n\n"+c.head+rest)
		paths = append(paths, path)
	}
	readBothWays(t, base, head, paths)
}

// A syntax error in what did not change is the one thing that is not told.
func TestErrorsInWhatIsTheSameAreNotTold(t *testing.T) {
	base, head := t.TempDir(), t.TempDir()
	write(t, base, "a.go", "package p\n\nfunc broken() { a b }\n\nfunc f() {}\n")
	write(t, head, "a.go", "package p\n\nfunc broken() { a b }\n\nfunc f() { f() }\n")
	answer := runSyntaxOf(t, bothSides(base, head, ""), "base - a.go", "head - a.go")
	if problems := answer.Head.Files[0].Problems; len(problems) > 0 {
		t.Errorf("told %v", problems)
	}
	write(t, head, "a.go", "package p\n\nfunc broken() { a b c }\n\nfunc f() {}\n")
	answer = runSyntaxOf(t, bothSides(base, head, ""), "base - a.go", "head - a.go")
	if len(answer.Base.Files[0].Problems) == 0 || len(answer.Head.Files[0].Problems) == 0 {
		t.Error("an error in what changed is not told")
	}
}
