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

// The hash of a file that mentions a type of its directory is not kept beyond a change of the type.
func TestSnapshotHoldsAsLongAsTheTypesDo(t *testing.T) {
	dir, kept := t.TempDir(), t.TempDir()
	write(t, dir, "a.go", "package p; func f(x int) T { return T{x: x} }")
	hash := func(types, blob string) string {
		write(t, dir, "t.go", types)
		answer := runSyntaxOf(t, []string{"-head", dir, "-snapshots", kept}, "head "+blobA+" a.go", "head "+blob+" t.go")
		return answer.Head.Files[0].Declarations[0].Hash
	}
	structure := hash("package p; type T struct{ x int }", blobT)
	if hash("package p; type T map[int]int", blobB) == structure {
		t.Error("a kept hash outlived the type it was made with")
	}
	if hash("package p; type T struct{ x, y int }", blobB[:39]+"d") != structure {
		t.Error("another field is no reason to hash again, and gives no other hash")
	}
}

func TestDamagedSnapshotsAreReadAgain(t *testing.T) {
	dir, kept := t.TempDir(), t.TempDir()
	write(t, dir, "a.go", "package p; func f() {}")
	write(t, kept, "aa/"+blobA[2:]+".json", "{")
	answer := runSyntaxOf(t, []string{"-head", dir, "-snapshots", kept}, "head "+blobA+" a.go")
	if len(answer.Head.Files[0].Declarations) != 1 {
		t.Errorf("%+v", answer.Head.Files[0])
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
