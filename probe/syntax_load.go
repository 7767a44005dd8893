package main

// How much of a file is read.
//
// A file that is the same on both sides is only listed, and where an earlier run listed it not read at
// all (snapshot.go). Of one that differs only the differences are read, where that can be (beside.go).
// What one side alone has is read whole.

import "sort"

// content is what is known of a file.
type content struct {
	name  string
	types typeTexts
	// parsed is kept while the directory's files are small enough together.
	parsed *parsedFile
	// kept is set instead where both sides have the file.
	kept *snapshot
	// unread is the problem of a file that could not be read at all.
	unread string
}

// loadAll reads the files of a directory, and says whether both sides have the same ones.
func (r *syntaxReader) loadAll(files []*sideFile) (isUnchanged bool) {
	sort.SliceStable(files, func(a, b int) bool {
		if files[a].path != files[b].path {
			return files[a].path < files[b].path
		}
		return files[a].side < files[b].side
	})
	heldBytes, same := 0, 0
	for _, pair := range pairsOf(files) {
		switch {
		case r.readsWhole:
		case isSameBlob(pair):
			if r.loadSame(pair) {
				same += len(pair)
			}
		case heldBytes <= maxGroupBytes:
			heldBytes += r.loadBeside(pair)
		}
	}
	for _, file := range files {
		if file.content != nil {
			continue
		}
		file.content = r.load(file)
		if parsed := file.content.parsed; parsed != nil {
			if heldBytes += len(parsed.source); heldBytes > maxGroupBytes {
				file.content.parsed = nil
			}
		}
	}
	return same == len(files)
}

// filePair is one path on both sides.
type filePair [2]*sideFile

// pairsOf finds them among files in the order of their paths and sides.
func pairsOf(files []*sideFile) []filePair {
	var pairs []filePair
	for i := 1; i < len(files); i++ {
		base, head := files[i-1], files[i]
		if base.path == head.path && base.side < head.side {
			pairs = append(pairs, filePair{base, head})
		}
	}
	return pairs
}

func isSameBlob(pair filePair) bool {
	return pair[baseSide].blob == pair[headSide].blob && isBlob(pair[baseSide].blob)
}

// loadBeside reads two files of which only the differences matter, where that can be; it returns how
// many bytes are held then.
func (r *syntaxReader) loadBeside(pair filePair) int {
	var sources [2][]byte
	for s, file := range pair {
		source, err := r.trees[s].read(file.path)
		if err != nil {
			return 0
		}
		sources[s] = source
	}
	base, head, ok := readBeside(sources[baseSide], sources[headSide])
	if !ok {
		return 0
	}
	pair[baseSide].content = contentOf(base, nil)
	pair[headSide].content = contentOf(head, base)
	return len(sources[baseSide]) + len(sources[headSide])
}

// loadSame lists a file that both sides have; false where it cannot be read.
func (r *syntaxReader) loadSame(pair filePair) bool {
	kept := r.snapshots.find(pair[baseSide].blob)
	if kept == nil {
		source, err := r.trees[baseSide].read(pair[baseSide].path)
		if err != nil {
			return false
		}
		parsed, _, ok := readBeside(source, source)
		if !ok {
			parsed = parse(source)
		}
		if kept, err = snapshotOf(parsed, contentOf(parsed, nil).types); err != nil {
			return false
		}
		r.snapshots.keep(pair[baseSide].blob, kept)
	}
	both := &content{name: kept.Package, kept: kept}
	pair[baseSide].content, pair[headSide].content = both, both
	return true
}

// readWholeWhereTypesDiffer reads two files whole after all, because something that is the same in both
// mentions a type of the directory that became another one.
func (r *syntaxReader) readWholeWhereTypesDiffer(files []*sideFile, tables [2]map[string]*typeTable) {
	differing := map[[2]string][]string{}
	for _, pair := range pairsOf(files) {
		base, head := pair[baseSide].content, pair[headSide].content
		if base.kept == nil && (base.parsed == nil || base.parsed.outline == nil) {
			continue
		}
		names := [2]string{base.name, head.name}
		if _, known := differing[names]; !known {
			differing[names] = differingTypes(tables[baseSide][base.name], tables[headSide][head.name])
		}
		if words := differing[names]; len(words) > 0 && r.mentionsAny(pair[baseSide], words) {
			r.loadWhole(pair)
		}
	}
}

// mentionsAny says whether something that both sides have holds one of the words.
func (r *syntaxReader) mentionsAny(file *sideFile, words []string) bool {
	if file.content.kept == nil {
		return file.content.parsed.outline.mentionsAny(words)
	}
	source, err := r.trees[file.side].read(file.path)
	for _, word := range words {
		if err == nil && holdsWord(source, word) {
			return true
		}
	}
	return false
}

func (r *syntaxReader) loadWhole(pair filePair) {
	for s, file := range pair {
		if source, err := r.trees[s].read(file.path); err == nil {
			file.content = contentOf(parse(source), nil)
			// Read again when it is described: there may be many.
			file.content.parsed = nil
		}
	}
}

// load reads and parses a file.
func (r *syntaxReader) load(file *sideFile) *content {
	source, err := r.trees[file.side].read(file.path)
	if err != nil {
		return &content{unread: "1:1: " + err.Error()}
	}
	return contentOf(parse(source), nil)
}

// contentOf is what was read of a file; base is the file beside which it was read, or nil.
func contentOf(parsed, base *parsedFile) *content {
	read := &content{name: parsed.packageName(), parsed: parsed, types: typeTexts{}}
	if parsed.tree != nil {
		read.types = declaredTypes(parsed, base)
	}
	return read
}

func (c *content) packageName() string { return c.name }

// tablesOf are the types of each package of the directory, by side and package name.
func tablesOf(files []*sideFile) [2]map[string]*typeTable {
	tables := [2]map[string]*typeTable{{}, {}}
	for _, file := range files {
		c := file.content
		table := tables[file.side][c.name]
		if table == nil {
			table = newTypeTable()
			tables[file.side][c.name] = table
		}
		if c.kept != nil && c.types == nil {
			c.types = c.kept.types()
		}
		table.add(c.types)
	}
	return tables
}

// describe is the answer for one file.
func (r *syntaxReader) describe(file *sideFile, types *typeTable) syntaxFile {
	c := file.content
	if c.kept != nil {
		return syntaxFile{
			Package: c.kept.Package, Declarations: []syntaxDeclaration{}, Problems: c.kept.Problems,
			Same: string(c.kept.same), isBoth: true,
		}
	}
	problem := c.unread
	if problem == "" {
		var parsed *parsedFile
		if parsed, problem = r.parsed(file); parsed != nil {
			return describe(parsed, types)
		}
	}
	return syntaxFile{Declarations: []syntaxDeclaration{}, Problems: []string{problem}}
}

// parsed is the syntax of a file, read again where it was not kept.
func (r *syntaxReader) parsed(file *sideFile) (*parsedFile, string) {
	if file.content.parsed != nil {
		return file.content.parsed, ""
	}
	source, err := r.trees[file.side].read(file.path)
	if err != nil {
		return nil, "1:1: " + err.Error()
	}
	return parse(source), ""
}
