package main

// Where the top-level declarations of a source begin and end, without parsing it.
//
// One pass over the bytes that knows strings, runes, comments and brackets, and of the rest only the
// keywords at the beginning of a line: as gofmt writes them. Whoever leaves something out on its word
// has the parser confirm the cut (outline.go); where the two could differ at all (bytes that are no
// UTF-8, a NUL, a byte order mark, brackets that do not close), there is no cut.

import (
	"bytes"
	"unicode/utf8"
)

// chunk is what stands from one keyword at the beginning of a line to the next: a declaration, or
// more than one where the source is not formatted.
type chunk struct {
	isFunction bool
	isImport   bool
	// start is the offset of the keyword, end that behind the last token.
	start, end int
	// startLine and endLine are those of the source.
	startLine, endLine int
	// body is the offset of the brace that opens the body of a function and is closed at the end; 0
	// where there is none, or it must not be left out.
	body int
}

// cutter is the state of the pass.
type cutter struct {
	source []byte
	at     int
	// open are the brackets that are to be closed, as their closing ones.
	open   []byte
	chunks []chunk
	// tokenEnd is where the last token ended, word where it began if it was a word.
	tokenEnd, word int
	// bodyEnd is where the body of the current chunk ended.
	bodyEnd int
}

// maxOpen bounds the brackets in one another; real code has some ten.
const maxOpen = 1000

var byteOrderMark = []byte("\uFEFF")

// cut is false where the source is not what a formatted file looks like. The first chunk is the
// package clause.
func cut(source []byte) ([]chunk, bool) {
	if bytes.IndexByte(source, 0) >= 0 || bytes.Contains(source, byteOrderMark) || !utf8.Valid(source) {
		return nil, false
	}
	c := cutter{source: source, chunks: make([]chunk, 0, 64)}
	for c.at < len(source) {
		if !c.step() {
			return nil, false
		}
	}
	c.endChunk()
	c.countLines()
	return c.chunks, len(c.chunks) > 0
}

func (c *cutter) countLines() {
	line, counted := 1, 0
	lineAt := func(offset int) int {
		line += bytes.Count(c.source[counted:offset], newline)
		counted = offset
		return line
	}
	for i := range c.chunks {
		own := &c.chunks[i]
		own.startLine, own.endLine = lineAt(own.start), lineAt(own.end)
	}
}

// step goes on by one token outside of all brackets.
func (c *cutter) step() bool {
	b := c.source[c.at]
	switch {
	case b == ' ' || b == '\t' || b == '\r' || b == '\n':
		c.at++
		return true
	case b == '/' && c.isComment():
		return c.skipComment()
	case isWordByte(b):
		return c.readWord()
	case len(c.chunks) == 0:
		return false
	case b == '(' || b == '[' || b == '{':
		return c.skipBrackets()
	case b == ')' || b == ']' || b == '}':
		return false
	case b == '"' || b == '\'' || b == '`':
		if !c.skipQuoted(b) {
			return false
		}
	default:
		c.at++
	}
	c.tokenEnd, c.word = c.at, -1
	return true
}

func isWordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b >= utf8.RuneSelf
}

// readWord begins a chunk where the word is a keyword at the beginning of a line.
func (c *cutter) readWord() bool {
	start := c.at
	for c.at < len(c.source) && isWordByte(c.source[c.at]) {
		c.at++
	}
	isFirst := start == 0 || c.source[start-1] == '\n'
	word := string(c.source[start:c.at])
	switch word {
	case "package", "import", "const", "type", "var", "func":
		if isFirst {
			if !c.isInPlace(word) {
				return false
			}
			c.endChunk()
			c.chunks = append(c.chunks, chunk{
				isFunction: word == "func", isImport: word == "import", start: start,
			})
			c.bodyEnd = 0
		}
	case "init", "_":
		// Of these a file may have several, which their order tells apart: they are never left out.
		if last := len(c.chunks) - 1; last >= 0 && c.chunks[last].isFunction && c.word == c.chunks[last].start {
			c.bodyEnd = -1
		}
	}
	c.tokenEnd, c.word = c.at, start
	return len(c.chunks) > 0
}

