package main

// Reading source from a tree that a stranger wrote: only regular files below the root, never
// through a symbolic link that leaves it, never more than maxFileBytes. Each refusal is an error
// whose text a person can read in the report; none of them stops the other files.

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// sourceTree is a directory whose symbolic links are resolved.
type sourceTree struct {
	root string
	// folders are the resolved ones, by their path in the tree: they hold many files.
	folders *sync.Map
}

func openSourceTree(dir string) (sourceTree, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return sourceTree{}, fmt.Errorf("root: %w", err)
	}
	root, err := filepath.EvalSymlinks(absolute)
	if err != nil {
		return sourceTree{}, fmt.Errorf("root: %w", err)
	}
	return sourceTree{root: root, folders: &sync.Map{}}, nil
}

// read returns the bytes of the file at a slash-separated path relative to the root.
func (t sourceTree) read(path string) ([]byte, error) {
	local := filepath.FromSlash(path)
	if len(path) > maxPathBytes {
		return nil, fmt.Errorf("not read: the path is longer than %d bytes", maxPathBytes)
	}
	if !filepath.IsLocal(local) || strings.ContainsRune(path, 0) {
		return nil, errors.New("not read: the path leaves the root")
	}
	real, err := t.resolve(local)
	if err != nil {
		return nil, fmt.Errorf("not read: %s", reason(err))
	}
	if !strings.HasPrefix(real, strings.TrimSuffix(t.root, "/")+string(filepath.Separator)) {
		return nil, errors.New("not read: a symbolic link leaves the root")
	}
	status, err := os.Stat(real)
	if err != nil {
		return nil, fmt.Errorf("not read: %s", reason(err))
	}
	if !status.Mode().IsRegular() {
		return nil, errors.New("not read: not a regular file")
	}
	return readBounded(real, status.Size())
}

// resolve follows all symbolic links of a path.
func (t sourceTree) resolve(local string) (string, error) {
	folder, name := filepath.Split(filepath.Clean(local))
	known, isKnown := t.folders.Load(folder)
	if !isKnown {
		resolved, err := filepath.EvalSymlinks(filepath.Join(t.root, folder))
		if err != nil {
			return "", err
		}
		known, _ = t.folders.LoadOrStore(folder, resolved)
	}
	path := filepath.Join(known.(string), name)
	if status, err := os.Lstat(path); err != nil || status.Mode()&os.ModeSymlink == 0 {
		return path, err
	}
	return filepath.EvalSymlinks(path)
}

// readBounded reads a file of this size; it may have grown meanwhile.
func readBounded(path string, size int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("not read: %s", reason(err))
	}
	defer file.Close()
	var read bytes.Buffer
	read.Grow(int(min(size, maxFileBytes)) + bytes.MinRead)
	if _, err := read.ReadFrom(io.LimitReader(file, maxFileBytes+1)); err != nil {
		return nil, fmt.Errorf("not read: %s", reason(err))
	}
	content := read.Bytes()
	if len(content) > maxFileBytes {
		return nil, fmt.Errorf("not read: larger than %d MiB", maxFileBytes>>20)
	}
	return content, nil
}

// reason is an operating system error without the path, which would name folders of the machine.
func reason(err error) string {
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return "a file system error"
}

// readPaths reads one path a line; empty lines are ignored.
func readPaths(in io.Reader) ([]string, error) {
	var paths []string
	lines := bufio.NewReaderSize(in, 64<<10)
	for {
		line, err := lines.ReadString('\n')
		if path := strings.TrimSuffix(line, "\n"); path != "" {
			paths = append(paths, path)
		}
		if len(paths) > maxFiles {
			return nil, fmt.Errorf("more than %d files", maxFiles)
		}
		if err == io.EOF {
			return paths, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the list of files: %w", err)
		}
	}
}
