package queue

import "testing"

func BenchmarkPush(b *testing.B) {
	for i := 0; i < b.N; i++ {
		var q Queue
		q.Push("a", "b")
	}
}
