package inlining_test

import (
	"testing"

	inlining "example.com/inlining-lost"
)

func BenchmarkExternal(b *testing.B) {
	for i := 0; i < b.N; i++ {
		inlining.Words("[]")
	}
}
