package main

// What an expression's type is made of, as far as the function and its directory tell: enough to
// know a map from a slice and a string from a number, for the facts of facts.go.
//
// Not go/types: it needs the source of the whole package and the export data of every dependency,
// which costs more than all the rest of the reading, and the compiler's own decisions, which are
// exact, stand beside these facts in the report. What comes out of an imported package has no
// shape here, and a fact that needs one is not stated.

import (
	"go/ast"
	"go/token"
)

type shape string

const (
	shapeUnknown   shape = ""
	shapeMap       shape = "map"
	shapeSlice     shape = "slice"
	shapeBytes     shape = "bytes"
	shapeString    shape = "string"
	shapeChannel   shape = "channel"
	shapeInterface shape = "interface"
	shapePointer   shape = "pointer"
	shapeStruct    shape = "struct"
	shapeFunction  shape = "function"
	shapeUintptr   shape = "uintptr"
	shapeValue     shape = "value"
)

var basicShapes = map[string]shape{
	"string": shapeString, "any": shapeInterface, "error": shapeInterface, "uintptr": shapeUintptr,
	"bool": shapeValue, "byte": shapeValue, "rune": shapeValue, "int": shapeValue, "int8": shapeValue,
	"int16": shapeValue, "int32": shapeValue, "int64": shapeValue, "uint": shapeValue,
	"uint8": shapeValue, "uint16": shapeValue, "uint32": shapeValue, "uint64": shapeValue,
	"float32": shapeValue, "float64": shapeValue, "complex64": shapeValue, "complex128": shapeValue,
}

func (h *hasher) shapeOf(e ast.Expr) shape { return h.typeShape(h.typeOf(e, maxTypeSteps)) }

// typeShape is the shape of a type expression.
func (h *hasher) typeShape(typ ast.Expr) shape {
	switch t := h.underlying(typ).(type) {
	case *ast.MapType:
		return shapeMap
	case *ast.ArrayType:
		if t.Len != nil {
			return shapeValue
		}
		if element, ok := unparen(t.Elt).(*ast.Ident); ok && (element.Name == "byte" || element.Name == "rune") {
			return shapeBytes
		}
		return shapeSlice
	case *ast.Ellipsis:
		return shapeSlice
	case *ast.ChanType:
		return shapeChannel
	case *ast.InterfaceType:
		return shapeInterface
	case *ast.StarExpr:
		return shapePointer
	case *ast.StructType:
		return shapeStruct
	case *ast.FuncType:
		return shapeFunction
	case *ast.Ident:
		return basicShapes[t.Name]
	}
	return shapeUnknown
}

// underlying follows the names of types that the directory declares; nil where the trail ends.
func (h *hasher) underlying(typ ast.Expr) ast.Expr {
	for step := 0; step < maxTypeSteps && typ != nil; step++ {
		switch t := unparen(typ).(type) {
		case *ast.Ident:
			next := h.declaredType(t)
			if next == nil {
				if h.binding.object(t) == nil {
					return t
				}
				return nil // A type parameter.
			}
			typ = next
		case *ast.IndexExpr:
			typ = t.X
		case *ast.IndexListExpr:
			typ = t.X
		default:
			return t
		}
	}
	return nil
}

// declaredType is what a type name stands for; nil when it is not known.
func (h *hasher) declaredType(name *ast.Ident) ast.Expr {
	if local := h.binding.object(name); local != nil {
		if spec, ok := local.Decl.(*ast.TypeSpec); ok {
			return spec.Type
		}
		return nil
	}
	return h.types.expression(name.Name)
}

// typeOf is the type of an expression as a type expression; nil where it is not known. steps bounds
// the walk, because `a := b; b := a` may be written.
func (h *hasher) typeOf(e ast.Expr, steps int) ast.Expr {
	if steps == 0 {
		return nil
	}
	switch e := unparen(e).(type) {
	case *ast.Ident:
		return h.typeOfName(e, steps-1)
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return ast.NewIdent("string")
		}
		return ast.NewIdent("int")
	case *ast.CompositeLit:
		return e.Type
	case *ast.FuncLit:
		return e.Type
	case *ast.CallExpr:
		return h.typeOfCall(e, steps-1)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.EQL, token.NEQ, token.LSS, token.GTR, token.LEQ, token.GEQ, token.LAND, token.LOR:
			return ast.NewIdent("bool")
		}
		// A literal has no type of its own, but what is added to one of a string is a string.
		if isText(e.X) || isText(e.Y) {
			return ast.NewIdent("string")
		}
		if _, literal := unparen(e.X).(*ast.BasicLit); literal {
			return h.typeOf(e.Y, steps-1)
		}
		return h.typeOf(e.X, steps-1)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return &ast.StarExpr{X: h.typeOf(e.X, steps-1)}
		}
		if channel, ok := h.underlying(h.typeOf(e.X, steps-1)).(*ast.ChanType); ok && e.Op == token.ARROW {
			return channel.Value
		}
		return h.typeOf(e.X, steps-1)
	case *ast.TypeAssertExpr:
		return e.Type
	}
	return h.typeOfPart(e, steps-1)
}

