// Package inlining parses lists of words.
package inlining

import "example.com/inlining-lost/lex"

// Words counts the words of a list such as "[a, b]".
func Words(s string) int {
	n := 0
	s = lex.Skip(s)
	for len(s) > 0 && s[0] != ']' {
		if isWord(s[0]) {
			n++
		}
		s = lex.Skip(s[1:])
	}
	return n
}

func isWord(c byte) bool { return c >= 'a' && c <= 'z' }
