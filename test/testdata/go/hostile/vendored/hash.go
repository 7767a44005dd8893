// Package vendored takes its dependency from the vendor folder; there is no go.sum.
package vendored

import "example.com/dep"

// Hash gives a hash of all values, in their order.
func Hash(values []uint64) uint64 {
	var sum uint64
	for _, value := range values {
		sum = dep.Mix(sum ^ value)
	}
	return sum
}
