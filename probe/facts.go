package main

// What a node costs at run time, as a word that src/analyze/ast/fact-catalog.ts knows: an allocation
// site, a loop, a lock, a look-up in a map, a conversion through unsafe.Pointer. Facts are for
// explaining; they are no part of a hash, and what cannot be told from the source is left out.

import (
	"go/ast"
	"go/token"
)

func (h *hasher) factOf(n ast.Node) string {
	h.markFree(n)
	switch n := n.(type) {
	case *ast.CallExpr:
		if h.freeConversions[n] {
			return ""
		}
		return h.callFact(n)
	case *ast.FuncLit:
		return "closure"
	case *ast.CompositeLit:
		if h.isHeader(n.Type) {
			return "header-by-hand"
		}
		switch h.typeShape(n.Type) {
		case shapeSlice, shapeBytes:
			return "slice-literal"
		case shapeMap:
			return "map-literal"
		}
	case *ast.UnaryExpr:
		if _, literal := unparen(n.X).(*ast.CompositeLit); literal && n.Op == token.AND {
			return "pointer-literal"
		}
		if n.Op == token.ARROW {
			return "receive"
		}
	case *ast.BinaryExpr:
		if n.Op == token.ADD && h.isConcatenation(n) {
			return "concatenation"
		}
	case *ast.IndexExpr:
		if h.shapeOf(n.X) == shapeMap {
			return "map-access"
		}
	case *ast.TypeAssertExpr:
		if call, ok := unparen(n.X).(*ast.CallExpr); ok && len(call.Args) == 0 && selected(call) == "Get" {
			return "pool-get"
		}
		if n.Type != nil {
			return "type-assertion"
		}
	case *ast.ValueSpec:
		if h.isHeader(n.Type) {
			return "header-by-hand"
		}
	case ast.Stmt:
		return h.statementFact(n)
	}
	return ""
}

// markFree notes the conversions below n that the compiler makes without a copy: what is ranged
// over, looked up in a map, compared or switched on.
func (h *hasher) markFree(n ast.Node) {
	free := func(list ...ast.Expr) {
		for _, e := range list {
			if call, ok := unparen(e).(*ast.CallExpr); ok && len(call.Args) == 1 {
				if h.freeConversions == nil {
					h.freeConversions = map[*ast.CallExpr]bool{}
				}
				h.freeConversions[call] = isTextType(call.Fun)
			}
		}
	}
	switch n := n.(type) {
	case *ast.RangeStmt:
		free(n.X)
	case *ast.SwitchStmt:
		free(n.Tag)
	case *ast.IndexExpr:
		if h.shapeOf(n.X) == shapeMap {
			free(n.Index)
		}
	case *ast.BinaryExpr:
		switch n.Op {
		case token.EQL, token.NEQ, token.LSS, token.GTR, token.LEQ, token.GEQ:
			free(n.X, n.Y)
		}
	}
}

// isTextType says whether an expression is string, []byte or []rune.
func isTextType(e ast.Expr) bool {
	switch e := unparen(e).(type) {
	case *ast.Ident:
		return e.Name == "string"
	case *ast.ArrayType:
		element, ok := unparen(e.Elt).(*ast.Ident)
		return ok && e.Len == nil && (element.Name == "byte" || element.Name == "rune")
	}
	return false
}

func (h *hasher) statementFact(s ast.Stmt) string {
	switch s := s.(type) {
	case *ast.ForStmt:
		return "loop"
	case *ast.RangeStmt:
		switch h.shapeOf(s.X) {
		case shapeMap:
			return "map-range"
		case shapeChannel:
			return "channel-range"
		}
		return "loop"
	case *ast.DeferStmt:
		return "defer"
	case *ast.GoStmt:
		return "go"
	case *ast.SendStmt:
		return "send"
	case *ast.SelectStmt:
		return "select"
	case *ast.SwitchStmt:
		return "switch"
	case *ast.TypeSwitchStmt:
		return "type-switch"
	case *ast.AssignStmt:
		if isBoundsHint(s) {
			return "bounds-hint"
		}
		if s.Tok == token.ADD_ASSIGN && len(s.Lhs) == 1 && h.shapeOf(s.Lhs[0]) == shapeString {
			return "concatenation"
		}
	}
	return ""
}

