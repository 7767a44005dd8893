package forms // import "example.com/forms"

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"example.com/forms/internal/bench"
)

var sink uint64

func BenchmarkPlain(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += Work(50)
	}
}

func BenchmarkOneLine(b *testing.B) { for i := 0; i < b.N; i++ { sink += Work(50) } }

func BenchmarkMirrored(b *testing.B) {
	for i := 0; b.N > i; i++ {
		sink += Work(50)
	}
}

func BenchmarkNotEqual(b *testing.B) {
	for i := 0; i != b.N; i++ {
		sink += Work(50)
	}
}

func BenchmarkInclusive(b *testing.B) {
	for i := 1; i <= b.N; i++ {
		sink += Work(50)
	}
}

func BenchmarkInt64(b *testing.B) {
	for i := int64(0); i < int64(b.N); i++ {
		sink += Work(50)
	}
}

func BenchmarkUint32(b *testing.B) {
	var i uint32
	for i = 0; i < uint32(b.N); i++ {
		sink += Work(50)
	}
}

func BenchmarkStepped(b *testing.B) {
	for i := 0; i < b.N; i += 10 {
		sink += Work(50)
	}
}

func BenchmarkCountdown(b *testing.B) {
	for i := b.N; i > 0; i-- {
		sink += Work(50)
	}
}

func BenchmarkAlias(b *testing.B) {
	n := b.N
	for i := 0; i < n; i++ {
		sink += Work(50)
	}
}

func BenchmarkInit(b *testing.B) {
	for i, n := 0, b.N; i < n; i++ {
		sink += Work(50)
	}
}

func BenchmarkWhile(b *testing.B) {
	n := b.N
	for n > 0 {
		sink += Work(50)
		n--
	}
}

func BenchmarkForever(b *testing.B) {
	i := 0
	for {
		if i >= b.N {
			return
		}
		sink += Work(50)
		i++
	}
}

func BenchmarkHalf(b *testing.B) {
	for i := 0; i < b.N/2; i++ {
		sink += Work(50)
	}
}

func BenchmarkRange(b *testing.B) {
	for range b.N {
		sink += Work(50)
	}
}

func BenchmarkRangeKey(b *testing.B) {
	for i := range b.N {
		sink += Work(50 + i&1)
	}
}

func BenchmarkRangeSlice(b *testing.B) {
	for range make([]struct{}, b.N) {
		sink += Work(50)
	}
}

func BenchmarkPrepared(b *testing.B) {
	sizes := make([]int, b.N)
	for i := range sizes {
		sizes[i] = 50
	}
	b.ResetTimer()
	for _, size := range sizes {
		sink += Work(size)
	}
}

func BenchmarkLabeled(b *testing.B) {
outer:
	for i := 0; i < b.N; i++ {
		for j := 0; j < 3; j++ {
			if j == 1 {
				continue outer
			}
			sink += Work(50)
		}
	}
}

func BenchmarkSub(b *testing.B) {
	for _, size := range []int{10, 1000} {
		b.Run(fmt.Sprintf("size=%d", size), func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				sink += Work(size)
			}
		})
	}
	b.Run("value", benchmarkValue)
	b.Run("method", fixture{size: 50}.benchmark)
	b.Run("shadowed", func(c *testing.B) {
		b := 3
		for i := 0; i < c.N; i++ {
			sink += Work(b)
		}
	})
	b.Run(`quote "and" <b>|pipe`+"\n", benchmarkValue)
}

func benchmarkValue(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += Work(50)
	}
}

type fixture struct{ size int }

func (f fixture) benchmark(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += Work(f.size)
	}
}

type harness struct {
	b *testing.B
}

func (h harness) run() {
	for i := 0; i < h.b.N; i++ {
		sink += Work(50)
	}
}

func BenchmarkInStruct(b *testing.B) { harness{b}.run() }

type embedding struct{ *testing.B }

func BenchmarkEmbedded(b *testing.B) {
	e := embedding{b}
	for i := 0; i < e.N; i++ {
		sink += Work(50)
	}
}

func repeat(n int) {
	for i := 0; i < n; i++ {
		sink += Work(50)
	}
}

func BenchmarkNumber(b *testing.B) { repeat(b.N) }

func BenchmarkHelper(b *testing.B) { bench.Run(b, func() { sink += Work(50) }) }

func BenchmarkParallel(b *testing.B) {
	var sum atomic.Uint64
	b.RunParallel(func(pb *testing.PB) {
		local := uint64(0)
		for pb.Next() {
			local += Work(200)
		}
		sum.Add(local)
	})
	sink += sum.Load()
}

func BenchmarkManyGoroutines(b *testing.B) {
	b.SetParallelism(100)
	var mu sync.Mutex
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mu.Lock()
			sink += Work(50)
			mu.Unlock()
		}
	})
}

func BenchmarkGoroutines(b *testing.B) {
	var wait sync.WaitGroup
	for g := 0; g < 2; g++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			x := uint64(0)
			for i := 0; i < b.N; i++ {
				x += Work(50)
			}
			atomic.AddUint64(&sink, x)
		}()
	}
	wait.Wait()
}

func BenchmarkStopStart(b *testing.B) {
	for i := 0; i < b.N; i++ {
		b.StopTimer()
		n := int(Work(3)&1) + 50
		b.StartTimer()
		sink += Work(n)
	}
}

func BenchmarkAllocates(b *testing.B) {
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		kept = make([]byte, 64)
	}
}

var kept []byte

func BenchmarkBreaks(b *testing.B) {
	for i := 0; i < b.N; i++ {
		if sink += Work(50); i == 1<<40 {
			break
		}
	}
}

func BenchmarkGoto(b *testing.B) {
	i := 0
again:
	if i < b.N {
		sink += Work(50)
		i++
		goto again
	}
}

func BenchmarkUnnamed(*testing.B) { sink += Work(50) }
