//go:build unix && !linux

package main

import (
	"syscall"
	"time"
)

// maxRSSUnit: getrusage(2) gives ru_maxrss in bytes on macOS, in kilobytes on the BSDs. Only shown.
const maxRSSUnit = 1

// Without Linux's subreaper and /proc, a descendant that left its process group stays, and nothing
// but time and output is bounded; the process group is still killed. docs/operating.md says that
// runners for strangers' code must be Linux.
func becomeParentOfAll(launchLimits) error { return nil }

func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func killCommand(pid int) { killGroup(pid) }

func killDescendants() int { return 0 }

func lookEvery() time.Duration { return time.Hour }

func overLimit(launchLimits) (outcome, reason string) { return "", "" }

type folders struct{}

func watchFolders([]string) folders { return folders{} }

func (folders) use() (leftBytes int64, full string) { return 0, "" }
