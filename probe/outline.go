package main

// The outline of a source: all of it but what the other side has byte for byte and nothing else needs.
//
// Hashes and facts of a declaration depend on the rest of its file by its package clause, imports,
// directives, types, variables and signatures, and by the names that it declares; of another function's
// body they depend on nothing but the names of packages in it (unexplained imports, imports.go).

import (
	"bytes"
	"go/ast"
	"go/token"
	"sort"
)

// part is what an outline holds of a chunk.
type part int

const (
	wholePart part = iota
	// signaturePart is a function without its body.
	signaturePart
	noPart
)

// outline is what a parsed file leaves out.
type outline struct {
	// chunks are those of the outline's own text, with the lines of the source.
	chunks []chunk
	parts  []part
	// partners are the chunks of the other side with the same bytes, or -1.
	partners []int
	// texts are the sources of the chunks.
	texts [][]byte
	// decls are the parsed declarations of each chunk, and listed all that it declares.
	decls  [][]ast.Decl
	listed [][]declaration
}

// cutSource is a source and where its declarations are.
type cutSource struct {
	text     []byte
	chunks   []chunk
	partners []int
}

// parseOutline parses what must be known of a source; nil where the parser does not find what was cut.
func parseOutline(fset *token.FileSet, source cutSource, of side) *parsedFile {
	text, own := outlineOf(source, of)
	file := parseIn(fset, text)
	if file.tree == nil || len(file.problems) > 0 {
		return nil
	}
	file.outline = own
	if !file.isInStep() {
		return nil
	}
	return file
}

func outlineOf(source cutSource, of side) ([]byte, *outline) {
	o := &outline{
		chunks: make([]chunk, len(source.chunks)), parts: make([]part, len(source.chunks)),
		partners: source.partners, texts: make([][]byte, len(source.chunks)),
	}
	comments := commentsOf(source.text)
	// What stands above the package clause is for the compiler.
	text := append(make([]byte, 0, len(source.text)/4), source.text[:source.chunks[0].start]...)
	above := text
	for i, c := range source.chunks {
		own := &o.chunks[i]
		*own = c
		o.texts[i] = source.text[c.start:c.end]
		if i > 0 {
			above = source.text[source.chunks[i-1].end:c.start]
			if comments.matter(above) || comments.areC && c.isImport {
				text = append(text, above...)
			} else {
				text = append(text, '\n')
			}
			if source.partners[i] >= 0 && !c.isImport {
				o.parts[i] = comments.partOf(above, o.texts[i], c, of)
			}
		}
		own.body = 0
		own.start = len(text)
		switch o.parts[i] {
		case wholePart:
			text = append(text, o.texts[i]...)
		case signaturePart:
			own.body = own.start + c.body - c.start
			text = append(text, source.text[c.start:c.body+1]...)
			text = append(text, '}')
		}
		own.end = len(text)
	}
	if last := source.text[source.chunks[len(source.chunks)-1].end:]; comments.matter(last) {
		text = append(text, last...)
	}
	return text, o
}

// meaningfulComments says which comments there are that mean something (directives.go).
type meaningfulComments struct {
	// areDirectives: of a declaration; areLinks: of a function that they name; areC: of import "C".
	areDirectives, areLinks, areC bool
}

func commentsOf(source []byte) meaningfulComments {
	return meaningfulComments{
		areDirectives: bytes.Contains(source, []byte("//go:")) || bytes.Contains(source, []byte("//export ")),
		areLinks:      bytes.Contains(source, []byte("//go:linkname")),
		areC:          bytes.Contains(source, []byte("\"C\"")),
	}
}

// matter says whether a text of the source holds a directive.
func (m meaningfulComments) matter(text []byte) bool {
	return m.areDirectives && commentsOf(text).areDirectives
}

// partOf is what must be known of a chunk that the other side has, too, below a text between chunks.
func (m meaningfulComments) partOf(above, text []byte, c chunk, of side) part {
	isMethod := c.body > 0 && methodName(text) != ""
	isTold := m.matter(above) || m.matter(text) || m.areLinks && c.isFunction && !isMethod
	switch {
	case isMethod && !isTold:
		// Nothing finds a method by its name alone.
		return noPart
	case of == headSide && !isTold:
		// Base has it.
		return noPart
	case c.body == 0 || m.matter(text):
		return wholePart
	}
	return signaturePart
}

