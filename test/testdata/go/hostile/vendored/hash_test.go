package vendored

import "testing"

func BenchmarkHash(b *testing.B) {
	values := make([]uint64, 100)
	for i := 0; i < b.N; i++ {
		values[0] = Hash(values)
	}
}
