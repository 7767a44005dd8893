package main

// Which variables hold b.N, or a number made from it.
//
// A loop may be bounded by `n := b.N`, by `int64(b.N)`, by a slice of b.N elements, or by a
// parameter that b.N is given to. A parameter counts only when every call in the package gives it
// such a number: a function that is also called for ten elements inside a measured loop would pay
// for being recorded there.

import (
	"go/ast"
	"go/types"
)

// counts is what is known of the numbers of one package.
type counts struct {
	info *types.Info
	// made are variables and parameters whose value is made from b.N.
	made map[types.Object]bool
	// values are functions that are used other than by calling them, such as in b.Run("x", f).
	values map[types.Object]bool
}

// maxCountPasses bounds chains of assignments: n := b.N; m := n; …
const maxCountPasses = 6

func countsOf(files []*ast.File, info *types.Info) *counts {
	c := &counts{info: info, made: map[types.Object]bool{}, values: map[types.Object]bool{}}
	c.findValues(files)
	for pass, known := 0, -1; pass < maxCountPasses && len(c.made) != known; pass++ {
		known = len(c.made)
		c.findVariables(files)
		c.findParameters(files)
	}
	return c
}

// findValues finds functions that stand anywhere but in front of their arguments.
func (c *counts) findValues(files []*ast.File) {
	called := map[*ast.Ident]bool{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if name := calleeName(call); name != nil {
					called[name] = true
				}
			}
			return true
		})
	}
	for name, object := range c.info.Uses {
		if _, ok := object.(*types.Func); ok && !called[name] {
			c.values[object] = true
		}
	}
}

// calleeName is the name of a called function or method; nil for anything else that is called.
func calleeName(call *ast.CallExpr) *ast.Ident {
	switch fun := unparen(call.Fun).(type) {
	case *ast.Ident:
		return fun
	case *ast.SelectorExpr:
		return fun.Sel
	case *ast.IndexExpr:
		if name, ok := unparen(fun.X).(*ast.Ident); ok {
			return name
		}
	}
	return nil
}

func (c *counts) findVariables(files []*ast.File) {
	assign := func(to, from ast.Expr) {
		name, ok := unparen(to).(*ast.Ident)
		if !ok || !c.isMade(from) {
			return
		}
		object := c.info.Defs[name]
		if object == nil {
			object = c.info.Uses[name]
		}
		if v, ok := object.(*types.Var); ok && isLocal(v) {
			c.made[object] = true
		}
	}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i := range n.Rhs {
					if len(n.Lhs) == len(n.Rhs) {
						assign(n.Lhs[i], n.Rhs[i])
					}
				}
			case *ast.ValueSpec:
				for i := range n.Values {
					if len(n.Names) == len(n.Values) {
						assign(n.Names[i], n.Values[i])
					}
				}
			}
			return true
		})
	}
}

func isLocal(v *types.Var) bool {
	return !v.IsField() && v.Pkg() != nil && v.Parent() != v.Pkg().Scope()
}

// findParameters finds parameters that every call gives a number made from b.N.
func (c *counts) findParameters(files []*ast.File) {
	given := map[types.Object][]bool{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name := calleeName(call)
			if name == nil {
				return true
			}
			function, ok := c.info.Uses[name].(*types.Func)
			if !ok || c.values[function] {
				return true
			}
			seen, known := given[function]
			if !known {
				seen = make([]bool, len(call.Args))
				for i := range seen {
					seen[i] = true
				}
			}
			for i := range seen {
				seen[i] = seen[i] && i < len(call.Args) && c.isMade(call.Args[i])
			}
			given[function] = seen
			return true
		})
	}
	for function, made := range given {
		signature, ok := function.Type().(*types.Signature)
		if !ok || function.Pkg() == testingPackage.pkg || signature.Variadic() {
			continue
		}
		for i, isMade := range made {
			if isMade && i < signature.Params().Len() {
				c.made[signature.Params().At(i)] = true
			}
		}
	}
}

// isMade says whether an expression is b.N or a number or slice made from it by arithmetic,
// conversion or make. Results of other functions are not: they need not grow with b.N.
func (c *counts) isMade(e ast.Expr) bool {
	switch e := unparen(e).(type) {
	case *ast.Ident:
		return c.made[c.info.Uses[e]]
	case *ast.SelectorExpr:
		return c.isN(e)
	case *ast.BinaryExpr:
		return c.isMade(e.X) || c.isMade(e.Y)
	case *ast.CallExpr:
		if fun := c.info.Types[e.Fun]; fun.IsType() && len(e.Args) == 1 {
			return c.isMade(e.Args[0])
		}
		name, ok := unparen(e.Fun).(*ast.Ident)
		if _, builtin := c.info.Uses[name].(*types.Builtin); !ok || !builtin {
			return false
		}
		switch name.Name {
		case "make":
			return len(e.Args) > 1 && c.isMade(e.Args[1])
		case "len", "cap", "min", "max":
			for _, arg := range e.Args {
				if c.isMade(arg) {
					return true
				}
			}
		}
	}
	return false
}

// isN says whether an expression is the field N of a testing.B.
func (c *counts) isN(e ast.Expr) bool {
	selector, ok := unparen(e).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	selection := c.info.Selections[selector]
	return selection != nil && selection.Obj() == testingPackage.n
}

// isCall says whether an expression calls the method, without arguments.
func (c *counts) isCall(e ast.Expr, method types.Object) bool {
	call, ok := unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) > 0 {
		return false
	}
	selector, ok := unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	selection := c.info.Selections[selector]
	return selection != nil && selection.Obj() == method
}

// mentions says whether anything below a node, function literals left out, is true.
func mentions(n ast.Node, is func(ast.Expr) bool) bool {
	found := false
	if n == nil {
		return false
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok || found {
			return false
		}
		if e, ok := n.(ast.Expr); ok && is(e) {
			found = true
		}
		return !found
	})
	return found
}
