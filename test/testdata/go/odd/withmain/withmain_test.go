// Package withmain has a TestMain that parses a flag of its own and sets things up.
package withmain

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

var (
	mode  = flag.String("mode", "fast", "")
	ready bool
	text  string
)

func TestMain(m *testing.M) {
	flag.Parse()
	ready = *mode == "fast"
	fmt.Println("set up")
	code := m.Run()
	fmt.Println("torn down")
	os.Exit(code)
}

func BenchmarkNeedsSetUp(b *testing.B) {
	if !ready {
		b.Fatal("TestMain did not run")
	}
	for i := 0; i < b.N; i++ {
		text = fmt.Sprint(i)
	}
}
