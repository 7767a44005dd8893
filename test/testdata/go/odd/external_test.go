package odd_test

import (
	"testing"

	"example.com/odd"
)

func BenchmarkExternal(b *testing.B) {
	for i := 0; i < b.N; i++ {
		odd.Words("one two three")
	}
}
