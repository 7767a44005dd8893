package main

// The forms of benchmark loops, and what each is rewritten to.
//
//	for i := 0; i < b.N; i++ {     z := Bound(b, s); for i := 0; i < z.Lim || z.Next(i, b.N); i++ {
//	for i := range b.N {           the same with a hidden counter, and `i := counter;` in the body
//	for b.Loop() {                 z := Looped(b, s); for ; b.Loop(); z.Post() {
//	for pb.Next() {                z, c := Parallel(s), 0; for pb.Next() { if c--; c < 0 { c = z.Tick() };
//	any other that has to do with b.N: the same with Counted
//
// The first form adds nothing to an iteration: between boundaries it compares with one number, as
// the loop did. The condition b.Loop() stays alone, because the compiler looks for exactly that,
// and a statement inside its braces would be kept alive (1.26) or lose its inlining (1.24).

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// loopForm is how a loop is recorded: "" means that it has nothing to do with b.N.
type loopForm string

const (
	noForm       loopForm = ""
	boundForm    loopForm = "bound"
	rangeForm    loopForm = "range"
	loopedForm   loopForm = "loop"
	countedForm  loopForm = "counter"
	parallelForm loopForm = "parallel"
)

// name is the form as the records call it: a range is a bound loop with a hidden counter.
func (f loopForm) name() string {
	if f == rangeForm {
		return string(boundForm)
	}
	return string(f)
}

// formOf says how a *ast.ForStmt or *ast.RangeStmt is recorded.
func (w *walker) formOf(n ast.Node) loopForm {
	if loop, ok := n.(*ast.RangeStmt); ok {
		return w.formOfRange(loop)
	}
	loop := n.(*ast.ForStmt)
	c := w.counts
	isNext := func(e ast.Expr) bool { return c.isCall(e, testingPackage.next) }
	isLoop := func(e ast.Expr) bool { return c.isCall(e, testingPackage.loop) }
	switch {
	case loop.Cond == nil:
		if leavesBy(loop.Body, isNext) {
			return parallelForm
		}
		if leavesBy(loop.Body, func(e ast.Expr) bool { return c.isMade(e) || isLoop(e) }) {
			return countedForm
		}
		return noForm
	case mentions(loop.Cond, isNext):
		return parallelForm
	case isLoop(loop.Cond) && w.postFits(loop):
		return loopedForm
	case mentions(loop.Cond, isLoop):
		return countedForm
	case !mentions(loop.Cond, c.isMade):
		if a, ok := loop.Init.(*ast.AssignStmt); ok && mentions(a, c.isN) {
			return countedForm
		}
		return noForm
	}
	if _, ok := w.boundOf(loop); ok {
		return boundForm
	}
	return countedForm
}

func (w *walker) formOfRange(loop *ast.RangeStmt) loopForm {
	if !w.counts.isMade(loop.X) {
		return noForm
	}
	t := w.counts.info.Types[loop.X].Type
	key, isName := loop.Key.(*ast.Ident)
	if t != types.Typ[types.Int] || loop.Value != nil || loop.Key != nil && !isName ||
		!w.isSteady(loop.X, loop) || w.isSplit(loop.For, loop.Body.Lbrace) {
		return countedForm
	}
	if key != nil && loop.Tok == token.ASSIGN && key.Name != "_" && w.isAssigned(w.counts.info.Uses[key], loop.Body) {
		return countedForm
	}
	return rangeForm
}

// leavesBy finds `for { if i >= b.N { break } … }`.
func leavesBy(body *ast.BlockStmt, is func(ast.Expr) bool) bool {
	for _, statement := range body.List {
		branch, ok := statement.(*ast.IfStmt)
		if !ok || !mentions(branch.Cond, is) {
			continue
		}
		for _, inner := range branch.Body.List {
			switch inner := inner.(type) {
			case *ast.ReturnStmt:
				return true
			case *ast.BranchStmt:
				return inner.Tok == token.BREAK
			}
		}
	}
	return false
}

// postFits says whether a b.Loop loop's post statement has room for ours: there is none, or it is
// `i++` of an int.
func (w *walker) postFits(loop *ast.ForStmt) bool {
	if loop.Post == nil {
		return true
	}
	step, ok := loop.Post.(*ast.IncDecStmt)
	return ok && step.Tok == token.INC && w.counts.info.Types[step.X].Type == types.Typ[types.Int] &&
		!w.isSplit(step.Pos(), step.End())
}

// boundCondition is `counter < end`, or `<=`, in whatever order it was written.
type boundCondition struct {
	counter   *ast.Ident
	end       ast.Expr
	inclusive bool
}

// boundOf reads a condition that can be asked in batches: an integer variable below a number that
// does not change while the loop runs.
func (w *walker) boundOf(loop *ast.ForStmt) (boundCondition, bool) {
	none := boundCondition{}
	comparison, ok := unparen(loop.Cond).(*ast.BinaryExpr)
	if !ok || w.isSplit(loop.Cond.Pos(), loop.Cond.End()) {
		return none, false
	}
	left, right, operator := comparison.X, comparison.Y, comparison.Op
	if w.counts.isMade(left) && !w.counts.isMade(right) {
		mirrored := map[token.Token]token.Token{token.GTR: token.LSS, token.GEQ: token.LEQ, token.NEQ: token.NEQ}
		left, right, operator = right, left, mirrored[operator]
	}
	counter, ok := unparen(left).(*ast.Ident)
	if !ok || !w.isInteger(left) || !w.isInteger(right) || !w.isSteady(right, loop) {
		return none, false
	}
	variable, ok := w.counts.info.Uses[counter].(*types.Var)
	if !ok || !isLocal(variable) {
		return none, false
	}
	condition := boundCondition{counter: counter, end: right}
	switch operator {
	case token.LSS:
	case token.LEQ:
		condition.inclusive = true
	case token.NEQ:
		step, ok := loop.Post.(*ast.IncDecStmt)
		if !ok || step.Tok != token.INC || w.isAssigned(variable, loop.Body) {
			return none, false
		}
		if name, ok := unparen(step.X).(*ast.Ident); !ok || w.counts.info.Uses[name] != variable {
			return none, false
		}
	default:
		return none, false
	}
	return condition, w.counts.info.Types[right].Type == types.Typ[types.Int] && w.isInt(left) || !w.shadowsInt
}

