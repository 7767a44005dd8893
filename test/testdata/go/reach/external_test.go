package reach_test

import (
	"testing"

	"example.com/reach/leaf"
)

var out int

func BenchmarkExternal(b *testing.B) {
	for i := 0; i < b.N; i++ {
		out += leaf.Twist(i)
	}
}
