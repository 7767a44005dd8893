package main

// The launcher: runs one command after the other and answers with what it cost.
//
// It stands between the runner and repository code, usually inside a sandbox, because only the
// parent of a process learns its CPU time and its involuntary switches, and only a subreaper, or
// the first process of a namespace, finds the processes that it left behind. Requests come as JSON
// lines, the first of them the settings, and each gets one JSON line as its answer. They travel over
// descriptor 3, which no command inherits: what a command prints cannot be taken for an answer.
// When it closes, because the runner ended or died, whatever runs is killed.

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// launchSettings hold for all commands of a launcher.
type launchSettings struct {
	Limits launchLimits `json:"limits"`
	// Copies are made before the first command: what it may change must not be the original.
	Copies []launchCopy `json:"copies"`
	// Folders are file systems of a limited size; their use is told with each answer.
	Folders []string `json:"folders"`
}

// launchLimits bound a command and all that it starts; 0 is no limit.
type launchLimits struct {
	MemoryBytes int64 `json:"memoryBytes"`
	// FreeMemoryBytes is what the machine must have left, whoever takes it.
	FreeMemoryBytes int64 `json:"freeMemoryBytes"`
	// Tasks are processes and threads together.
	Tasks     int64  `json:"tasks"`
	FileBytes uint64 `json:"fileBytes"`
	OpenFiles uint64 `json:"openFiles"`
}

// launchRequest is one command to run to its end.
type launchRequest struct {
	ID   int      `json:"id"`
	Argv []string `json:"argv"`
	Dir  string   `json:"dir"`
	// Env is the whole environment, "KEY=value"; nothing is inherited.
	Env       []string `json:"env"`
	TimeoutMs int      `json:"timeoutMs"`
	// Output beyond these many bytes ends the command.
	MaxStdoutBytes int `json:"maxStdoutBytes"`
	MaxStderrBytes int `json:"maxStderrBytes"`
	// StderrPath, when set, is a new file for stderr, or the null device; then what is beyond the
	// limit is dropped and the command goes on.
	StderrPath string `json:"stderrPath"`
	// Outputs are files that the command writes: removed before it starts, given back at its end.
	Outputs []launchOutput `json:"outputs"`
}

// launchAnswer says how the command ended and what it used.
type launchAnswer struct {
	ID int `json:"id"`
	// Outcome is exited, timeout, output-limit, memory-limit, task-limit or start-failed.
	Outcome  string `json:"outcome"`
	ExitCode int    `json:"exitCode"`
	Signal   string `json:"signal"`
	// Error says more about an outcome that is not exited.
	Error   string          `json:"error"`
	Stdout  []byte          `json:"stdout"`
	Stderr  []byte          `json:"stderr"`
	Outputs []launchContent `json:"outputs"`
	// StderrDropped is whether stderr was longer than its file may be.
	StderrDropped bool `json:"stderrDropped"`

	WallSeconds         float64 `json:"wallSeconds"`
	CPUSeconds          float64 `json:"cpuSeconds"`
	InvoluntarySwitches int64   `json:"involuntarySwitches"`
	MaxRSSBytes         int64   `json:"maxRssBytes"`
	// Stragglers counts processes that were still there after the command ended, and were killed.
	Stragglers int `json:"stragglers"`
	// LeftBytes is what commands have left in the limited folders since the start.
	LeftBytes int64 `json:"leftBytes"`
	// FullFolder is a limited folder without room at the end; empty when there is none.
	FullFolder string `json:"fullFolder"`
}

// maxRequestBytes bounds one request line: an environment and an argument list, no payload.
const maxRequestBytes = 4 << 20

// controlDescriptor is where requests come from and answers go to.
const controlDescriptor = 3