// isInPlace says whether a declaration may follow those before: the package clause goes first, then
// imports.
func (c *cutter) isInPlace(word string) bool {
	last := len(c.chunks) - 1
	switch word {
	case "package":
		return last < 0
	case "import":
		return last == 0 || last > 0 && c.chunks[last].isImport
	}
	return last >= 0
}

func (c *cutter) endChunk() {
	if len(c.chunks) == 0 {
		return
	}
	last := &c.chunks[len(c.chunks)-1]
	last.end = c.tokenEnd
	if c.bodyEnd != last.end {
		last.body = 0
	}
}

// skipBrackets goes to the end of what a bracket encloses.
func (c *cutter) skipBrackets() bool {
	start, isType := c.at, c.isTypeBrace()
	for {
		if !c.skipToBracket() || len(c.open) > maxOpen {
			return false
		}
		b := c.source[c.at]
		c.at++
		switch b {
		case '(':
			c.open = append(c.open, ')')
		case '[':
			c.open = append(c.open, ']')
		case '{':
			c.open = append(c.open, '}')
		default:
			last := len(c.open) - 1
			if c.open[last] != b {
				return false
			}
			c.open = c.open[:last]
		}
		if len(c.open) == 0 {
			break
		}
	}
	c.tokenEnd, c.word = c.at, -1
	if c.source[start] == '{' && !isType {
		c.endBody(start)
	}
	return true
}

// isTypeBrace says whether a brace outside of all others belongs to struct{} or interface{}.
func (c *cutter) isTypeBrace() bool {
	if c.word < 0 {
		return false
	}
	word := string(c.source[c.word:c.tokenEnd])
	return word == "struct" || word == "interface"
}

func (c *cutter) endBody(start int) {
	if last := &c.chunks[len(c.chunks)-1]; last.isFunction && last.body == 0 && c.bodyEnd == 0 {
		last.body, c.bodyEnd = start, c.at
	}
}

// stops are the bytes that may change what the following ones are.
var stops = func() (table [256]bool) {
	for _, b := range []byte("()[]{}\"'`/") {
		table[b] = true
	}
	return table
}()

// skipToBracket stands at the next bracket, or is false at the end of the source.
func (c *cutter) skipToBracket() bool {
	for c.at < len(c.source) {
		b := c.source[c.at]
		switch {
		case !stops[b]:
			c.at++
		case b == '"' || b == '\'' || b == '`':
			if !c.skipQuoted(b) {
				return false
			}
		case b != '/':
			return true
		case c.isComment():
			if !c.skipComment() {
				return false
			}
		default:
			c.at++
		}
	}
	return false
}

func (c *cutter) isComment() bool {
	return c.at+1 < len(c.source) && (c.source[c.at+1] == '/' || c.source[c.at+1] == '*')
}

func (c *cutter) skipComment() bool {
	rest := c.source[c.at:]
	if rest[1] == '/' {
		if end := bytes.IndexByte(rest, '\n'); end >= 0 {
			c.at += end
		} else {
			c.at = len(c.source)
		}
		return true
	}
	end := bytes.Index(rest[2:], []byte("*/"))
	c.at += 2 + end + 2
	return end >= 0
}

// skipQuoted goes behind a string or a rune; one that does not end in its line is none.
func (c *cutter) skipQuoted(quote byte) bool {
	rest := c.source[c.at+1:]
	if quote == '`' {
		end := bytes.IndexByte(rest, '`')
		c.at += 1 + end + 1
		return end >= 0
	}
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case quote:
			c.at += 1 + i + 1
			return true
		case '\\':
			i++
		case '\n':
			return false
		}
	}
	return false
}
