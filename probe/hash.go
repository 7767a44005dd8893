package main

// The hash of a declaration: SHA-256 over its syntax tree, written as an unambiguous sequence of
// node tags, counts and length-prefixed texts (expressions.go, fields.go, statements.go). The same walk
// writes the tree when one is wanted (tree.go), so that equal hashes and equal trees are one thing.
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
	"strconv"
	"sync"
)

// hasher writes the declarations of one file, one after the other.
type hasher struct {
	source []byte
	file   *token.File
	// shift is what the current declaration is lower in its file than in the source.
	shift   int
	scope   *ast.Scope
	types   *typeTable
	imports importTable
	// unexplained are the paths of imports that no name is known of.
	unexplained func() []string
	directives  directiveTable

	out []byte
	// tree is what is written as nodes beside the hash; nil where only the hash is wanted.
	tree    *treeWriter
	binding binding
	// ownName is the declaration's name where its body can mention it; "" for methods.
	ownName  string
	usesIota bool
	usesC    bool
	// freeConversions are calls that the tree's facts leave out (facts.go).
	freeConversions map[*ast.CallExpr]bool
}

// hashers keeps what one file needed for the next: thousands are hashed one after the other.
var hashers = sync.Pool{New: func() any { return &hasher{} }}

// newHasher is given back with release.
func newHasher(file *parsedFile, types *typeTable) *hasher {
	scope := file.tree.Scope
	if scope == nil {
		scope = ast.NewScope(nil)
	}
	h := hashers.Get().(*hasher)
	*h = hasher{
		source:      file.source,
		file:        file.fset.File(file.tree.FileStart),
		scope:       scope,
		types:       types,
		imports:     file.importTable(),
		unexplained: file.unexplained,
		directives:  file.directiveTable(),
		out:         h.out[:0],
		binding:     binding{numbers: h.binding.numbers, local: h.binding.local},
	}
	return h
}

// release must come after the last use.
func (h *hasher) release() {
	if len(h.out) <= maxFileBytes/8 {
		hashers.Put(h)
	}
}

// hash is the SHA-256 of the whole declaration, in hex.
func (h *hasher) hash(d declaration) string {
	h.begin(d)
	h.declaration(d)
	return h.sum()
}

// declaration writes the whole declaration as one node.
func (h *hasher) declaration(d declaration) {
	h.openAt(tagRoot, d.start)
	h.text(d.kind)
	h.directiveNodes(h.directives.ofFile, d.start)
	h.directiveNodes(h.imports.dots, d.start)
	h.directiveNodes(h.directives.ofDeclaration[d.start], d.start)
	switch {
	case d.function != nil && d.function.Body == nil:
		// Of assembly: the names are for readers and for vet.
		h.signature(d.function, withoutNames)
		h.none()
	case d.function != nil:
		h.signature(d.function, withNames)
		h.block(d.function.Body)
	case d.typeSpec != nil:
		h.typeSpec(d.typeSpec)
	case d.value != nil:
		h.expression(d.value.typ)
		h.expressions(d.value.values)
		h.place(d.value)
	}
	if h.usesC {
		h.directiveNodes([]string{h.imports.preamble}, d.start)
	}
	h.close()
}

// place writes where a name stands among others that share its values, or its const group.
func (h *hasher) place(value *valueDeclaration) {
	h.text(strconv.Itoa(value.position))
	if h.usesIota {
		h.text(strconv.Itoa(value.iota))
	}
}

func (h *hasher) directiveNodes(list []string, at token.Pos) {
	h.count(len(list))
	for _, text := range list {
		h.openAt(tagDirective, at)
		h.text(text)
		h.close()
	}
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
	h.binding.begin(h.scope, d)
	h.ownName = ""
	h.shift = d.startLine - h.file.PositionFor(d.start, false).Line
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
	h.fields(tagReceiver, f.Recv, names)
	// The names of type parameters are always written: they are numbers, and an unnamed one
	// cannot be told from another.
	h.fields(tagTypeParameters, f.Type.TypeParams, withNames)
	h.fields(tagParameters, f.Type.Params, names)
	h.fields(tagResults, f.Type.Results, names)
}

func (h *hasher) typeSpec(spec *ast.TypeSpec) {
	h.mark("=", spec.Assign.IsValid())
	h.fields(tagTypeParameters, spec.TypeParams, withNames)
	h.expression(spec.Type)
}
