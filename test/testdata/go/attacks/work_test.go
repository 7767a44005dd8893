// Package attacks tries what the code of a pull request may try. See README.md.
package attacks

import (
	"os"
	"testing"
)

//go:generate sh -c "echo generated > generated.txt"

var sink int

// work is what an ordinary benchmark does.
func work(b *testing.B) {
	for i := 0; i < b.N; i++ {
		for j := 0; j < 200; j++ {
			sink += j ^ i
		}
	}
}

// onlyInSandbox ends what would harm a machine: in the sandbox the first process is the launcher.
func onlyInSandbox(b *testing.B) {
	if first, _ := os.ReadFile("/proc/1/comm"); string(first) != "probe\n" {
		b.Fatal("ATTACK: not in the sandbox")
	}
}

// BenchmarkGood is a well-behaved neighbor: no attack may cost it anything.
func BenchmarkGood(b *testing.B) { work(b) }
