package app

import "testing"

func BenchmarkMean(b *testing.B) {
	values := make([]int, 200)
	for i := 0; i < b.N; i++ {
		values[0] = Mean(values)
	}
}
