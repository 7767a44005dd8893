package main

// Looks at what the commands use while they run, because no resource limit bounds it: RLIMIT_AS
// and RLIMIT_DATA count what Go reserves and never touches, RLIMIT_NPROC spares root, and cgroups
// are seldom delegated. A bomb of a few GB a second is seen within a tenth of a second.

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

// lookEvery is how often limits are checked. A look takes 0.1 ms in a sandbox; on a whole machine
// with hundreds of processes some milliseconds.
func lookEvery() time.Duration {
	if isFirst {
		return 100 * time.Millisecond
	}
	return time.Second
}

// overLimit says which limit what we started has passed, with a sentence; empty when none.
func overLimit(limits launchLimits) (outcome, reason string) {
	tooMany := fmt.Sprintf("it started more than %d processes and threads", limits.Tasks)
	pids := processIDs()
	// Counting alone must do for a fork bomb: reading each process takes as long as it takes to
	// start one.
	if isFirst && limits.Tasks > 0 && int64(len(pids)) > limits.Tasks {
		return "task-limit", tooMany
	}
	tasks, memory := used(pids)
	switch {
	case limits.Tasks > 0 && tasks > limits.Tasks:
		return "task-limit", tooMany
	case limits.MemoryBytes > 0 && memory > limits.MemoryBytes:
		return "memory-limit", "its processes used more than " + gibibytes(limits.MemoryBytes) + " of memory"
	case limits.FreeMemoryBytes > 0 && availableMemory() < limits.FreeMemoryBytes:
		return "memory-limit", "the machine had less than " + gibibytes(limits.FreeMemoryBytes) + " of memory left while it ran"
	}
	return "", ""
}

// used adds up our descendants' processes, threads and memory.
func used(pids []int) (tasks, memory int64) {
	known := map[int]processStatus{}
	for _, pid := range pids {
		if status, ok := statusOf(pid); ok {
			known[pid] = status
		}
	}
	self := os.Getpid()
	for pid, status := range known {
		if pid == self || !isFirst && !descends(pid, self, known) {
			continue
		}
		tasks += status.threads
		memory += status.memory
	}
	return tasks, memory
}

func descends(pid, from int, known map[int]processStatus) bool {
	for steps := 0; steps < len(known); steps++ {
		status, ok := known[pid]
		if !ok {
			return false
		}
		if pid = status.parent; pid == from {
			return true
		}
	}
	return false
}

type processStatus struct {
	parent  int
	threads int64
	// memory is what the process has for itself, and what it maps of shared memory; not files.
	memory int64
}

// statusOf reads /proc/PID/status; not ok when the process is gone.
func statusOf(pid int) (processStatus, bool) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return processStatus{}, false
	}
	return processStatus{
		parent:  int(field(text, "\nPPid:")),
		threads: field(text, "\nThreads:"),
		memory:  (field(text, "\nRssAnon:") + field(text, "\nRssShmem:")) * 1024,
	}, true
}

// availableMemory is what the machine can still give without swapping, by the kernel's estimate.
func availableMemory() int64 {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 1 << 62
	}
	return field(text, "\nMemAvailable:") * 1024
}

// field is the number behind a name; 0 when it is not there. A process's name may hold anything,
// but no line break.
func field(text []byte, name string) int64 {
	at := bytes.Index(text, []byte(name))
	if at < 0 {
		return 0
	}
	rest := bytes.TrimLeft(text[at+len(name):], " \t")
	end := 0
	for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
		end++
	}
	value, _ := strconv.ParseInt(string(rest[:end]), 10, 64)
	return value
}

func gibibytes(n int64) string {
	if n < 1<<30 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}

// folders are file systems of a limited size, in the order they are asked in, with what was in them
// at the start.
type folders []watchedFolder

type watchedFolder struct {
	path   string
	before int64
}

func watchFolders(paths []string) folders {
	var watched folders
	for _, path := range paths {
		if status, ok := fileSystem(path); ok {
			watched = append(watched, watchedFolder{path, usedBytes(status)})
		}
	}
	return watched
}

// fullBelowBytes: who fills a folder is refused a write that does not fit, and may leave less than
// a buffer's size.
const fullBelowBytes = 128 << 10

// use says what was added since the start, and the first folder that has no room left.
func (f folders) use() (leftBytes int64, full string) {
	for _, folder := range f {
		status, ok := fileSystem(folder.path)
		if !ok {
			continue
		}
		if more := usedBytes(status) - folder.before; more > 0 {
			leftBytes += more
		}
		isFull := int64(status.Bavail)*int64(status.Bsize) < fullBelowBytes || status.Ffree == 0
		if isFull && full == "" {
			full = folder.path
		}
	}
	return leftBytes, full
}

func fileSystem(path string) (syscall.Statfs_t, bool) {
	var status syscall.Statfs_t
	err := syscall.Statfs(path, &status)
	return status, err == nil
}

func usedBytes(status syscall.Statfs_t) int64 {
	return int64(status.Blocks-status.Bfree) * int64(status.Bsize)
}
