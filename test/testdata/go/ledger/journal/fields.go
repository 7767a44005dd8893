package journal

import "strings"

// fields cuts a line at runs of spaces, without copying.
type fields struct {
	rest string
}

// next gives the next field; empty at the end of the line.
func (f *fields) next() string {
	f.rest = strings.TrimLeft(f.rest, " ")
	end := strings.IndexByte(f.rest, ' ')
	if end < 0 {
		end = len(f.rest)
	}
	field := f.rest[:end]
	f.rest = f.rest[end:]
	return field
}

// remainder gives what is left of the line, spaces around it removed.
func (f *fields) remainder() string {
	return strings.Trim(f.rest, " ")
}