func isText(e ast.Expr) bool {
	literal, ok := unparen(e).(*ast.BasicLit)
	return ok && literal.Kind == token.STRING
}

// typeOfPart is the type of what an index, a slice, a dereference or a field gives.
func (h *hasher) typeOfPart(e ast.Expr, steps int) ast.Expr {
	switch e := unparen(e).(type) {
	case *ast.StarExpr:
		if pointer, ok := h.underlying(h.typeOf(e.X, steps)).(*ast.StarExpr); ok {
			return pointer.X
		}
	case *ast.SliceExpr:
		return h.typeOf(e.X, steps)
	case *ast.IndexExpr:
		switch t := h.underlying(h.typeOf(e.X, steps)).(type) {
		case *ast.ArrayType:
			return t.Elt
		case *ast.MapType:
			return t.Value
		case *ast.Ellipsis:
			return t.Elt
		}
	case *ast.SelectorExpr:
		return h.typeOfField(h.typeOf(e.X, steps), e.Sel.Name)
	}
	return nil
}

func (h *hasher) typeOfField(owner ast.Expr, name string) ast.Expr {
	typ := h.underlying(owner)
	if pointer, ok := typ.(*ast.StarExpr); ok {
		typ = h.underlying(pointer.X)
	}
	structure, ok := typ.(*ast.StructType)
	if !ok || structure.Fields == nil {
		return nil
	}
	for _, field := range structure.Fields.List {
		for _, fieldName := range field.Names {
			if fieldName.Name == name {
				return field.Type
			}
		}
	}
	return nil
}

// typeOfName is the type of a variable by where it is declared.
func (h *hasher) typeOfName(name *ast.Ident, steps int) ast.Expr {
	if name.Obj == nil {
		return nil
	}
	switch declared := name.Obj.Decl.(type) {
	case *ast.Field:
		return declared.Type
	case *ast.ValueSpec:
		if declared.Type != nil {
			return declared.Type
		}
		for i, at := range declared.Names {
			if at.Name == name.Name && len(declared.Values) == len(declared.Names) {
				return h.typeOf(declared.Values[i], steps)
			}
		}
	case *ast.FuncDecl:
		return declared.Type
	case *ast.AssignStmt:
		for i, at := range declared.Lhs {
			at, ok := at.(*ast.Ident)
			if ok && at.Name == name.Name && len(declared.Lhs) == len(declared.Rhs) {
				return h.typeOf(declared.Rhs[i], steps)
			}
		}
	}
	return nil
}

// typeOfCall is what a conversion, a builtin or a function of the same file gives.
func (h *hasher) typeOfCall(e *ast.CallExpr, steps int) ast.Expr {
	fun := unparen(e.Fun)
	if isType(fun) || h.isUnsafeName(fun) {
		return fun
	}
	if name, ok := fun.(*ast.Ident); ok && name.Obj == nil && h.binding.object(name) == nil {
		switch {
		case (name.Name == "make" || name.Name == "append") && len(e.Args) > 0:
			if name.Name == "make" {
				return e.Args[0]
			}
			return h.typeOf(e.Args[0], steps)
		case name.Name == "new" && len(e.Args) == 1:
			return &ast.StarExpr{X: e.Args[0]}
		case name.Name == "len" || name.Name == "cap" || name.Name == "copy":
			return ast.NewIdent("int")
		case basicShapes[name.Name] != shapeUnknown || h.types.expression(name.Name) != nil:
			return name
		}
	}
	function := h.functionType(fun, steps)
	if function == nil || function.Results == nil || function.Results.NumFields() != 1 {
		return nil
	}
	return function.Results.List[0].Type
}

// functionType is the type of a function declared in the same file, or of a variable; else nil.
func (h *hasher) functionType(fun ast.Expr, steps int) *ast.FuncType {
	if name, ok := unparen(fun).(*ast.Ident); ok && name.Obj != nil {
		if _, isType := name.Obj.Decl.(*ast.TypeSpec); isType {
			return nil
		}
	}
	function, _ := h.underlying(h.typeOf(fun, steps)).(*ast.FuncType)
	return function
}

// isType says whether an expression can only be a type.
func isType(e ast.Expr) bool {
	switch e := unparen(e).(type) {
	case *ast.ArrayType, *ast.MapType, *ast.ChanType, *ast.InterfaceType, *ast.FuncType, *ast.StructType:
		return true
	case *ast.StarExpr:
		return isType(e.X)
	case *ast.Ident:
		return e.Obj != nil && e.Obj.Kind == ast.Typ
	}
	return false
}
