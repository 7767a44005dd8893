// Package panics has a benchmark that panics after some iterations.
package panics

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

func BenchmarkPanics(b *testing.B) {
	table := make([]int, 100)
	for i := 0; i < b.N; i++ {
		sink += table[i]
	}
}
