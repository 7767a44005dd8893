package main

// Which declarations leave the probe as trees: those that the other side does not have with the
// same hash. All others are equal, moved or only renamed, and their hashes say so.

import (
	"fmt"
	"regexp"
	"strings"
)

var numberedName = regexp.MustCompile(`^(init|_)\.\d+$`)

// writeTrees gives trees to the declarations of a directory that differ, and returns them by side.
func (r *syntaxReader) writeTrees(
	files []*sideFile, tables [2]map[string]*typeTable,
) [2][]*syntaxDeclaration {
	counts := [2]map[string]int{{}, {}}
	key := func(file *sideFile, d *syntaxDeclaration) string {
		name := numberedName.ReplaceAllString(d.Name, "$1")
		return strings.Join([]string{file.content.packageName(), d.Kind, name, d.Hash}, "\x00")
	}
	for _, file := range files {
		for i := range file.into.Declarations {
			counts[file.side][key(file, &file.into.Declarations[i])]++
		}
	}
	var rest [2][]*syntaxDeclaration
	for _, file := range files {
		var differing []int
		for i := range file.into.Declarations {
			d := &file.into.Declarations[i]
			k := key(file, d)
			if other := counts[1-file.side]; other[k] > 0 {
				other[k]--
				d.SignatureHash = ""
				continue
			}
			differing = append(differing, i)
			rest[file.side] = append(rest[file.side], d)
		}
		if len(differing) > 0 {
			r.writeFileTrees(file, differing, tables[file.side][file.content.packageName()])
		}
	}
	return rest
}

// writeFileTrees writes the trees of the declarations at these indexes of the file's answer.
func (r *syntaxReader) writeFileTrees(file *sideFile, differing []int, types *typeTable) {
	if !isProduct(file, differing) {
		return
	}
	parsed, declarations, before := r.declarations(file, differing)
	if parsed == nil {
		return
	}
	defer func() {
		if crash := recover(); crash != nil {
			problem := bounded(fmt.Sprintf("1:1: changes only partly read: %v", crash))
			file.into.Problems = append(file.into.Problems, problem)
		}
	}()
	hasher := newHasher(parsed, declarations, types)
	hasher.tree = newTreeWriter()
	for _, i := range differing {
		answer := &file.into.Declarations[i]
		if i-before >= len(declarations) || !isProductDeclaration(file.path, answer) {
			continue
		}
		hasher.tree.begin()
		hasher.begin(declarations[i-before])
		hasher.declaration(declarations[i-before])
		if r.nodes.Add(int64(len(hasher.tree.nodes))) > maxAnswerNodes {
			break
		}
		answer.Tree = hasher.tree.encoded()
	}
	file.into.Words = hasher.tree.words.list
}

// declarations are those of the file that must be walked to write some of them, and how many of the
// answer's stand before the first; the file is nil where it could not be read.
func (r *syntaxReader) declarations(file *sideFile, wanted []int) (*parsedFile, []declaration, int) {
	if beside := file.content.beside; beside != nil {
		if declarations, before, ok := beside.own(wanted); ok {
			return beside.middle, declarations, before
		}
	}
	parsed, _ := r.parsed(file)
	if parsed == nil || parsed.tree == nil {
		return nil, nil, 0
	}
	declarations, _ := parsed.admitted()
	return parsed, declarations, 0
}

func isProduct(file *sideFile, differing []int) bool {
	for _, i := range differing {
		if isProductDeclaration(file.path, &file.into.Declarations[i]) {
			return true
		}
	}
	return false
}

// isProductDeclaration leaves test code out: it can be no cause. Benchmarks are told apart.
func isProductDeclaration(path string, d *syntaxDeclaration) bool {
	if !strings.HasSuffix(path, "_test.go") {
		return true
	}
	return d.Kind == "func" && (strings.HasPrefix(d.Name, "Benchmark") || strings.HasPrefix(d.Name, "benchmark"))
}

// dropMoved takes the trees back from functions and types that another directory, or another name,
// of the other side has with the same hash.
func dropMoved(rest [2][]*syntaxDeclaration) {
	counts := map[string]int{}
	for _, d := range rest[headSide] {
		counts[d.Kind+d.Hash]++
	}
	moved := map[string]int{}
	for _, d := range rest[baseSide] {
		if k := d.Kind + d.Hash; (d.Kind == "func" || d.Kind == "type") && counts[k] > moved[k] {
			moved[k]++
			d.Tree = ""
		}
	}
	for _, d := range rest[headSide] {
		if k := d.Kind + d.Hash; moved[k] > 0 {
			moved[k]--
			d.Tree = ""
		}
	}
}
