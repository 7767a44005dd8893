//go:build never

package shapes

import "testing"

func BenchmarkWindows(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink -= i
	}
}
