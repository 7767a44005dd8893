//go:build unix

package main

import (
	"os"
	"syscall"
)

func closeOnExec(descriptor int) { syscall.CloseOnExec(descriptor) }

// openPlain opens a file for reading, not through a link and without waiting for a writer.
func openPlain(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
}

// killGroup ends a command and everything that stayed in its process group.
func killGroup(pid int) {
	syscall.Kill(-pid, syscall.SIGKILL)
}

// describeEnd copies the exit status and the kernel's accounting, which include the descendants
// that the command waited for.
func describeEnd(answer *launchAnswer, state *os.ProcessState) {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		answer.Signal = status.Signal().String()
	}
	answer.ExitCode = state.ExitCode()
	answer.CPUSeconds = (state.UserTime() + state.SystemTime()).Seconds()
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		answer.InvoluntarySwitches = int64(usage.Nivcsw)
		answer.MaxRSSBytes = int64(usage.Maxrss) * maxRSSUnit
	}
}
