package main

// What can be said of a benchmark's coverage before it runs: its loops are recorded, it hands its
// *testing.B on, or it has none, with the reason.

import (
	"go/ast"
	"go/types"
	"strings"
)

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
	inside, outside, number := w.handedOn(d.Body)
	switch {
	case inside:
		described.Coverage, described.Reason = "delegates", ""
	case outside != "":
		described.Reason = "b is handed to " + outside + ", outside the module"
	case number != "":
		described.Reason = "b.N is handed on as a number to " + number
	case described.Reason == "":
		described.Reason = "it has no loop over b.N"
	}
	return described
}

// handedOn says whether a benchmark gives its *testing.B to anything in the module, else to what
// outside it, else what gets b.N.
func (w *walker) handedOn(body *ast.BlockStmt) (inside bool, outside, number string) {
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
			switch {
			case isBenchmark(t) && w.isOutside(call.Fun):
				outside = bounded(w.textOf(call.Fun))
			case isBenchmark(t):
				inside = true
			case w.counts.isMade(arg) && !w.counts.info.Types[call.Fun].IsType():
				number = bounded(w.textOf(call.Fun))
			}
		}
		return true
	})
	return inside, outside, number
}

// isOutside says whether a called function is of a package that is not of the module.
func (w *walker) isOutside(fun ast.Expr) bool {
	selector, ok := unparen(fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	name, ok := unparen(selector.X).(*ast.Ident)
	if !ok {
		return false
	}
	imported, ok := w.counts.info.Uses[name].(*types.PkgName)
	if !ok {
		return false
	}
	module := w.shared.options.modulePath
	importPath := imported.Imported().Path()
	return module != "std" && importPath != module && !strings.HasPrefix(importPath, module+"/")
}
