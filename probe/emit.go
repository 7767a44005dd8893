package main

// What the walk of a declaration writes with. Everything that goes into the hash can be told apart
// again, so equal bytes mean equal trees; the same calls make the nodes of the tree.

import (
	"go/ast"
	"go/token"
)

// open begins a node; everything written until its close belongs to it.
func (h *hasher) open(t nodeTag, n ast.Node) {
	h.out = append(h.out, byte(t))
	if h.tree != nil {
		h.tree.open(t, h.lineOf(n.Pos()))
		h.tree.fact(h.factOf(n))
	}
}

func (h *hasher) openAt(t nodeTag, at token.Pos) {
	h.out = append(h.out, byte(t))
	if h.tree != nil {
		h.tree.open(t, h.lineOf(at))
	}
}

// retag changes the kind of the node that was just opened.
func (h *hasher) retag(t nodeTag) {
	h.out[len(h.out)-1] = byte(t)
	if h.tree != nil {
		h.tree.retag(t)
	}
}

func (h *hasher) close() {
	if h.tree != nil {
		h.tree.close()
	}
}

// none writes that an optional part is absent.
func (h *hasher) none() {
	h.out = append(h.out, byte(tagNone))
	if h.tree != nil {
		h.tree.open(tagNone, 0)
		h.tree.close()
	}
}

// count writes how many parts follow.
func (h *hasher) count(n int) {
	for n >= 0x80 {
		h.out = append(h.out, byte(n)|0x80)
		n >>= 7
	}
	h.out = append(h.out, byte(n))
}

// text writes a text that two equal nodes share.
func (h *hasher) text(s string) {
	h.count(len(s))
	h.out = append(h.out, s...)
	h.label(s)
}

func (h *hasher) texts(list []string) {
	h.count(len(list))
	for _, s := range list {
		h.text(s)
	}
}

// token writes an operator or keyword by its spelling: its number may differ between toolchains.
func (h *hasher) token(t token.Token) { h.text(t.String()) }

// mark writes a property of the node that it has or has not.
func (h *hasher) mark(name string, set bool) {
	if !set {
		h.out = append(h.out, 0)
		return
	}
	h.out = append(h.out, 1)
	h.label(name)
}

// bind writes which local the node stands for.
func (h *hasher) bind(number int) {
	h.count(number)
	if h.tree != nil {
		h.tree.bind(number)
	}
}

// label is for readers of the tree and not part of the hash.
func (h *hasher) label(s string) {
	if h.tree != nil {
		h.tree.label(s)
	}
}

func (h *hasher) lineOf(at token.Pos) int {
	if !at.IsValid() {
		return 0
	}
	return h.file.PositionFor(at, false).Line + h.shift
}
