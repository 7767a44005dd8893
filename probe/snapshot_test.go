package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	blobA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	blobB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	blobT = "cccccccccccccccccccccccccccccccccccccccc"
)

func bothSides(base, head, snapshots string) []string {
	return []string{"-base", base, "-head", head, "-snapshots", snapshots}
}

// An unchanged file is read once, whichever side or run it belongs to: here it is gone meanwhile.
func TestUnchangedFilesAreNotReadTwice(t *testing.T) {
	base, head, kept := t.TempDir(), t.TempDir(), t.TempDir()
	write(t, base, "a.go", "package p; func f(x int) T { return T{x: x} }")
	write(t, base, "t.go", "package p; type T struct{ x int }")
	records := []string{"base " + blobA + " a.go", "base " + blobT + " t.go", "head " + blobA + " a.go", "head " + blobT + " t.go"}
	first := runSyntaxOf(t, bothSides(base, head, kept), records...)
	if len(first.Head.Files[0].Problems) > 0 || len(first.Head.Files[0].Declarations) != 1 {
		t.Errorf("the head side was read again: %+v", first.Head.Files[0])
	}
	if err := os.RemoveAll(filepath.Join(base, "a.go")); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(runSyntaxOf(t, bothSides(base, head, kept), records...))
	if err != nil {
		t.Fatal(err)
	}
	if want, _ := json.Marshal(first); string(want) != string(again) {
		t.Errorf("kept\n%s\nread\n%s", again, want)
	}
}

// What an unchanged function means depends on a type that changed.
func TestUnchangedFilesAreHashedWhereTypesChange(t *testing.T) {
	base, head, kept := t.TempDir(), t.TempDir(), t.TempDir()
	const source = "package p\n\nfunc f(x int) T { return T{x: x} }\n"
	write(t, base, "a.go", source)
	write(t, head, "a.go", source)
	write(t, base, "t.go", "package p\n\ntype T struct{ x int }\n")
	for _, c := range []struct {
		types string
		same  bool
	}{
		{"package p\n\ntype T struct{ x, y int }\n", true},
		{"package p\n\ntype T map[int]int\n", false},
	} {
		write(t, head, "t.go", c.types)
		answer := runSyntaxOf(t, bothSides(base, head, kept),
			"base "+blobA+" a.go", "base "+blobT+" t.go", "head "+blobA+" a.go", "head "+blobB+" t.go")
		for _, file := range []syntaxFile{answer.Base.Files[0], answer.Head.Files[0]} {
			if d := find(t, file, "f"); (d.Hash == sameHash) != c.same {
				t.Errorf("%s: f is told as %s", c.types, d.Hash)
			}
		}
		if base, head := find(t, answer.Base.Files[0], "f"), find(t, answer.Head.Files[0], "f"); (base.Hash == head.Hash) != c.same {
			t.Errorf("%s: f is %s and %s", c.types, base.Hash, head.Hash)
		}
	}
}

func TestDamagedSnapshotsAreReadAgain(t *testing.T) {
	dir, kept := t.TempDir(), t.TempDir()
	write(t, dir, "a.go", "package p; func f() {}")
	for _, damaged := range []string{"", "{", "{}\n{}\nfunc", "{\"package\":\"p\",\"sameBytes\":9}\n{}\nfunc 1 1"} {
		write(t, kept, "aa/"+blobA[2:]+".json", damaged)
		answer := runSyntaxOf(t, bothSides(dir, dir, kept), "base "+blobA+" a.go", "head "+blobA+" a.go")
		if len(answer.Head.Files[0].Declarations) != 1 {
			t.Errorf("%q: %+v", damaged, answer.Head.Files[0])
		}
	}
	for _, blob := range []string{"-", "../../../etc", strings.Repeat("A", 40)} {
		if isBlob(blob) {
			t.Errorf("%q is no blob", blob)
		}
	}
}

func TestSnapshotsAreBounded(t *testing.T) {
	folder := t.TempDir()
	for i := 0; i < maxSnapshotsPerFolder+1; i++ {
		write(t, folder, strings.Repeat("x", 1+i%7)+string(rune('a'+i%26))+strings.Repeat("y", i/7), "")
	}
	before, _ := os.ReadDir(folder)
	prune(folder)
	after, _ := os.ReadDir(folder)
	if len(before) <= maxSnapshotsPerFolder || len(after) > maxSnapshotsPerFolder {
		t.Errorf("%d files became %d", len(before), len(after))
	}
}

// Only declarations that the other side does not have leave as trees.
func TestOnlyDifferingDeclarationsHaveTrees(t *testing.T) {
	base, head := t.TempDir(), t.TempDir()
	write(t, base, "a.go", "package p; func same() {}; func changed() { g(0) }; func renamed() { h(1) }; func gone() { g(2) }; type T int")
	write(t, head, "a.go", "package p; func changed() { h() }; func another() { h(1) }; func added() { g(3) }; type T int")
	write(t, head, "b.go", "package p; func same() {}")
	write(t, head, "b_test.go", "package p; func TestX() { g() }; func BenchmarkX() { g() }")
	answer := runSyntaxOf(t, bothSides(base, head, ""), "base - a.go", "head - a.go", "head - b.go", "head - b_test.go")
	trees := func(files []syntaxFile) string {
		var names []string
		for _, file := range files {
			for _, d := range file.Declarations {
				if d.Tree != "" {
					names = append(names, d.Name)
				}
			}
		}
		return strings.Join(names, " ")
	}
	if got := trees(answer.Base.Files); got != "changed gone" {
		t.Errorf("base: %s", got)
	}
	if got := trees(answer.Head.Files); got != "changed added BenchmarkX" {
		t.Errorf("head: %s", got)
	}
}

// Two files for two systems declare the same function; one of them changes.
func TestTreesAreThoseOfTheFileThatChanged(t *testing.T) {
	base, head := t.TempDir(), t.TempDir()
	const old = "package p\n\nimport \"C\"\n\nfunc f() { g(0) }\n"
	write(t, base, "a_linux.go", old)
	write(t, base, "a_windows.go", old)
	write(t, head, "a_linux.go", strings.Replace(old, "import \"C\"\n\nfunc f() { g(0) }", "import \"fmt\"\n\nfunc f() { g(1) }", 1))
	write(t, head, "a_windows.go", old)
	answer := runSyntaxOf(t, bothSides(base, head, ""),
		"base - a_linux.go", "base - a_windows.go", "head - a_linux.go", "head - a_windows.go")
	for _, files := range [][]syntaxFile{answer.Base.Files, answer.Head.Files} {
		for _, file := range files {
			if hasTree := find(t, file, "f").Tree != ""; hasTree != (file.Path == "a_linux.go") {
				t.Errorf("%s has a tree: %v", file.Path, hasTree)
			}
		}
	}
}
