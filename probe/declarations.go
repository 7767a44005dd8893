package main

// The declarations of a file, one for each name, as the runtime names them within the package:
// "Parse", "(*Parser).skip", "Config.String"; type parameters are left out.
//
// A name of a grouped declaration is a declaration of its own, so that adding one constant does
// not change its neighbours. Names that may occur more than once (init, _) are numbered in the
// order of the file, as the linker does for init.

import (
	"fmt"
	"go/ast"
	"go/token"
)

// declaration is one named thing at package level. Exactly one of function, typeSpec and value
// is set, or none where it was left out.
type declaration struct {
	kind       string
	name       string
	start, end token.Pos
	// startLine and endLine are those of the file, also where only parts of it were parsed.
	startLine, endLine int
	// isSame is set where the other side has it byte for byte (beside.go).
	isSame bool

	function *ast.FuncDecl
	typeSpec *ast.TypeSpec
	value    *valueDeclaration
}

// valueDeclaration is one name of a var or const specification.
type valueDeclaration struct {
	typ ast.Expr
	// values holds the one value that belongs to the name, or all when a call gives several.
	values []ast.Expr
	// position is the name's place among several that share values; 0 otherwise.
	position int
	// iota is the specification's place in its const group.
	iota int
}

// declarationsOf adds the numbered names to those seen.
func declarationsOf(decls []ast.Decl, seen map[string]int) []declaration {
	var found []declaration
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			found = append(found, declaration{
				kind: "func", name: numbered(functionName(d), seen),
				start: d.Pos(), end: d.End(), function: d,
			})
		case *ast.GenDecl:
			found = append(found, groupDeclarations(d, seen)...)
		}
	}
	return found
}

func groupDeclarations(group *ast.GenDecl, seen map[string]int) []declaration {
	var found []declaration
	// A constant without a value repeats the type and values of the one above it.
	var repeated *ast.ValueSpec
	for i, spec := range group.Specs {
		start, end := spec.Pos(), spec.End()
		if !group.Lparen.IsValid() {
			start, end = group.Pos(), group.End()
		}
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			found = append(found, declaration{
				kind: "type", name: numbered(spec.Name.Name, seen),
				start: start, end: end, typeSpec: spec,
			})
		case *ast.ValueSpec:
			source := spec
			if group.Tok == token.CONST {
				if len(spec.Values) == 0 && spec.Type == nil && repeated != nil {
					source = repeated
				} else {
					repeated = spec
				}
			}
			for position, name := range spec.Names {
				value := valueOf(source, len(spec.Names), position)
				value.iota = i
				found = append(found, declaration{
					kind: group.Tok.String(), name: numbered(name.Name, seen),
					start: start, end: end, value: &value,
				})
			}
		}
	}
	return found
}

func valueOf(source *ast.ValueSpec, names, position int) valueDeclaration {
	if len(source.Values) == names && position < names {
		return valueDeclaration{typ: source.Type, values: source.Values[position : position+1]}
	}
	if len(source.Values) == 0 {
		return valueDeclaration{typ: source.Type}
	}
	return valueDeclaration{typ: source.Type, values: source.Values, position: position}
}

func functionName(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	receiver := unparen(f.Recv.List[0].Type)
	if star, ok := receiver.(*ast.StarExpr); ok {
		return "(*" + typeName(star.X) + ")." + f.Name.Name
	}
	return typeName(receiver) + "." + f.Name.Name
}

// typeName is the name of a receiver's type without type arguments; "?" where the source is broken.
func typeName(typ ast.Expr) string {
	switch typ := unparen(typ).(type) {
	case *ast.Ident:
		return typ.Name
	case *ast.IndexExpr:
		return typeName(typ.X)
	case *ast.IndexListExpr:
		return typeName(typ.X)
	}
	return "?"
}

// numbered makes names unique that Go lets a file declare more than once.
func numbered(name string, seen map[string]int) string {
	if name != "init" && name != "_" {
		return name
	}
	n := seen[name]
	seen[name] = n + 1
	return fmt.Sprintf("%s.%d", name, n)
}

// unparen is ast.Unparen, which came with Go 1.22.
func unparen(e ast.Expr) ast.Expr {
	for {
		paren, ok := e.(*ast.ParenExpr)
		if !ok {
			return e
		}
		e = paren.X
	}
}
