package main

// Locals are no part of a declaration's hash, whatever they are called.

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// TestRenamedLocalsAreNoChange renames every local of whole packages by what go/types says is the
// same variable, which is an oracle independent of the parser's resolution that the hash uses.
func TestRenamedLocalsAreNoChange(t *testing.T) {
	root := standardLibrary(t)
	fset := token.NewFileSet()
	source := importer.ForCompiler(fset, "source", nil)
	renamedTotal := 0
	for _, dir := range renamedPackages(t, root) {
		pkg, err := build.ImportDir(filepath.Join(root, dir), 0)
		if err != nil {
			t.Fatal(err)
		}
		var originals [][]byte
		var trees []*ast.File
		for _, name := range pkg.GoFiles {
			content, err := os.ReadFile(filepath.Join(root, dir, name))
			if err != nil {
				t.Fatal(err)
			}
			tree, err := parser.ParseFile(fset, name, content, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			originals, trees = append(originals, content), append(trees, tree)
		}
		info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
		config := types.Config{Importer: source, Error: func(error) {}}
		checked, _ := config.Check(dir, fset, trees, info)
		var renamed [][]byte
		for i, tree := range trees {
			source, count := renameLocals(fset, tree, originals[i], checked, info)
			renamedTotal += count
			renamed = append(renamed, source)
		}
		base, head := hashesOf(t, originals), hashesOf(t, renamed)
		if len(base) != len(head) {
			t.Fatalf("%s: %d declarations became %d", dir, len(base), len(head))
		}
		for i := range base {
			// `rsa.PublicKey{N: N}` could be a map of another package with the local N as its key.
			if base[i] != head[i] && !strings.Contains(base[i], " fipsPublicKey ") {
				t.Errorf("%s: renamed locals changed %s", dir, strings.TrimRight(base[i], "0123456789abcdef"))
			}
		}
	}
	t.Logf("%d identifiers renamed", renamedTotal)
	if renamedTotal < 20_000 {
		t.Errorf("only %d identifiers were renamed: the test tests nothing", renamedTotal)
	}
}

// renamedPackages are packages of the standard library: all of them with TAILGUARD_WHOLE.
func renamedPackages(t *testing.T, root string) []string {
	t.Helper()
	if os.Getenv("TAILGUARD_WHOLE") == "" {
		return []string{
			"bytes", "container/list", "encoding/json", "go/parser", "maps", "regexp", "slices", "sort", "strconv",
			"strings", "sync", "text/template", "time",
		}
	}
	var dirs []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		if name := entry.Name(); name == "testdata" || name == "cmd" || name == "vendor" {
			return filepath.SkipDir
		}
		if pkg, err := build.ImportDir(path, 0); err == nil && len(pkg.CgoFiles) == 0 {
			dir, err := filepath.Rel(root, path)
			dirs = append(dirs, dir)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return dirs
}

// renameLocals gives every local of a file a new name made from its position, in the bytes of the
// file: go/printer would move comments, and with them directives.
func renameLocals(
	fset *token.FileSet, tree *ast.File, source []byte, pkg *types.Package, info *types.Info,
) ([]byte, int) {
	names := map[int]string{}
	lengths := map[int]int{}
	file := fset.File(tree.FileStart)
	rename := func(name *ast.Ident, at token.Pos) {
		offset := file.Offset(name.Pos())
		names[offset] = fmt.Sprintf("renamed%d", at)
		lengths[offset] = len(name.Name)
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		if s, ok := n.(*ast.TypeSwitchStmt); ok {
			if assign, ok := s.Assign.(*ast.AssignStmt); ok {
				// The symbol of a type switch is one variable a clause, all at its position.
				name := assign.Lhs[0].(*ast.Ident)
				rename(name, name.Pos())
			}
		}
		name, ok := n.(*ast.Ident)
		if !ok || name.Name == "_" {
			return true
		}
		object := info.Defs[name]
		if object == nil {
			object = info.Uses[name]
		}
		if isRenamable(object, pkg) {
			rename(name, object.Pos())
		}
		return true
	})
	offsets := make([]int, 0, len(names))
	for offset := range names {
		offsets = append(offsets, offset)
	}
	sort.Ints(offsets)
	var out bytes.Buffer
	end := 0
	for _, offset := range offsets {
		out.Write(source[end:offset])
		out.WriteString(names[offset])
		end = offset + lengths[offset]
	}
	out.Write(source[end:])
	return out.Bytes(), len(names)
}

func isRenamable(object types.Object, pkg *types.Package) bool {
	if object == nil || object.Pkg() != pkg || object.Parent() == pkg.Scope() {
		return false
	}
	switch object := object.(type) {
	case *types.Var:
		return !object.IsField()
	case *types.Const, *types.Label:
		return true
	case *types.TypeName:
		_, isParameter := object.Type().(*types.TypeParam)
		return isParameter
	}
	return false
}
