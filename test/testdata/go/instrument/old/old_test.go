// Package old has the oldest go line that still builds: the recorder must obey it.
package old

import "testing"

var sink int

func BenchmarkOld(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink += i
	}
}

type internal struct{}
