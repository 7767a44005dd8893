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
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
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
	Path      string `json:"path"`
	Package   string `json:"package"`
	Rewritten bool   `json:"rewritten"`
	// Copy is the rewritten file; empty when there is none.
	Copy       string                `json:"copy,omitempty"`
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
				copied, err := overlay.replace(rewritten.answer.Path, rewritten.text)
				if err != nil {
					return answer, err
				}
				rewritten.answer.Copy = copied
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
