package main

// Reads the files of both sides, directory by directory.
//
// Files of one directory are read together, because a composite literal's key can only be told
// from a variable by knowing the literal's type (types.go), and then forgotten, so that memory
// follows the largest directory and not the repository. How each is read: syntax_load.go.

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
			out.write(request.side.String(), &files[i])
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
					writeAnswers(files, out)
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

// writeAnswers writes what both sides have once.
func writeAnswers(files []*sideFile, out *answerWriter) {
	for i, file := range files {
		switch {
		case file.into.isBoth && file.side == baseSide:
			out.write("both", file.into)
		case !file.into.isBoth:
			out.write(file.side.String(), file.into)
		}
		*files[i].into = syntaxFile{}
	}
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
	isUnchanged := r.loadAll(files)
	var tables [2]map[string]*typeTable
	if !isUnchanged {
		tables = tablesOf(files)
		r.readWholeWhereTypesDiffer(files, tables)
	}
	for _, file := range files {
		*file.into = r.describe(file, tables[file.side][file.content.packageName()])
		file.into.Path = boundedPath(file.path)
	}
	if isUnchanged || r.trees[baseSide] == nil || r.trees[headSide] == nil {
		return [2][]*syntaxDeclaration{}
	}
	return r.writeTrees(files, tables)
}
