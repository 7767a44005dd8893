package main

// The hash of a declaration: SHA-256 over its syntax tree, written as an unambiguous sequence of
// node tags, counts and length-prefixed texts (expressions.go, statements.go).
//
// Not in it: positions, comments, parentheses, empty statements, grouping of parameters, names of
// locals, names of imports, the declaration's own name. In it beside the tree: directives, build
// constraints, import paths, the C preamble where C is used, the place in a const group where iota
// is used. Hashes are compared between two runs of one probe and never between versions of it.

import (
	"crypto/sha256"
	"encoding/hex"
	"go/ast"
	"go/token"
)

// hasher writes the declarations of one file, one after the other.
type hasher struct {
	source     []byte
	file       *token.File
	scope      *ast.Scope
	types      map[string]ast.Expr
	imports    importTable
	directives directiveTable

	out     []byte
	binding *binding
	// ownName is the declaration's name where its body can mention it; "" for methods.
	ownName  string
	usesIota bool
	usesC    bool
}

func newHasher(file parsedFile, declarations []declaration, types typeTable) *hasher {
	scope := file.tree.Scope
	if scope == nil {
		scope = ast.NewScope(nil)
	}
	return &hasher{
		source:     file.source,
		file:       file.fset.File(file.tree.FileStart),
		scope:      scope,
		types:      types[file.tree.Name.Name],
		imports:    importsOf(file.tree),
		directives: directivesOf(file.tree, declarations),
	}
}

// hash is the SHA-256 of the whole declaration, in hex.
func (h *hasher) hash(d declaration) string {
	h.begin(d)
	h.texts(h.directives.ofFile)
	h.texts(h.imports.dots)
	h.texts(h.directives.ofDeclaration[d.start])
	h.text(d.kind)
	switch {
	case d.function != nil:
		h.signature(d.function, withNames)
		h.node(d.function.Body)
	case d.typeSpec != nil:
		h.typeSpec(d.typeSpec)
	case d.value != nil:
		h.expression(d.value.typ)
		h.expressions(d.value.values)
		h.count(d.value.position)
		if h.usesIota {
			h.count(d.value.iota)
		}
	}
	if h.usesC {
		h.text(h.imports.preamble)
	}
	return h.sum()
}

// signatureHash is the SHA-256 of a function's receiver, type parameters, parameters and results,
// without the names of parameters; empty for everything else.
func (h *hasher) signatureHash(d declaration) string {
	if d.function == nil {
		return ""
	}
	h.begin(d)
	h.signature(d.function, withoutNames)
	return h.sum()
}

func (h *hasher) begin(d declaration) {
	h.out = h.out[:0]
	h.binding = newBinding(h.scope, d)
	h.ownName = ""
	switch {
	case d.function != nil && d.function.Recv == nil:
		h.ownName = d.function.Name.Name
	case d.typeSpec != nil:
		h.ownName = d.typeSpec.Name.Name
	}
	h.usesIota, h.usesC = false, false
}

func (h *hasher) sum() string {
	sum := sha256.Sum256(h.out)
	return hex.EncodeToString(sum[:])
}

// parameterNames says whether parameters are written with the numbers of their names.
type parameterNames bool

const (
	withNames    parameterNames = true
	withoutNames parameterNames = false
)

func (h *hasher) signature(f *ast.FuncDecl, names parameterNames) {
	h.fields(f.Recv, names)
	// The names of type parameters are always written: they are numbers, and an unnamed one
	// cannot be told from another.
	h.fields(f.Type.TypeParams, withNames)
	h.fields(f.Type.Params, names)
	h.fields(f.Type.Results, names)
}

func (h *hasher) typeSpec(spec *ast.TypeSpec) {
	h.flag(spec.Assign.IsValid())
	h.fields(spec.TypeParams, withNames)
	h.expression(spec.Type)
}

// The primitives: everything written can be told apart again, so equal bytes mean equal trees.

func (h *hasher) tag(t nodeTag) { h.out = append(h.out, byte(t)) }

func (h *hasher) flag(set bool) {
	if set {
		h.out = append(h.out, 1)
	} else {
		h.out = append(h.out, 0)
	}
}

func (h *hasher) count(n int) {
	for n >= 0x80 {
		h.out = append(h.out, byte(n)|0x80)
		n >>= 7
	}
	h.out = append(h.out, byte(n))
}

func (h *hasher) text(s string) {
	h.count(len(s))
	h.out = append(h.out, s...)
}

func (h *hasher) texts(list []string) {
	h.count(len(list))
	for _, s := range list {
		h.text(s)
	}
}

// token writes an operator or keyword by its spelling: its number may differ between toolchains.
func (h *hasher) token(t token.Token) { h.text(t.String()) }
