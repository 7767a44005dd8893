package main

// A copy of a folder into a file system of a limited size, made before the first command.
//
// Benchmarks write beside their tests. What they write must not fill the host's disk, leave files
// there that the runner cannot remove, or stay for the next sandbox. Overlay file systems would
// need no copy; they were rejected because bubblewrap knows them from 0.11 on only, and because
// one over a tmpfs cannot replace folders before Linux 6.6.

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// launchCopy names two folders; the second exists and is empty. Left out of it is the first
// level's ".git", which names a folder of the host.
type launchCopy struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func copyTree(wanted launchCopy) error {
	return filepath.WalkDir(wanted.From, func(from string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(wanted.From, from)
		if err != nil || relative == "." {
			return err
		}
		if relative == ".git" {
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		to := filepath.Join(wanted.To, relative)
		switch {
		case entry.IsDir():
			return os.Mkdir(to, 0o755)
		case entry.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(from)
			if err != nil {
				return err
			}
			return os.Symlink(target, to)
		case entry.Type().IsRegular():
			return copyFile(from, to)
		}
		return nil // Git checks out nothing else.
	})
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	status, err := source.Stat()
	if err != nil {
		return err
	}
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, status.Mode().Perm()|0o200)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	if closing := target.Close(); err == nil {
		err = closing
	}
	return err
}
