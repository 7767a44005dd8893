package main

// `probe syntax`: the declarations of Go files with hashes that are blind to position, comments,
// formatting and the names of locals. The shape of the answer is src/goast/syntax.ts.
//
// Files of one directory are read together, because a composite literal's key can only be told
// from a variable by knowing the literal's type (types.go), and then forgotten, so that memory
// follows the largest directory and not the repository.

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io"
	"path"
	"runtime"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
)

type syntaxAnswer struct {
	Schema string       `json:"schema"`
	Files  []syntaxFile `json:"files"`
}

type syntaxFile struct {
	Path         string              `json:"path"`
	Package      string              `json:"package"`
	Declarations []syntaxDeclaration `json:"declarations"`
	Problems     []string            `json:"problems"`
}

type syntaxDeclaration struct {
	Kind          string `json:"kind"`
	Name          string `json:"name"`
	StartLine     int    `json:"startLine"`
	EndLine       int    `json:"endLine"`
	Hash          string `json:"hash"`
	SignatureHash string `json:"signatureHash,omitempty"`
}

func runSyntax(args []string, stdin io.Reader, stdout io.Writer) error {
	flags := flag.NewFlagSet("syntax", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	root := flags.String("root", "", "directory the paths are relative to")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w: %v", errUsage, err)
	}
	if *root == "" || flags.NArg() > 0 {
		return fmt.Errorf("%w: syntax needs -root and nothing else", errUsage)
	}
	tree, err := openSourceTree(*root)
	if err != nil {
		return err
	}
	paths, err := readPaths(stdin)
	if err != nil {
		return err
	}
	answer := syntaxAnswer{Schema: "tailguard.syntax/1", Files: readSyntax(tree, paths)}
	encoder := json.NewEncoder(stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(answer)
}

// readSyntax answers in the order of paths. Directories are read in parallel.
func readSyntax(tree sourceTree, paths []string) []syntaxFile {
	files := make([]syntaxFile, len(paths))
	directories := make(chan []int)
	var workers sync.WaitGroup
	for i := 0; i < runtime.GOMAXPROCS(0); i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for indexes := range directories {
				readDirectory(tree, paths, indexes, files)
			}
		}()
	}
	for _, indexes := range byDirectory(paths) {
		directories <- indexes
	}
	close(directories)
	workers.Wait()
	return files
}

// byDirectory groups the indexes of paths by directory, each group in the order of its paths.
func byDirectory(paths []string) [][]int {
	groups := map[string][]int{}
	for i, p := range paths {
		dir := path.Dir(p)
		groups[dir] = append(groups[dir], i)
	}
	ordered := make([][]int, 0, len(groups))
	for _, indexes := range groups {
		sort.SliceStable(indexes, func(a, b int) bool { return paths[indexes[a]] < paths[indexes[b]] })
		ordered = append(ordered, indexes)
	}
	sort.Slice(ordered, func(a, b int) bool { return paths[ordered[a][0]] < paths[ordered[b][0]] })
	return ordered
}

// parsedFile is one file between parsing and hashing.
type parsedFile struct {
	index    int
	source   []byte
	fset     *token.FileSet
	tree     *ast.File
	problems []string
}

// readDirectory parses files until maxGroupBytes are held, hashes them, and goes on.
func readDirectory(tree sourceTree, paths []string, indexes []int, into []syntaxFile) {
	var held []parsedFile
	heldBytes := 0
	flush := func() {
		types := collectTypes(held)
		for _, file := range held {
			into[file.index] = describeFile(file, types)
			into[file.index].Path = boundedPath(paths[file.index])
		}
		held, heldBytes = nil, 0
	}
	for _, index := range indexes {
		source, err := tree.read(paths[index])
		if err != nil {
			into[index] = syntaxFile{
				Path:         boundedPath(paths[index]),
				Declarations: []syntaxDeclaration{},
				Problems:     []string{"1:1: " + err.Error()},
			}
			continue
		}
		if len(held) > 0 && heldBytes+len(source) > maxGroupBytes {
			flush()
		}
		held = append(held, parse(index, source))
		heldBytes += len(source)
	}
	flush()
}

