// Package lex knows white space.
package lex

// Skip returns s without leading white space and comments.
func Skip(s string) string {
	if len(s) == 0 || s[0] > ' ' && s[0] != '#' {
		return s
	}
	if s[0] == '#' {
		for len(s) > 0 && s[0] != '\n' {
			s = s[1:]
		}
	}
	return skipSlow(s)
}

func skipSlow(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] != ' ' && s[i] != '\t' && s[i] != '\n' && s[i] != '\r' {
			return s[i:]
		}
	}
	return ""
}
