package main

// What is in the machine code of one test binary, symbol by symbol, and what refers to what.
//
// The compiler prints both with -S: the bytes of each symbol, and its relocations by name. Two
// builds of the same code give the same bytes wherever the linker puts them, which no comparison
// of binaries can say; and the relocations are the graph of calls, function values, method tables
// and data. A disassembler or `go tool nm` was rejected: neither has edges through data. The same
// text also carries what -m=2 and -d=ssa/check_bce say; it is copied to a file of its own.
//
// The text comes from compiling a stranger's code: lines, names and counts are bounded, and a text
// that is not what Go 1.21 to 1.27 print is reported as a problem, never read as "no symbols".

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
)

// symbolTable is the answer: every symbol of the module's packages, and what of other packages
// was compiled into them. src/symbols/table.ts reads it.
type symbolTable struct {
	Schema string `json:"schema"`
	// Problem says why the text cannot be trusted to be complete; empty when it can.
	Problem  string          `json:"problem"`
	Packages []symbolPackage `json:"packages"`
	// Names of all symbols defined or referred to.
	Names   []string      `json:"names"`
	Symbols []symbolEntry `json:"symbols"`
}

// symbolPackage is a package that was compiled; "p.test" is the main package of a test.
type symbolPackage struct {
	ImportPath string `json:"importPath"`
	// HasAssembly is whether functions of the assembler are among its symbols: Go 1.21 prints none.
	HasAssembly bool `json:"hasAssembly"`
}

// symbolEntry is one defined symbol; numbers are indexes into Names and Packages.
type symbolEntry struct {
	Name    int    `json:"name"`
	Package int    `json:"package"`
	Kind    string `json:"kind"`
	// Size of the code or the data, and of a function's stack frame, in bytes.
	Size  int `json:"size"`
	Frame int `json:"frame"`
	// Hash of bytes and relocations, blind to names, lines, stack maps and debug sections.
	Hash string `json:"hash"`
	// References in the order of their offsets, by what they mean: a use; a method that only
	// reflection or an interface can call; a type that is converted to an interface here.
	Uses       []int `json:"uses"`
	Methods    []int `json:"methods"`
	Interfaces []int `json:"interfaces"`
}

const symbolSchema = "tailguard.symbols/1"

// runSymbols reads compiler output from a file and answers with its symbols.
func runSymbols(args []string, _ io.Reader, stdout io.Writer) error {
	flags := flag.NewFlagSet("symbols", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	in := flags.String("in", "", "output of go test -c with -gcflags=-S")
	text := flags.String("text", "", "where to write what is not -S")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w: %v", errUsage, err)
	}
	if *in == "" || *text == "" || flags.NArg() > 0 {
		return fmt.Errorf("%w: symbols needs -in and -text", errUsage)
	}
	table, err := splitFile(*in, *text)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(stdout)
	if err := json.NewEncoder(out).Encode(table); err != nil {
		return err
	}
	return out.Flush()
}

// splitFile reads the symbols of a file and writes its other lines to another.
func splitFile(inPath, textPath string) (symbolTable, error) {
	status, err := os.Lstat(inPath)
	if err != nil {
		return symbolTable{}, err
	}
	// Repository code may have written to the folder: a link could point at a file of this host.
	if !status.Mode().IsRegular() {
		return symbolTable{}, fmt.Errorf("%s is not a regular file", inPath)
	}
	in, err := os.Open(inPath)
	if err != nil {
		return symbolTable{}, err
	}
	defer in.Close()
	out, err := os.OpenFile(textPath, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return symbolTable{}, err
	}
	table, err := splitSymbols(in, out)
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	return table, err
}

// splitSymbols reads symbols from in and copies all other lines to text.
func splitSymbols(in io.Reader, text io.Writer) (symbolTable, error) {
	reader := newSymbolReader()
	others := bufio.NewWriter(text)
	lines := bufio.NewReaderSize(in, maxSymbolLineBytes)
	for {
		line, err := lines.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			reader.fail("a line has more than %d bytes", maxSymbolLineBytes)
			for err == bufio.ErrBufferFull {
				_, err = lines.ReadSlice('\n')
			}
			continue
		}
		if len(line) > 0 && !reader.take(trimNewline(line)) {
			if _, writeErr := others.Write(line); writeErr != nil {
				return symbolTable{}, writeErr
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return symbolTable{}, err
		}
	}
	return reader.finish(), others.Flush()
}

func trimNewline(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		return line[:n-1]
	}
	return line
}
