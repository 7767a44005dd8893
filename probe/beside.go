package main

// Reads a file of head beside the same file of base, which was read before: only the declarations
// that lie between what both begin with and what both end with are parsed and hashed.
//
// A pull request changes a few declarations of a file, and parsing is half of the probe's work. What
// is left out is what cannot differ: whole declarations of equal bytes, cut at ends of lines outside
// of all declarations, in a file whose imports, directives and names of variables and types are those
// of base. Wherever one of these does not hold the whole file is read, so that the answer is always
// the one that reading all of it would have given (beside_test.go).
//
// Rejected: keeping what was parsed by the bytes of each declaration, which needs a scanner of our
// own to find them.

import (
	"bytes"
	"go/ast"
	"go/token"
	"reflect"
	"sort"
)

// besideFile is a file of which only the middle was parsed.
type besideFile struct {
	base *content
	// middle holds the declarations of head between before and after.
	middle *parsedFile
	// before and after are those of base's top-level declarations that both sides have.
	before, after []ast.Decl
	// start and end are the offsets of base's own middle, moved the lines that after is lower in head.
	start, end, moved int
	imports           importTable
}

// readBeside is nil where the file must be read as a whole.
func readBeside(base *content, source []byte) *besideFile {
	from := base.parsed
	if from == nil || from.tree == nil || len(from.problems) > 0 {
		return nil
	}
	beside := &besideFile{base: base}
	if !beside.cut(source) {
		return nil
	}
	end := len(source) - (len(from.source) - beside.end)
	own, other := source[beside.start:end], from.source[beside.start:beside.end]
	// A directive holds for the declaration below it, and a link name for any.
	if readsComments(own) || readsComments(other) || bytes.Contains(source, []byte("//go:linkname")) {
		return nil
	}
	beside.moved = bytes.Count(own, newline) - bytes.Count(other, newline)
	clause := []byte("package p\n")
	beside.middle = parse(append(clause[:len(clause):len(clause)], own...))
	beside.middle.shift = bytes.Count(source[:beside.start], newline) - 1
	if !beside.isAlike() {
		return nil
	}
	beside.resolve()
	return beside
}

var newline = []byte("\n")

// cut finds the last declaration that both sides begin with and the first that both end with.
func (b *besideFile) cut(head []byte) bool {
	file := b.base.parsed
	base, decls := file.source, file.tree.Decls
	prefix, suffix := commonEnds(base, head)
	offset := func(at token.Pos) int { return int(at) - file.fset.File(file.tree.FileStart).Base() }
	first := 0
	for ; first < len(decls); first++ {
		next := endOfLine(base, offset(decls[first].End()))
		if next < 0 || next > prefix {
			break
		}
		b.start = next
	}
	last := len(decls)
	for ; last > first; last-- {
		at := offset(decls[last-1].Pos())
		own := len(head) - (len(base) - at)
		if at < len(base)-suffix || base[at-1] != '\n' || head[own-1] != '\n' {
			break
		}
	}
	b.before, b.after, b.end = decls[:first], decls[last:], len(base)
	if last < len(decls) {
		b.end = offset(decls[last].Pos())
	}
	// Imports say what names mean: they must be among what both begin with.
	return first > 0 && !hasImports(decls[first:])
}

// commonEnds are the lengths of what two texts begin and end with; together no longer than either.
func commonEnds(a, b []byte) (prefix, suffix int) {
	shorter := min(len(a), len(b))
	for prefix < shorter && a[prefix] == b[prefix] {
		prefix++
	}
	for suffix < shorter-prefix && a[len(a)-1-suffix] == b[len(b)-1-suffix] {
		suffix++
	}
	return prefix, suffix
}

// endOfLine is where the next line begins, when nothing but blanks stands before it; else -1.
func endOfLine(source []byte, at int) int {
	for ; at < len(source); at++ {
		switch source[at] {
		case ' ', '\t', '\r':
		case '\n':
			return at + 1
		default:
			return -1
		}
	}
	return -1
}

func hasImports(decls []ast.Decl) bool {
	for _, d := range decls {
		if group, ok := d.(*ast.GenDecl); ok && group.Tok == token.IMPORT {
			return true
		}
	}
	return false
}

