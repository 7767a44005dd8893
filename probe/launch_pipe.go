package main

// Output of a command on its way to us: bounded, and never a reason for us to wait.

import (
	"errors"
	"io"
	"os"
	"time"
)

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
