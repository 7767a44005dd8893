// Package exits has a benchmark that ends the process with status 0 before any result is printed.
package exits

import (
	"os"
	"testing"
)

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

func BenchmarkExits(b *testing.B) {
	os.Exit(0)
}
