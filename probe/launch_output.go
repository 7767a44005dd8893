package main

// Files that a command leaves for us. Repository code may put anything in their place: a link to
// another file, a FIFO that blocks whoever opens it, a device, a file without end. They are read
// here, with no more rights than the command had, and travel back with the answer, so that the
// runner never opens a path that a stranger could change.

import (
	"fmt"
	"io"
	"os"
)

type launchOutput struct {
	Path     string `json:"path"`
	MaxBytes int64  `json:"maxBytes"`
}

// launchContent is one file's content, or why there is none.
type launchContent struct {
	Content []byte `json:"content"`
	// Problem reads on from the file's name: "is not a plain file".
	Problem string `json:"problem"`
}

func removeOutputs(outputs []launchOutput) error {
	for _, output := range outputs {
		if err := os.RemoveAll(output.Path); err != nil {
			return err
		}
	}
	return nil
}

func readOutputs(outputs []launchOutput) []launchContent {
	contents := make([]launchContent, 0, len(outputs))
	for _, output := range outputs {
		content, problem := readOutput(output)
		contents = append(contents, launchContent{Content: content, Problem: problem})
	}
	return contents
}

func readOutput(output launchOutput) ([]byte, string) {
	file, err := openPlain(output.Path)
	if err != nil {
		return nil, "cannot be read: " + reason(err)
	}
	defer file.Close()
	status, err := file.Stat()
	switch {
	case err != nil:
		return nil, "cannot be read: " + reason(err)
	case !status.Mode().IsRegular():
		return nil, "is not a plain file"
	case status.Size() == 0:
		return nil, "is empty"
	case status.Size() > output.MaxBytes:
		return nil, fmt.Sprintf("has %d bytes, more than %d", status.Size(), output.MaxBytes)
	}
	content, err := io.ReadAll(io.LimitReader(file, output.MaxBytes))
	if err != nil {
		return nil, "cannot be read: " + reason(err)
	}
	return content, ""
}
