package main

// Reads the files of both sides, directory by directory.
//
// Files of one directory are read together, because a composite literal's key can only be told
// from a variable by knowing the literal's type (types.go), and then forgotten, so that memory
// follows the largest directory and not the repository. A blob that both sides have is read once;
// one that was read by an earlier run is not read at all (snapshot.go).

import (
	"path"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
)

type syntaxReader struct {
	trees     [2]*sourceTree
	snapshots snapshotStore
	// readsWhole: nothing is read beside another; what reading beside is compared with.
	readsWhole bool
	// nodes counts those of all trees of the answer.
	nodes atomic.Int64
}

// sideFile is one requested file; into is its place in the answer.
type sideFile struct {
	syntaxRequest
	into    *syntaxFile
	content *content
}

// content is what one blob holds, whichever sides have it.
type content struct {
	snapshot *snapshot
	// parsed is kept while the directory's files are small enough together.
	parsed *parsedFile
	// unread is the problem of a file that could not be read at all.
	unread string
}

// read writes the answer: a directory that both sides have as soon as it is read, so that whoever
// takes it works meanwhile; the others, whose files may have moved from one to the other, at the end.
func (r *syntaxReader) read(requests []syntaxRequest, out *answerWriter) error {
	files := make([]syntaxFile, len(requests))
	byDirectory := map[string][]*sideFile{}
	for i, request := range requests {
		dir := path.Dir(request.path)
		byDirectory[dir] = append(byDirectory[dir], &sideFile{syntaxRequest: request, into: &files[i]})
	}
	rest := r.readDirectories(byDirectory, out)
	dropMoved(rest)
	for i, request := range requests {
		if files[i].Declarations != nil {
			out.write(request.side, &files[i])
		}
	}
	return out.flush()
}

// readDirectories returns the declarations of directories of one side that the answer does not hold yet.
func (r *syntaxReader) readDirectories(byDirectory map[string][]*sideFile, out *answerWriter) [2][]*syntaxDeclaration {
	names := make([]string, 0, len(byDirectory))
	for name := range byDirectory {
		names = append(names, name)
	}
	sort.Strings(names)
	directories := make(chan string)
	var workers sync.WaitGroup
	var lock sync.Mutex
	var rest [2][]*syntaxDeclaration
	for i := 0; i < runtime.GOMAXPROCS(0); i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for name := range directories {
				files := byDirectory[name]
				own := r.readDirectory(files)
				lock.Lock()
				if hasBothSides(files) {
					dropMoved(own)
					for _, file := range files {
						out.write(file.side, file.into)
						*file.into = syntaxFile{}
					}
				} else {
					for s := range rest {
						rest[s] = append(rest[s], own[s]...)
					}
				}
				lock.Unlock()
			}
		}()
	}
	for _, name := range names {
		directories <- name
	}
	close(directories)
	workers.Wait()
	return rest
}

func hasBothSides(files []*sideFile) bool {
	for _, file := range files {
		if file.side != files[0].side {
			return true
		}
	}
	return false
}

func (r *syntaxReader) readDirectory(files []*sideFile) [2][]*syntaxDeclaration {
	defer func() {
		for _, file := range files {
			file.content = nil
		}
	}()
	r.loadAll(files)
	tables := tablesOf(files)
	for _, pair := range pairsOf(files) {
		r.readWholeWhereTypesDiffer(pair, tables)
	}
	for _, file := range files {
		r.describe(file, tables[file.side][file.content.packageName()])
		file.into.Path = boundedPath(file.path)
	}
	if r.trees[baseSide] == nil || r.trees[headSide] == nil {
		return [2][]*syntaxDeclaration{}
	}
	return r.writeTrees(files, tables)
}

