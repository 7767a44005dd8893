package main

import (
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// maxRSSUnit: getrusage(2) gives ru_maxrss in kilobytes on Linux.
const maxRSSUnit = 1024

// From linux/prctl.h and asm-generic/resource.h; package syscall has no names for them.
const (
	prSetPdeathsig      = 1
	prSetDumpable       = 4
	prSetChildSubreaper = 36
	rlimitNproc         = 6
)

// isFirst says whether we are the first process of a namespace, as in the sandbox: then no other
// process of it can end or stop us, and all of them end with us.
var isFirst = os.Getpid() == 1

// becomeParentOfAll makes orphaned descendants our children, so that none can hide, lets us die
// with our own parent, and bounds everything we start. Nobody with our user may look into us.
func becomeParentOfAll(limits launchLimits) error {
	// Pdeathsig is tied to the thread that starts the child: stay on this one for good.
	runtime.LockOSThread()
	// When memory is short the kernel is to end what we start before anything else; children
	// inherit it. Not essential, and containers may forbid it.
	os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
	for _, option := range [][2]uintptr{
		{prSetChildSubreaper, 1},
		{prSetPdeathsig, uintptr(syscall.SIGKILL)},
		{prSetDumpable, 0},
	} {
		if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, option[0], option[1], 0); errno != 0 {
			return errno
		}
	}
	if isFirst {
		// Go would end by a signal that it does not catch. Ignoring them would be inherited.
		signal.Notify(make(chan os.Signal, 1))
	}
	bounds := map[int]uint64{
		syscall.RLIMIT_FSIZE:  limits.FileBytes,
		syscall.RLIMIT_NOFILE: limits.OpenFiles,
	}
	if isFirst {
		// The kernel counts all processes of the user, in its user namespace since Linux 5.14. It
		// spares root. We look at what runs as well, and earlier: this is for what is faster.
		bounds[rlimitNproc] = 2 * uint64(limits.Tasks)
	}
	for resource, bound := range bounds {
		if err := lowerLimit(resource, bound); err != nil {
			return err
		}
	}
	return syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
}

// lowerLimit sets a resource limit unless a lower one holds; 0 leaves it.
func lowerLimit(resource int, bound uint64) error {
	var current syscall.Rlimit
	if err := syscall.Getrlimit(resource, &current); err != nil || bound == 0 {
		return err
	}
	if current.Max < bound {
		bound = current.Max
	}
	return syscall.Setrlimit(resource, &syscall.Rlimit{Cur: bound, Max: bound})
}

// childAttributes give a command a session of its own: with the kernel's autogroups
// (CONFIG_SCHED_AUTOGROUP) sessions share the processors evenly, so that ten thousand processes of
// a bomb cannot keep us from the half of one that we need to end them.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}

// killCommand ends a command and, where that can be told from others', everything it started. The
// kernel lets no process fork past kill(-1), which is why a fork bomb cannot outrun it.
func killCommand(pid int) {
	if isFirst {
		syscall.Kill(-1, syscall.SIGKILL)
		return
	}
	killGroup(pid)
}

// killDescendants kills and reaps all that is left below us and says how many there were.
func killDescendants() int {
	if isFirst {
		return reapAll()
	}
	killed := 0
	// Killing a process hands its children to us: until none is left, or a second has passed.
	for deadline := time.Now().Add(time.Second); time.Now().Before(deadline); {
		children := childProcesses()
		if len(children) == 0 {
			break
		}
		for _, pid := range children {
			if syscall.Kill(pid, syscall.SIGKILL) == nil {
				killed++
			}
		}
		for _, pid := range children {
			var status syscall.WaitStatus
			syscall.Wait4(pid, &status, 0, nil)
		}
	}
	return killed
}

// reapAll waits for all children, which were killed: at most five seconds, for one may hang in the
// kernel.
func reapAll() int {
	reaped := 0
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return reaped // ECHILD: there is none.
		case pid == 0:
			time.Sleep(time.Millisecond)
		default:
			reaped++
		}
	}
	return reaped
}

func childProcesses() []int {
	var children []int
	for _, pid := range processIDs() {
		if status, ok := statusOf(pid); ok && status.parent == os.Getpid() {
			children = append(children, pid)
		}
	}
	return children
}

// processIDs lists the processes that /proc shows.
func processIDs() []int {
	directory, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer directory.Close()
	names, _ := directory.Readdirnames(-1)
	var pids []int
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}
