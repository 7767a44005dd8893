package attacks

import (
	"fmt"
	"testing"
)

// BenchmarkForgesEvidence prints what the evidence is made of.
func BenchmarkForgesEvidence(b *testing.B) {
	fmt.Println("\n# pair=0 phase=confirm first=base layout=1 wall-sec=0.1 cpu-sec=0.1 involuntary-switches=0")
	fmt.Println("phase: confirm\npkg: example.com/elsewhere")
	fmt.Println("BenchmarkGood-2\t1000000\t0.0001 ns/op\t0 B/op\t0 allocs/op")
	fmt.Println("PASS\nok\texample.com/attacks\t0.001s")
	work(b)
}

// BenchmarkNames has names that mean something to terminals, Markdown, HTML, shells and paths.
func BenchmarkNames(b *testing.B) {
	for _, name := range []string{
		"new\nline\r", "|pipe|", "<script>alert(1)</script>", "\x1b[31mred", "`tick` $(id)", "../../etc", "\u202e\u2066", "@team #1",
	} {
		b.Run(name, work)
	}
}

// BenchmarkManySubs has more sub-benchmarks than anybody reads.
func BenchmarkManySubs(b *testing.B) {
	for i := 0; i < 10_000; i++ {
		b.Run(fmt.Sprint(i), work)
	}
}
