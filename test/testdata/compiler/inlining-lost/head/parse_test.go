package inlining

import "testing"

func BenchmarkWords(b *testing.B) {
	for i := 0; i < b.N; i++ {
		if Words("[ a, b, c ]") != 3 {
			b.Fatal("wrong count")
		}
	}
}
