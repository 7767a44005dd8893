// Package overhead has operations from 1 ns to 1 ms in each form of a benchmark loop. They are
// built twice, as they are and instrumented, and their ns/op compared: script/bench overhead.
package overhead

import (
	"strconv"
	"testing"
)

var sink uint64

// work does a chain of dependent steps, about 1 ns each.
func work(x uint64, steps int) uint64 {
	for i := 0; i < steps; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}

// steps are the sizes of an operation; the smallest is the loop and three shifts.
var steps = []int{1, 2, 5, 20, 50, 100, 200, 1000, 10000, 100000, 1000000}

func each(b *testing.B, run func(b *testing.B, steps int)) {
	for _, n := range steps {
		b.Run("steps="+strconv.Itoa(n), func(b *testing.B) { run(b, n) })
	}
}

func BenchmarkN(b *testing.B) {
	each(b, func(b *testing.B, steps int) {
		x := uint64(1)
		for i := 0; i < b.N; i++ {
			x = work(x, steps)
		}
		sink += x
	})
}

func BenchmarkParallel(b *testing.B) {
	each(b, func(b *testing.B, steps int) {
		b.RunParallel(func(pb *testing.PB) {
			x := uint64(1)
			for pb.Next() {
				x = work(x, steps)
			}
			if x == 0 {
				panic("xorshift never reaches 0")
			}
		})
	})
}
