// Package forms has benchmarks in every spelling of a benchmark loop.
package forms

// Work does an amount of work that grows with n.
func Work(n int) uint64 {
	x := uint64(n) | 1
	for i := 0; i < n; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}
