package broken

import "testing"

func BenchmarkWidth(b *testing.B) {
	for i := 0; i < b.N; i++ {
		Width("a line")
	}
}
