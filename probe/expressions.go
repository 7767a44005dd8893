package main

// How expressions and types are written into the hash.

import (
	"go/ast"
	"go/token"
	"strings"
)

// nodeTag begins every node. The numbers mean nothing beyond one build of the probe.
type nodeTag byte

const (
	tagNone nodeTag = iota
	tagSource
	tagLocal
	tagLocalType
	tagFree
	tagOwn
	tagQualifier
	tagAmbiguousKey
	tagBlank
	tagBasicLit
	tagCompositeLit
	tagKeyValue
	tagFuncLit
	tagSelector
	tagIndex
	tagSlice
	tagTypeAssert
	tagCall
	tagStar
	tagUnary
	tagBinary
	tagEllipsis
	tagArrayType
	tagStructType
	tagFuncType
	tagInterfaceType
	tagMapType
	tagChanType
	tagFields
	tagField
	tagBlock
	tagDeclaration
	tagEmpty
	tagLabeled
	tagExpression
	tagSend
	tagIncDec
	tagAssign
	tagGo
	tagDefer
	tagReturn
	tagBranch
	tagIf
	tagCase
	tagSwitch
	tagTypeSwitch
	tagComm
	tagSelect
	tagFor
	tagRange
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
		h.tag(tagNone)
	case *ast.Ident:
		h.identifier(e)
	case *ast.BasicLit:
		h.basicLiteral(e)
	case *ast.CompositeLit:
		h.compositeLiteral(e, nil)
	case *ast.FuncLit:
		h.tag(tagFuncLit)
		h.fields(e.Type.Params, withNames)
		h.fields(e.Type.Results, withNames)
		h.node(e.Body)
	case *ast.SelectorExpr:
		h.selector(e)
	case *ast.IndexExpr:
		h.tag(tagIndex)
		h.expression(e.X)
		h.count(1)
		h.expression(e.Index)
	case *ast.IndexListExpr:
		h.tag(tagIndex)
		h.expression(e.X)
		h.expressions(e.Indices)
	case *ast.SliceExpr:
		h.tag(tagSlice)
		h.flag(e.Slice3)
		h.each(e.X, e.Low, e.High, e.Max)
	case *ast.TypeAssertExpr:
		h.tag(tagTypeAssert)
		h.each(e.X, e.Type)
	case *ast.CallExpr:
		h.tag(tagCall)
		h.flag(e.Ellipsis.IsValid())
		h.expression(e.Fun)
		h.expressions(e.Args)
	case *ast.StarExpr:
		h.tag(tagStar)
		h.expression(e.X)
	case *ast.UnaryExpr:
		h.tag(tagUnary)
		h.token(e.Op)
		h.expression(e.X)
	case *ast.BinaryExpr:
		h.tag(tagBinary)
		h.token(e.Op)
		h.each(e.X, e.Y)
	case *ast.KeyValueExpr:
		h.tag(tagKeyValue)
		h.each(e.Key, e.Value)
	default:
		h.typeExpression(e)
	}
}

func (h *hasher) typeExpression(e ast.Expr) {
	switch e := e.(type) {
	case *ast.Ellipsis:
		h.tag(tagEllipsis)
		h.expression(e.Elt)
	case *ast.ArrayType:
		h.tag(tagArrayType)
		h.each(e.Len, e.Elt)
	case *ast.StructType:
		h.tag(tagStructType)
		h.members(e.Fields)
	case *ast.InterfaceType:
		h.tag(tagInterfaceType)
		h.members(e.Methods)
	case *ast.FuncType:
		// Only a type: the names of its parameters stand for nothing.
		h.tag(tagFuncType)
		h.fields(e.TypeParams, withNames)
		h.fields(e.Params, withoutNames)
		h.fields(e.Results, withoutNames)
	case *ast.MapType:
		h.tag(tagMapType)
		h.each(e.Key, e.Value)
	case *ast.ChanType:
		h.tag(tagChanType)
		h.count(int(e.Dir))
		h.expression(e.Value)
	default:
		h.sourceOf(e)
	}
}

func (h *hasher) each(list ...ast.Expr) {
	for _, e := range list {
		h.expression(e)
	}
}

