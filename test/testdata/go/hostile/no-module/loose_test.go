// Package loose has no go.mod, here or above.
package loose

import "testing"

// BenchmarkGood is a well-behaved neighbor: what becomes of it is part of the case.
func BenchmarkGood(b *testing.B) {
	sum := 0
	for i := 0; i < b.N; i++ {
		for j := 0; j < 200; j++ {
			sum += j ^ i
		}
	}
	sink = sum
}

var sink int
