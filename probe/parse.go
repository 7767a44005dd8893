package main

// One file between its bytes and its hashes: parsed with all its errors, and described.

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
	"unicode/utf8"
)

// parsedFile is the syntax of one file; tree is nil where nothing could be read.
type parsedFile struct {
	source   []byte
	fset     *token.FileSet
	tree     *ast.File
	problems []string
	// outline is set where bodies of functions were left out.
	outline *outline

	imports          *importTable
	unexplainedPaths []string
	directives       *directiveTable
	read             *admittedDeclarations
}

type admittedDeclarations struct {
	declarations []declaration
	problems     []string
}

// importTable is made once: hashes and trees need it.
func (file *parsedFile) importTable() importTable {
	if file.imports == nil {
		table := importsOf(file)
		file.imports = &table
	}
	return *file.imports
}

func (file *parsedFile) directiveTable() directiveTable {
	if file.directives == nil && len(file.tree.Comments) == 0 {
		file.directives = &directiveTable{}
	}
	if file.directives == nil {
		declarations, _ := file.admitted()
		if file.outline != nil {
			declarations = file.outline.parsedDeclarations()
		}
		table := directivesOf(file.tree, declarations)
		file.directives = &table
	}
	return *file.directives
}

// parse never fails: what could not be read becomes problems, and tree may be nil.
func parse(source []byte) *parsedFile { return parseIn(token.NewFileSet(), source) }

// parseIn is parse with positions of a set.
func parseIn(fset *token.FileSet, source []byte) (file *parsedFile) {
	file = &parsedFile{source: source, fset: fset}
	defer func() {
		// go/parser is a library under fuzzing of its own, but one file of a stranger must never
		// cost the answer about all others.
		if crash := recover(); crash != nil {
			file.tree = nil
			file.problems = []string{bounded(fmt.Sprintf("1:1: not read: the parser failed: %v", crash))}
		}
	}()
	// Object resolution stays on: it says which declaration a local name belongs to (binding.go).
	mode := parser.AllErrors
	if readsComments(source) {
		mode |= parser.ParseComments
	}
	tree, err := parser.ParseFile(file.fset, "", source, mode)
	if err != nil && strings.Contains(err.Error(), "max scope depth") {
		// More than 1,000 nested scopes: go on without, then renamed locals show as changes.
		file.fset = token.NewFileSet()
		tree, _ = parser.ParseFile(file.fset, "", source, mode|parser.SkipObjectResolution)
	}
	file.tree = tree
	file.problems = problemsOf(err)
	return file
}

// readsComments says whether a comment of the file can mean something to the compiler (directives.go)
// or to cgo. Most files have none, and parsing is a tenth faster without them.
func readsComments(source []byte) bool {
	for _, mark := range []string{"//go:", "+build", "//export ", "\"C\""} {
		if bytes.Contains(source, []byte(mark)) {
			return true
		}
	}
	return false
}

func problemsOf(err error) []string {
	problems := []string{}
	list, ok := err.(scanner.ErrorList)
	if !ok {
		if err != nil {
			problems = append(problems, bounded("1:1: "+err.Error()))
		}
		return problems
	}
	for i, e := range list {
		if i == maxProblems {
			problems = append(problems, fmt.Sprintf("1:1: and %d more", len(list)-maxProblems))
			break
		}
		problems = append(problems, bounded(fmt.Sprintf("%d:%d: %s", e.Pos.Line, e.Pos.Column, e.Msg)))
	}
	return problems
}

// packageName is the name in the package clause; empty where it could not be read.
func (file *parsedFile) packageName() string {
	if file.tree == nil || file.tree.Name == nil {
		return ""
	}
	if name := file.tree.Name.Name; name != "_" && len(name) <= maxNameBytes {
		return name
	}
	return ""
}

// admitted are the declarations that the answer may hold, and what is said of the others.
func (file *parsedFile) admitted() ([]declaration, []string) {
	if file.read == nil {
		file.read = &admittedDeclarations{}
		file.read.declarations, file.read.problems = file.admit()
	}
	return file.read.declarations, file.read.problems
}

func (file *parsedFile) admit() ([]declaration, []string) {
	var problems []string
	admitted := declarationsOf(file.tree.Decls, map[string]int{})
	kept := admitted[:0]
	for _, d := range admitted {
		if len(kept) == maxDeclarations {
			problems = append(problems, fmt.Sprintf("1:1: only the first %d declarations are read", maxDeclarations))
			break
		}
		if len(d.name) > maxNameBytes {
			line := file.lineOf(d.start)
			problems = append(problems, fmt.Sprintf("%d:1: a name longer than %d bytes", line, maxNameBytes))
			continue
		}
		d.startLine, d.endLine = file.lineOf(d.start), file.lineOf(d.end)
		kept = append(kept, d)
	}
	return kept, problems
}

func (file *parsedFile) lineOf(at token.Pos) int {
	return file.fset.PositionFor(at, false).Line
}

// listed is the declaration as the answer tells it without a hash of its own.
func (d declaration) listed() syntaxDeclaration {
	return syntaxDeclaration{
		Kind: d.kind, Name: d.name, StartLine: d.startLine, EndLine: d.endLine, Hash: sameHash,
	}
}

// describe hashes the declarations of a file.
func describe(file *parsedFile, types *typeTable) (described syntaxFile) {
	described = syntaxFile{
		Package: file.packageName(), Declarations: []syntaxDeclaration{}, Problems: file.problems,
	}
	if file.tree == nil {
		return described
	}
	defer func() {
		if crash := recover(); crash != nil {
			problem := bounded(fmt.Sprintf("1:1: only partly read: %v", crash))
			described.Problems = append(described.Problems, problem)
		}
	}()
	declarations, problems := file.admitted()
	described.Problems = append(described.Problems[:len(file.problems):len(file.problems)], problems...)
	hasher := newHasher(file, types)
	defer hasher.release()
	described.Declarations = make([]syntaxDeclaration, 0, len(declarations))
	for _, d := range declarations {
		own := d.listed()
		if !d.isSame {
			own.Hash, own.SignatureHash = hasher.hash(d), hasher.signatureHash(d)
		}
		described.Declarations = append(described.Declarations, own)
	}
	return described
}

// bounded cuts a problem to what a person reads and makes it valid UTF-8.
func bounded(problem string) string {
	problem = strings.ToValidUTF8(problem, "\uFFFD")
	if len(problem) <= maxProblemBytes {
		return problem
	}
	cut := maxProblemBytes
	for cut > 0 && !utf8.RuneStart(problem[cut]) {
		cut--
	}
	return problem[:cut] + "…"
}

// boundedPath keeps the answer readable when a path is too long to be taken.
func boundedPath(p string) string {
	if len(p) <= maxPathBytes {
		return p
	}
	return strings.ToValidUTF8(p[:maxPathBytes-len("…")], "") + "…"
}

// boundedWord keeps a long literal short and still tells it from others.
func boundedWord(word string) string {
	if len(word) <= maxWordBytes {
		return word
	}
	sum := sha256.Sum256([]byte(word))
	return strings.ToValidUTF8(word[:maxWordBytes], "") + "…" + hex.EncodeToString(sum[:8])
}
