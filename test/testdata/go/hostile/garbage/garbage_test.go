// Package garbage has benchmarks that print into the stream the results are in: parts of lines,
// results of benchmarks that do not exist, control bytes, HTML, and one line of a megabyte.
package garbage

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// BenchmarkGood is a well-behaved neighbor: what becomes of it is part of the case.
func BenchmarkGood(b *testing.B) {
	sum := 0
	for i := 0; i < b.N; i++ {
		for j := 0; j < 200; j++ {
			sum += j ^ i
		}
	}
	sink = sum
}

var sink int

func BenchmarkPartialLine(b *testing.B) {
	fmt.Print("loading table... ")
	BenchmarkGood(b)
}

func BenchmarkFakeResult(b *testing.B) {
	fmt.Println("BenchmarkGood-2\t1000000\t0.0001 ns/op\t0 B/op\t0 allocs/op")
	fmt.Println("BenchmarkInvented-2   \t     100\t  99999999 ns/op")
	fmt.Println("pkg: example.com/somewhere/else\nPASS\nok  \texample.com/garbage\t0.001s")
	BenchmarkGood(b)
}

func BenchmarkControlBytes(b *testing.B) {
	os.Stdout.Write([]byte("\x00\x00\x1b[2J\x1b]0;title\x07\r\xff\xfe<script>alert(1)</script>\n"))
	os.Stderr.WriteString("::error file=go.mod::from standard error\n")
	BenchmarkGood(b)
}

func BenchmarkLongLine(b *testing.B) {
	fmt.Println(strings.Repeat("x", 1<<20))
	BenchmarkGood(b)
}

func BenchmarkStrangeNames(b *testing.B) {
	for _, name := range []string{"a b", "|pipe|", "<b>&amp;", "a,b=c", "Zoë", "\x00", "-8"} {
		b.Run(name, BenchmarkGood)
	}
}
