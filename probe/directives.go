package main

// Comments that the compiler obeys. The hash is blind to comments but not to these: a new
// //go:noinline changes the machine code of a function whose source is the same.
//
// The compiler gives a directive to the next declaration; //go:linkname names its target itself.
// Build constraints, dot imports and directives that stand nowhere in particular belong to every
// declaration of the file.

import (
	"go/ast"
	"go/build/constraint"
	"go/token"
	"sort"
	"strings"
)

// directiveTable holds the directives of a file: those of each declaration, by its start, and
// those of the whole file.
type directiveTable struct {
	ofDeclaration map[token.Pos][]string
	ofFile        []string
}

func directivesOf(file *ast.File, declarations []declaration) directiveTable {
	table := directiveTable{ofDeclaration: map[token.Pos][]string{}}
	functions := map[string]token.Pos{}
	var starts, ends []token.Pos
	for _, d := range declarations {
		if d.function != nil && d.function.Recv == nil {
			functions[d.name] = d.start
		}
		starts = append(starts, d.start)
		ends = append(ends, d.end)
	}
	var goBuild, plusBuild []string
	for _, group := range file.Comments {
		for _, c := range group.List {
			switch {
			case c.Pos() < file.Package && constraint.IsGoBuild(c.Text):
				goBuild = append(goBuild, constraintText(c.Text))
			case c.Pos() < file.Package && constraint.IsPlusBuild(c.Text):
				plusBuild = append(plusBuild, constraintText(c.Text))
			case isDirective(c.Text):
				table.add(c, file.Package, functions, starts, ends)
			}
		}
	}
	// Since Go 1.18 a +build line beside a go:build line means nothing.
	if goBuild == nil {
		goBuild = plusBuild
	}
	table.ofFile = append(table.ofFile, goBuild...)
	return table
}

func (t *directiveTable) add(
	c *ast.Comment, packageClause token.Pos, functions map[string]token.Pos, starts, ends []token.Pos,
) {
	words := strings.Fields(c.Text)
	text := strings.Join(words, " ")
	if c.Pos() < packageClause {
		t.ofFile = append(t.ofFile, text)
		return
	}
	if words[0] == "//go:linkname" && len(words) > 1 {
		if start, ok := functions[words[1]]; ok {
			t.ofDeclaration[start] = append(t.ofDeclaration[start], text)
			return
		}
	}
	next := sort.Search(len(ends), func(i int) bool { return ends[i] > c.Pos() })
	if next == len(ends) {
		t.ofFile = append(t.ofFile, text)
		return
	}
	t.ofDeclaration[starts[next]] = append(t.ofDeclaration[starts[next]], text)
}

// isDirective says whether the compiler or cgo reads the comment. go:generate and go:fix are read
// by tools that run before, go:build only above the package clause.
func isDirective(comment string) bool {
	if strings.HasPrefix(comment, "//export ") {
		return true
	}
	if !strings.HasPrefix(comment, "//go:") {
		return false
	}
	for _, other := range []string{"generate", "fix", "build"} {
		if strings.HasPrefix(comment[len("//go:"):], other) {
			return false
		}
	}
	return true
}

// constraintText is a build constraint without formatting; as written where it is not valid.
func constraintText(comment string) string {
	if expression, err := constraint.Parse(comment); err == nil {
		return expression.String()
	}
	return comment
}
