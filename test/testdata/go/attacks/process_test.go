package attacks

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// BenchmarkKillsOthers sends every signal to its launcher, and to all processes it may.
func BenchmarkKillsOthers(b *testing.B) {
	onlyInSandbox(b)
	for signal := syscall.Signal(1); signal < 32; signal++ {
		syscall.Kill(os.Getppid(), signal)
		syscall.Kill(1, signal)
	}
	syscall.Kill(-1, syscall.SIGKILL) // All but itself.
	work(b)
}

// BenchmarkLeavesChildren starts processes that are to outlive it: `sleep 604` tells them apart.
func BenchmarkLeavesChildren(b *testing.B) {
	onlyInSandbox(b)
	for i := 0; i < 3; i++ {
		child := exec.Command("/bin/sh", "-c", "trap '' TERM HUP INT; (setsid sleep 604 &); exec sleep 604")
		child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if err := child.Start(); err != nil {
			b.Fatal(err)
		}
	}
	work(b)
}

// BenchmarkForkBomb starts processes that start processes; they stop by themselves at 2^11.
func BenchmarkForkBomb(b *testing.B) {
	onlyInSandbox(b)
	script := "f() { [ $1 -lt 11 ] && { f $(($1 + 1)) & f $(($1 + 1)) & }; sleep 605; }; f 0"
	exec.Command("/bin/sh", "-c", script).Run()
	work(b)
}

// BenchmarkEatsMemory keeps what it allocates.
func BenchmarkEatsMemory(b *testing.B) {
	onlyInSandbox(b)
	var kept [][]byte
	for n := 0; n < 1<<14; n++ {
		chunk := make([]byte, 1<<20)
		for i := range chunk {
			chunk[i] = byte(n)
		}
		kept = append(kept, chunk)
	}
	sink += len(kept)
}

// BenchmarkAsksForTooMuch wants more than any machine has.
func BenchmarkAsksForTooMuch(b *testing.B) {
	huge := make([]byte, 1<<46+sink)
	sink += len(huge)
}

func BenchmarkExits(b *testing.B) { os.Exit(0) }
