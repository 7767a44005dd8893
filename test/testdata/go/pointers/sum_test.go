package pointers

import "testing"

var sink int

func BenchmarkSum(b *testing.B) {
	bytes := make([]byte, 64)
	for i := 0; i < b.N; i++ {
		sink += Sum(bytes)
	}
}

func TestSum(t *testing.T) {
	if Sum([]byte{1, 2}) != 3 {
		t.Error("not the sum")
	}
}
