package main

// Which identifiers are local, and a number for each that does not depend on its name.
//
// go/parser resolves identifiers within a file: two identifiers with the same *ast.Object are the
// same variable, so shadowing and capture are already told apart. Locals get numbers in the order
// in which the walk first meets them. Two declarations then have the same sequence of numbers
// exactly when one is the other with its locals renamed (de Bruijn's idea, with levels).
//
// Rejected: go/types, which needs every dependency to resolve; a resolver of our own, which would
// repeat go/parser's. Its one known mistake, keys of composite literals, is handled in types.go;
// its objects of receiver type parameters, which it never publishes, are handled here.

import (
	"go/ast"
	"go/token"
)

type binding struct {
	packageScope *ast.Scope
	// start and end of the declaration being hashed: go/parser keeps the scope of a type
	// parameter open over the rest of a grouped declaration, so objects from outside are not ours.
	start, end token.Pos
	// receiverTypes are the type parameters named by a method's receiver.
	receiverTypes map[string]*ast.Object
	numbers       map[*ast.Object]int
	local         map[*ast.Object]bool
}

// begin forgets the declaration before; the maps are used again, because a file has hundreds.
func (b *binding) begin(packageScope *ast.Scope, d declaration) {
	b.packageScope, b.start, b.end, b.receiverTypes = packageScope, d.start, d.end, nil
	if b.numbers == nil {
		b.numbers, b.local = map[*ast.Object]int{}, map[*ast.Object]bool{}
	}
	clear(b.numbers)
	clear(b.local)
	if d.function != nil && d.function.Recv != nil && len(d.function.Recv.List) > 0 {
		b.receiverTypes = receiverTypeParameters(d.function.Recv.List[0].Type)
	}
}

func receiverTypeParameters(receiver ast.Expr) map[string]*ast.Object {
	receiver = unparen(receiver)
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = unparen(star.X)
	}
	var parameters []ast.Expr
	switch receiver := receiver.(type) {
	case *ast.IndexExpr:
		parameters = []ast.Expr{receiver.Index}
	case *ast.IndexListExpr:
		parameters = receiver.Indices
	}
	found := map[string]*ast.Object{}
	for _, p := range parameters {
		if name, ok := p.(*ast.Ident); ok && name.Name != "_" {
			found[name.Name] = ast.NewObj(ast.Typ, name.Name)
		}
	}
	return found
}

// object is the local that an identifier stands for, or nil.
func (b *binding) object(name *ast.Ident) *ast.Object {
	if name.Obj == nil {
		return b.receiverTypes[name.Name]
	}
	if b.isLocal(name.Obj) {
		return name.Obj
	}
	return nil
}

// isLocal says whether the object is declared inside the declaration being hashed.
func (b *binding) isLocal(o *ast.Object) bool {
	known, seen := b.local[o]
	if !seen {
		at := o.Pos()
		known = at >= b.start && at < b.end && b.packageScope.Lookup(o.Name) != o
		b.local[o] = known
	}
	return known
}

// number is the same for two identifiers exactly when they stand for the same local.
func (b *binding) number(o *ast.Object) int {
	n, seen := b.numbers[o]
	if !seen {
		n = len(b.numbers)
		b.numbers[o] = n
	}
	return n
}

// showsName says whether a local's name can be seen from outside the scope: the name of a local
// type is the name of an embedded field and part of what %T prints.
func showsName(o *ast.Object) bool {
	_, isType := o.Decl.(*ast.TypeSpec)
	return isType
}