// isAlike says whether the rest of the file means in head what it means in base.
func (b *besideFile) isAlike() bool {
	if b.middle.tree == nil || len(b.middle.problems) > 0 || hasImports(b.middle.tree.Decls) {
		return false
	}
	base := b.base.parsed
	declarations, _ := base.admitted()
	added, _ := b.middle.admitted()
	names, numbered := declaredNames(declarations[b.firstFrom(b.start):b.firstFrom(b.end)])
	own, ownNumbered := declaredNames(added)
	if numbered || ownNumbered || !reflect.DeepEqual(names, own) {
		return false
	}
	used := qualifiers(b.middle)
	for name := range qualifiersOutside(base, b.start, b.end) {
		used[name] = true
	}
	b.imports = importsUsed(base, used)
	if !reflect.DeepEqual(b.imports, base.importTable()) {
		return false
	}
	b.middle.imports = &b.imports
	b.middle.directives = &directiveTable{ofFile: base.directiveTable(declarations).ofFile}
	return true
}

// declaredNames are the names of variables, constants and types, which may stand before a dot; numbered
// says whether there are names that the order of the file tells apart.
func declaredNames(declarations []declaration) (names map[string]bool, numbered bool) {
	names = map[string]bool{}
	for _, d := range declarations {
		numbered = numbered || numberedName.MatchString(d.name)
		if d.kind != "func" {
			names[d.name] = true
		}
	}
	return names, numbered
}

// resolve tells the middle's names which declarations of the rest they stand for, as the parser does
// within one file.
func (b *besideFile) resolve() {
	base := b.base.parsed
	scope := b.middle.tree.Scope
	offset := base.fset.File(base.tree.FileStart).Base()
	for _, object := range base.tree.Scope.Objects {
		if at := int(object.Pos()) - offset; at < b.start || at >= b.end {
			scope.Insert(object)
		}
	}
	for _, name := range b.middle.tree.Unresolved {
		if object := scope.Lookup(name.Name); object != nil {
			name.Obj = object
		}
	}
}

// types are those that the whole file of head declares.
func (b *besideFile) types() typeTexts {
	texts := typeTexts{}
	b.base.parsed.addTypes(texts, b.before)
	b.middle.addTypes(texts, b.middle.tree.Decls)
	b.base.parsed.addTypes(texts, b.after)
	return texts
}

// describe is what describe says of the whole file; false where base's answers do not hold in head.
func (b *besideFile) describe(types *typeTable) (described syntaxFile, asked map[string]string, ok bool) {
	base := b.base.snapshot
	if !base.holds(types) || len(base.Problems) > 0 {
		return syntaxFile{}, nil, false
	}
	own, asked := describe(b.middle, types)
	if len(own.Problems) > 0 {
		return syntaxFile{}, nil, false
	}
	before, after := b.firstFrom(b.start), b.firstFrom(b.end)
	described = syntaxFile{Package: base.Package, Problems: own.Problems}
	described.Declarations = append(described.Declarations, base.Declarations[:before]...)
	described.Declarations = append(described.Declarations, own.Declarations...)
	for _, d := range base.Declarations[after:] {
		d.StartLine += b.moved
		d.EndLine += b.moved
		described.Declarations = append(described.Declarations, d)
	}
	for name, answer := range base.Asked {
		asked[name] = answer
	}
	return described, asked, len(described.Declarations) <= maxDeclarations
}

// firstFrom is the first of base's declarations at or behind an offset, as an index.
func (b *besideFile) firstFrom(offset int) int {
	file := b.base.parsed
	declarations, _ := file.admitted()
	at := token.Pos(file.fset.File(file.tree.FileStart).Base() + offset)
	return sort.Search(len(declarations), func(i int) bool { return declarations[i].start >= at })
}

// own are the middle's declarations, with the number of those before them; false where one of these
// indexes is not among them.
func (b *besideFile) own(indexes []int) (declarations []declaration, before int, ok bool) {
	declarations, _ = b.middle.admitted()
	before = b.firstFrom(b.start)
	for _, i := range indexes {
		if i < before || i >= before+len(declarations) {
			return nil, 0, false
		}
	}
	return declarations, before, true
}
