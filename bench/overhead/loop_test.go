//go:build go1.24

package overhead

import "testing"

func BenchmarkLoop(b *testing.B) {
	each(b, func(b *testing.B, steps int) {
		x := uint64(1)
		for b.Loop() {
			x = work(x, steps)
		}
		sink += x
	})
}
