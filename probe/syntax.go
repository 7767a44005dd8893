package main

// `probe syntax`: the declarations of Go files of one side or of both, with hashes that are blind to
// position, comments, formatting and the names of locals, and the trees of those declarations that
// the other side does not have just so. The shape of a file is that of src/goast/syntax.ts.

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"runtime/debug"
	"strconv"
	"strings"
)

// syntaxLine is one line of the answer; side is "both" for a file that is the same.
type syntaxLine struct {
	Side string      `json:"side"`
	File *syntaxFile `json:"file"`
}

type syntaxFile struct {
	Path         string              `json:"path"`
	Package      string              `json:"package"`
	Declarations []syntaxDeclaration `json:"declarations"`
	Problems     []string            `json:"problems"`
	// Same are those that the other side has byte for byte, packed: only the answer has it.
	Same string `json:"same,omitempty"`
	// isBoth is set for a file that is the same on both sides.
	isBoth bool
	// Words are the texts that the trees of the file number.
	Words []string `json:"words,omitempty"`
}

type syntaxDeclaration struct {
	Kind          string `json:"kind"`
	Name          string `json:"name"`
	StartLine     int    `json:"startLine"`
	EndLine       int    `json:"endLine"`
	Hash          string `json:"hash"`
	SignatureHash string `json:"signatureHash,omitempty"`
	Tree          string `json:"tree,omitempty"`
}

// side is base or head, as an index.
type side int

const (
	baseSide side = iota
	headSide
)

func (s side) String() string { return [...]string{"base", "head"}[s] }

// syntaxRequest names one file; blob is its git object, "-" when it is not known.
type syntaxRequest struct {
	side       side
	blob, path string
}

func runSyntax(args []string, stdin io.Reader, stdout io.Writer) error {
	flags := flag.NewFlagSet("syntax", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	roots := [2]*string{
		flags.String("base", "", "directory of the base side"),
		flags.String("head", "", "directory of the head side"),
	}
	snapshots := flags.String("snapshots", "", "directory where what was read is kept")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w: %v", errUsage, err)
	}
	if *roots[baseSide] == "" && *roots[headSide] == "" || flags.NArg() > 0 {
		return fmt.Errorf("%w: syntax needs -base, -head or both and nothing else", errUsage)
	}
	reader := syntaxReader{snapshots: snapshotStore{dir: *snapshots}}
	for at, root := range roots {
		if *root == "" {
			continue
		}
		tree, err := openSourceTree(*root)
		if err != nil {
			return err
		}
		reader.trees[at] = &tree
	}
	// A short life with much garbage: collecting less often saves time, and costs memory.
	defer debug.SetGCPercent(debug.SetGCPercent(200))
	requests, err := readSyntaxRequests(stdin)
	if err != nil {
		return err
	}
	for _, r := range requests {
		if reader.trees[r.side] == nil {
			return fmt.Errorf("%w: a file of a side without a directory", errUsage)
		}
	}
	return reader.read(requests, newAnswerWriter(stdout))
}

// answerWriter writes a line for each file, so that neither side ever holds the text of the whole
// answer.
type answerWriter struct {
	out     *bufio.Writer
	encoder *json.Encoder
	err     error
}

func newAnswerWriter(out io.Writer) *answerWriter {
	buffered := bufio.NewWriterSize(out, 64<<10)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	return &answerWriter{out: buffered, encoder: encoder}
}

// write keeps the first error for flush.
func (w *answerWriter) write(side string, file *syntaxFile) {
	if w.err == nil {
		w.err = w.encoder.Encode(syntaxLine{Side: side, File: file.packed()})
	}
}

// packed is the file with a line of text for each declaration that the other side has byte for byte:
// kind, first line, last line, name. Nearly all are, and as JSON they take longer to read than to
// compare.
func (file *syntaxFile) packed() *syntaxFile {
	if file.isBoth {
		return file
	}
	packed := *file
	packed.Declarations = []syntaxDeclaration{}
	var same []byte
	for _, d := range file.Declarations {
		if d.Hash != sameHash {
			packed.Declarations = append(packed.Declarations, d)
			continue
		}
		same = append(append(same, d.Kind...), ' ')
		same = append(strconv.AppendInt(same, int64(d.StartLine), 10), ' ')
		same = append(strconv.AppendInt(same, int64(d.EndLine), 10), ' ')
		same = append(append(same, d.Name...), '\n')
	}
	packed.Same = string(same)
	return &packed
}

func (w *answerWriter) flush() error {
	if w.err != nil {
		return w.err
	}
	return w.out.Flush()
}

// readSyntaxRequests reads records "SIDE BLOB PATH", each ended by a NUL: a path may hold a newline.
func readSyntaxRequests(in io.Reader) ([]syntaxRequest, error) {
	var requests []syntaxRequest
	records := bufio.NewReaderSize(in, 64<<10)
	for {
		record, err := records.ReadString(0)
		if record = strings.TrimSuffix(record, "\x00"); record != "" {
			fields := strings.SplitN(record, " ", 3)
			if len(fields) != 3 || fields[0] != "base" && fields[0] != "head" {
				return nil, fmt.Errorf("%w: a file is SIDE BLOB PATH", errUsage)
			}
			request := syntaxRequest{side: baseSide, blob: fields[1], path: fields[2]}
			if fields[0] == "head" {
				request.side = headSide
			}
			requests = append(requests, request)
		}
		if len(requests) > 2*maxFiles {
			return nil, fmt.Errorf("more than %d files", 2*maxFiles)
		}
		if err == io.EOF {
			return requests, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the list of files: %w", err)
		}
	}
}
