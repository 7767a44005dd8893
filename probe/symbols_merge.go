package main

// One entry for each name. Several packages may define the same symbol: the linker takes any of
// those marked dupok, which are equal but for rare cases; a function in assembly has a wrapper of
// the same name; and a package under test is compiled once for the test and once for others.

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"sort"
	"strings"
)

// finish gives the table; the order is that of the names' first appearance.
func (r *symbolReader) finish() symbolTable {
	r.close()
	byName := map[int][]definition{}
	order := []int{}
	hasText := false
	for _, one := range r.definitions {
		if _, known := byName[one.Name]; !known {
			order = append(order, one.Name)
		}
		byName[one.Name] = append(byName[one.Name], one)
		hasText = hasText || one.Kind == "text"
	}
	if !hasText {
		r.fail("no function in the compiler's output")
	}
	table := symbolTable{
		Schema:   symbolSchema,
		Problem:  r.problem,
		Packages: append([]symbolPackage{}, r.compiled...),
		Names:    append([]string{}, r.list...),
		Symbols:  make([]symbolEntry, 0, len(order)),
	}
	for _, name := range order {
		table.Symbols = append(table.Symbols, r.merge(linked(byName[name])))
	}
	return table
}

// linked drops a package's plain definition where the test has its own.
func linked(all []definition) []definition {
	recompiled := map[int]bool{}
	for _, one := range all {
		if one.inVariant {
			recompiled[one.Package] = true
		}
	}
	kept := all[:0:0]
	for _, one := range all {
		if one.inVariant || one.isAssembly || !recompiled[one.Package] {
			kept = append(kept, one)
		}
	}
	return kept
}

// merge joins definitions, in an order that does not depend on which package was built first.
func (r *symbolReader) merge(all []definition) symbolEntry {
	if len(all) == 1 {
		return all[0].symbolEntry
	}
	byContent := map[string]symbolEntry{}
	contents := []string{}
	for _, one := range all {
		content := r.contentOf(one.symbolEntry)
		if _, known := byContent[content]; !known {
			contents = append(contents, content)
			byContent[content] = one.symbolEntry
		}
	}
	if len(contents) == 1 {
		return all[0].symbolEntry
	}
	sort.Strings(contents)
	joined := byContent[contents[0]]
	joined.Uses, joined.Methods, joined.Interfaces = []int{}, []int{}, []int{}
	digest := sha256.New()
	for _, content := range contents {
		one := byContent[content]
		io.WriteString(digest, one.Hash)
		joined.Uses = append(joined.Uses, one.Uses...)
		joined.Methods = append(joined.Methods, one.Methods...)
		joined.Interfaces = append(joined.Interfaces, one.Interfaces...)
		joined.Size, joined.Frame = max(joined.Size, one.Size), max(joined.Frame, one.Frame)
		if one.Kind == "text" {
			joined.Kind = "text"
		}
	}
	joined.Hash = hex.EncodeToString(digest.Sum(nil)[:16])
	return joined
}

// contentOf spells a definition with names in place of indexes.
func (r *symbolReader) contentOf(one symbolEntry) string {
	var content strings.Builder
	content.WriteString(one.Hash)
	for _, group := range [][]int{one.Uses, one.Methods, one.Interfaces} {
		content.WriteByte('\n')
		for _, index := range group {
			content.WriteString(r.list[index])
			content.WriteByte('\x00')
		}
	}
	return content.String()
}
