package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNamesAndLines(t *testing.T) {
	file := describeSource(t, `package p

import "fmt"

const (
	A = iota
	B
)

var x, y = 1, 2

var _ fmt.Stringer = (*T)(nil)

type T struct{}

type List[E any] struct{}

func (t *T) String() string {
	return ""
}
func (T) Len() int { return 0 }

func (l *List[E]) Push(e E) {}

func (List[_]) Pop() {}

func init() {}
func init() {
}
func _() {}
`)
	var got []string
	for _, d := range file.Declarations {
		got = append(got, fmt.Sprintf("%s %s %d-%d", d.Kind, d.Name, d.StartLine, d.EndLine))
	}
	want := `const A 6-6
const B 7-7
var x 10-10
var y 10-10
var _.0 12-12
type T 14-14
type List 16-16
func (*T).String 18-20
func T.Len 21-21
func (*List).Push 23-23
func List.Pop 25-25
func init.0 27-27
func init.1 28-29
func _.1 30-30`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	if file.Package != "p" || len(file.Problems) != 0 {
		t.Errorf("package %q, problems %v", file.Package, file.Problems)
	}
}

// Lines are those of the file, whatever //line says: the diff and the annotations know no other.
func TestLineDirectivesDoNotMoveLines(t *testing.T) {
	file := describeSource(t, "package p\n//line other.y:500\nfunc f() {}\n")
	if d := find(t, file, "f"); d.StartLine != 3 {
		t.Errorf("start line %d, want 3", d.StartLine)
	}
}

func TestBrokenFileKeepsGoodDeclarations(t *testing.T) {
	file := describeSource(t, "package p\nfunc good() {}\nfunc bad( {\nfunc after() {}\nvar v = 1\n")
	find(t, file, "good")
	if len(file.Problems) == 0 || !strings.HasPrefix(file.Problems[0], "3:") {
		t.Errorf("problems %q", file.Problems)
	}
}

// Hostile sources: each ends with an answer, named problems where something could not be read,
// and bounded output.
func TestHostileSources(t *testing.T) {
	deep := func(open, close string, n int) string {
		return inFunction("_ = " + strings.Repeat(open, n) + "1" + strings.Repeat(close, n))
	}
	elseIf := "if g() {}" + strings.Repeat(" else if g() {}", 3000)
	for _, c := range []struct {
		title, source string
		wantProblem   bool
	}{
		{"empty", "", true},
		{"text", "This is not Go.", true},
		{"NUL", "package p\x00\nfunc f() {}", true},
		{"byte order mark", "\uFEFFpackage p\nfunc f() {}", false},
		{"byte order mark inside", "package p\nfunc f() { \uFEFF }", true},
		{"invalid UTF-8", "package p\nvar f = \"\xff\xfe\"", true},
		{"invalid UTF-8 in a name", "package p\nvar f\xff = 1", true},
		{"long line", inFunction("_ = \"" + strings.Repeat("x", 5<<20) + "\""), false},
		{"100,000 nested parentheses", deep("(", ")", 100_000), true},
		{"50,000 nested parentheses", deep("(", ")", 40_000), false},
		{"100,000 nested calls", deep("g(", ")", 100_000), true},
		{"20,000 nested literals", deep("[]int{", "}", 20_000), false},
		{"2,000 nested blocks", inFunction(strings.Repeat("{", 2000) + strings.Repeat("}", 2000)), true},
		{"3,000 else ifs", inFunction(elseIf), true},
		{"90,000 operators", deep("1+", "", 90_000), false},
		{"unclosed comment", "package p\n/* ", true},
		{"unclosed string", "package p\nvar f = `", true},
		{"200,000 errors", "package p\n" + strings.Repeat("]\n", 200_000), true},
		{"200,000 declarations", "package p\n" + strings.Repeat("var a int\n", 200_000), true},
		{"long name", "package p\nvar " + strings.Repeat("a", 5000) + " int", true},
		{"long package name", "package " + strings.Repeat("a", 5000), false},
		{"line directives", "package p\n" + strings.Repeat("//line x.go:999999999\n", 10_000), false},
		{"recursive types", "package p\ntype A B; type B A; var x = A{{c: 1}}", false},
	} {
		file := describeSource(t, c.source)
		if c.wantProblem != (len(file.Problems) > 0) {
			t.Errorf("%s: problems %.200q", c.title, file.Problems)
		}
		if len(file.Problems) > maxProblems+2 || len(file.Declarations) > maxDeclarations {
			t.Errorf("%s: %d problems", c.title, len(file.Problems))
		}
		for _, p := range file.Problems {
			if len(p) > maxProblemBytes+len("…") || !utf8.ValidString(p) {
				t.Errorf("%s: problem of %d bytes", c.title, len(p))
			}
		}
		if len(file.Package) > maxNameBytes {
			t.Errorf("%s: package name of %d bytes", c.title, len(file.Package))
		}
	}
}

// A function with more nested scopes than go/parser resolves is read all the same.
func TestManyNestedScopesKeepTheDeclaration(t *testing.T) {
	find(t, describeSource(t, inFunction(strings.Repeat("{", 2000)+strings.Repeat("}", 2000))), "f")
}

