// Package profiled has benchmarks whose profiles hold what is hard to read in a profile: generic
// functions, closures, methods through interfaces, mutual recursion, inlined calls, labels of
// goroutines, and goroutines that wait for locks and channels.
package profiled

import (
	"cmp"
	"context"
	"fmt"
	"runtime/pprof"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Tree is an unbalanced search tree.
type Tree[K cmp.Ordered, V any] struct {
	root *node[K, V]
	size int
}

type node[K cmp.Ordered, V any] struct {
	key         K
	value       V
	left, right *node[K, V]
}

// Put adds a value or replaces it.
func (t *Tree[K, V]) Put(key K, value V) {
	place := &t.root
	for *place != nil {
		switch order := cmp.Compare(key, (*place).key); {
		case order == 0:
			(*place).value = value
			return
		case order < 0:
			place = &(*place).left
		default:
			place = &(*place).right
		}
	}
	*place = &node[K, V]{key: key, value: value}
	t.size++
}

// Each visits all in order.
func (t *Tree[K, V]) Each(visit func(K, V)) {
	var walk func(*node[K, V])
	walk = func(n *node[K, V]) {
		if n != nil {
			walk(n.left)
			visit(n.key, n.value)
			walk(n.right)
		}
	}
	walk(t.root)
}

type shape interface{ text(depth int) string }

type group struct{ parts []shape }

type leaf struct{ number int }

func (g *group) text(depth int) string {
	texts := make([]string, 0, len(g.parts))
	for _, part := range g.parts {
		texts = append(texts, nested(part, depth))
	}
	return strings.Join(texts, ",")
}

func (l leaf) text(int) string { return strconv.Itoa(l.number) }

// nested calls text, which calls nested.
func nested(s shape, depth int) string {
	if depth == 0 {
		return fmt.Sprintf("(%v)", s)
	}
	return "(" + s.text(depth-1) + ")"
}

func shapes(depth int) shape {
	if depth == 0 {
		return leaf{depth}
	}
	return &group{[]shape{shapes(depth - 1), leaf{depth * 7}, shapes(depth - 1)}}
}

func scrambled(i int) int { return i * 7919 % 1009 }

func BenchmarkTree(b *testing.B) {
	for i := 0; i < b.N; i++ {
		names, numbers := new(Tree[string, int]), new(Tree[int, []byte])
		for j := 0; j < 400; j++ {
			names.Put(strconv.Itoa(scrambled(j)), j)
			numbers.Put(scrambled(j), make([]byte, j%64))
		}
		sum := 0
		names.Each(func(name string, value int) { sum += len(name) * value })
		numbers.Each(func(number int, value []byte) { sum += number * len(value) })
		if sum == 0 {
			b.Fatal("nothing was visited")
		}
	}
}

func BenchmarkShapes(b *testing.B) {
	whole := shapes(7)
	for i := 0; i < b.N; i++ {
		if nested(whole, 12) == "" {
			b.Fatal("no text")
		}
	}
}

func BenchmarkLabels(b *testing.B) {
	for i := 0; i < b.N; i++ {
		for _, route := range []string{"/orders", "/items?<b>", "/größe"} {
			labels := pprof.Labels("route", route, "method", "GET")
			pprof.Do(context.Background(), labels, func(context.Context) {
				words := strings.Fields(strings.Repeat(route+" b a ", 100))
				sort.Slice(words, func(i, j int) bool { return words[i] < words[j] })
			})
		}
	}
}

type table struct {
	mu   sync.RWMutex
	rows map[int]int
}

func (t *table) add(key int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := 0; i < 20; i++ {
		t.rows[(key+i)%64]++
	}
}

func (t *table) sum() (sum int) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for _, count := range t.rows {
		sum += count
	}
	return sum
}

func BenchmarkLocks(b *testing.B) {
	shared := &table{rows: map[int]int{}}
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			shared.add(i)
			if i%4 == 0 && shared.sum() == 0 {
				b.Error("nothing was counted")
			}
		}
	})
}

func BenchmarkChannels(b *testing.B) {
	work, done := make(chan int), make(chan int, 4)
	var workers sync.WaitGroup
	for worker := 0; worker < 4; worker++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for item := range work {
				select {
				case done <- item:
				default:
					<-done
				}
			}
		}()
	}
	for i := 0; i < b.N; i++ {
		work <- i
	}
	close(work)
	workers.Wait()
}
