package main

// How expressions and types are written into the hash.

import (
	"go/ast"
	"go/token"
	"strings"
)

func (h *hasher) expressions(list []ast.Expr) {
	h.count(len(list))
	for _, e := range list {
		h.expression(e)
	}
}

func (h *hasher) expression(e ast.Expr) {
	switch e := unparen(e).(type) {
	case nil:
		h.none()
	case *ast.Ident:
		h.identifier(e)
	case *ast.BasicLit:
		h.basicLiteral(e)
	case *ast.CompositeLit:
		h.compositeLiteral(e, nil)
	case *ast.SelectorExpr:
		h.selector(e)
	case *ast.IndexExpr:
		h.open(tagIndex, e)
		h.expression(e.X)
		h.count(1)
		h.expression(e.Index)
		h.close()
	case *ast.IndexListExpr:
		h.open(tagIndex, e)
		h.expression(e.X)
		h.expressions(e.Indices)
		h.close()
	case *ast.CallExpr:
		h.open(tagCall, e)
		h.mark("...", e.Ellipsis.IsValid())
		h.expression(e.Fun)
		h.expressions(e.Args)
		h.close()
	case *ast.FuncLit:
		h.open(tagFuncLit, e)
		h.fields(tagParameters, e.Type.Params, withNames)
		h.fields(tagResults, e.Type.Results, withNames)
		h.block(e.Body)
		h.close()
	default:
		h.operation(e)
	}
}

// operation writes the expressions that are an operator and its operands.
func (h *hasher) operation(e ast.Expr) {
	switch e := e.(type) {
	case *ast.SliceExpr:
		h.open(tagSlice, e)
		h.mark("3", e.Slice3)
		h.each(e.X, e.Low, e.High, e.Max)
	case *ast.TypeAssertExpr:
		h.open(tagTypeAssert, e)
		h.each(e.X, e.Type)
	case *ast.StarExpr:
		h.open(tagStar, e)
		h.expression(e.X)
	case *ast.UnaryExpr:
		h.open(tagUnary, e)
		h.token(e.Op)
		h.expression(e.X)
	case *ast.BinaryExpr:
		h.open(tagBinary, e)
		h.token(e.Op)
		h.each(e.X, e.Y)
	case *ast.KeyValueExpr:
		h.open(tagKeyValue, e)
		h.each(e.Key, e.Value)
	default:
		h.typeExpression(e)
		return
	}
	h.close()
}

func (h *hasher) typeExpression(e ast.Expr) {
	switch e := e.(type) {
	case *ast.Ellipsis:
		h.open(tagEllipsis, e)
		h.expression(e.Elt)
	case *ast.ArrayType:
		h.open(tagArrayType, e)
		h.each(e.Len, e.Elt)
	case *ast.StructType:
		h.open(tagStructType, e)
		h.members(e.Fields)
	case *ast.InterfaceType:
		h.open(tagInterfaceType, e)
		h.members(e.Methods)
	case *ast.FuncType:
		// Only a type: the names of its parameters stand for nothing.
		h.open(tagFuncType, e)
		h.fields(tagTypeParameters, e.TypeParams, withNames)
		h.fields(tagParameters, e.Params, withoutNames)
		h.fields(tagResults, e.Results, withoutNames)
	case *ast.MapType:
		h.open(tagMapType, e)
		h.each(e.Key, e.Value)
	case *ast.ChanType:
		h.open(tagChanType, e)
		h.text([...]string{"", "send", "receive", "both"}[e.Dir&3])
		h.expression(e.Value)
	default:
		h.sourceOf(e)
		return
	}
	h.close()
}

func (h *hasher) each(list ...ast.Expr) {
	for _, e := range list {
		h.expression(e)
	}
}

// sourceOf writes a node as it stands in the file: broken source, and nodes of a newer Go.
func (h *hasher) sourceOf(n ast.Node) {
	h.open(tagSource, n)
	size := len(h.source)
	start, end := int(n.Pos())-h.file.Base(), int(n.End())-h.file.Base()
	start = min(max(start, 0), size)
	end = min(max(end, start), size)
	h.text(string(h.source[start:end]))
	h.close()
}

func (h *hasher) identifier(name *ast.Ident) {
	if name.Name == "_" {
		h.open(tagBlank, name)
		h.close()
		return
	}
	if local := h.binding.object(name); local != nil {
		h.local(name, local)
		return
	}
	h.open(tagFree, name)
	if name.Name == h.ownName {
		h.retag(tagOwn)
	} else {
		h.free(name.Name)
	}
	h.close()
}

func (h *hasher) local(name *ast.Ident, o *ast.Object) {
	h.open(tagLocal, name)
	if showsName(o) {
		h.retag(tagLocalType)
		h.text(o.Name)
	} else {
		h.label(o.Name)
	}
	h.bind(h.binding.number(o))
	h.close()
}

func (h *hasher) free(name string) {
	h.usesIota = h.usesIota || name == "iota"
	h.text(name)
}

func (h *hasher) selector(e *ast.SelectorExpr) {
	h.open(tagSelector, e)
	name, ok := unparen(e.X).(*ast.Ident)
	if !ok || name.Obj != nil || h.binding.object(name) != nil || name.Name == h.ownName {
		h.expression(e.X)
	} else if path, ok := h.imports.byName[name.Name]; ok {
		h.usesC = h.usesC || path == "C"
		h.open(tagQualifier, name)
		h.text(path)
		h.close()
	} else {
		h.open(tagFree, name)
		h.free(name.Name)
		h.texts(h.unexplained())
		h.close()
	}
	h.text(e.Sel.Name)
	h.close()
}

func (h *hasher) basicLiteral(e *ast.BasicLit) {
	h.open(tagBasicLit, e)
	h.token(e.Kind)
	switch e.Kind {
	case token.INT, token.FLOAT, token.IMAG:
		// gofmt writes 0XFF as 0xFF and 1E3 as 1e3.
		h.text(strings.ToLower(e.Value))
	default:
		h.text(e.Value)
	}
	h.close()
}

// compositeLiteral writes a literal; elided is its type where the source leaves it out.
func (h *hasher) compositeLiteral(e *ast.CompositeLit, elided ast.Expr) {
	h.open(tagCompositeLit, e)
	h.expression(e.Type)
	typ := e.Type
	if typ == nil {
		typ = elided
	}
	kind, keyType, elementType := h.literalShape(typ)
	h.count(len(e.Elts))
	for _, element := range e.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			h.element(element, elementType)
			continue
		}
		h.open(tagKeyValue, pair)
		if name, ok := pair.Key.(*ast.Ident); ok {
			h.key(name, kind)
		} else {
			h.element(pair.Key, keyType)
		}
		h.element(pair.Value, elementType)
		h.close()
	}
	h.close()
}

func (h *hasher) element(e ast.Expr, typ ast.Expr) {
	if literal, ok := e.(*ast.CompositeLit); ok {
		h.compositeLiteral(literal, typ)
		return
	}
	h.expression(e)
}

// key writes an identifier before a colon: a field, a value, or both where it is not known.
func (h *hasher) key(name *ast.Ident, kind literalKind) {
	local := h.binding.object(name)
	switch {
	case kind == keysAreFields || local == nil:
		h.open(tagFree, name)
		h.text(name.Name)
		h.close()
	case kind == keysAreValues || kind == keysOfImport && !name.IsExported():
		h.local(name, local)
	default:
		h.open(tagAmbiguousKey, name)
		h.text(name.Name)
		h.local(name, local)
		h.close()
	}
}
