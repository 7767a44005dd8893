package main

// Reads what the compiler and the assembler print with -S, line by line. The writer is
// writeSymDebugNamed in cmd/internal/obj/objfile.go, the same from Go 1.21 to 1.27 but for the
// relocation types, which Go 1.21 prints as numbers:
//
//	NAME KIND [flags] size=N [args=0x… locals=0x… …]
//	→0x0000 00000 (file:line)→INSTRUCTION       skipped: it only spells out the bytes
//	→0x0000 48 89 44 24 …  H.D$
//	→rel OFFSET+SIZE t=TYPE NAME+ADDEND
//
// where → is a tab. A package's output stands behind a line "# import/path [variant]".

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"regexp"
	"strconv"
	"strings"
)

// symbolReader collects definitions; one line at a time, nothing of the text is kept.
type symbolReader struct {
	problem string
	names   map[string]int
	list    []string
	// packages by import path; a variant for a test and the plain one share an index.
	packages map[string]int
	compiled []symbolPackage
	// at is the package being read; inVariant is whether it is the one recompiled for the test.
	at        int
	inVariant bool

	definitions []definition
	references  int
	open        *openSymbol
	digest      hash.Hash
}

// definition is a symbol as one package defines it; several packages may define the same.
type definition struct {
	symbolEntry
	// inVariant is set for a package that was recompiled for the test.
	inVariant bool
	// isAssembly is set for functions that the assembler wrote.
	isAssembly bool
}

// openSymbol is the symbol whose lines are being read; skipped ones have no definition.
type openSymbol struct {
	definition
	skipped    bool
	isInitTask bool
}

func newSymbolReader() *symbolReader {
	return &symbolReader{
		names:    map[string]int{},
		packages: map[string]int{},
		at:       -1,
		digest:   sha256.New(),
	}
}

// fail keeps the first reason why the table cannot be trusted.
func (r *symbolReader) fail(format string, args ...any) {
	if r.problem == "" {
		r.problem = fmt.Sprintf(format, args...)
	}
}

// take reads a line; false when it is not one of -S.
func (r *symbolReader) take(line []byte) bool {
	switch {
	case bytes.HasPrefix(line, []byte("\t0x")):
		return r.takeBody(line)
	case bytes.HasPrefix(line, []byte("\trel ")):
		return r.takeRelocation(string(line[len("\trel "):]))
	case bytes.HasPrefix(line, []byte("# ")):
		r.close()
		r.startPackage(string(line[2:]))
		return false
	}
	if !bytes.Contains(line, []byte(" size=")) {
		// The compiler prints its notes before and after symbols, never inside one.
		r.close()
		return false
	}
	match := symbolHeader.FindSubmatch(line)
	r.close()
	if match == nil {
		return false
	}
	r.start(match)
	return true
}

// symbolHeader: name, kind, flags, and from the size on what describes the symbol, in an order
// that changed with Go 1.27. Symbols of debug sections may have no name.
var symbolHeader = regexp.MustCompile(
	`^(.*?) ?\b(S[A-Z][A-Z0-9_]*) ((?:static |dupok |cfunc |nosplit |topframe |asm )*)` +
		`(size=(\d+)(?: [a-z]+=0x[0-9a-f]+| leaf)*)$`)

var frameSize = regexp.MustCompile(` locals=(0x[0-9a-f]+)`)

func (r *symbolReader) startPackage(header string) {
	path, variant, _ := strings.Cut(header, " ")
	if strings.HasPrefix(path, "[") {
		return // The second line of the assembler's header.
	}
	r.inVariant = strings.HasPrefix(variant, "[")
	index, known := r.packages[path]
	if !known {
		index = len(r.compiled)
		r.packages[path] = index
		r.compiled = append(r.compiled, symbolPackage{ImportPath: shortName(path)})
	}
	r.at = index
}

func (r *symbolReader) start(match [][]byte) {
	name, kind, flags := string(match[1]), string(match[2]), string(match[3])
	if r.at < 0 {
		r.fail("a symbol stands before the first package")
		return
	}
	r.open = &openSymbol{isInitTask: strings.HasSuffix(name, "..inittask")}
	if strings.HasPrefix(kind, "SDWARF") || isContentNamed(name) || isStackMap(name, kind, flags) {
		r.open.skipped = true
		return
	}
	if len(r.definitions) >= maxSymbols {
		r.fail("more than %d symbols", maxSymbols)
		r.open.skipped = true
		return
	}
	size, _ := strconv.Atoi(string(match[5]))
	frame := int64(0)
	if locals := frameSize.FindSubmatch(match[4]); locals != nil {
		frame, _ = strconv.ParseInt(string(locals[1]), 0, 64)
	}
	r.open.definition = definition{
		symbolEntry: symbolEntry{
			Name: r.intern(name), Package: r.at, Kind: "data", Size: size, Frame: int(frame),
			Uses: []int{}, Methods: []int{}, Interfaces: []int{},
		},
		inVariant:  r.inVariant,
		isAssembly: strings.Contains(flags, "asm "),
	}
	if strings.HasPrefix(kind, "STEXT") {
		r.open.Kind = "text"
	}
	if r.open.isAssembly {
		r.compiled[r.at].HasAssembly = true
	}
	r.digest.Reset()
	fmt.Fprintf(r.digest, "%s %s\n", kind, match[4])
}

