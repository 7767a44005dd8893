package main

// Which import a package name such as json stands for.
//
// The hash takes the path in place of the name, so that an import under another name is no change
// and another package under the same name is one. The name of a package is only known from its
// source; without it the last element of the path is the guess that tools have always made. Where
// no guess fits, the paths of all imports that were not guessed are taken instead: then too much
// can change, never too little.

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
)

type importTable struct {
	// byName are the imports by their explicit name, else by the names guessed from the path.
	byName map[string]string
	// unnamed are the paths of imports without a name, sorted.
	unnamed []string
	// dots are the paths of dot imports: their names can be anywhere in the file.
	dots []string
	// preamble is the C source before import "C".
	preamble string
}

func importsOf(file *parsedFile) importTable {
	table := importTable{byName: map[string]string{}}
	for _, d := range file.tree.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range group.Specs {
			spec, ok := spec.(*ast.ImportSpec)
			if !ok {
				continue
			}
			importPath, err := strconv.Unquote(spec.Path.Value)
			switch {
			case err != nil:
			case importPath == "C":
				table.byName["C"] = "C"
				table.preamble += commentLines(group.Doc) + commentLines(spec.Doc)
			case spec.Name == nil:
				table.unnamed = append(table.unnamed, importPath)
			case spec.Name.Name == ".":
				table.dots = append(table.dots, importPath)
			case spec.Name.Name != "_":
				table.byName[spec.Name.Name] = importPath
			}
		}
	}
	table.guess()
	sort.Strings(table.dots)
	return table
}

// guess gives imports without a name the names they usually have. The exact last element of a
// path goes first: "encoding/json" is json before "example.com/go-json" is.
func (t *importTable) guess() {
	sort.Strings(t.unnamed)
	for _, p := range t.unnamed {
		if exact := guessedNames(p)[0]; t.byName[exact] == "" {
			t.byName[exact] = p
		}
	}
	for _, p := range t.unnamed {
		for _, name := range guessedNames(p) {
			if t.byName[name] == "" {
				t.byName[name] = p
			}
		}
	}
}

// unexplained are the paths of imports none of whose guessed names is used in the file. Few
// declarations ask for them.
func (file *parsedFile) unexplained() []string {
	if file.unexplainedPaths == nil {
		table := file.importTable()
		used := qualifiers(file)
		paths := []string{}
		for _, p := range table.unnamed {
			if !file.explains(p, used) {
				paths = append(paths, p)
			}
		}
		file.unexplainedPaths = paths
	}
	return file.unexplainedPaths
}

// explains says whether the file uses an import by a guessed name.
func (file *parsedFile) explains(importPath string, used map[string]bool) bool {
	table := file.importTable()
	names := guessedNames(importPath)
	for _, name := range names {
		if used[name] && table.byName[name] == importPath {
			return true
		}
	}
	for _, name := range names {
		if table.byName[name] == importPath && file.usesPackage(name) {
			return true
		}
	}
	return false
}

// qualifiers are the names before a dot that are not declared in the file. The parser has listed
// what it could not resolve; where a comment stands before the dot the name is not seen, and then
// too much can change.
func qualifiers(file *parsedFile) map[string]bool {
	return qualifiersWithin(file, func(token.Pos) bool { return true })
}

func qualifiersWithin(file *parsedFile, isWithin func(token.Pos) bool) map[string]bool {
	used := map[string]bool{}
	if len(file.tree.Unresolved) == 0 {
		ast.Inspect(file.tree, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok {
				if name, ok := selector.X.(*ast.Ident); ok && name.Obj == nil && isWithin(name.Pos()) {
					used[name.Name] = true
				}
			}
			return true
		})
		return used
	}
	base := file.fset.File(file.tree.FileStart).Base()
	for _, name := range file.tree.Unresolved {
		if name.Obj != nil {
			continue // Known beside base.
		}
		end := int(name.End()) - base
		for end < len(file.source) && (file.source[end] == ' ' || file.source[end] == '\t') {
			end++
		}
		if end < len(file.source) && file.source[end] == '.' && isWithin(name.Pos()) {
			used[name.Name] = true
		}
	}
	return used
}

// commentLines is the text of a comment with its markers: directives inside C source count too.
func commentLines(group *ast.CommentGroup) string {
	if group == nil {
		return ""
	}
	var text strings.Builder
	for _, c := range group.List {
		text.WriteString(c.Text)
		text.WriteByte('\n')
	}
	return text.String()
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// guessedNames are the names a package at this path usually has.
func guessedNames(importPath string) []string {
	names, known := guesses.Load(importPath)
	if !known {
		names, _ = guesses.LoadOrStore(importPath, guessNames(importPath))
	}
	return names.([]string)
}

// guesses are those made before: the files of a repository import the same packages.
var guesses sync.Map

func guessNames(importPath string) []string {
	base := path.Base(importPath)
	if majorVersion.MatchString(base) && path.Dir(importPath) != "." {
		base = path.Base(path.Dir(importPath))
	}
	// gopkg.in/yaml.v3
	if dot := strings.LastIndex(base, ".v"); dot > 0 && majorVersion.MatchString(base[dot+1:]) {
		base = base[:dot]
	}
	names := []string{base}
	for _, affix := range []string{"go-", "go."} {
		names = append(names, strings.TrimPrefix(base, affix))
	}
	for _, affix := range []string{"-go", ".go"} {
		names = append(names, strings.TrimSuffix(base, affix))
	}
	for _, name := range names[:len(names):len(names)] {
		names = append(names, strings.ReplaceAll(name, "-", ""), strings.ReplaceAll(name, "-", "_"))
	}
	return names
}
