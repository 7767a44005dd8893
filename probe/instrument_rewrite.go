package main

// Rewrites the files of one package: finds the loops and the benchmark functions, and inserts.

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"sort"
	"strconv"
	"strings"
)

// rewriting is what all files of an overlay share.
type rewriting struct {
	// name is the recorder's name in the files, and the start of every other name inserted.
	name       string
	importPath string
	options    instrumentOptions
}

// rewrittenFile has no text when nothing in the file was to be rewritten.
type rewrittenFile struct {
	answer instrumentFile
	text   []byte
}

func (r rewrittenFile) isOfInterest() bool {
	return r.text != nil || r.answer.Problem != "" || len(r.answer.Benchmarks) > 0 || len(r.answer.Loops) > 0
}

// rewritePackage answers in the order of the group's files.
func rewritePackage(group packageGroup, shared rewriting) (rewritten []rewrittenFile) {
	var files []*ast.File
	for _, source := range group.files {
		answer := instrumentFile{
			Path: source.path, Problem: source.problem,
			Benchmarks: []instrumentBenchmark{}, Loops: []instrumentLoop{},
		}
		if source.file != nil {
			files = append(files, source.file)
			answer.Package = source.file.Name.Name
		}
		if shared.options.without[source.path] {
			answer.Problem = "it does not build when it is rewritten"
		}
		rewritten = append(rewritten, rewrittenFile{answer: answer})
	}
	defer func() {
		// go/types on a stranger's code: what makes it fail costs this package, not the others.
		if crash := recover(); crash != nil {
			for i := range rewritten {
				rewritten[i].text = nil
				rewritten[i].answer.Problem = bounded(fmt.Sprintf("the type checker failed: %v", crash))
			}
		}
	}()
	info := typesOf(group.fset, files)
	counts := countsOf(files, info)
	for i, source := range group.files {
		if source.file != nil && len(source.file.Decls) > 0 {
			rewriteFile(&rewritten[i], source, newWalker(group.fset, source, counts, shared))
		}
	}
	return rewritten
}

func importsC(file *ast.File) bool {
	for _, spec := range file.Imports {
		if spec.Path.Value == `"C"` {
			return true
		}
	}
	return false
}

func rewriteFile(into *rewrittenFile, source *goSource, w *walker) {
	w.walkFile()
	into.answer.Loops = append(into.answer.Loops, w.loops...)
	into.answer.Benchmarks = append(into.answer.Benchmarks, w.benchmarks...)
	if len(w.edits) > 0 && importsC(source.file) {
		into.answer.Problem = `it imports "C"`
	}
	if into.answer.Problem != "" {
		for i := range into.answer.Benchmarks {
			into.answer.Benchmarks[i].Coverage = "none"
			into.answer.Benchmarks[i].Reason = "its file is left alone: " + into.answer.Problem
		}
		return
	}
	if len(w.edits) == 0 {
		return
	}
	w.insert(source.file.Name.End(), "; import "+w.shared.name+" "+strconv.Quote(w.shared.importPath))
	text := w.apply()
	if _, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution); err != nil {
		into.answer.Problem = bounded("it does not parse when it is rewritten: " + err.Error())
		return
	}
	into.text, into.answer.Rewritten = text, true
}

// edit replaces the bytes from start to end; equal ones insert.
type edit struct {
	start, end int
	text       string
}

// walker rewrites one file.
type walker struct {
	counts *counts
	shared rewriting
	source *goSource
	file   *token.File

	edits      []edit
	loops      []instrumentLoop
	benchmarks []instrumentBenchmark
	// shadowsInt says that something in the file is called int and is not the type.
	shadowsInt bool
	handles    int
	// stack is the path from the file to the node that is looked at.
	stack []ast.Node
	// top and topLoops name loops: the declaration they are in and how many it has so far.
	top      string
	topLoops int
}

func newWalker(fset *token.FileSet, source *goSource, counts *counts, shared rewriting) *walker {
	w := &walker{counts: counts, shared: shared, source: source, file: fset.File(source.file.Pos())}
	ast.Inspect(source.file, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok && name.Name == "int" && counts.info.Defs[name] != nil {
			w.shadowsInt = true
		}
		return true
	})
	return w
}

