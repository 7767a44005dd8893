package main

// What a composite literal's type is made of, as far as one directory tells.
//
// In `T{size: 1}` the word size is a field when T is a struct and a variable when T is a map. The
// difference matters to a hash that ignores the names of variables but not those of fields. The
// full answer needs go/types and all dependencies; the types declared in the same directory are
// enough for nearly all literals, and where they are not the hash takes name and variable both:
// then a renamed variable can show as a change, but no change can hide.

import (
	"go/ast"
	"go/parser"
)

// typeTexts are the types that a file declares: the source of each by its name.
type typeTexts map[string]string

// declaredTypes are those of a file; base is the file beside which it was read, or nil.
func declaredTypes(file, base *parsedFile) typeTexts {
	texts := typeTexts{}
	file.addTypes(texts, file.tree.Decls)
	if base != nil {
		for i, partner := range file.outline.partners {
			if file.outline.parts[i] == noPart {
				base.addTypes(texts, base.outline.decls[partner])
			}
		}
	}
	return texts
}

func (file *parsedFile) addTypes(texts typeTexts, decls []ast.Decl) {
	for _, d := range decls {
		group, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range group.Specs {
			if spec, ok := spec.(*ast.TypeSpec); ok && len(spec.Name.Name) <= maxNameBytes {
				if _, twice := texts[spec.Name.Name]; twice {
					texts[spec.Name.Name] = ""
				} else {
					texts[spec.Name.Name] = file.typeText(spec.Type)
				}
			}
		}
	}
}

// typeText is the source of a type; only its kind, or nothing, where it is too long to keep.
func (file *parsedFile) typeText(typ ast.Expr) string {
	if typ == nil {
		return ""
	}
	base := file.fset.File(file.tree.FileStart).Base()
	start, end := int(typ.Pos())-base, int(typ.End())-base
	if start < 0 || end > len(file.source) || start > end {
		return ""
	}
	if end-start <= maxTypeTextBytes {
		return string(file.source[start:end])
	}
	if _, isStruct := unparen(typ).(*ast.StructType); isStruct {
		return structText
	}
	return ""
}

const structText = "struct{}"

// typeTable are the types of one package in one directory. A name that is declared twice (under
// different build constraints) is unknown.
type typeTable struct {
	texts  typeTexts
	parsed map[string]ast.Expr
}

func newTypeTable() *typeTable {
	return &typeTable{texts: typeTexts{}, parsed: map[string]ast.Expr{}}
}

func (t *typeTable) add(texts typeTexts) {
	for name, text := range texts {
		if _, twice := t.texts[name]; twice {
			text = ""
		}
		t.texts[name] = text
	}
}

// expression is what the type name stands for; nil when it is not known. The text is parsed also
// where the tree is at hand, so that an answer does not depend on what was kept.
func (t *typeTable) expression(name string) ast.Expr {
	text := t.texts[name]
	if text == "" {
		return nil
	}
	expression, known := t.parsed[name]
	if !known {
		if typ, err := parser.ParseExpr(text); err == nil {
			expression = typ
		}
		t.parsed[name] = expression
	}
	return expression
}

// answer is all that the hash learns of a type name: a struct's fields are nothing to it.
func (t *typeTable) answer(name string) string {
	switch t.expression(name).(type) {
	case nil:
		return ""
	case *ast.StructType:
		return structText
	}
	return t.texts[name]
}

// differingTypes are the names of which two tables give different answers.
func differingTypes(base, head *typeTable) []string {
	var names []string
	for name, text := range base.texts {
		if head.texts[name] != text && base.answer(name) != head.answer(name) {
			names = append(names, name)
		}
	}
	for name := range head.texts {
		if _, both := base.texts[name]; !both && head.answer(name) != "" {
			names = append(names, name)
		}
	}
	return names
}

// literalKind says what the keys of a composite literal are.
type literalKind int

const (
	keysUnknown literalKind = iota
	// keysOfImport are those of a type of another package: only exported fields can be named there,
	// so a name in lower case is a value.
	keysOfImport
	keysAreFields
	keysAreValues
)

// literalShape is the kind of a literal of type typ and the types its elements may leave out.
func (h *hasher) literalShape(typ ast.Expr) (kind literalKind, key, element ast.Expr) {
	for step := 0; step < maxTypeSteps && typ != nil; step++ {
		switch t := unparen(typ).(type) {
		case *ast.StructType:
			return keysAreFields, nil, nil
		case *ast.ArrayType:
			return keysAreValues, nil, t.Elt
		case *ast.MapType:
			return keysAreValues, t.Key, t.Value
		case *ast.StarExpr:
			// Only an element that leaves out its type: []*T{{…}} means &T{…}.
			typ = t.X
		case *ast.IndexExpr:
			typ = t.X
		case *ast.IndexListExpr:
			typ = t.X
		case *ast.SelectorExpr:
			return keysOfImport, nil, nil
		case *ast.Ident:
			typ = h.declaredType(t)
		default:
			return keysUnknown, nil, nil
		}
	}
	return keysUnknown, nil, nil
}
