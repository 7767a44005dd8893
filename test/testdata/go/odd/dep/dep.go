// Package dep has the loop of other packages' benchmarks, as benchmark libraries do.
package dep

import "testing"

// Run calls the operation b.N times.
func Run(b *testing.B, operation func()) {
	b.Helper()
	for i := 0; i < b.N; i++ {
		operation()
	}
}
