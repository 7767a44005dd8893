// Package reach has one way for a benchmark to reach code or data in each of its sections.
package reach

import "fmt"

// Methods behind an interface.
type shape interface{ area() int }

type square struct{ side int }

func (s square) area() int { return s.side * s.side }

type circle struct{ radius int }

func (c circle) area() int { return 3 * c.radius * c.radius }

var shapes = []shape{square{2}, circle{3}}

// A table of data.
var powers = [8]uint32{1, 2, 4, 8, 16, 32, 64, 128}

//go:noinline
func power(i int) uint32 { return powers[i&7] }

// A generic function and its leaf.
type number interface{ ~int | ~float64 }

func largest[T number](all []T) T {
	best := all[0]
	for _, one := range all {
		best = larger(best, one)
	}
	return best
}

//go:noinline
func larger[T number](a, b T) T {
	if a > b {
		return a
	}
	return b
}

// A call that the compiler devirtualizes.
type reader interface{ read() int }

type file struct{ at int }

//go:noinline
func (f *file) read() int { f.at++; return f.at + 100 }

func readFile(f *file) int {
	var r reader = f
	return r.read()
}

// A registry that init fills.
var registry = map[string]func(int) int{}

func init() {
	registry["negate"] = negate
}

func negate(n int) int { return -n }

//go:noinline
func callRegistered(name string, n int) int { return registry[name](n) }

// A table of functions that needs no init.
var operations = [...]func(int) int{increment, double}

func increment(n int) int { return n + 1 }

func double(n int) int { return n + n }

// A method promoted from an embedded struct.
type inner struct{ n int }

//go:noinline
func (i *inner) bump() int { i.n += 2; return i.n }

type outer struct{ inner }

// A closure.
func adder(by int) func(int) int {
	return func(n int) int { return n + by*5 }
}

// A method value.
type counter struct{ n int }

//go:noinline
func (c *counter) count(by int) int { c.n += by * 9; return c.n }

//go:noinline
func apply(f func(int) int, n int) int { return f(n) }

// A constant that callers fold in.
const limit = 1000

//go:noinline
func clamp(n int) int {
	if n > limit {
		return limit
	}
	return n
}

// A string.
func greeting(n int) string {
	if n&1 == 0 {
		return "good morning"
	}
	return "good evening"
}

// A type whose layout others rely on.
type record struct {
	id    int32
	score int64
}

//go:noinline
func total(all []record) int64 {
	sum := int64(0)
	for i := range all {
		sum += all[i].score
	}
	return sum
}

// A method that only fmt calls.
type celsius struct{ degrees int }

func (c celsius) String() string { return fmt.Sprintf("%d degrees", c.degrees) }

// A method that only reflection finds, in a type that is never turned into an interface itself.
type hidden struct{ n int }

func (h *hidden) Reveal() int { return h.n * 77 }

type holder struct{ Field *hidden }

// A function that a goroutine runs.
func produce(out chan<- int, n int) {
	for i := 0; i < n; i++ {
		out <- i * 13
	}
	close(out)
}

// A switch over types.
func kindOf(value any) int {
	switch at := value.(type) {
	case square:
		return at.side + 1
	case circle:
		return at.radius + 2
	}
	return 0
}

// Nothing but tests use it.
func onlyTested(n int) int { return n ^ 0x55 }
