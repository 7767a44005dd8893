package renamed

import "testing"

func BenchmarkApply(b *testing.B) {
	shift := Shift(1)
	for i := 0; i < b.N; i++ {
		Apply(shift, i)
	}
}
