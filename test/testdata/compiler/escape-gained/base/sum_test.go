package escape

import "testing"

func BenchmarkSum(b *testing.B) {
	points := make([]Point, 100)
	for i := 0; i < b.N; i++ {
		Sum(points)
	}
}
