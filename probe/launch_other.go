//go:build unix && !linux

package main

import "syscall"

// maxRSSUnit: getrusage(2) gives ru_maxrss in bytes on macOS, in kilobytes on the BSDs. Only shown.
const maxRSSUnit = 1

// Without Linux's subreaper, a descendant that left its process group stays; the process group is
// still killed. docs/operating.md says that runners for strangers' code must be Linux.
func becomeParentOfAll() error { return nil }

func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func killDescendants() int { return 0 }
