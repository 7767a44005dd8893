package main

// Conversions through unsafe.Pointer, and those that break the rules of package unsafe.
//
// The collector and the stack mover know a pointer only while it is one. A uintptr that was a
// pointer is a number: what it named may move or be freed between the statement that made it and
// the one that turns it back. Rules and patterns are those of the documentation of unsafe.Pointer;
// (3) arithmetic must stand in one expression, (5) so must results of reflect, (6) headers must be
// those of real strings and slices. As in `go vet`, code that hides the conversion in a function
// is not seen; -d=checkptr=2 is (src/collect/check-pointers.ts).

import (
	"go/ast"
	"go/token"
)

// unsafeFact is the fact of a call of package unsafe.
func (h *hasher) unsafeFact(name string, e *ast.CallExpr) string {
	if name != "Pointer" {
		if len(e.Args) > 0 && name != "Sizeof" && name != "Alignof" && name != "Offsetof" {
			return "unsafe"
		}
		return ""
	}
	if len(e.Args) != 1 || h.shapeOf(e.Args[0]) != shapeUintptr {
		return "unsafe-pointer"
	}
	if h.isPointerInOneExpression(e.Args[0]) {
		return "unsafe-arithmetic"
	}
	return "uintptr-to-pointer"
}

// isPointerInOneExpression says whether a uintptr is made from a pointer right here.
func (h *hasher) isPointerInOneExpression(e ast.Expr) bool {
	switch e := unparen(e).(type) {
	case *ast.BinaryExpr:
		return (e.Op == token.ADD || e.Op == token.SUB || e.Op == token.AND_NOT) && h.isPointerInOneExpression(e.X)
	case *ast.CallExpr:
		if name := selected(e); len(e.Args) == 0 && (name == "Pointer" || name == "UnsafeAddr") {
			return true
		}
		if name, ok := unparen(e.Fun).(*ast.Ident); !ok || name.Name != "uintptr" || len(e.Args) != 1 {
			return false
		}
		return h.isUnsafePointer(e.Args[0]) || h.isPointerInOneExpression(e.Args[0])
	}
	return false
}

// isUnsafePointer says whether an expression is, or is declared as, an unsafe.Pointer.
func (h *hasher) isUnsafePointer(e ast.Expr) bool {
	if call, ok := unparen(e).(*ast.CallExpr); ok {
		return h.isUnsafeName(call.Fun)
	}
	return h.isUnsafeName(h.typeOf(e, maxTypeSteps))
}

func (h *hasher) isUnsafeName(e ast.Expr) bool {
	selector, ok := unparen(e).(*ast.SelectorExpr)
	return ok && h.importOf(selector) == "unsafe" && (selector.Sel.Name == "Pointer" || selector.Sel.Name == "Add")
}

// castFact is the fact of `(*T)(x)`.
func (h *hasher) castFact(pointer *ast.StarExpr, operand ast.Expr) string {
	call, ok := unparen(operand).(*ast.CallExpr)
	if !ok || len(call.Args) == 0 || !h.isUnsafeName(call.Fun) {
		return ""
	}
	if address, ok := unparen(call.Args[0]).(*ast.UnaryExpr); ok && address.Op == token.AND {
		to := h.typeShape(pointer.X)
		if (to == shapeBytes || to == shapeSlice) && h.shapeOf(address.X) == shapeString {
			return "string-as-slice"
		}
	}
	return "pointer-cast"
}

// isHeader says whether a type is reflect.SliceHeader or reflect.StringHeader by value.
func (h *hasher) isHeader(typ ast.Expr) bool {
	selector, ok := unparen(typ).(*ast.SelectorExpr)
	if !ok || h.importOf(selector) != "reflect" {
		return false
	}
	return selector.Sel.Name == "SliceHeader" || selector.Sel.Name == "StringHeader"
}
