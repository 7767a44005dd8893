package main

// Which files of a module are read: all of the packages to measure, and of its other packages those
// that could hold a benchmark's loop.

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

// goSource is one parsed file.
type goSource struct {
	path    string
	text    []byte
	file    *ast.File
	problem string
	// isTarget says that the file is of a package that is to be measured.
	isTarget bool
}

// readModule reads all files of the target packages, and of the module's other packages those
// that are not tests and name package testing.
func readModule(tree sourceTree, moduleDir string, dirs []string) ([]*goSource, error) {
	targets := map[string]bool{}
	for _, dir := range dirs {
		targets[path.Clean(dir)] = true
	}
	all, err := packageDirs(tree, moduleDir)
	if err != nil {
		return nil, err
	}
	for dir := range targets {
		all[dir] = true
	}
	var sources []*goSource
	heldBytes := 0
	for _, dir := range sortedKeys(all) {
		names, err := goFilesIn(tree, dir)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			isTarget := targets[dir]
			if !isTarget && strings.HasSuffix(name, "_test.go") {
				continue
			}
			source := &goSource{path: path.Join(dir, name), isTarget: isTarget}
			text, err := tree.read(source.path)
			if err != nil {
				source.problem = err.Error()
			} else if !isTarget && !bytes.Contains(text, []byte(`"testing"`)) {
				continue
			}
			heldBytes += len(text)
			if heldBytes > maxInstrumentBytes {
				return nil, fmt.Errorf("more than %d MiB of source to instrument", maxInstrumentBytes>>20)
			}
			source.text = text
			sources = append(sources, source)
		}
	}
	return sources, nil
}

// packageDirs lists the directories of the module: no nested modules, no vendor, no testdata,
// nothing that the go command ignores.
func packageDirs(tree sourceTree, moduleDir string) (map[string]bool, error) {
	dirs := map[string]bool{}
	start := filepath.Join(tree.root, filepath.FromSlash(moduleDir))
	err := filepath.WalkDir(start, func(p string, entry os.DirEntry, err error) error {
		if err != nil {
			return goOnPast(entry)
		}
		if !entry.IsDir() {
			return nil
		}
		if p != start {
			name := entry.Name()
			_, nested := os.Lstat(filepath.Join(p, "go.mod"))
			if nested == nil || name == "vendor" || name == "testdata" ||
				strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
				return filepath.SkipDir
			}
		}
		relative, err := filepath.Rel(tree.root, p)
		if err != nil {
			return err
		}
		if dirs[filepath.ToSlash(relative)] = true; len(dirs) > maxFiles {
			return fmt.Errorf("more than %d directories", maxFiles)
		}
		return nil
	})
	return dirs, err
}

// goOnPast goes on past a directory that cannot be read.
func goOnPast(entry os.DirEntry) error {
	if entry != nil && entry.IsDir() {
		return filepath.SkipDir
	}
	return nil
}

// goFilesIn lists what the go command may compile.
func goFilesIn(tree sourceTree, dir string) ([]string, error) {
	if !filepath.IsLocal(filepath.FromSlash(dir)) {
		return nil, fmt.Errorf("%w: a directory leaves -root", errUsage)
	}
	entries, err := os.ReadDir(filepath.Join(tree.root, filepath.FromSlash(dir)))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading a directory: %s", reason(err))
	}
	var names []string
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasSuffix(name, ".go") && !strings.HasPrefix(name, "_") &&
			!strings.HasPrefix(name, ".") && !entry.IsDir() {
			names = append(names, name)
		}
	}
	return names, nil
}

func sortedKeys(set map[string]bool) []string {
	keys := make([]string, 0, len(set))
	for key := range set {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// packageGroup is the files of one package in one directory, as the compiler takes them together.
type packageGroup struct {
	fset  *token.FileSet
	files []*goSource
}

// groupByPackage parses the sources. Files that cannot be parsed are alone in their group.
func groupByPackage(sources []*goSource) []packageGroup {
	type key struct{ dir, name, path string }
	groups := map[key]*packageGroup{}
	fsets := map[string]*token.FileSet{}
	var order []key
	for _, source := range sources {
		dir := path.Dir(source.path)
		if fsets[dir] == nil {
			fsets[dir] = token.NewFileSet()
		}
		parseSource(fsets[dir], source)
		of := key{dir: dir, path: source.path}
		if source.file != nil {
			of = key{dir: dir, name: source.file.Name.Name}
		}
		if groups[of] == nil {
			groups[of] = &packageGroup{fset: fsets[dir]}
			order = append(order, of)
		}
		groups[of].files = append(groups[of].files, source)
	}
	ordered := make([]packageGroup, 0, len(order))
	for _, of := range order {
		ordered = append(ordered, *groups[of])
	}
	return ordered
}

func parseSource(fset *token.FileSet, source *goSource) {
	if source.problem != "" {
		return
	}
	defer func() {
		if crash := recover(); crash != nil {
			source.file = nil
			source.problem = bounded(fmt.Sprintf("the parser failed: %v", crash))
		}
	}()
	file, err := parser.ParseFile(fset, source.path, source.text, parser.SkipObjectResolution)
	if err != nil {
		source.problem = bounded("it does not parse: " + err.Error())
		return
	}
	source.file = file
}
