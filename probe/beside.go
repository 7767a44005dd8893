package main

// Reads a file of head beside the same file of base: of both only what differs is parsed whole and
// hashed.
//
// A pull request changes a few declarations of a file. Both texts are cut into declarations (cut.go);
// of those with equal bytes base is parsed without the bodies of functions, head not at all
// (outline.go), and they have one hash that says no more than that. It holds where nothing else of
// the file makes equal bytes mean something else: imports, directives, build constraints, and the
// names that the file declares. Wherever one of these does not hold both are read whole, so that the
// answer is always that of reading all of both (beside_test.go), but for one thing: syntax errors in
// a declaration that did not change are not told.

import (
	"bytes"
	"go/ast"
	"go/token"
	"reflect"
	"strings"
)

// sameHash is the hash of a declaration that the same file of the other side has byte for byte.
var sameHash = strings.Repeat("0", 64)

var newline = []byte("\n")

// readBeside is false where the files must be read whole.
func readBeside(baseSource, headSource []byte) (base, head *parsedFile, ok bool) {
	var sources [2]cutSource
	for s, text := range [2][]byte{baseSource, headSource} {
		chunks, isCut := cut(text)
		if !isCut {
			return nil, nil, false
		}
		sources[s] = cutSource{text: text, chunks: chunks}
	}
	matchChunks(&sources[baseSide], &sources[headSide])
	// One set of positions: head's trees lead into base's.
	fset := token.NewFileSet()
	base = parseOutline(fset, sources[baseSide], baseSide)
	head = parseOutline(fset, sources[headSide], headSide)
	if base == nil || head == nil || !base.list(nil) || !head.list(base) {
		return nil, nil, false
	}
	head.resolveIn(base)
	return base, head, isAlike(base, head)
}

// matchChunks finds the chunks that both sides have with the same bytes.
func matchChunks(base, head *cutSource) {
	textOf := func(of *cutSource, at int) []byte { return of.text[of.chunks[at].start:of.chunks[at].end] }
	for _, of := range []*cutSource{base, head} {
		of.partners = make([]int, len(of.chunks))
		for i := range of.partners {
			of.partners[i] = -1
		}
	}
	match := func(b, h int) bool {
		if !bytes.Equal(textOf(base, b), textOf(head, h)) {
			return false
		}
		base.partners[b], head.partners[h] = h, b
		return true
	}
	first, baseEnd, headEnd := 0, len(base.chunks), len(head.chunks)
	for first < min(baseEnd, headEnd) && match(first, first) {
		first++
	}
	for min(baseEnd, headEnd) > first && match(baseEnd-1, headEnd-1) {
		baseEnd, headEnd = baseEnd-1, headEnd-1
	}
	rest := map[string]int{}
	for b := first; b < baseEnd; b++ {
		rest[string(textOf(base, b))] = b
	}
	for h := first; h < headEnd; h++ {
		if b, ok := rest[string(textOf(head, h))]; ok && base.partners[b] < 0 {
			match(b, h)
		}
	}
}

// list lists the declarations of the source, those of base where head leaves them out. It is false
// where the names do not tell them apart, or do otherwise on the other side.
func (file *parsedFile) list(base *parsedFile) bool {
	o := file.outline
	seen := map[string]int{}
	names := make(map[string]bool, len(o.chunks))
	listed := make([]declaration, 0, 2*len(o.chunks))
	ends := make([]int, len(o.chunks))
	o.listed = make([][]declaration, len(o.chunks))
	for i, c := range o.chunks {
		start := len(listed)
		switch {
		case o.parts[i] != noPart:
			listed = append(listed, file.listParsed(i, seen)...)
		case base == nil:
			listed = append(listed, declaration{
				kind: "func", name: methodName(o.texts[i]), startLine: c.startLine, endLine: c.endLine,
			})
		default:
			listed = base.listMoved(listed, o.partners[i], c.startLine, seen)
		}
		own := listed[start:]
		if other := o.partners[i]; base != nil && other >= 0 && !haveEqualNames(own, base.outline.listed[other]) {
			return false
		}
		for at := range own {
			d := &own[at]
			d.isSame = o.partners[i] >= 0
			if names[d.name] || len(d.name) > maxNameBytes {
				return false
			}
			names[d.name] = true
		}
		ends[i] = len(listed)
	}
	for i, start := 0, 0; i < len(ends); i, start = i+1, ends[i] {
		o.listed[i] = listed[start:ends[i]]
	}
	file.read = &admittedDeclarations{declarations: listed}
	return len(listed) <= maxDeclarations
}