// write makes a file below dir and the directories above it.
func write(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// readSides are the files of both sides.
type readSides struct{ Base, Head struct{ Files []syntaxFile } }

// runSyntaxOf runs the whole command with these records and decodes its answer.
func runSyntaxOf(t *testing.T, args []string, records ...string) (answer readSides) {
	t.Helper()
	var out bytes.Buffer
	list := strings.Join(records, "\x00") + "\x00"
	if err := run(append([]string{"syntax"}, args...), strings.NewReader(list), &out); err != nil {
		t.Fatal(err)
	}
	for lines := json.NewDecoder(&out); lines.More(); {
		var line syntaxLine
		if err := lines.Decode(&line); err != nil {
			t.Fatal(err)
		}
		if line.Side != "head" {
			answer.Base.Files = append(answer.Base.Files, unpacked(t, *line.File))
		}
		if line.Side != "base" {
			answer.Head.Files = append(answer.Head.Files, unpacked(t, *line.File))
		}
	}
	return answer
}

// unpacked has all declarations in their order.
func unpacked(t *testing.T, file syntaxFile) syntaxFile {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSuffix(file.Same, "\n"), "\n") {
		if line == "" {
			continue
		}
		d := syntaxDeclaration{Hash: sameHash}
		if _, err := fmt.Sscanf(line, "%s %d %d %s", &d.Kind, &d.StartLine, &d.EndLine, &d.Name); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		file.Declarations = append(file.Declarations, d)
	}
	sort.SliceStable(file.Declarations, func(a, b int) bool {
		return file.Declarations[a].StartLine < file.Declarations[b].StartLine
	})
	file.Same = ""
	return file
}

// readOne reads the files of one side.
func readOne(t *testing.T, dir string, paths ...string) []syntaxFile {
	t.Helper()
	var records []string
	for _, path := range paths {
		records = append(records, "head - "+path)
	}
	return runSyntaxOf(t, []string{"-head", dir}, records...).Head.Files
}

func TestFilesOutsideTheRootAreNamedAndNotRead(t *testing.T) {
	outside, root := t.TempDir(), t.TempDir()
	write(t, outside, "secret.go", "package secret")
	write(t, root, "a/ok.go", "package a; func f() {}")
	write(t, root, "large.go", "package p // "+strings.Repeat("x", maxFileBytes))
	for name, target := range map[string]string{
		"link.go": filepath.Join(outside, "secret.go"), "linked": outside, "inside.go": "a/ok.go", "loop.go": "loop.go",
	} {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	long := strings.Repeat("d/", 600) + "f.go"
	paths := []string{
		"a/ok.go", "inside.go", "link.go", "linked/secret.go", "../secret.go", "/etc/passwd", "a",
		"missing.go", "large.go", "loop.go", "new\nline.go", long,
	}
	files := readOne(t, root, paths...)
	var got []string
	for i, f := range files {
		if i < 11 && f.Path != paths[i] {
			t.Errorf("file %d is %q, want %q", i, f.Path, paths[i])
		}
		got = append(got, fmt.Sprintf("%s %d %s", f.Package, len(f.Declarations), strings.Join(f.Problems, ",")))
	}
	want := []string{
		"a 1 ", "a 1 ",
		" 0 1:1: not read: a symbolic link leaves the root",
		" 0 1:1: not read: a symbolic link leaves the root",
		" 0 1:1: not read: the path leaves the root",
		" 0 1:1: not read: the path leaves the root",
		" 0 1:1: not read: not a regular file",
		" 0 1:1: not read: no such file or directory",
		" 0 1:1: not read: larger than 8 MiB",
		" 0 1:1: not read: a file system error",
		" 0 1:1: not read: no such file or directory",
		" 0 1:1: not read: the path is longer than 1000 bytes",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if last := files[11].Path; len(last) > maxPathBytes || !strings.HasSuffix(last, "…") {
		t.Errorf("long path of %d bytes", len(last))
	}
}

// Types declared in a neighboring file tell fields from variables.
func TestTypesOfTheDirectoryAreKnown(t *testing.T) {
	hash := func(body string) string {
		root := t.TempDir()
		write(t, root, "t.go", "package p; type T struct{ x int }")
		write(t, root, "f.go", "package p; func f(x, y int) T { return T{"+body+"} }")
		return find(t, readOne(t, root, "f.go", "t.go")[0], "f").Hash
	}
	if hash("x: x") == hash("x: y") {
		t.Error("another variable has the same hash")
	}
	root := t.TempDir()
	write(t, root, "t.go", "package p; type T struct{ x int }")
	write(t, root, "f.go", "package p; func f(x int) T { return T{x: x} }")
	write(t, root, "g.go", "package p; func f(y int) T { return T{x: y} }")
	files := readOne(t, root, "f.go", "g.go", "t.go")
	if find(t, files[0], "f").Hash != find(t, files[1], "f").Hash {
		t.Error("a renamed parameter is a change")
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"nonsense"}, {"syntax"}, {"syntax", "-head", ".", "more"}, {"syntax", "-what"}} {
		if err := run(args, strings.NewReader(""), &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "usage") {
			t.Errorf("%q: %v", args, err)
		}
	}
	if err := run([]string{"syntax", "-head", "/does/not/exist"}, strings.NewReader(""), &bytes.Buffer{}); err == nil {
		t.Error("a root that does not exist is an error")
	}
}