// isBoundsHint knows `_ = b[7]`, which checks once what the compiler need not check again.
func isBoundsHint(s *ast.AssignStmt) bool {
	if len(s.Lhs) != 1 || len(s.Rhs) != 1 {
		return false
	}
	blank, ok := s.Lhs[0].(*ast.Ident)
	if !ok || blank.Name != "_" {
		return false
	}
	switch unparen(s.Rhs[0]).(type) {
	case *ast.IndexExpr, *ast.SliceExpr:
		return true
	}
	return false
}

// isConcatenation says whether a sum is one of strings, of which one at least is no literal.
func (h *hasher) isConcatenation(e *ast.BinaryExpr) bool {
	if h.shapeOf(e) != shapeString {
		return false
	}
	_, x := unparen(e.X).(*ast.BasicLit)
	_, y := unparen(e.Y).(*ast.BasicLit)
	return !x || !y
}

func (h *hasher) callFact(e *ast.CallExpr) string {
	fun := unparen(e.Fun)
	if array, ok := fun.(*ast.ArrayType); ok && array.Len == nil && len(e.Args) == 1 {
		return h.conversionFact(h.typeShape(array), e.Args[0])
	}
	if pointer, ok := fun.(*ast.StarExpr); ok && len(e.Args) == 1 {
		return h.castFact(pointer, e.Args[0])
	}
	switch fun := fun.(type) {
	case *ast.Ident:
		if fun.Obj == nil && h.binding.object(fun) == nil {
			if fact := h.builtinFact(fun.Name, e); fact != "" {
				return fact
			}
		}
	case *ast.SelectorExpr:
		if fact := h.selectedFact(fun, e); fact != "" {
			return fact
		}
	}
	return h.argumentFact(e)
}

func (h *hasher) builtinFact(name string, e *ast.CallExpr) string {
	switch name {
	case "make":
		return h.makeFact(e)
	case "new":
		return "new"
	case "append":
		if len(e.Args) > 0 && h.hasNoCapacity(e.Args[0]) {
			return "append-without-capacity"
		}
		return "append"
	case "delete":
		return "map-delete"
	case "close":
		return "close"
	case "copy", "panic", "recover":
		return name
	case "string":
		if len(e.Args) == 1 {
			return h.conversionFact(shapeString, e.Args[0])
		}
	case "any":
		return "boxing"
	}
	return ""
}

func (h *hasher) makeFact(e *ast.CallExpr) string {
	if len(e.Args) == 0 {
		return ""
	}
	switch h.typeShape(e.Args[0]) {
	case shapeMap:
		return "make-map"
	case shapeChannel:
		return "make-channel"
	case shapeSlice, shapeBytes:
		return "make-slice"
	}
	return "make"
}

// conversionFact tells the conversions between strings and bytes or runes, which copy.
func (h *hasher) conversionFact(to shape, operand ast.Expr) string {
	if _, literal := unparen(operand).(*ast.BasicLit); literal {
		return ""
	}
	from := h.shapeOf(operand)
	switch {
	case to == shapeBytes && (from == shapeString || from == shapeUnknown):
		return "string-to-bytes"
	case to == shapeString && (from == shapeBytes || from == shapeUnknown):
		return "bytes-to-string"
	}
	return ""
}

// hasNoCapacity says whether a slice is a local that begins empty and without room.
func (h *hasher) hasNoCapacity(e ast.Expr) bool {
	name, ok := unparen(e).(*ast.Ident)
	if !ok || h.binding.object(name) == nil || name.Obj == nil {
		return false
	}
	switch declared := name.Obj.Decl.(type) {
	case *ast.ValueSpec:
		return len(declared.Values) == 0
	case *ast.AssignStmt:
		for i, at := range declared.Lhs {
			at, ok := at.(*ast.Ident)
			if ok && at.Name == name.Name && len(declared.Lhs) == len(declared.Rhs) {
				return isEmptySlice(declared.Rhs[i])
			}
		}
	case *ast.Field:
		return false
	}
	return false
}

