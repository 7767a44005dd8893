// Package families has one benchmark for each kind of work the runtime or a standard package does
// on a program's account. "base" does plain arithmetic; "head" does the same and that work.
package families

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

type point struct{ X, Y, Z int }

type node struct {
	next  *node
	value [4]int
}

var (
	number  int
	pointer *point
	text    string
	value   any
	list    []int
	chain   *node
	instant time.Time
	digest  [32]byte
	buffer  = make([]byte, 16<<10)
	source  = make([]byte, 16<<10)
	pattern = regexp.MustCompile(`^[a-z]+-(\d+)$`)
	counts  = map[string]int{"ten": 10, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
	keys    = []string{"ten", "twenty", "thirty", "forty", "fifty"}
	alive   []byte
	garbage []byte
	made    *[128]byte
	kept    []*[128]byte

	words    [64]int
	pointers [64]*node
)

// spin is about half a microsecond of arithmetic.
func spin() {
	sum := number
	for i := 0; i < 700; i++ {
		sum += sum<<3 ^ i
	}
	number = sum
}

// compare runs the arithmetic alone, and with the work.
func compare(b *testing.B, work func(i int)) {
	for _, side := range []string{"base", "head"} {
		head := side == "head"
		b.Run(side, func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				spin()
				if head {
					work(i)
				}
			}
		})
	}
}

func repeat(times int, work func(i int)) func(i int) {
	return func(int) {
		for i := 0; i < times; i++ {
			work(i)
		}
	}
}

func BenchmarkAllocation(b *testing.B) {
	compare(b, repeat(40, func(i int) { pointer = &point{X: i} }))
}

func BenchmarkMap(b *testing.B) {
	compare(b, repeat(60, func(i int) { number += counts[keys[i%len(keys)]] }))
}

func BenchmarkMapGrowth(b *testing.B) {
	compare(b, func(int) {
		grown := map[int]int{}
		for i := 0; i < 40; i++ {
			grown[i] = i
		}
		number += len(grown)
	})
}

func BenchmarkSliceGrowth(b *testing.B) {
	compare(b, func(int) {
		var grown []int
		for i := 0; i < 200; i++ {
			grown = append(grown, i)
		}
		list = grown
	})
}

func BenchmarkTextConversion(b *testing.B) {
	compare(b, repeat(30, func(i int) { text = string(source[:40+i%8]) }))
}

func BenchmarkInterface(b *testing.B) {
	compare(b, repeat(50, func(i int) { value = 1000 + i }))
}

func BenchmarkMemoryCopy(b *testing.B) {
	compare(b, repeat(4, func(int) { copy(buffer, source) }))
}

func BenchmarkPanic(b *testing.B) {
	compare(b, repeat(8, func(i int) {
		defer func() { value = recover() }()
		panic(pointer)
	}))
}

func BenchmarkStackGrowth(b *testing.B) {
	compare(b, func(int) {
		done := make(chan bool)
		go func() {
			number += descend(30)
			close(done)
		}()
		<-done
	})
}

//go:noinline
func descend(depth int) int {
	var frame [128]int
	frame[depth] = depth
	if depth == 0 {
		return frame[0]
	}
	return descend(depth-1) + frame[depth]
}

func BenchmarkLock(b *testing.B) {
	var mu sync.Mutex
	compare(b, repeat(80, func(int) {
		mu.Lock()
		defer mu.Unlock()
		number++
	}))
}

func BenchmarkChannel(b *testing.B) {
	ch := make(chan int, 8)
	compare(b, repeat(30, func(i int) {
		ch <- i
		number += <-ch
	}))
}

func BenchmarkScheduler(b *testing.B) {
	compare(b, repeat(20, func(int) { runtime.Gosched() }))
}

func BenchmarkTimer(b *testing.B) {
	compare(b, repeat(40, func(int) { instant = time.Now() }))
}

func BenchmarkSyscall(b *testing.B) {
	compare(b, repeat(10, func(int) { number += syscall.Getppid() }))
}

func BenchmarkReflection(b *testing.B) {
	p, names := &point{1, 2, 3}, []string{"X", "Y", "Z"}
	compare(b, repeat(10, func(i int) {
		number += int(reflect.ValueOf(p).Elem().FieldByName(names[i%3]).Int())
	}))
}

func BenchmarkFormatting(b *testing.B) {
	compare(b, repeat(12, func(i int) { text = fmt.Sprintf("%s-%d", "key", i) }))
}

func BenchmarkEncoding(b *testing.B) {
	compare(b, repeat(5, func(i int) {
		out, err := json.Marshal(point{i, 2, 3})
		if err != nil {
			b.Fatal(err)
		}
		number += len(out)
	}))
}

func BenchmarkRegexp(b *testing.B) {
	subject := strings.Repeat("a", 20) + "-1234"
	compare(b, repeat(3, func(int) {
		if pattern.MatchString(subject) {
			number++
		}
	}))
}

func BenchmarkCrypto(b *testing.B) {
	compare(b, func(int) { digest = sha256.Sum256(source[:1024]) })
}

// BenchmarkLiveHeap makes the same garbage on both sides; what is alive has pointers in head only.
func BenchmarkLiveHeap(b *testing.B) {
	for _, side := range []string{"base", "head"} {
		head := side == "head"
		b.Run(side, func(b *testing.B) {
			alive, chain = nil, nil
			if head {
				for i := 0; i < 400_000; i++ {
					chain = &node{next: chain}
				}
			} else {
				alive = make([]byte, 16<<20)
			}
			b.ResetTimer()
			for i := 0; i < b.N; i++ {
				spin()
				garbage = make([]byte, 4096)
			}
		})
	}
}

// BenchmarkSparseHeap makes the same garbage on both sides and keeps as many values alive: side by
// side in base, one in each of ten thousand spans in head, which every collection has to sweep.
func BenchmarkSparseHeap(b *testing.B) {
	for _, side := range []string{"base", "head"} {
		head := side == "head"
		b.Run(side, func(b *testing.B) {
			const spans, perSpan = 10_000, 8192 / 128
			alive, chain, kept = nil, nil, make([]*[128]byte, 0, spans)
			// A collection meanwhile would have the gaps filled again.
			defer debug.SetGCPercent(debug.SetGCPercent(-1))
			for i := 0; i < spans*perSpan; i++ {
				made = new([128]byte)
				if head && i%perSpan == 0 || !head && i < spans {
					kept = append(kept, made)
				}
			}
			debug.SetGCPercent(100)
			runtime.GC()
			b.ResetTimer()
			for i := 0; i < b.N; i++ {
				spin()
				garbage = make([]byte, 4096)
			}
		})
	}
}

// BenchmarkWriteBarrier writes as many words on both sides, pointers in head only, while the collector
// marks all the time, on the same processor: so it takes a quarter of the time and no more.
func BenchmarkWriteBarrier(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, side := range []string{"base", "head"} {
		head := side == "head"
		b.Run(side, func(b *testing.B) {
			alive, chain = nil, nil
			for i := 0; i < 400_000; i++ {
				chain = &node{next: chain}
			}
			stop, stopped := make(chan bool), make(chan bool)
			go func() {
				defer close(stopped)
				for {
					select {
					case <-stop:
						return
					default:
						runtime.GC()
					}
				}
			}()
			b.ResetTimer()
			for i := 0; i < b.N; i++ {
				spin()
				if head {
					for at := range pointers {
						pointers[at] = chain
					}
				} else {
					for at := range words {
						words[at] = i
					}
				}
			}
			b.StopTimer()
			close(stop)
			<-stopped
		})
	}
}
