package main

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// maxRSSUnit: getrusage(2) gives ru_maxrss in kilobytes on Linux.
const maxRSSUnit = 1024

// Options of prctl(2), from linux/prctl.h; package syscall has no names for them.
const (
	prSetPdeathsig      = 1
	prSetChildSubreaper = 36
)

// becomeParentOfAll makes orphaned descendants our children, so that none can hide, lets us die
// with our own parent, and bounds core dumps and files for everything we start.
func becomeParentOfAll() error {
	// Pdeathsig is tied to the thread that starts the child: stay on this one for good.
	runtime.LockOSThread()
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, prSetChildSubreaper, 1, 0); errno != 0 {
		return errno
	}
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, prSetPdeathsig, uintptr(syscall.SIGKILL), 0); errno != 0 {
		return errno
	}
	limits := map[int]uint64{
		syscall.RLIMIT_CORE:  0,
		syscall.RLIMIT_FSIZE: 4 << 30,
	}
	for resource, bound := range limits {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: bound, Max: bound}); err != nil {
			return err
		}
	}
	return nil
}

func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// killDescendants kills and reaps all that is left below us and says how many there were. Killing
// a process hands its children to us, so it goes on until none is left, or a second has passed.
func killDescendants() int {
	killed := 0
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

// childProcesses lists our children: /proc/PID/stat is "pid (name) state ppid …", and the name may
// hold spaces and parentheses, so it is read from the last one on.
func childProcesses() []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	self := strconv.Itoa(os.Getpid())
	var children []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + entry.Name() + "/stat")
		if err != nil {
			continue
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if len(fields) > 1 && fields[1] == self {
			children = append(children, pid)
		}
	}
	return children
}
