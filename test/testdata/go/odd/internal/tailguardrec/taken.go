// Package tailguardrec has the name that the recorder would like to have.
package tailguardrec

// Value is the first value.
func Value(values []int) int { return values[0] }
