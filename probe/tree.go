package main

// The tree of a declaration as it leaves the probe, for the edit script. src/goast/tree.ts reads it.
//
// Nodes stand in the order of the walk, six numbers a node: kind, label and fact (words of the
// file's table), binding + 1, lines since the node before (zigzag), and nodes in the subtree. They
// are varints in base64: as JSON arrays the trees of a large pull request are four times as long.

import (
	"encoding/base64"
	"encoding/binary"
	"sync"
)

// wordTable numbers the texts of a file's trees; the empty text is 0.
type wordTable struct {
	numbers map[string]int32
	list    []string
}

func newWordTable() *wordTable {
	return &wordTable{numbers: map[string]int32{"": 0}, list: []string{""}}
}

func (w *wordTable) number(word string) int32 {
	word = boundedWord(word)
	n, seen := w.numbers[word]
	if !seen {
		n = int32(len(w.list))
		w.numbers[word] = n
		w.list = append(w.list, word)
	}
	return n
}

// treeNode is small, because a file has many: maxTreeNodes and maxFileBytes bound its numbers.
type treeNode struct {
	kind, label, fact, binding, line, size int32
}

type treeWriter struct {
	words *wordTable
	// kinds are the words of the kinds that occurred; 0 for the others.
	kinds [tagCount]int32
	nodes []treeNode
	// parents are the indexes of the nodes that are open.
	parents []int
	// tooLarge is set beyond maxTreeNodes; the nodes are no longer kept then.
	tooLarge bool
}

// treeWriters keeps what one file needed for the next.
var treeWriters = sync.Pool{New: func() any { return &treeWriter{words: newWordTable()} }}

// newTreeWriter is given back with release.
func newTreeWriter() *treeWriter {
	w := treeWriters.Get().(*treeWriter)
	clear(w.words.numbers)
	w.words.numbers[""] = 0
	// The list belongs to the answer.
	w.words.list = []string{""}
	w.kinds = [tagCount]int32{}
	return w
}

// release must come after the last use.
func (w *treeWriter) release() { treeWriters.Put(w) }

func (w *treeWriter) kind(t nodeTag) int32 {
	if w.kinds[t] == 0 {
		w.kinds[t] = w.words.number(kindNames[t])
	}
	return w.kinds[t]
}

// begin forgets the tree before; the words stay.
func (w *treeWriter) begin() {
	w.nodes, w.parents, w.tooLarge = w.nodes[:0], w.parents[:0], false
}

func (w *treeWriter) open(t nodeTag, lineNumber int) {
	if w.tooLarge = w.tooLarge || len(w.nodes) == maxTreeNodes; w.tooLarge {
		return
	}
	line := int32(lineNumber)
	if line == 0 && len(w.nodes) > 0 {
		line = w.nodes[len(w.nodes)-1].line
	}
	w.parents = append(w.parents, len(w.nodes))
	w.nodes = append(w.nodes, treeNode{kind: w.kind(t), line: line})
}

func (w *treeWriter) close() {
	if w.tooLarge {
		return
	}
	last := len(w.parents) - 1
	at := w.parents[last]
	w.nodes[at].size = int32(len(w.nodes) - at)
	w.parents = w.parents[:last]
}

// current is the node that is open, or nil.
func (w *treeWriter) current() *treeNode {
	if w.tooLarge || len(w.parents) == 0 {
		return nil
	}
	return &w.nodes[w.parents[len(w.parents)-1]]
}

func (w *treeWriter) retag(t nodeTag) {
	if node := w.current(); node != nil {
		node.kind = w.kind(t)
	}
}

// label adds a text to the node; several are told apart by a NUL, which no Go source holds.
func (w *treeWriter) label(s string) {
	node := w.current()
	if node == nil {
		return
	}
	if node.label != 0 {
		s = w.words.list[node.label] + "\x00" + s
	}
	node.label = w.words.number(s)
}

func (w *treeWriter) fact(name string) {
	if node := w.current(); node != nil && name != "" {
		node.fact = w.words.number(name)
	}
}

func (w *treeWriter) bind(number int) {
	if node := w.current(); node != nil {
		node.binding = int32(number) + 1
	}
}

// encoded is the tree as text; empty when it is too large.
func (w *treeWriter) encoded() string {
	if w.tooLarge {
		return ""
	}
	out := make([]byte, 0, 8*len(w.nodes))
	line := int32(0)
	for _, n := range w.nodes {
		for _, v := range [...]int32{n.kind, n.label, n.fact, n.binding} {
			out = binary.AppendUvarint(out, uint64(v))
		}
		out = binary.AppendVarint(out, int64(n.line-line))
		out = binary.AppendUvarint(out, uint64(n.size))
		line = n.line
	}
	return base64.StdEncoding.EncodeToString(out)
}
