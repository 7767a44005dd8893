package main

// Properties of the hash over real code: the standard library of the toolchain that runs the test.
//
// With TAILGUARD_WHOLE set to a list of directories (of GOROOT/src and of clones of other
// repositories), all Go files below them are read, and reformatted; without it a part of the
// standard library, which takes seconds.

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/format"
	"go/importer"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"sort"
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
		described, _ := describe(file, types)
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
		described, _ := describe(file, typesOfFiles(file))
		for i, d := range declarationsOf(file.tree) {
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
		declarations := declarationsOf(file.tree)
		hasher := newHasher(file, declarations, typesOfFiles(file))
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
