// Package lex knows white space.
package lex

// Skip returns s without leading white space.
func Skip(s string) string {
	if len(s) == 0 || s[0] > ' ' {
		return s
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
