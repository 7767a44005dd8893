package main

// How parameters, struct fields and methods of interfaces are written into the hash.

import "go/ast"

// fields writes parameters one by one, so that `x, y int` and `x int, y int` are the same.
func (h *hasher) fields(tag nodeTag, list *ast.FieldList, names parameterNames) {
	if list == nil {
		h.none()
		return
	}
	h.open(tag, list)
	h.count(list.NumFields())
	for _, field := range list.List {
		if len(field.Names) == 0 {
			h.parameter(nil, field, names)
		}
		for _, name := range field.Names {
			h.parameter(name, field, names)
		}
	}
	h.close()
}

func (h *hasher) parameter(name *ast.Ident, field *ast.Field, names parameterNames) {
	h.open(tagField, field)
	if names == withNames {
		if name == nil {
			h.none()
		} else {
			h.identifier(name)
		}
	}
	h.expression(field.Type)
	h.close()
}

// members writes the fields of a struct or the methods of an interface: their names are seen from
// outside and are written as they are.
func (h *hasher) members(list *ast.FieldList) {
	if list == nil {
		h.none()
		return
	}
	h.open(tagFields, list)
	h.count(list.NumFields())
	for _, field := range list.List {
		if len(field.Names) == 0 {
			h.member("", field)
		}
		for _, name := range field.Names {
			h.member(name.Name, field)
		}
	}
	h.close()
}

func (h *hasher) member(name string, field *ast.Field) {
	h.open(tagField, field)
	h.text(name)
	h.expression(field.Type)
	if field.Tag == nil {
		h.none()
	} else {
		h.basicLiteral(field.Tag)
	}
	h.close()
}
