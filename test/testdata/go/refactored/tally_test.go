package tally

import "testing"

var (
	lines = []string{"2026-11-25 rent 1200.00 EUR", "2026-11-26 bread 3.20 EUR   ", "2026-11-27 books 41.90 EUR  "}
	total int
)

func BenchmarkSum(b *testing.B) {
	for i := 0; i < b.N; i++ {
		total += Sum(lines)
	}
}
