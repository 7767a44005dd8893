// Package bench runs benchmarks for other packages of the module.
package bench

import "testing"

// Run calls f b.N times.
func Run(b *testing.B, f func()) {
	b.Helper()
	for i := 0; i < b.N; i++ {
		f()
	}
}