// isEmptySlice knows `[]T{}`, `[]T(nil)` and `make([]T, 0)`.
func isEmptySlice(e ast.Expr) bool {
	switch e := unparen(e).(type) {
	case *ast.CompositeLit:
		return len(e.Elts) == 0
	case *ast.CallExpr:
		if name, ok := unparen(e.Fun).(*ast.Ident); ok && name.Name == "make" && len(e.Args) == 2 {
			length, ok := unparen(e.Args[1]).(*ast.BasicLit)
			return ok && length.Value == "0"
		}
		_, converts := unparen(e.Fun).(*ast.ArrayType)
		return converts
	}
	return false
}

// selected is the name after the dot of a call; empty for other calls.
func selected(e *ast.CallExpr) string {
	if selector, ok := unparen(e.Fun).(*ast.SelectorExpr); ok {
		return selector.Sel.Name
	}
	return ""
}

// selectedFact knows the calls of packages and methods that cost by their very name.
func (h *hasher) selectedFact(fun *ast.SelectorExpr, e *ast.CallExpr) string {
	switch h.importOf(fun) {
	case "reflect":
		return "reflect"
	case "fmt":
		return "format"
	case "regexp":
		switch fun.Sel.Name {
		case "Compile", "MustCompile", "CompilePOSIX", "MustCompilePOSIX", "MatchString", "Match":
			return "compile-pattern"
		}
	case "unsafe":
		return h.unsafeFact(fun.Sel.Name, e)
	case "time":
		if fun.Sel.Name == "Now" || fun.Sel.Name == "Since" {
			return "clock"
		}
	case "":
		switch {
		case (fun.Sel.Name == "Lock" || fun.Sel.Name == "RLock") && len(e.Args) == 0:
			return "lock"
		case (fun.Sel.Name == "Unlock" || fun.Sel.Name == "RUnlock") && len(e.Args) == 0:
			return "unlock"
		case fun.Sel.Name == "Put" && len(e.Args) == 1:
			return "pool-put"
		}
	}
	return ""
}

// importOf is the path of the package before the dot; empty when it is none.
func (h *hasher) importOf(fun *ast.SelectorExpr) string {
	name, ok := unparen(fun.X).(*ast.Ident)
	if !ok || name.Obj != nil || h.binding.object(name) != nil {
		return ""
	}
	return h.imports.byName[name.Name]
}

// argumentFact tells calls of functions of the same file that put arguments into interfaces, or
// into a slice of their own.
func (h *hasher) argumentFact(e *ast.CallExpr) string {
	function := h.functionType(e.Fun, maxTypeSteps)
	if function == nil || function.Params == nil || e.Ellipsis.IsValid() {
		return ""
	}
	position, fact := 0, ""
	for _, field := range function.Params.List {
		ellipsis, variadic := field.Type.(*ast.Ellipsis)
		typ := field.Type
		if variadic {
			typ = ellipsis.Elt
			if len(e.Args) > position {
				fact = "variadic"
			}
		}
		for n := max(1, len(field.Names)); position < len(e.Args) && (n > 0 || variadic); n-- {
			if h.typeShape(typ) == shapeInterface && h.isBoxed(e.Args[position]) {
				return "boxing"
			}
			position++
		}
	}
	return fact
}

// isBoxed says whether a value is copied to the heap to stand in an interface: literals are constant
// data, the others are pointers already, or not known.
func (h *hasher) isBoxed(e ast.Expr) bool {
	if _, literal := unparen(e).(*ast.BasicLit); literal {
		return false
	}
	switch h.shapeOf(e) {
	case shapeString, shapeSlice, shapeBytes, shapeStruct, shapeValue, shapeUintptr:
		return true
	}
	return false
}