// isContentNamed tells symbols whose name is their content: a reference by name says it all.
func isContentNamed(name string) bool {
	for _, prefix := range []string{"go:string.", "runtime.gcbits.", "gclocals·", "$f64.", "$f32.", "$i64.", "$i128."} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return name == ""
}

// isStackMap tells what only the garbage collector and tracebacks read; FUNCDATA refers to it.
func isStackMap(name, kind, flags string) bool {
	if kind != "SRODATA" || !strings.Contains(flags, "static ") {
		return false
	}
	for _, suffix := range []string{".stkobj", ".arginfo0", ".arginfo1", ".argliveinfo", ".args_stackmap", ".opendefer", ".wrapinfo", ".argnames"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// takeBody reads a line of bytes; a line of an instruction has a decimal counter in their place.
func (r *symbolReader) takeBody(line []byte) bool {
	if r.open == nil {
		r.fail("bytes stand outside a symbol")
		return true
	}
	if r.open.skipped {
		return true
	}
	_, rest, found := bytes.Cut(line, []byte(" "))
	if !found || len(rest) < 2 {
		r.fail("an unknown line inside a symbol")
		return true
	}
	if len(rest) > 2 && rest[2] != ' ' {
		return true // An instruction: its counter has five digits or more.
	}
	r.digest.Write(rest[:min(len(rest), 16*3-1)])
	r.digest.Write([]byte{'\n'})
	return true
}

// takeRelocation reads "OFFSET+SIZE t=TYPE NAME+ADDEND".
func (r *symbolReader) takeRelocation(text string) bool {
	if r.open == nil {
		r.fail("a relocation stands outside a symbol")
		return true
	}
	if r.open.skipped {
		return true
	}
	place, rest, found := strings.Cut(text, " t=")
	kind, target, found2 := strings.Cut(rest, " ")
	plus := strings.LastIndexByte(target, '+')
	if !found || !found2 || plus < 0 {
		r.fail("an unknown form of relocation")
		return true
	}
	name, addend := target[:plus], target[plus+1:]
	class := classOf(kind)
	if class == debugUse || (r.open.isInitTask && place == "0+0" && isStandardName(name)) {
		return true
	}
	fmt.Fprintf(r.digest, "%s %s %s\n", place, kind, addend)
	if name == "" {
		return true
	}
	if r.references++; r.references > maxReferences {
		r.fail("more than %d references", maxReferences)
		return true
	}
	index := r.intern(name)
	switch class {
	case methodUse:
		r.open.Methods = append(r.open.Methods, index)
	case interfaceUse:
		r.open.Interfaces = append(r.open.Interfaces, index)
	default:
		r.open.Uses = append(r.open.Uses, index)
	}
	return true
}

type referenceClass int

const (
	plainUse referenceClass = iota
	methodUse
	interfaceUse
	debugUse
)

// classOf sorts relocation types, whose numbers are the same from Go 1.21 to 1.27
// (cmd/internal/objabi/reloctype.go). An unknown one is a plain use: that follows too much.
func classOf(kind string) referenceClass {
	switch kind {
	case "R_USETYPE", "22":
		return debugUse // Types of local variables, for debuggers; the linker skips it as well.
	case "R_USEIFACE", "23":
		return interfaceUse
	case "R_METHODOFF", "26":
		return methodUse
	}
	return plainUse
}

// isStandardName tells symbols of the standard library: the first element of their path has no
// dot. A new import of it adds an edge to a package's init task and does nothing else.
func isStandardName(name string) bool {
	first, _, hasSlash := strings.Cut(name, "/")
	if !hasSlash {
		first, _, _ = strings.Cut(name, "..")
	}
	return !strings.Contains(first, ".")
}

func (r *symbolReader) intern(name string) int {
	name = shortName(name)
	index, known := r.names[name]
	if !known {
		index = len(r.list)
		r.names[name] = index
		r.list = append(r.list, name)
	}
	return index
}

// shortName keeps a long name's start and what makes it unique.
func shortName(name string) string {
	name = strings.ToValidUTF8(name, "\uFFFD")
	if len(name) <= maxSymbolNameBytes {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	start := strings.ToValidUTF8(name[:maxSymbolNameBytes-80], "")
	return start + "…" + hex.EncodeToString(sum[:])
}

// close ends the symbol being read.
func (r *symbolReader) close() {
	if r.open != nil && !r.open.skipped {
		r.open.Hash = hex.EncodeToString(r.digest.Sum(nil)[:16])
		r.definitions = append(r.definitions, r.open.definition)
	}
	r.open = nil
}