// parse never fails: what could not be read becomes problems, and tree may be nil.
func parse(index int, source []byte) (file parsedFile) {
	file = parsedFile{index: index, source: source, fset: token.NewFileSet()}
	defer func() {
		// go/parser is a library under fuzzing of its own, but one file of a stranger must never
		// cost the answer about all others.
		if crash := recover(); crash != nil {
			file.tree = nil
			file.problems = []string{bounded(fmt.Sprintf("1:1: not read: the parser failed: %v", crash))}
		}
	}()
	// Object resolution stays on: it says which declaration a local name belongs to (binding.go).
	const mode = parser.ParseComments | parser.AllErrors
	tree, err := parser.ParseFile(file.fset, "", source, mode)
	if err != nil && strings.Contains(err.Error(), "max scope depth") {
		// More than 1,000 nested scopes: go on without, then renamed locals show as changes.
		file.fset = token.NewFileSet()
		tree, _ = parser.ParseFile(file.fset, "", source, mode|parser.SkipObjectResolution)
	}
	file.tree = tree
	file.problems = problemsOf(err)
	return file
}

func problemsOf(err error) []string {
	problems := []string{}
	list, ok := err.(scanner.ErrorList)
	if !ok {
		if err != nil {
			problems = append(problems, bounded("1:1: "+err.Error()))
		}
		return problems
	}
	for i, e := range list {
		if i == maxProblems {
			problems = append(problems, fmt.Sprintf("1:1: and %d more", len(list)-maxProblems))
			break
		}
		problems = append(problems, bounded(fmt.Sprintf("%d:%d: %s", e.Pos.Line, e.Pos.Column, e.Msg)))
	}
	return problems
}

// describeFile lists the declarations of one parsed file; Path is left to the caller.
func describeFile(file parsedFile, types typeTable) (described syntaxFile) {
	described = syntaxFile{Declarations: []syntaxDeclaration{}, Problems: file.problems}
	if file.tree == nil {
		return described
	}
	defer func() {
		if crash := recover(); crash != nil {
			problem := bounded(fmt.Sprintf("1:1: only partly read: %v", crash))
			described.Problems = append(described.Problems, problem)
		}
	}()
	if name := file.tree.Name; name != nil && name.Name != "_" && len(name.Name) <= maxNameBytes {
		described.Package = name.Name
	}
	declarations := declarationsOf(file.tree)
	hasher := newHasher(file, declarations, types)
	for _, d := range declarations {
		if len(described.Declarations) == maxDeclarations {
			problem := fmt.Sprintf("1:1: only the first %d declarations are read", maxDeclarations)
			described.Problems = append(described.Problems, problem)
			break
		}
		start := file.fset.PositionFor(d.start, false).Line
		if len(d.name) > maxNameBytes {
			problem := fmt.Sprintf("%d:1: a name longer than %d bytes", start, maxNameBytes)
			described.Problems = append(described.Problems, problem)
			continue
		}
		described.Declarations = append(described.Declarations, syntaxDeclaration{
			Kind:          d.kind,
			Name:          d.name,
			StartLine:     start,
			EndLine:       file.fset.PositionFor(d.end, false).Line,
			Hash:          hasher.hash(d),
			SignatureHash: hasher.signatureHash(d),
		})
	}
	return described
}

// bounded cuts a problem to what a person reads and makes it valid UTF-8.
func bounded(problem string) string {
	problem = strings.ToValidUTF8(problem, "\uFFFD")
	if len(problem) <= maxProblemBytes {
		return problem
	}
	cut := maxProblemBytes
	for cut > 0 && !utf8.RuneStart(problem[cut]) {
		cut--
	}
	return problem[:cut] + "…"
}

// boundedPath keeps the answer readable when a path is too long to be taken.
func boundedPath(p string) string {
	if len(p) <= maxPathBytes {
		return p
	}
	return strings.ToValidUTF8(p[:maxPathBytes-len("…")], "") + "…"
}
