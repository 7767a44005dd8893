package shapes

import tst "testing"

var sink int

func BenchmarkWindows(b *tst.B) {
	for i := 0; i < b.N; i++ {
		sink += i
	}
}