// listParsed are the declarations of a chunk that was parsed.
func (file *parsedFile) listParsed(at int, seen map[string]int) []declaration {
	c := file.outline.chunks[at]
	listed := declarationsOf(file.outline.decls[at], seen)
	shift := 0
	if len(listed) > 0 {
		shift = c.startLine - file.lineOf(file.outline.decls[at][0].Pos())
	}
	for i := range listed {
		d := &listed[i]
		d.startLine, d.endLine = file.lineOf(d.start)+shift, file.lineOf(d.end)+shift
		if file.outline.parts[at] == signaturePart {
			d.endLine = c.endLine
		}
	}
	return listed
}

// listMoved adds the declarations of a chunk of base where head begins it at this line.
func (file *parsedFile) listMoved(listed []declaration, at, startLine int, seen map[string]int) []declaration {
	moved := startLine - file.outline.chunks[at].startLine
	start := len(listed)
	listed = append(listed, file.outline.listed[at]...)
	for i := range listed[start:] {
		d := &listed[start+i]
		d.startLine, d.endLine = d.startLine+moved, d.endLine+moved
		if name, _, ok := strings.Cut(d.name, "."); ok && numberedName.MatchString(d.name) {
			d.name = numbered(name, seen)
		}
	}
	return listed
}

func haveEqualNames(a, b []declaration) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].name != b[i].name {
			return false
		}
	}
	return true
}

// resolveIn tells head's names which declarations of base they stand for where head leaves them out, as
// the parser does within one file.
func (file *parsedFile) resolveIn(base *parsedFile) {
	scope := file.tree.Scope
	isLeftOut := false
	for i, partner := range file.outline.partners {
		if file.outline.parts[i] != noPart {
			continue
		}
		isLeftOut = true
		for _, d := range base.outline.listed[partner] {
			if object := base.tree.Scope.Lookup(d.name); object != nil {
				scope.Insert(object)
			}
		}
	}
	if !isLeftOut {
		return
	}
	for _, name := range file.tree.Unresolved {
		if object := scope.Lookup(name.Name); object != nil {
			name.Obj = object
		}
	}
}

// isAlike says whether what is the same on both sides also means the same.
func isAlike(base, head *parsedFile) bool {
	// The package clause goes first.
	if base.outline.partners[0] != 0 || base.packageName() == "" || !haveEqualDirectives(base, head) {
		return false
	}
	b, h := base.importTable(), head.importTable()
	if b.preamble != h.preamble || !reflect.DeepEqual(b.dots, h.dots) {
		return false
	}
	differing := differingNames(base.tree.Scope, head.tree.Scope)
	for name, path := range b.byName {
		if h.byName[name] != path {
			differing = append(differing, name)
		}
	}
	for name := range h.byName {
		if b.byName[name] == "" {
			differing = append(differing, name)
		}
	}
	return !base.outline.mentionsAny(differing) && haveEqualUnexplained(base, head)
}

// differingNames are those that only one of two files declares, or as something else.
func differingNames(base, head *ast.Scope) []string {
	var names []string
	for name, object := range base.Objects {
		if other := head.Objects[name]; other == nil || other.Kind != object.Kind {
			names = append(names, name)
		}
	}
	for name := range head.Objects {
		if base.Objects[name] == nil {
			names = append(names, name)
		}
	}
	return names
}

// haveEqualDirectives compares those of the whole file and those of each declaration that is the same.
func haveEqualDirectives(base, head *parsedFile) bool {
	b, h := base.directiveTable(), head.directiveTable()
	if !reflect.DeepEqual(b.ofFile, h.ofFile) {
		return false
	}
	if len(b.ofDeclaration)+len(h.ofDeclaration) == 0 {
		return true
	}
	for at, partner := range head.outline.partners {
		if partner < 0 {
			continue
		}
		for i, d := range head.outline.listed[at] {
			other := base.outline.listed[partner][i]
			if !reflect.DeepEqual(h.ofDeclaration[d.start], b.ofDeclaration[other.start]) {
				return false
			}
		}
	}
	return true
}

// haveEqualUnexplained says whether both sides use their imports by the names that were guessed, or do
// not, alike: what they have in common uses the same ones.
func haveEqualUnexplained(base, head *parsedFile) bool {
	b, h := base.importTable(), head.importTable()
	if !reflect.DeepEqual(b.unnamed, h.unnamed) {
		return reflect.DeepEqual(base.unexplained(), head.unexplained())
	}
	ownBase, ownHead := base.ownQualifiers(), head.ownQualifiers()
	for _, path := range b.unnamed {
		for _, name := range guessedNames(path) {
			if ownBase[name] != ownHead[name] {
				if base.explains(path, qualifiers(base)) != head.explains(path, qualifiers(head)) {
					return false
				}
				break
			}
		}
	}
	return true
}
