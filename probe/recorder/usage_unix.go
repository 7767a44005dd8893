//go:build aix || darwin || dragonfly || freebsd || linux || netbsd || openbsd || solaris
// +build aix darwin dragonfly freebsd linux netbsd openbsd solaris

package recorder

import "syscall"

// usageNow reads what the process has used so far.
func usageNow() reading {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return reading{}
	}
	return reading{
		cpuNs:       u.Utime.Nano() + u.Stime.Nano(),
		systemNs:    u.Stime.Nano(),
		involuntary: int64(u.Nivcsw),
		voluntary:   int64(u.Nvcsw),
	}
}
