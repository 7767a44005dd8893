// Command probe is the part of Tailguard that has to be Go: it reads Go source with the parser of
// the very toolchain that builds the code, so that new syntax is never a surprise.
//
// It uses the standard library only and is built on the machine that measures. It reads strangers'
// code: every input is bounded (limits.go) and nothing of it is ever executed.
//
// Exit codes: 0 the answer is on stdout, 2 wrong usage, 1 anything else, with one line on stderr.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// errUsage marks what the caller did wrong, as opposed to what the machine did.
var errUsage = errors.New("usage")

// command runs with its own arguments, reads stdin and writes its answer to stdout.
type command func(args []string, stdin io.Reader, stdout io.Writer) error

var commands = map[string]command{
	"instrument": runInstrument,
	"launch":     runLaunch,
	"symbols":    runSymbols,
	"syntax":     runSyntax,
}

const usage = `usage: probe syntax [-base DIR] [-head DIR] [-snapshots DIR] < FILES
       probe instrument -root DIR -module-path PATH [-module-dir DIR] -out DIR [-without FILE]... < DIRECTORIES
       probe symbols -in FILE -text FILE
       probe launch 3<>CONTROL
FILES are records "SIDE BLOB PATH", each ended by a NUL; the answer is a line of JSON for each.
DIRECTORIES are those of packages to measure, relative to -root, one a line; -module-dir and -without
are relative to -root too. Writes overlay.json for 'go build -overlay' and what it names into -out.
CONTROL takes JSON lines: the settings, then one command each; the answers are JSON lines.
`

func main() {
	err := run(os.Args[1:], os.Stdin, os.Stdout)
	switch {
	case err == nil:
	case errors.Is(err, errUsage):
		fmt.Fprintf(os.Stderr, "probe: %v\n%s", err, usage)
		os.Exit(2)
	default:
		fmt.Fprintf(os.Stderr, "probe: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string, stdin io.Reader, stdout io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("%w: no command", errUsage)
	}
	chosen, ok := commands[args[0]]
	if !ok {
		return fmt.Errorf("%w: unknown command %.40q", errUsage, args[0])
	}
	return chosen(args[1:], stdin, stdout)
}
