// Package hangs has a TestMain that never returns.
package hangs

import (
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	for {
		time.Sleep(time.Hour)
	}
}

func BenchmarkNever(b *testing.B) {
	for i := 0; i < b.N; i++ {
	}
}
