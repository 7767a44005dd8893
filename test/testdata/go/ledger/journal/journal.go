// Package journal reads the ledger's text format; see docs/format.md.
package journal

import (
	"bytes"
	"fmt"
	"strings"

	"example.com/ledger/money"
)

// Entry is one line of a journal. Its strings share the memory of the text it was read from.
type Entry struct {
	Date     Date
	Account  string
	Amount   money.Amount
	Currency string
	Note     string
}

// SyntaxError says which part of which line could not be read.
type SyntaxError struct {
	Line  int
	Field string
	Text  string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d: bad %s %q", e.Line, e.Field, e.Text)
}

// Read reads all entries of a journal. It stops at the first bad line.
func Read(text []byte) ([]Entry, error) {
	entries := make([]Entry, 0, bytes.Count(text, []byte{'\n'})+1)
	rest := string(text)
	for number := 1; rest != ""; number++ {
		line, after, _ := strings.Cut(rest, "\n")
		rest = after
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		entry, err := ParseLine(line)
		if err != nil {
			err.Line = number
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

// ParseLine reads one entry; the error's line number is left for the caller to set.
func ParseLine(line string) (Entry, *SyntaxError) {
	var entry Entry
	source := fields{rest: line}
	if err := readHead(&source, &entry); err != nil {
		return Entry{}, err
	}
	if err := readAmount(&source, &entry); err != nil {
		return Entry{}, err
	}
	note := source.remainder()
	if note == "" {
		return entry, nil
	}
	if len(note) < 2 || note[0] != '"' || note[len(note)-1] != '"' {
		return Entry{}, &SyntaxError{Field: "note", Text: note}
	}
	entry.Note = note[1 : len(note)-1]
	return entry, nil
}

func readHead(source *fields, entry *Entry) *SyntaxError {
	text := source.next()
	date, ok := ParseDate(text)
	if !ok {
		return &SyntaxError{Field: "date", Text: text}
	}
	entry.Date = date
	entry.Account = source.next()
	if !validAccount(entry.Account) {
		return &SyntaxError{Field: "account", Text: entry.Account}
	}
	return nil
}

func readAmount(source *fields, entry *Entry) *SyntaxError {
	text := source.next()
	amount, err := money.Parse(text)
	if err != nil {
		return &SyntaxError{Field: "amount", Text: text}
	}
	entry.Amount = amount
	entry.Currency = source.next()
	if !validCurrency(entry.Currency) {
		return &SyntaxError{Field: "currency", Text: entry.Currency}
	}
	return nil
}

func validAccount(account string) bool {
	part := 0
	for i := 0; i < len(account); i++ {
		switch c := account[i]; {
		case c == ':':
			if part == 0 {
				return false
			}
			part = 0
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-':
			part++
		default:
			return false
		}
	}
	return part > 0
}

func validCurrency(code string) bool {
	if len(code) != 3 {
		return false
	}
	for i := 0; i < len(code); i++ {
		if code[i] < 'A' || code[i] > 'Z' {
			return false
		}
	}
	return true
}
