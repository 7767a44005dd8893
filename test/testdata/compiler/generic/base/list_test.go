package generic

import "testing"

func BenchmarkIndex(b *testing.B) {
	numbers := New(1, 2, 3)
	words := New("a", "b")
	for i := 0; i < b.N; i++ {
		numbers.Index(3)
		words.Index("b")
	}
}