// runLaunch answers requests until the other end closes. Killing what runs is its last act.
func runLaunch(args []string, _ io.Reader, _ io.Writer) error {
	if len(args) > 0 {
		return fmt.Errorf("%w: launch takes no arguments", errUsage)
	}
	closeOnExec(controlDescriptor)
	control := os.NewFile(controlDescriptor, "control")
	lines := bufio.NewScanner(control)
	lines.Buffer(make([]byte, 64<<10), maxRequestBytes)
	var settings launchSettings
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &settings) != nil {
		return fmt.Errorf("%w: launch expects its settings on descriptor %d", errUsage, controlDescriptor)
	}
	for _, wanted := range settings.Copies {
		if err := copyTree(wanted); err != nil {
			return fmt.Errorf("copying %s: %w", wanted.To, err)
		}
	}
	if err := becomeParentOfAll(settings.Limits); err != nil {
		return err
	}
	folders := watchFolders(settings.Folders)
	requests, closed := readRequests(lines)
	encoder := json.NewEncoder(control)
	if err := encoder.Encode(map[string]bool{"ready": true}); err != nil {
		return err
	}
	for request := range requests {
		answer := runRequest(request, settings.Limits, closed)
		answer.LeftBytes, answer.FullFolder = folders.use()
		if err := encoder.Encode(answer); err != nil {
			return err
		}
	}
	return nil
}

// readRequests delivers requests one by one; closed is closed when no further one can come, also
// while a command runs.
func readRequests(lines *bufio.Scanner) (<-chan launchRequest, <-chan struct{}) {
	requests := make(chan launchRequest)
	closed := make(chan struct{})
	go func() {
		defer close(requests)
		defer close(closed)
		for lines.Scan() {
			var request launchRequest
			if json.Unmarshal(lines.Bytes(), &request) != nil || len(request.Argv) == 0 {
				return
			}
			requests <- request
		}
	}()
	return requests, closed
}

// runRequest starts the command and waits until it, its output and its descendants are gone.
func runRequest(request launchRequest, limits launchLimits, closed <-chan struct{}) launchAnswer {
	answer := launchAnswer{ID: request.ID, Outcome: "exited", Outputs: []launchContent{}}
	command := exec.Command(request.Argv[0], request.Argv[1:]...)
	command.Dir = request.Dir
	command.Env = request.Env
	command.SysProcAttr = childAttributes()

	over := make(chan struct{})
	var overOnce sync.Once
	tooMuch := func() { overOnce.Do(func() { close(over) }) }
	stderrFile, err := openStderrFile(request.StderrPath)
	if err != nil {
		return startFailed(answer, err)
	}
	if err := removeOutputs(request.Outputs); err != nil {
		return startFailed(answer, err)
	}
	stdout, err1 := newBoundedPipe(request.MaxStdoutBytes, nil, tooMuch)
	stderr, err2 := newBoundedPipe(request.MaxStderrBytes, stderrFile, tooMuch)
	if err := errors.Join(err1, err2); err != nil {
		return startFailed(answer, err)
	}
	command.Stdout, command.Stderr = stdout.writeEnd, stderr.writeEnd
	if request.StderrPath == os.DevNull {
		command.Stderr = nil
	}

	start := time.Now()
	if err := command.Start(); err != nil {
		stdout.finish()
		stderr.finish()
		return startFailed(answer, err)
	}
	ended := make(chan struct{})
	go func() { command.Wait(); close(ended) }()
	answer.Outcome, answer.Error = supervise(request, limits, supervised{ended, over, closed})
	if answer.Outcome != "exited" {
		killCommand(command.Process.Pid)
	}
	<-ended
	answer.WallSeconds = time.Since(start).Seconds()
	killCommand(command.Process.Pid)
	answer.Stragglers = killDescendants()
	answer.Stdout = stdout.finish()
	answer.Stderr = stderr.finish()
	answer.StderrDropped = stderr.dropped
	answer.Outputs = readOutputs(request.Outputs)
	describeEnd(&answer, command.ProcessState)
	return answer
}

func startFailed(answer launchAnswer, err error) launchAnswer {
	answer.Outcome = "start-failed"
	answer.Error = err.Error()
	return answer
}

// supervised are the events that end the wait for a command.
type supervised struct{ ended, over, closed <-chan struct{} }

// supervise waits until the command ends or must be ended, and says which and why.
func supervise(request launchRequest, limits launchLimits, events supervised) (outcome, reason string) {
	timer := time.NewTimer(time.Duration(request.TimeoutMs) * time.Millisecond)
	defer timer.Stop()
	looks := time.NewTicker(lookEvery())
	defer looks.Stop()
	for {
		select {
		case <-events.ended:
			return "exited", ""
		case <-timer.C:
			return "timeout", ""
		case <-events.over:
			return "output-limit", ""
		case <-events.closed:
			return "timeout", ""
		case <-looks.C:
			if outcome, reason := overLimit(limits); outcome != "" {
				return outcome, reason
			}
		}
	}
}
