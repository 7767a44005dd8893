package lib

import "testing"

func BenchmarkSum(b *testing.B) {
	values := make([]int, 200)
	for i := 0; i < b.N; i++ {
		values[0] = Sum(values)
	}
}
