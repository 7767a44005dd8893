package main

// Where a loop's handle is opened and closed, and which *testing.B it counts for.

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
)

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