// loadAll reads the files of a directory, those that both sides have and that differ beside each other.
func (r *syntaxReader) loadAll(files []*sideFile) {
	sort.SliceStable(files, func(a, b int) bool {
		if files[a].path != files[b].path {
			return files[a].path < files[b].path
		}
		return files[a].side < files[b].side
	})
	heldBytes := 0
	for _, pair := range pairsOf(files) {
		if heldBytes <= maxGroupBytes && !r.readsWhole && !isSameBlob(pair) {
			heldBytes += r.loadBeside(pair)
		}
	}
	byBlob := map[string]*content{}
	for _, file := range files {
		if file.content != nil {
			continue
		}
		if known := byBlob[file.blob]; known != nil {
			file.content = known
			continue
		}
		file.content = r.load(file)
		if parsed := file.content.parsed; parsed != nil {
			if heldBytes += len(parsed.source); heldBytes > maxGroupBytes {
				file.content.parsed = nil
			}
		}
		if isBlob(file.blob) {
			byBlob[file.blob] = file.content
		}
	}
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

// readWholeWhereTypesDiffer reads two files whole after all, because something that is the same in both
// mentions a type of the directory that became another one.
func (r *syntaxReader) readWholeWhereTypesDiffer(pair filePair, tables [2]map[string]*typeTable) {
	base, head := pair[baseSide].content, pair[headSide].content
	if base.parsed == nil || base.parsed.outline == nil {
		return
	}
	differing := differingTypes(tables[baseSide][base.packageName()], tables[headSide][head.packageName()])
	if len(differing) == 0 || !base.parsed.outline.mentionsAny(differing) {
		return
	}
	for s, file := range pair {
		if source, err := r.trees[s].read(file.path); err == nil {
			file.content = contentOf(parse(source), nil)
		}
	}
}

// load finds what is known of the blob, or reads and parses it.
func (r *syntaxReader) load(file *sideFile) *content {
	if known := r.snapshots.find(file.blob); known != nil {
		return &content{snapshot: known}
	}
	source, err := r.trees[file.side].read(file.path)
	if err != nil {
		return &content{unread: "1:1: " + err.Error()}
	}
	return contentOf(parse(source), nil)
}

func contentOf(parsed, base *parsedFile) *content {
	read := &snapshot{Package: parsed.packageName(), Types: typeTexts{}}
	if parsed.tree != nil {
		read.Types = declaredTypes(parsed, base)
	}
	return &content{snapshot: read, parsed: parsed}
}

func (c *content) packageName() string {
	if c.snapshot == nil {
		return ""
	}
	return c.snapshot.Package
}

// tablesOf are the types of each package of the directory, by side and package name.
func tablesOf(files []*sideFile) [2]map[string]*typeTable {
	tables := [2]map[string]*typeTable{{}, {}}
	for _, file := range files {
		name := file.content.packageName()
		table := tables[file.side][name]
		if table == nil {
			table = newTypeTable()
			tables[file.side][name] = table
		}
		if file.content.snapshot != nil {
			table.add(file.content.snapshot.Types)
		}
	}
	return tables
}

// describe fills the answer for one file.
func (r *syntaxReader) describe(file *sideFile, types *typeTable) {
	c := file.content
	if c.unread != "" {
		*file.into = syntaxFile{Declarations: []syntaxDeclaration{}, Problems: []string{c.unread}}
		return
	}
	if !c.snapshot.holds(types) {
		described, asked, problem := r.described(file, types)
		if problem != "" {
			*file.into = syntaxFile{Declarations: []syntaxDeclaration{}, Problems: []string{problem}}
			return
		}
		c.snapshot = &snapshot{
			Package: c.snapshot.Package, Types: c.snapshot.Types, Asked: asked,
			Declarations: described.Declarations, Problems: described.Problems, IsDescribed: true,
		}
		if c.parsed == nil || c.parsed.outline == nil {
			r.snapshots.keep(file.blob, c.snapshot)
		}
	}
	*file.into = syntaxFile{
		Package: c.snapshot.Package,
		// A copy: the sides' declarations get trees of their own.
		Declarations: append([]syntaxDeclaration{}, c.snapshot.Declarations...),
		Problems:     append([]string{}, c.snapshot.Problems...),
	}
}

// described hashes the declarations of a file; the last answer is why it could not be read.
func (r *syntaxReader) described(file *sideFile, types *typeTable) (syntaxFile, map[string]string, string) {
	parsed, problem := r.parsed(file)
	if parsed == nil {
		return syntaxFile{}, nil, problem
	}
	described, asked := describe(parsed, types)
	return described, asked, ""
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
