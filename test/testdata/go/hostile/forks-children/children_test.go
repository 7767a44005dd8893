//go:build unix

// Package children has a benchmark that starts processes and leaves them: one in its own process
// group, one in a new session; both keep standard output open. They end after ten minutes, in case
// nobody ends them.
package children

import (
	"os"
	"os/exec"
	"sync"
	"syscall"
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

var once sync.Once

func BenchmarkForks(b *testing.B) {
	once.Do(func() {
		for _, session := range []bool{false, true} {
			child := exec.Command("sleep", "600")
			child.Stdout, child.Stderr = os.Stdout, os.Stderr
			child.SysProcAttr = &syscall.SysProcAttr{Setsid: session}
			if err := child.Start(); err != nil {
				b.Fatal(err)
			}
		}
	})
	BenchmarkGood(b)
}