// isInStep says whether the parser found the declarations where they were cut, and nothing in the
// bodies that were left out.
func (file *parsedFile) isInStep() bool {
	base := file.fset.File(file.tree.FileStart).Base()
	rest := file.tree.Decls
	file.outline.decls = make([][]ast.Decl, len(file.outline.chunks))
	for i, c := range file.outline.chunks {
		if i == 0 || file.outline.parts[i] == noPart {
			continue // The package clause is none.
		}
		count := 0
		for count < len(rest) && int(rest[count].Pos())-base < c.end {
			count++
		}
		if count == 0 || int(rest[0].Pos())-base != c.start || int(rest[count-1].End())-base > c.end {
			return false
		}
		function, isFunction := rest[0].(*ast.FuncDecl)
		if isFunction != c.isFunction {
			return false
		}
		if body := c.body; body > 0 && (count > 1 || function.Body == nil || len(function.Body.List) > 0 ||
			int(function.Body.Lbrace)-base != body || int(function.Body.Rbrace)-base != c.end-1) {
			return false
		}
		file.outline.decls[i], rest = rest[:count], rest[count:]
	}
	return len(rest) == 0
}

// parsedDeclarations are those that were not left out.
func (o *outline) parsedDeclarations() []declaration {
	var parsed []declaration
	for i, listed := range o.listed {
		if o.parts[i] != noPart {
			parsed = append(parsed, listed...)
		}
	}
	return parsed
}

// methodName is the name of a method, as functionName gives it, where it is written in the plain way;
// else empty.
func methodName(text []byte) string {
	receiver, ok := bytes.CutPrefix(text[:min(len(text), 200)], []byte("func ("))
	if !ok {
		return ""
	}
	receiver, rest, ok := bytes.Cut(receiver, []byte(") "))
	if !ok {
		return ""
	}
	if _, typ, named := bytes.Cut(receiver, []byte(" ")); named {
		receiver = typ
	}
	name, _, ok := bytes.Cut(rest, []byte("("))
	typ, isPointer := bytes.CutPrefix(receiver, []byte("*"))
	if !ok || !isWord(name) || !isWord(typ) {
		return ""
	}
	if isPointer {
		return "(*" + string(typ) + ")." + string(name)
	}
	return string(typ) + "." + string(name)
}

func isWord(text []byte) bool {
	for _, b := range text {
		if !isWordByte(b) {
			return false
		}
	}
	return len(text) > 0
}

// holdsWord says whether a text holds the word; also in its comments and strings.
func holdsWord(text []byte, word string) bool {
	for from := 0; ; {
		at := bytes.Index(text[from:], []byte(word))
		if at < 0 {
			return false
		}
		start, end := from+at, from+at+len(word)
		if (start == 0 || !isWordByte(text[start-1])) && (end == len(text) || !isWordByte(text[end])) {
			return true
		}
		from = start + 1
	}
}

// mentionsAny says whether something that both sides have holds one of the words.
func (o *outline) mentionsAny(words []string) bool {
	for _, word := range words {
		for i, text := range o.texts {
			if o.partners[i] >= 0 && holdsWord(text, word) {
				return true
			}
		}
	}
	return false
}

// usesPackage says whether the name stands before a dot in what was left out, and is declared neither
// there nor in the file.
func (file *parsedFile) usesPackage(name string) bool {
	if file.outline == nil || file.tree.Scope.Lookup(name) != nil {
		return false
	}
	for i, text := range file.outline.texts {
		if file.outline.parts[i] == wholePart || !holdsWord(text, name) {
			continue
		}
		own := parse(append([]byte("package p\n"), text...))
		if own.tree != nil && qualifiers(own)[name] {
			return true
		}
	}
	return false
}

// ownQualifiers are the names before a dot in what only this side has.
func (file *parsedFile) ownQualifiers() map[string]bool {
	base := file.fset.File(file.tree.FileStart).Base()
	chunks := file.outline.chunks
	return qualifiersWithin(file, func(at token.Pos) bool {
		next := sort.Search(len(chunks), func(i int) bool { return chunks[i].start > int(at)-base })
		return next > 0 && file.outline.partners[next-1] < 0
	})
}
