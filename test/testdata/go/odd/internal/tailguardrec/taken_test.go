package tailguardrec

import "testing"

var sink int

func BenchmarkInternal(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += i * i
	}
}
