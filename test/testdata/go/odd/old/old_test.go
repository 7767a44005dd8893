// Package old is written in Go 1.12: no generics, no 0o644, no range over integers.
package old

import "testing"

var sink int

func BenchmarkOld(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += i
	}
}
