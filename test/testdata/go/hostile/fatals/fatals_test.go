// Package fatals has a benchmark that calls b.Fatal, and a sub-benchmark that does so beside one
// that does not.
package fatals

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

func BenchmarkFatals(b *testing.B) {
	for i := 0; i < b.N; i++ {
		if i == 10 {
			b.Fatal("cannot open testdata/missing.json: no such file")
		}
	}
}

func BenchmarkSub(b *testing.B) {
	b.Run("bad", func(b *testing.B) { b.Fatalf("got %d, want %d", 1, 2) })
	b.Run("good", BenchmarkGood)
}
