package main

// Rewrites the files of one package: finds the loops and the benchmark functions, and inserts.

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
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

func (w *walker) rewriteLoop(n ast.Node, form loopForm) {
	w.topLoops++
	loop := instrumentLoop{
		Site: fmt.Sprintf("%s#%d", w.top, w.topLoops), Line: w.line(n.Pos()), Form: form.name(),
	}
	if w.jumps() {
		loop.Form, loop.Reason = "", "its function has a goto, which may not jump over a declaration"
		w.loops = append(w.loops, loop)
		return
	}
	w.loops = append(w.loops, loop)
	w.handles++
	z := fmt.Sprintf("%sz%d", w.shared.name, w.handles)
	site := strconv.QuoteToASCII(loop.Site)
	b := w.benchmarkAt(n)
	var opening string
	switch form {
	case boundForm, rangeForm:
		opening = fmt.Sprintf("%s := %s.Bound(%s, %s); ", z, w.shared.name, b, site)
	case loopedForm:
		opening = fmt.Sprintf("%s := %s.Looped(%s, %s); ", z, w.shared.name, b, site)
	case parallelForm:
		opening = fmt.Sprintf("%s, %sc := %s.Parallel(%s), 0; ", z, z, w.shared.name, site)
	default:
		opening = fmt.Sprintf("%s, %sc := %s.Counted(%s, %s), 0; ", z, z, w.shared.name, b, site)
	}
	w.insert(w.statementStart(), opening)
	w.rewriteHead(n, form, z)
	w.closeLoop(n, form, z)
}

// closeLoop says behind the loop that it ended. A `for` without a condition may be the statement
// that ends its function, so that nothing can stand behind it.
func (w *walker) closeLoop(n ast.Node, form loopForm, z string) {
	if loop, ok := n.(*ast.ForStmt); ok && loop.Cond == nil {
		return
	}
	left := "0"
	if form == countedForm || form == parallelForm {
		left = z + "c"
	}
	w.insert(n.End(), fmt.Sprintf("; %s.End(%s)", z, left))
}

// statementStart is the start of the loop at the top of the stack, with its labels.
func (w *walker) statementStart() token.Pos {
	at := w.stack[len(w.stack)-1].Pos()
	for i := len(w.stack) - 2; i >= 0; i-- {
		label, ok := w.stack[i].(*ast.LabeledStmt)
		if !ok {
			break
		}
		at = label.Pos()
	}
	return at
}

// jumps says whether the innermost function around the loop has a goto.
func (w *walker) jumps() bool {
	for i := len(w.stack) - 1; i >= 0; i-- {
		body := functionBody(w.stack[i])
		if body == nil {
			continue
		}
		found := false
		ast.Inspect(body, func(n ast.Node) bool {
			if branch, ok := n.(*ast.BranchStmt); ok && branch.Tok == token.GOTO {
				found = true
			}
			_, inner := n.(*ast.FuncLit)
			return !inner
		})
		return found
	}
	return false
}

func functionBody(n ast.Node) *ast.BlockStmt {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return n.Body
	case *ast.FuncLit:
		return n.Body
	}
	return nil
}

// benchmarkAt is the text of the *testing.B that a loop counts for: the one in its condition, else
// the parameter of the innermost function that has one, else nil, which means the one in progress.
func (w *walker) benchmarkAt(loop ast.Node) string {
	if written := w.benchmarkIn(loop); written != "" {
		return written
	}
	for i := len(w.stack) - 1; i >= 0; i-- {
		var t *ast.FuncType
		switch n := w.stack[i].(type) {
		case *ast.FuncDecl:
			t = n.Type
		case *ast.FuncLit:
			t = n.Type
		default:
			continue
		}
		for _, field := range t.Params.List {
			if !isBenchmark(w.counts.info.Types[field.Type].Type) {
				continue
			}
			for _, name := range field.Names {
				if w.isVisible(name, loop) {
					return name.Name
				}
			}
		}
	}
	return "nil"
}

// benchmarkIn is x where the head of the loop has x.N or x.Loop() and x is a *testing.B.
func (w *walker) benchmarkIn(loop ast.Node) string {
	var head []ast.Node
	switch loop := loop.(type) {
	case *ast.ForStmt:
		if loop.Init != nil {
			head = append(head, loop.Init)
		}
		if loop.Cond != nil {
			head = append(head, loop.Cond)
		}
	case *ast.RangeStmt:
		head = append(head, loop.X)
	}
	written := ""
	for _, part := range head {
		mentions(part, func(e ast.Expr) bool {
			selector, ok := e.(*ast.SelectorExpr)
			if !ok || !isPath(selector.X) || !isBenchmark(w.counts.info.Types[selector.X].Type) {
				return false
			}
			written = w.textOf(selector.X)
			return true
		})
		if written != "" {
			return written
		}
	}
	return ""
}

// isVisible says whether a name still means the same object where the loop stands.
func (w *walker) isVisible(name *ast.Ident, loop ast.Node) bool {
	object := w.counts.info.Defs[name]
	if object == nil || name.Name == "_" {
		return false
	}
	for i := len(w.stack) - 1; i >= 0; i-- {
		scope := w.counts.info.Scopes[w.stack[i]]
		if function, ok := w.stack[i].(*ast.FuncLit); ok {
			scope = w.counts.info.Scopes[function.Type]
		} else if function, ok := w.stack[i].(*ast.FuncDecl); ok {
			scope = w.counts.info.Scopes[function.Type]
		}
		if scope == nil || w.stack[i] == loop {
			continue
		}
		_, found := scope.LookupParent(name.Name, loop.Pos())
		return found == object
	}
	return false
}

// describe says what is known of a benchmark before it runs.
func (w *walker) describe(d *ast.FuncDecl, loops []instrumentLoop) instrumentBenchmark {
	described := instrumentBenchmark{Name: d.Name.Name, Line: w.line(d.Pos()), Coverage: "none"}
	for _, loop := range loops {
		if loop.Reason == "" {
			described.Coverage = "loops"
			return described
		}
		described.Reason = loop.Reason
	}
	handed, number := w.handedOn(d.Body)
	switch {
	case handed:
		described.Coverage, described.Reason = "delegates", ""
	case number != "":
		described.Reason = "b.N is handed on as a number to " + number
	case described.Reason == "":
		described.Reason = "it has no loop over b.N"
	}
	return described
}

// handedOn says whether a benchmark gives its *testing.B to anything, and else what gets b.N.
func (w *walker) handedOn(body *ast.BlockStmt) (handed bool, number string) {
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		for _, arg := range call.Args {
			t := w.counts.info.Types[arg].Type
			if function, ok := t.(*types.Signature); ok && function.Params().Len() == 1 {
				t = function.Params().At(0).Type()
			}
			handed = handed || isBenchmark(t)
			if w.counts.isMade(arg) && !w.counts.info.Types[call.Fun].IsType() {
				number = bounded(w.textOf(call.Fun))
			}
		}
		return true
	})
	return handed, number
}
