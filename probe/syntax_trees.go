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
	isEqual := equalInPlace(files)
	counts := [2]map[string]int{{}, {}}
	key := func(file *sideFile, d *syntaxDeclaration) string {
		name := numberedName.ReplaceAllString(d.Name, "$1")
		return strings.Join([]string{file.content.packageName(), d.Kind, name, d.Hash}, "\x00")
	}
	for _, file := range files {
		for i := range file.into.Declarations {
			if d := &file.into.Declarations[i]; d.Hash != sameHash && !isEqual[d] {
				counts[file.side][key(file, d)]++
			}
		}
	}
	var rest [2][]*syntaxDeclaration
	for _, file := range files {
		var differing []int
		for i := range file.into.Declarations {
			d := &file.into.Declarations[i]
			if d.Hash == sameHash || isEqual[d] {
				d.SignatureHash = ""
				continue
			}
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

// equalInPlace are the declarations that the same file of the other side has with the same hash: no
// other file must take one for its own.
func equalInPlace(files []*sideFile) map[*syntaxDeclaration]bool {
	isEqual := map[*syntaxDeclaration]bool{}
	for _, pair := range pairsOf(files) {
		base, head := pair[baseSide].into.Declarations, pair[headSide].into.Declarations
		if pair[baseSide].content.packageName() != pair[headSide].content.packageName() {
			continue
		}
		byName := map[string]*syntaxDeclaration{}
		for i := range base {
			if d := &base[i]; d.Hash != sameHash {
				byName[d.Name] = d
			}
		}
		for i := range head {
			d := &head[i]
			if other := byName[d.Name]; other != nil && other.Kind == d.Kind && other.Hash == d.Hash {
				isEqual[d], isEqual[other] = true, true
				delete(byName, d.Name)
			}
		}
	}
	return isEqual
}

// writeFileTrees writes the trees of the declarations at these indexes of the file's answer.
func (r *syntaxReader) writeFileTrees(file *sideFile, differing []int, types *typeTable) {
	if !isProduct(file, differing) {
		return
	}
	parsed, _ := r.parsed(file)
	if parsed == nil || parsed.tree == nil {
		return
	}
	declarations, _ := parsed.admitted()
	defer func() {
		if crash := recover(); crash != nil {
			problem := bounded(fmt.Sprintf("1:1: changes only partly read: %v", crash))
			file.into.Problems = append(file.into.Problems, problem)
		}
	}()
	hasher := newHasher(parsed, types)
	defer hasher.release()
	hasher.tree = newTreeWriter()
	defer hasher.tree.release()
	for _, i := range differing {
		answer := &file.into.Declarations[i]
		if i >= len(declarations) || !isProductDeclaration(file.path, answer) {
			continue
		}
		hasher.tree.begin()
		hasher.begin(declarations[i])
		hasher.declaration(declarations[i])
		if r.nodes.Add(int64(len(hasher.tree.nodes))) > maxAnswerNodes {
			break
		}
		answer.Tree = hasher.tree.encoded()
	}
	file.into.Words = hasher.tree.words.list
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
