// Package mixtures has operations whose distribution is known: one unit of work, or with a known
// probability ten units. BenchmarkUnit has the unit alone, to compare with.
package mixtures

import (
	"fmt"
	"testing"
)

var sink uint64

func work(n int) {
	x := sink | 1
	for i := 0; i < n; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	sink = x
}

var sizes = []int{150, 1500, 15000}

func BenchmarkUnit(b *testing.B) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("steps=%d", size), func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				work(size)
			}
		})
	}
}

// BenchmarkMixture does ten units in one of a hundred operations, drawn at random.
func BenchmarkMixture(b *testing.B) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("steps=%d", size), func(b *testing.B) {
			random := uint64(88172645463325252)
			for i := 0; i < b.N; i++ {
				random ^= random << 13
				random ^= random >> 7
				random ^= random << 17
				if random%100 == 0 {
					work(10 * size)
				} else {
					work(size)
				}
			}
		})
	}
}

// BenchmarkPeriodic does ten units in every hundredth operation: a fixed gap between timed
// operations would meet all of them or none.
func BenchmarkPeriodic(b *testing.B) {
	for _, size := range sizes {
		b.Run(fmt.Sprintf("steps=%d", size), func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				if i%100 == 99 {
					work(10 * size)
				} else {
					work(size)
				}
			}
		})
	}
}
