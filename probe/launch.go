package main

// The launcher: runs one command after the other and answers with what it cost.
//
// It stands between the runner and repository code, usually inside a sandbox, because only the
// parent of a process learns its CPU time and its involuntary switches, and only a subreaper finds
// the processes that it left behind. Requests come as JSON lines on stdin, answers go as JSON
// lines to stdout. When stdin closes, because the runner ended or died, whatever runs is killed.

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
}

// launchAnswer says how the command ended and what it used.
type launchAnswer struct {
	ID int `json:"id"`
	// Outcome is exited, timeout, output-limit or start-failed.
	Outcome  string `json:"outcome"`
	ExitCode int    `json:"exitCode"`
	Signal   string `json:"signal"`
	Error    string `json:"error"`
	Stdout   []byte `json:"stdout"`
	Stderr   []byte `json:"stderr"`
	// StderrDropped is whether stderr was longer than its file may be.
	StderrDropped bool `json:"stderrDropped"`

	WallSeconds         float64 `json:"wallSeconds"`
	CPUSeconds          float64 `json:"cpuSeconds"`
	InvoluntarySwitches int64   `json:"involuntarySwitches"`
	MaxRSSBytes         int64   `json:"maxRssBytes"`
	// Stragglers counts processes that were still there after the command ended, and were killed.
	Stragglers int `json:"stragglers"`
}

// maxRequestBytes bounds one request line: an environment and an argument list, no payload.
const maxRequestBytes = 4 << 20

// runLaunch answers requests until in closes. Killing what runs is its last act.
func runLaunch(args []string, in io.Reader, out io.Writer) error {
	if len(args) > 0 {
		return fmt.Errorf("%w: launch takes no arguments", errUsage)
	}
	if err := becomeParentOfAll(); err != nil {
		return err
	}
	requests, closed := readRequests(in)
	encoder := json.NewEncoder(out)
	for request := range requests {
		answer := runRequest(request, closed)
		if err := encoder.Encode(answer); err != nil {
			return err
		}
	}
	return nil
}

// readRequests delivers requests one by one; closed is closed when no further one can come, also
// while a command runs.
func readRequests(in io.Reader) (<-chan launchRequest, <-chan struct{}) {
	requests := make(chan launchRequest)
	closed := make(chan struct{})
	go func() {
		defer close(requests)
		defer close(closed)
		scanner := bufio.NewScanner(in)
		scanner.Buffer(make([]byte, 64<<10), maxRequestBytes)
		for scanner.Scan() {
			var request launchRequest
			if json.Unmarshal(scanner.Bytes(), &request) != nil || len(request.Argv) == 0 {
				return
			}
			requests <- request
		}
	}()
	return requests, closed
}

// runRequest starts the command and waits until it, its output and its descendants are gone.
func runRequest(request launchRequest, closed <-chan struct{}) launchAnswer {
	answer := launchAnswer{ID: request.ID, Outcome: "exited"}
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
	timer := time.NewTimer(time.Duration(request.TimeoutMs) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
		answer.Outcome = "timeout"
	case <-over:
		answer.Outcome = "output-limit"
	case <-closed:
		answer.Outcome = "timeout"
	}
	if answer.Outcome != "exited" {
		killGroup(command.Process.Pid)
	}
	<-ended
	answer.WallSeconds = time.Since(start).Seconds()
	killGroup(command.Process.Pid)
	answer.Stragglers = killDescendants()
	answer.Stdout = stdout.finish()
	answer.Stderr = stderr.finish()
	answer.StderrDropped = stderr.dropped
	describeEnd(&answer, command.ProcessState)
	return answer
}

func startFailed(answer launchAnswer, err error) launchAnswer {
	answer.Outcome = "start-failed"
	answer.Error = err.Error()
	return answer
}

// openStderrFile makes the file for stderr; nil when none is wanted. It must be new: repository
// code may have put a link in its place.
func openStderrFile(path string) (*os.File, error) {
	if path == "" || path == os.DevNull {
		return nil, nil
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

// boundedPipe keeps the first bytes written to it. Of what is beyond, it reports that there is
// more, or drops it where a file is given that takes the bytes.
type boundedPipe struct {
	readEnd, writeEnd *os.File
	kept              []byte
	dropped           bool
	done              chan struct{}
}

func newBoundedPipe(maxBytes int, file *os.File, tooMuch func()) (*boundedPipe, error) {
	readEnd, writeEnd, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &boundedPipe{readEnd: readEnd, writeEnd: writeEnd, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		if file != nil {
			p.copyTo(file, maxBytes)
		} else {
			p.keep(maxBytes, tooMuch)
		}
	}()
	return p, nil
}

func (p *boundedPipe) keep(maxBytes int, tooMuch func()) {
	chunk := make([]byte, 32<<10)
	for {
		n, err := p.readEnd.Read(chunk)
		room := maxBytes - len(p.kept)
		if n > room {
			p.kept = append(p.kept, chunk[:max(room, 0)]...)
			tooMuch()
		} else {
			p.kept = append(p.kept, chunk[:n]...)
		}
		if err != nil {
			return
		}
	}
}

func (p *boundedPipe) copyTo(file *os.File, maxBytes int) {
	defer file.Close()
	// A full disk drops the rest as well: the command must not block on its output.
	_, err := io.Copy(file, io.LimitReader(p.readEnd, int64(maxBytes)))
	n, _ := io.Copy(io.Discard, p.readEnd)
	p.dropped = n > 0 || (err != nil && !errors.Is(err, os.ErrDeadlineExceeded))
}

// finish closes our write end, waits a moment for what is still in the pipe and returns what was
// kept. The wait is bounded: a descendant that could not be killed must not hold us.
func (p *boundedPipe) finish() []byte {
	p.writeEnd.Close()
	select {
	case <-p.done:
	case <-time.After(2 * time.Second):
		p.readEnd.SetReadDeadline(time.Now())
		<-p.done
	}
	p.readEnd.Close()
	return p.kept
}
