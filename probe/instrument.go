package main

// `probe instrument`: an overlay for `go build -overlay` under which every benchmark loop of some
// packages is recorded operation by operation, without a change to the repository.
//
// Loops are found by go/types with a stub of package testing, so that renamed and dot imports,
// embedded *testing.B, aliases and shadowed names need no rules of their own; other imports stay
// unknown, and what hangs on them is not touched. Text is only inserted on lines that exist, so
// that every position in a panic, a profile or the compiler's output stays what it was. Rejected:
// go/printer, which moves lines, and a patched package testing, which cannot see inside a loop.
//
// What cannot be rewritten is named with its reason and runs as it is.

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

type instrumentAnswer struct {
	Schema string `json:"schema"`
	// Overlay is the file for -overlay.
	Overlay string `json:"overlay"`
	// Recorder is the import path of the injected package.
	Recorder string           `json:"recorder"`
	Files    []instrumentFile `json:"files"`
}

// instrumentFile is one file with a benchmark in it, or with a reason why it was left alone.
type instrumentFile struct {
	Path       string                `json:"path"`
	Package    string                `json:"package"`
	Rewritten  bool                  `json:"rewritten"`
	Problem    string                `json:"problem,omitempty"`
	Benchmarks []instrumentBenchmark `json:"benchmarks"`
	Loops      []instrumentLoop      `json:"loops"`
}

// instrumentBenchmark is one top-level Benchmark function.
type instrumentBenchmark struct {
	Name string `json:"name"`
	Line int    `json:"line"`
	// Coverage is loops (it has loops of its own), delegates (it hands b to functions of the
	// module) or none.
	Coverage string `json:"coverage"`
	// Reason says why there is no coverage.
	Reason string `json:"reason,omitempty"`
}

type instrumentLoop struct {
	// Site is the name in the records: the function and the number of the loop in it.
	Site string `json:"site"`
	Line int    `json:"line"`
	// Form is bound, counter, loop or parallel; empty with a reason when it was left alone.
	Form   string `json:"form"`
	Reason string `json:"reason,omitempty"`
}

// instrumentOptions are the command's arguments.
type instrumentOptions struct {
	root, modulePath, moduleDir, out string
	// without are files to leave alone, because they did not build when they were rewritten.
	without map[string]bool
}

type repeated []string

func (r *repeated) String() string     { return strings.Join(*r, ",") }
func (r *repeated) Set(v string) error { *r = append(*r, v); return nil }

func runInstrument(args []string, stdin io.Reader, stdout io.Writer) error {
	flags := flag.NewFlagSet("instrument", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	var options instrumentOptions
	var without repeated
	flags.StringVar(&options.root, "root", "", "directory the paths are relative to")
	flags.StringVar(&options.modulePath, "module-path", "", "the module's path")
	flags.StringVar(&options.moduleDir, "module-dir", ".", "the module's directory, relative to root")
	flags.StringVar(&options.out, "out", "", "directory for the overlay")
	flags.Var(&without, "without", "a file to leave alone")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w: %v", errUsage, err)
	}
	if options.root == "" || options.modulePath == "" || options.out == "" || flags.NArg() > 0 {
		return fmt.Errorf("%w: instrument needs -root, -module-path and -out", errUsage)
	}
	options.without = map[string]bool{}
	for _, file := range without {
		options.without[path.Clean(file)] = true
	}
	dirs, err := readPaths(stdin)
	if err != nil {
		return err
	}
	answer, err := instrument(options, dirs)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(answer)
}

// instrument rewrites the packages in dirs, and functions that take a *testing.B in other packages
// of the module.
func instrument(options instrumentOptions, dirs []string) (instrumentAnswer, error) {
	tree, err := openSourceTree(options.root)
	if err != nil {
		return instrumentAnswer{}, err
	}
	moduleDir := path.Clean(filepath.ToSlash(options.moduleDir))
	if !filepath.IsLocal(filepath.FromSlash(moduleDir)) {
		return instrumentAnswer{}, fmt.Errorf("%w: -module-dir leaves -root", errUsage)
	}
	sources, err := readModule(tree, moduleDir, dirs)
	if err != nil {
		return instrumentAnswer{}, err
	}
	name := unusedName(tree, moduleDir, sources)
	place := recorderPlace(tree, moduleDir, name)
	importPath := path.Join(options.modulePath, place)
	if options.modulePath == "std" {
		importPath = place
	}
	answer := instrumentAnswer{Schema: "tailguard.instrument/1", Recorder: importPath, Files: []instrumentFile{}}
	overlay, err := newOverlay(options)
	if err != nil {
		return answer, err
	}
	for _, group := range groupByPackage(sources) {
		for _, rewritten := range rewritePackage(group, rewriting{name, importPath, options}) {
			if rewritten.text != nil {
				if err := overlay.replace(rewritten.answer.Path, rewritten.text); err != nil {
					return answer, err
				}
			}
			if rewritten.isOfInterest() {
				answer.Files = append(answer.Files, rewritten.answer)
			}
		}
	}
	if err := overlay.addRecorder(path.Join(moduleDir, place)); err != nil {
		return answer, err
	}
	answer.Overlay, err = overlay.write()
	return answer, err
}

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

// unusedName is a name for the recorder package that occurs nowhere in the sources and not on disk.
func unusedName(tree sourceTree, moduleDir string, sources []*goSource) string {
	for n := 0; ; n++ {
		name := "tailguardrec"
		if n > 0 {
			name = fmt.Sprintf("tailguardrec%d", n)
		}
		if !occurs(tree, moduleDir, sources, name) {
			return name
		}
	}
}

func occurs(tree sourceTree, moduleDir string, sources []*goSource, name string) bool {
	for _, place := range []string{name, "internal/" + name} {
		if _, err := os.Lstat(filepath.Join(tree.root, filepath.FromSlash(path.Join(moduleDir, place)))); err == nil {
			return true
		}
	}
	for _, source := range sources {
		if bytes.Contains(source.text, []byte(name)) {
			return true
		}
	}
	return false
}

// recorderPlace is internal/NAME, so that nothing outside the module could import it; where
// internal is a module of its own or no directory, NAME.
func recorderPlace(tree sourceTree, moduleDir, name string) string {
	internal := filepath.Join(tree.root, filepath.FromSlash(moduleDir), "internal")
	if _, err := os.Lstat(filepath.Join(internal, "go.mod")); err == nil {
		return name
	}
	if status, err := os.Stat(internal); err == nil && !status.IsDir() {
		return name
	}
	return "internal/" + name
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