func (w *walker) text(start, end token.Pos) string {
	return string(w.source.text[w.file.Offset(start):w.file.Offset(end)])
}

func (w *walker) textOf(n ast.Node) string { return w.text(n.Pos(), n.End()) }

func (w *walker) isSplit(start, end token.Pos) bool {
	return strings.Contains(w.text(start, end), "\n")
}

func (w *walker) line(p token.Pos) int { return w.file.PositionFor(p, false).Line }

func (w *walker) insert(at token.Pos, text string) { w.replace(at, at, text) }

func (w *walker) replace(start, end token.Pos, text string) {
	w.edits = append(w.edits, edit{w.file.Offset(start), w.file.Offset(end), text})
}

// apply makes the edits; those at one place stay in the order they were made.
func (w *walker) apply() []byte {
	sort.SliceStable(w.edits, func(i, j int) bool { return w.edits[i].start < w.edits[j].start })
	var out bytes.Buffer
	at := 0
	for _, e := range w.edits {
		out.Write(w.source.text[at:e.start])
		out.WriteString(e.text)
		at = e.end
	}
	out.Write(w.source.text[at:])
	return out.Bytes()
}

func (w *walker) walkFile() {
	for _, d := range w.source.file.Decls {
		w.topLoops = 0
		w.top = "var"
		function, isFunction := d.(*ast.FuncDecl)
		if isFunction {
			w.top = boundedName(functionName(function))
		}
		firstLoop := len(w.loops)
		ast.Inspect(d, w.visit)
		if isFunction && w.isBenchmarkFunction(function) {
			w.benchmarks = append(w.benchmarks, w.describe(function, w.loops[firstLoop:]))
		}
	}
}

// boundedName keeps site names short enough for the records.
func boundedName(name string) string {
	const longest = 200
	if len(name) <= longest {
		return name
	}
	return strings.ToValidUTF8(name[:longest], "")
}

// isBenchmarkFunction is what go test takes for a benchmark.
func (w *walker) isBenchmarkFunction(d *ast.FuncDecl) bool {
	return d.Recv == nil && strings.HasPrefix(d.Name.Name, "Benchmark") &&
		strings.HasSuffix(w.source.path, "_test.go") && d.Body != nil &&
		d.Type.TypeParams == nil && w.takesOnlyBenchmark(d.Type)
}

// takesOnlyBenchmark says whether a function's type is func(*testing.B).
func (w *walker) takesOnlyBenchmark(t *ast.FuncType) bool {
	return t.Results.NumFields() == 0 && t.Params.NumFields() == 1 &&
		isBenchmark(w.counts.info.Types[t.Params.List[0].Type].Type)
}

func (w *walker) visit(n ast.Node) bool {
	if n == nil {
		w.stack = w.stack[:len(w.stack)-1]
		return true
	}
	w.stack = append(w.stack, n)
	switch n := n.(type) {
	case *ast.FuncDecl:
		if n.Body != nil && (w.isBenchmarkFunction(n) || w.counts.values[w.counts.info.Defs[n.Name]]) {
			w.enter(n.Type, n.Body)
		}
	case *ast.FuncLit:
		w.enter(n.Type, n.Body)
	case *ast.ForStmt, *ast.RangeStmt:
		if form := w.formOf(n); form != noForm {
			w.rewriteLoop(n, form)
		}
	}
	return true
}

// enter tells the recorder that a benchmark function begins. Functions that take more than a
// *testing.B, or that are only called, are not: they may be called for every operation.
func (w *walker) enter(t *ast.FuncType, body *ast.BlockStmt) {
	if !w.takesOnlyBenchmark(t) {
		return
	}
	names := t.Params.List[0].Names
	if len(names) == 1 && names[0].Name != "_" {
		w.insert(body.Lbrace+1, fmt.Sprintf(" %s.Enter(%s);", w.shared.name, names[0].Name))
	}
}
