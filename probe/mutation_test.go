package main

// Whatever else changes in a function changes its hash.

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/token"
	"math/rand"
	"os"
	"path/filepath"
	"testing"
)

// TestMutationsAreChanges makes 10,000 single changes to functions of the standard library; each
// must change the hash.
func TestMutationsAreChanges(t *testing.T) {
	root := standardLibrary(t)
	random := rand.New(rand.NewSource(1))
	var files []string
	for _, pattern := range []string{"*/*.go", "encoding/*/*.go", "net/http/*.go", "go/*/*.go", "cmd/compile/internal/ssa/*.go"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	const wanted = 10_000
	kinds := map[string]int{}
	for mutations := 0; mutations < wanted; {
		content, err := os.ReadFile(files[random.Intn(len(files))])
		if err != nil {
			t.Fatal(err)
		}
		file := parse(content)
		if file.tree == nil || len(file.problems) > 0 || len(content) > 200_000 {
			continue
		}
		declarations := declarationsOf(file.tree.Decls, map[string]int{})
		hasher := newHasher(file, typesOfFiles(file))
		for _, d := range declarations {
			if d.function == nil || d.function.Body == nil || mutations >= wanted || random.Intn(4) > 0 {
				continue
			}
			base := hasher.hash(d)
			kind, undo := mutate(d.function.Body, random)
			if undo == nil {
				continue
			}
			if hasher.hash(d) == base {
				t.Errorf("%s in %s of %s did not change the hash", kind, d.name, file.tree.Name.Name)
			}
			undo()
			if hasher.hash(d) != base {
				t.Fatalf("%s was not undone", kind)
			}
			kinds[kind]++
			mutations++
		}
	}
	for _, kind := range []string{"operator", "constant", "identifier", "order", "call", "negation", "removal"} {
		if kinds[kind] < 100 {
			t.Errorf("only %d mutations of kind %s", kinds[kind], kind)
		}
	}
}

// mutate changes one random place below body and returns how to undo it; nil when it found none.
func mutate(body *ast.BlockStmt, random *rand.Rand) (string, func()) {
	var places []ast.Node
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr, *ast.BasicLit, *ast.CallExpr, *ast.IfStmt, *ast.SelectorExpr:
			places = append(places, n)
		case *ast.BlockStmt:
			if len(n.List) > 1 {
				places = append(places, n, n)
			}
		}
		return true
	})
	if len(places) == 0 {
		return "", nil
	}
	switch n := places[random.Intn(len(places))].(type) {
	case *ast.BinaryExpr:
		old := n.Op
		n.Op = token.AND_NOT
		if old == token.AND_NOT {
			n.Op = token.OR
		}
		return "operator", func() { n.Op = old }
	case *ast.BasicLit:
		old := n.Value
		n.Value = old[:len(old)-1] + "7" + old[len(old)-1:]
		return "constant", func() { n.Value = old }
	case *ast.SelectorExpr:
		old := n.Sel.Name
		n.Sel.Name = old + "x"
		return "identifier", func() { n.Sel.Name = old }
	case *ast.CallExpr:
		old := n.Fun
		n.Fun = &ast.Ident{NamePos: old.Pos(), Name: "mutated"}
		return "call", func() { n.Fun = old }
	case *ast.IfStmt:
		old := n.Cond
		n.Cond = &ast.UnaryExpr{Op: token.NOT, X: old}
		return "negation", func() { n.Cond = old }
	case *ast.BlockStmt:
		return mutateBlock(n, random)
	}
	return "", nil
}

func mutateBlock(block *ast.BlockStmt, random *rand.Rand) (string, func()) {
	old := block.List
	undo := func() { block.List = old }
	i := random.Intn(len(old) - 1)
	if random.Intn(2) == 0 {
		block.List = append(append([]ast.Stmt{}, old[:i]...), old[i+1:]...)
		return "removal", undo
	}
	if isDefinition(old[i]) || isDefinition(old[i+1]) || printed(old[i]) == printed(old[i+1]) {
		return "", nil
	}
	block.List = append([]ast.Stmt{}, old...)
	block.List[i], block.List[i+1] = old[i+1], old[i]
	return "order", undo
}

// isDefinition says whether a statement names locals: two of them may change places unseen.
func isDefinition(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.DeclStmt, *ast.EmptyStmt, *ast.LabeledStmt:
		return true
	case *ast.AssignStmt:
		return s.Tok == token.DEFINE
	}
	return false
}

func printed(s ast.Stmt) string {
	var out bytes.Buffer
	if err := format.Node(&out, token.NewFileSet(), s); err != nil {
		return ""
	}
	return out.String()
}