func (w *walker) isInteger(e ast.Expr) bool {
	t := w.counts.info.Types[e].Type
	if t == nil {
		return false
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsInteger != 0
}

func (w *walker) isInt(e ast.Expr) bool {
	return w.counts.info.Types[e].Type == types.Typ[types.Int]
}

// isSteady says whether an expression gives the same number all through a loop: b.N, constants and
// local variables that the loop does not assign, in arithmetic and conversions.
func (w *walker) isSteady(e ast.Expr, loop ast.Node) bool {
	switch e := unparen(e).(type) {
	case *ast.BasicLit:
		return e.Kind == token.INT
	case *ast.Ident:
		switch object := w.counts.info.Uses[e].(type) {
		case *types.Const:
			return true
		case *types.Var:
			return isLocal(object) && !w.isAssigned(object, loop)
		}
		return false
	case *ast.SelectorExpr:
		return w.counts.isN(e) && isPath(e.X) && !w.assignsN(loop)
	case *ast.BinaryExpr:
		return w.isSteady(e.X, loop) && w.isSteady(e.Y, loop)
	case *ast.CallExpr:
		fun := w.counts.info.Types[e.Fun]
		return fun.IsType() && len(e.Args) == 1 && w.isInteger(e) && w.isSteady(e.Args[0], loop)
	}
	return false
}

// isPath says whether an expression is a.b.c, which can be written twice.
func isPath(e ast.Expr) bool {
	switch e := unparen(e).(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return isPath(e.X)
	}
	return false
}

// isAssigned says whether a variable may change below a node: assigned, stepped, or its address
// taken. The init statement of a loop counts, which only costs the better form.
func (w *walker) isAssigned(variable types.Object, below ast.Node) bool {
	found := false
	is := func(e ast.Expr) {
		if name, ok := unparen(e).(*ast.Ident); ok && w.counts.info.Uses[name] == variable {
			found = true
		}
	}
	ast.Inspect(below, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, to := range n.Lhs {
				is(to)
			}
		case *ast.IncDecStmt:
			is(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				is(n.X)
			}
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				is(n.Key)
				is(n.Value)
			}
		}
		return !found
	})
	return found
}

func (w *walker) assignsN(below ast.Node) bool {
	found := false
	ast.Inspect(below, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, to := range n.Lhs {
				found = found || w.counts.isN(to)
			}
		case *ast.IncDecStmt:
			found = found || w.counts.isN(n.X)
		}
		return !found
	})
	return found
}

// rewriteHead inserts what the form needs between `for` and the brace, and at the top of the body.
func (w *walker) rewriteHead(n ast.Node, form loopForm, z string) {
	body := bodyOf(n)
	switch form {
	case boundForm:
		loop := n.(*ast.ForStmt)
		condition, _ := w.boundOf(loop)
		counter, end := condition.counter.Name, w.textOf(condition.end)
		asInt := counter
		limit := z + ".Lim"
		if !w.isInt(condition.counter) {
			asInt = "int(" + counter + ")"
		}
		if !w.isInt(condition.end) {
			end = "int(" + end + ")"
		}
		if condition.inclusive {
			end = "(" + end + ")+1"
		}
		w.replace(loop.Cond.Pos(), loop.Cond.End(),
			fmt.Sprintf("%s < %s || %s.Next(%s, %s)", asInt, limit, z, asInt, end))
	case rangeForm:
		loop := n.(*ast.RangeStmt)
		hidden := z + "i"
		w.replace(loop.For+token.Pos(len("for")), body.Lbrace, fmt.Sprintf(
			" %s := 0; %s < %s.Lim || %s.Next(%s, %s); %s++ ",
			hidden, hidden, z, z, hidden, w.textOf(loop.X), hidden))
		if key, ok := loop.Key.(*ast.Ident); ok && key.Name != "_" {
			w.insert(body.Lbrace+1, fmt.Sprintf(" %s %s %s;", key.Name, loop.Tok, hidden))
		}
	case loopedForm:
		loop := n.(*ast.ForStmt)
		switch {
		case loop.Post != nil:
			step := loop.Post.(*ast.IncDecStmt)
			w.replace(step.Pos(), step.End(), w.textOf(step.X)+" += "+z+".Inc()")
		case strings.Contains(w.text(loop.For, loop.Cond.Pos()), ";"):
			w.insert(body.Lbrace, " "+z+".Post() ")
		default:
			w.insert(loop.Cond.Pos(), "; ")
			w.insert(loop.Cond.End(), "; "+z+".Post()")
		}
	default:
		w.insert(body.Lbrace+1, fmt.Sprintf(" if %sc--; %sc < 0 { %sc = %s.Tick() };", z, z, z, z))
	}
}

func bodyOf(n ast.Node) *ast.BlockStmt {
	switch n := n.(type) {
	case *ast.ForStmt:
		return n.Body
	case *ast.RangeStmt:
		return n.Body
	}
	return nil
}
