package main

// Properties of the hash over real code: the standard library of the toolchain that runs the test.
//
// With TAILGUARD_WHOLE set to a list of directories (of GOROOT/src and of clones of other
// repositories), all Go files below them are read, and reformatted; without it a part of the
// standard library, which takes seconds.

import (
	"bytes"
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func standardLibrary(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("reads the standard library")
	}
	return filepath.Join(runtime.GOROOT(), "src")
}

// hashesOf are the hashes of all declarations, in order, of files read together.
func hashesOf(t *testing.T, sources [][]byte) []string {
	t.Helper()
	var files []*parsedFile
	for _, source := range sources {
		files = append(files, parse(source))
	}
	types := typesOfFiles(files...)
	var hashes []string
	for _, file := range files {
		described := describe(file, types)
		if len(described.Problems) > 0 {
			t.Fatalf("%v", described.Problems)
		}
		for _, d := range described.Declarations {
			hashes = append(hashes, d.Kind+" "+d.Name+" "+d.Hash)
		}
	}
	return hashes
}

// goFiles are those below the directories of the standard library, or below those of
// TAILGUARD_WHOLE. Sources that Go itself keeps broken, in testdata folders, are left out.
func goFiles(t *testing.T, dirs ...string) []string {
	t.Helper()
	root := standardLibrary(t)
	var roots []string
	for _, dir := range dirs {
		roots = append(roots, filepath.Join(root, dir))
	}
	if whole := os.Getenv("TAILGUARD_WHOLE"); whole != "" {
		roots = filepath.SplitList(whole)
	}
	var files []string
	for _, dir := range roots {
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() && entry.Name() == "testdata" {
				return filepath.SkipDir
			}
			if err == nil && entry.Type().IsRegular() && strings.HasSuffix(path, ".go") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// TestNoCollisions reads files and holds declarations of one hash against each other: what the
// scanner, which knows nothing of trees, sees of them must be the same. Names are left out of that,
// because the hash is blind to those of locals, and what the hash is blind to by intent.
func TestNoCollisions(t *testing.T) {
	type seen struct{ tokens, where string }
	byHash := map[string]seen{}
	declarations, equal := 0, 0
	files := goFiles(t, "bytes", "encoding", "go", "net/http", "reflect", "runtime", "sort", "strings", "time")
	for _, path := range files {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file := parse(content)
		if file.tree == nil || len(file.problems) > 0 {
			t.Errorf("%s: %v", path, file.problems)
			continue
		}
		described := describe(file, typesOfFiles(file))
		for i, d := range declarationsOf(file.tree.Decls, map[string]int{}) {
			if d.function == nil || d.function.Body == nil {
				continue
			}
			declarations++
			hash := described.Declarations[i].Hash
			now := seen{tokensOf(file, d), path + " " + d.name}
			before, known := byHash[hash]
			if known && before.tokens != now.tokens {
				t.Errorf("%s and %s have one hash\n%s\n%s", before.where, now.where, before.tokens, now.tokens)
			}
			if known {
				equal++
			}
			byHash[hash] = now
		}
	}
	t.Logf("%d files, %d functions, %d of them equal to another", len(files), declarations, equal)
	if declarations < 10_000 {
		t.Errorf("only %d functions: the test tests nothing", declarations)
	}
}

// tokensOf is what the scanner reads of a function's body: keywords, operators and literals.
func tokensOf(file *parsedFile, d declaration) string {
	base := file.fset.File(file.tree.FileStart)
	source := file.source[base.Offset(d.function.Body.Pos()):base.Offset(d.end)]
	fset := token.NewFileSet()
	var s scanner.Scanner
	s.Init(fset.AddFile("", -1, len(source)), source, nil, 0)
	var out strings.Builder
	for {
		_, tok, literal := s.Scan()
		switch tok {
		case token.EOF:
			return out.String()
		case token.IDENT, token.LPAREN, token.RPAREN, token.COMMA, token.SEMICOLON, token.PERIOD:
		default:
			if tok.IsLiteral() {
				out.WriteString(strings.ToLower(literal) + " ")
			} else {
				out.WriteString(tok.String() + " ")
			}
		}
	}
}

// TestFormattingIsNoChange joins what may be joined and adds a comment to every line.
func TestFormattingIsNoChange(t *testing.T) {
	read := 0
	for _, file := range goFiles(t, "net/http", "runtime", "go/types", "crypto/tls") {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte("`")) || bytes.Contains(content, []byte("/*")) || bytes.Contains(content, []byte(`import "C"`)) {
			continue
		}
		base, head := hashesOf(t, [][]byte{content}), hashesOf(t, [][]byte{spaceOut(content)})
		if strings.Join(base, "\n") != strings.Join(head, "\n") {
			t.Errorf("%s: comments and spaces changed a hash", file)
		}
		read++
	}
	if read < 200 {
		t.Errorf("only %d files: the test tests nothing", read)
	}
}

// spaceOut adds an empty line, spaces and a comment around every line.
func spaceOut(source []byte) []byte {
	var out bytes.Buffer
	for _, line := range bytes.Split(source, []byte("\n")) {
		if bytes.Contains(line, []byte("//")) {
			out.Write(line)
			out.WriteByte('\n')
			continue
		}
		fmt.Fprintf(&out, "\t  %s\t // remark\n\n", line)
	}
	return out.Bytes()
}
