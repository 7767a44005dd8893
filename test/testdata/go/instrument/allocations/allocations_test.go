// Package allocations has benchmarks whose B/op and allocs/op are exact, so that a recorder that
// allocates while the timer runs shows at once.
package allocations

import "testing"

var kept []byte

func BenchmarkNone(b *testing.B) {
	for i := 0; i < b.N; i++ {
		kept = kept[:0]
	}
}

func BenchmarkOne(b *testing.B) {
	for i := 0; i < b.N; i++ {
		kept = make([]byte, 64)
	}
}

func BenchmarkLoop(b *testing.B) {
	for b.Loop() {
		kept = make([]byte, 64)
	}
}

func BenchmarkLoopCounted(b *testing.B) {
	for i := 0; b.Loop(); i++ {
		kept = make([]byte, 64+i&1)
	}
}

func BenchmarkCountdown(b *testing.B) {
	for i := b.N; i > 0; i-- {
		kept = make([]byte, 64)
	}
}

func BenchmarkSetUp(b *testing.B) {
	all := make([][]byte, b.N)
	for i := range all {
		all[i] = make([]byte, 1000)
	}
	b.ResetTimer()
	for i := range all {
		kept = make([]byte, len(all[i])/10)
	}
}

func BenchmarkStopped(b *testing.B) {
	for i := 0; i < b.N; i++ {
		b.StopTimer()
		kept = make([]byte, 5000)
		b.StartTimer()
		kept = make([]byte, 64)
	}
}

func BenchmarkParallel(b *testing.B) {
	b.RunParallel(func(pb *testing.PB) {
		var mine []byte
		for pb.Next() {
			mine = make([]byte, 64)
			use(mine)
		}
	})
}

//go:noinline
func use(b []byte) { b[0] = 1 }

func BenchmarkSub(b *testing.B) {
	for _, name := range []string{"a", "b"} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				kept = make([]byte, 64)
			}
		})
	}
}
