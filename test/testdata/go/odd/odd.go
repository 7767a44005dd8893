// Package odd has little to measure and many ways to do so.
package odd

import "strings"

// Number is what Sum adds.
type Number interface{ ~int | ~float64 }

// Sum adds the values.
func Sum[N Number](values []N) N {
	var sum N
	for _, value := range values {
		sum += value
	}
	return sum
}

// Words counts words.
func Words(text string) int { return len(strings.Fields(text)) }