// sourceOf writes a node as it stands in the file: broken source, and nodes of a newer Go.
func (h *hasher) sourceOf(n ast.Node) {
	h.tag(tagSource)
	size := len(h.source)
	start, end := int(n.Pos())-h.file.Base(), int(n.End())-h.file.Base()
	start = min(max(start, 0), size)
	end = min(max(end, start), size)
	h.text(string(h.source[start:end]))
}

func (h *hasher) identifier(name *ast.Ident) {
	if name.Name == "_" {
		h.tag(tagBlank)
		return
	}
	if local := h.binding.object(name); local != nil {
		h.local(local)
		return
	}
	h.free(name.Name)
}

func (h *hasher) local(o *ast.Object) {
	if showsName(o) {
		h.tag(tagLocalType)
		h.text(o.Name)
	} else {
		h.tag(tagLocal)
	}
	h.count(h.binding.number(o))
}

func (h *hasher) free(name string) {
	if name == h.ownName {
		h.tag(tagOwn)
		return
	}
	h.usesIota = h.usesIota || name == "iota"
	h.tag(tagFree)
	h.text(name)
}

func (h *hasher) selector(e *ast.SelectorExpr) {
	h.tag(tagSelector)
	name, ok := unparen(e.X).(*ast.Ident)
	if !ok || name.Obj != nil || h.binding.object(name) != nil || name.Name == h.ownName {
		h.expression(e.X)
	} else if path, ok := h.imports.byName[name.Name]; ok {
		h.usesC = h.usesC || path == "C"
		h.tag(tagQualifier)
		h.text(path)
	} else {
		h.free(name.Name)
		h.texts(h.imports.unexplained)
	}
	h.text(e.Sel.Name)
}

func (h *hasher) basicLiteral(e *ast.BasicLit) {
	h.tag(tagBasicLit)
	h.token(e.Kind)
	switch e.Kind {
	case token.INT, token.FLOAT, token.IMAG:
		// gofmt writes 0XFF as 0xFF and 1E3 as 1e3.
		h.text(strings.ToLower(e.Value))
	default:
		h.text(e.Value)
	}
}

// compositeLiteral writes a literal; elided is its type where the source leaves it out.
func (h *hasher) compositeLiteral(e *ast.CompositeLit, elided ast.Expr) {
	h.tag(tagCompositeLit)
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
		h.tag(tagKeyValue)
		if name, ok := pair.Key.(*ast.Ident); ok {
			h.key(name, kind)
		} else {
			h.element(pair.Key, keyType)
		}
		h.element(pair.Value, elementType)
	}
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
		h.tag(tagFree)
		h.text(name.Name)
	case kind == keysAreValues:
		h.local(local)
	default:
		h.tag(tagAmbiguousKey)
		h.text(name.Name)
		h.local(local)
	}
}

// fields writes parameters one by one, so that `x, y int` and `x int, y int` are the same.
func (h *hasher) fields(list *ast.FieldList, names parameterNames) {
	if list == nil {
		h.tag(tagNone)
		return
	}
	h.tag(tagFields)
	h.count(list.NumFields())
	for _, field := range list.List {
		if len(field.Names) == 0 {
			h.parameter(nil, field, names)
		}
		for _, name := range field.Names {
			h.parameter(name, field, names)
		}
	}
}

func (h *hasher) parameter(name *ast.Ident, field *ast.Field, names parameterNames) {
	h.tag(tagField)
	if names == withNames {
		if name == nil {
			h.tag(tagNone)
		} else {
			h.identifier(name)
		}
	}
	h.expression(field.Type)
}

// members writes the fields of a struct or the methods of an interface: their names are seen from
// outside and are written as they are.
func (h *hasher) members(list *ast.FieldList) {
	if list == nil {
		h.tag(tagNone)
		return
	}
	h.tag(tagFields)
	h.count(list.NumFields())
	for _, field := range list.List {
		if len(field.Names) == 0 {
			h.member("", field)
		}
		for _, name := range field.Names {
			h.member(name.Name, field)
		}
	}
}

func (h *hasher) member(name string, field *ast.Field) {
	h.tag(tagField)
	h.text(name)
	h.expression(field.Type)
	if field.Tag == nil {
		h.tag(tagNone)
	} else {
		h.basicLiteral(field.Tag)
	}
}
