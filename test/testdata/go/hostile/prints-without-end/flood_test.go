// Package flood has a benchmark that prints without end, up to one gigabyte in all.
package flood

import (
	"os"
	"strings"
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

var left = 1 << 30

func BenchmarkFlood(b *testing.B) {
	text := strings.Repeat(strings.Repeat("y", 79)+"\n", 800)
	for left > 0 {
		n, err := os.Stdout.WriteString(text)
		left -= n
		if err != nil {
			b.Fatal(err)
		}
	}
}
