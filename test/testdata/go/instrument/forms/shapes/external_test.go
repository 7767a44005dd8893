package shapes_test

import (
. "testing"
)

var sink int

type number interface{ ~int | ~int64 }

func sum[T number](b *B, one T) {
  var total T
  for   i := 0 ;   i<b.N ;i++ {
    total += one }
  sink += int(total)
}

func BenchmarkGeneric(b *B) { b.Run("int", func(b *B) { sum(b, 1) }); b.Run("int64", func(b *B) { sum(b, int64(1)) }) }

type tailguardrec struct{}
