package main

// What a composite literal's type is made of, as far as one directory tells.
//
// In `T{size: 1}` the word size is a field when T is a struct and a variable when T is a map. The
// difference matters to a hash that ignores the names of variables but not those of fields. The
// full answer needs go/types and all dependencies; the types declared in the same directory are
// enough for nearly all literals, and where they are not the hash takes name and variable both:
// then a renamed variable can show as a change, but no change can hide.

import "go/ast"

// typeTable maps a package name to its type names and what they stand for. A name that is declared
// twice (under different build constraints) maps to nil: unknown.
type typeTable map[string]map[string]ast.Expr

func collectTypes(files []parsedFile) typeTable {
	table := typeTable{}
	for _, file := range files {
		if file.tree == nil || file.tree.Name == nil {
			continue
		}
		names := table[file.tree.Name.Name]
		if names == nil {
			names = map[string]ast.Expr{}
			table[file.tree.Name.Name] = names
		}
		for _, d := range file.tree.Decls {
			group, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range group.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok {
					if _, twice := names[spec.Name.Name]; twice {
						names[spec.Name.Name] = nil
					} else {
						names[spec.Name.Name] = spec.Type
					}
				}
			}
		}
	}
	return table
}

// literalKind says what the keys of a composite literal are.
type literalKind int

const (
	keysUnknown literalKind = iota
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
		case *ast.Ident:
			typ = h.namedType(t)
		default:
			return keysUnknown, nil, nil
		}
	}
	return keysUnknown, nil, nil
}

// namedType is what the type name stands for; nil when it is not known.
func (h *hasher) namedType(name *ast.Ident) ast.Expr {
	if local := h.binding.object(name); local != nil {
		if spec, ok := local.Decl.(*ast.TypeSpec); ok {
			return spec.Type
		}
		return nil // A type parameter.
	}
	return h.types[name.Name]
}
