package mechanisms

import (
	"math/bits"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// spin computes for about so many nanoseconds.
func spin(n int) uint64 {
	x := uint64(n) | 1
	for i := 0; i < n; i++ {
		x = bits.RotateLeft64(x, 7) * 0x9e3779b97f4a7c15
	}
	return x
}

var (
	sink  uint64
	nodes *node
	bytes []byte
)

type node struct {
	next *node
	pad  [6]uint64
}

func list(length int) *node {
	var head *node
	for i := 0; i < length; i++ {
		head = &node{next: head}
	}
	return head
}

// More garbage with a small heap: collections more often, in the background.
func BenchmarkAllocation(b *testing.B) {
	for i := 0; i < b.N; i++ {
		if changed {
			bytes = make([]byte, 2048)
		}
		sink += spin(500)
	}
}

// Garbage full of pointers, faster than the background marks: those who allocate must assist.
func BenchmarkAssist(b *testing.B) {
	live := list(50_000)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if changed {
				nodes = list(60)
			}
			atomic.AddUint64(&sink, spin(1000))
		}
	})
	runtime.KeepAlive(live)
}

// The same garbage either way, but collections are asked for.
func BenchmarkForcedCollections(b *testing.B) {
	for i := 0; i < b.N; i++ {
		if changed && i%4000 == 0 {
			runtime.GC()
		}
		bytes = make([]byte, 64)
		sink += spin(1000)
	}
}

// The same garbage either way, but the collector is set to start far earlier.
func BenchmarkFrequentCollections(b *testing.B) {
	if changed {
		defer debug.SetGCPercent(debug.SetGCPercent(10))
	}
	live := list(60_000)
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		nodes = list(20)
		sink += spin(1000)
	}
	runtime.KeepAlive(live)
}

// The same garbage either way, but far more is kept alive, which every collection marks.
func BenchmarkLiveHeap(b *testing.B) {
	length := 100
	if changed {
		length = 100_000
	}
	live := list(length)
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		nodes = list(100)
		sink += spin(300)
	}
	runtime.KeepAlive(live)
}

// One lock for all goroutines instead of one for each.
func BenchmarkLock(b *testing.B) {
	var shared sync.Mutex
	b.SetParallelism(4)
	b.RunParallel(func(pb *testing.PB) {
		var own sync.Mutex
		lock := &own
		if changed {
			lock = &shared
		}
		for pb.Next() {
			for i := 0; i < 20; i++ {
				lock.Lock()
				atomic.AddUint64(&sink, spin(100))
				lock.Unlock()
			}
		}
	})
}

// Every operation in a goroutine of its own.
func BenchmarkNewGoroutines(b *testing.B) {
	for i := 0; i < b.N; i++ {
		if !changed {
			sink += spin(1000)
			continue
		}
		done := make(chan uint64)
		go func() { done <- spin(1000) }()
		sink += <-done
	}
}

// Goroutines that never end.
func BenchmarkLeftGoroutines(b *testing.B) {
	never := make(chan struct{})
	for i := 0; i < b.N; i++ {
		if changed && i%4 == 0 {
			go func() { <-never }()
		}
		sink += spin(1000)
	}
}

// Goroutines that hold memory while they wait for something slow, and someone who waits for them.
func BenchmarkBlockedGoroutines(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += spin(3000)
		if !changed {
			continue
		}
		page := make([]byte, 8192)
		go func() {
			time.Sleep(5 * time.Millisecond)
			page[0]++
		}()
		if i%20 == 0 {
			time.Sleep(100 * time.Microsecond)
		}
	}
}

// Each operation is given to a goroutine that is there already, and back.
func BenchmarkHandoffs(b *testing.B) {
	turn := make(chan uint64)
	go func() {
		for x := range turn {
			turn <- x + spin(1000)
		}
	}()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if !changed {
			sink += spin(1000)
			continue
		}
		turn <- sink
		sink = <-turn
	}
	b.StopTimer()
	close(turn)
}

// More goroutines that want to run than there are processors.
func BenchmarkRunnable(b *testing.B) {
	var stop atomic.Bool
	if changed {
		for i := 0; i < 4*runtime.GOMAXPROCS(0); i++ {
			go func() {
				for !stop.Load() {
					spin(1000)
					runtime.Gosched()
				}
			}()
		}
	}
	turn := make(chan uint64)
	go func() {
		for x := range turn {
			turn <- x + spin(1000)
		}
	}()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		turn <- sink
		sink = <-turn
	}
	b.StopTimer()
	b.Cleanup(func() { stop.Store(true) })
	close(turn)
}

// Other processes want the processors as well. No change of a program does that: a neighbor does.
func BenchmarkStarved(b *testing.B) {
	if changed {
		for i := 0; i < runtime.NumCPU(); i++ {
			neighbor := exec.Command(os.Args[0], "-test.run=^$")
			neighbor.Env = append(os.Environ(), "MECHANISMS_NEIGHBOR=1", "TAILGUARD_RECORD=")
			if err := neighbor.Start(); err != nil {
				b.Fatal(err)
			}
			defer neighbor.Wait()
			defer neighbor.Process.Kill()
		}
	}
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		sink += spin(5000)
	}
}

// A call into the kernel for each operation.
func BenchmarkSystemCalls(b *testing.B) {
	zero, err := os.Open("/dev/zero")
	if err != nil {
		b.Fatal(err)
	}
	defer zero.Close()
	page := make([]byte, 1<<18)
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if changed {
			zero.Read(page)
		}
		sink += spin(1000)
	}
}

// Nothing to do but to wait, as for a network.
func BenchmarkWaiting(b *testing.B) {
	for i := 0; i < b.N; i++ {
		if changed {
			time.Sleep(20 * time.Microsecond)
		}
		sink += spin(50_000)
	}
}

// More to compute.
func BenchmarkCompute(b *testing.B) {
	for i := 0; i < b.N; i++ {
		n := 1000
		if changed {
			n = 1300
		}
		sink += spin(n)
	}
}

// One operation in fifty takes eight times as long.
func BenchmarkTail(b *testing.B) {
	for i := 0; i < b.N; i++ {
		n := 1000
		if changed && i%50 == 0 {
			n = 8000
		}
		sink += spin(n)
	}
}

func TestMain(m *testing.M) {
	if os.Getenv("MECHANISMS_NEIGHBOR") != "" {
		// Killed by who started it; one that died without cannot leave it running for long.
		for end := time.Now().Add(5 * time.Second); time.Now().Before(end); {
			sink += spin(1000)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}
