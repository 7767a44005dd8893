package main

// The overlay on disk: rewritten files under running numbers, the recorder package, overlay.json.

import (
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

//go:embed recorder/*.go
var recorderSource embed.FS

type overlay struct {
	root, out string
	// Replace is the format of `go build -overlay`: a path as the go command sees it, and the
	// path of the file to read instead. Neither needs to exist before.
	Replace map[string]string
}

func newOverlay(options instrumentOptions) (*overlay, error) {
	// Not resolved through symbolic links: the go command looks paths up as they are written.
	root, err := filepath.Abs(options.root)
	if err != nil {
		return nil, fmt.Errorf("root: %w", err)
	}
	out, err := filepath.Abs(options.out)
	if err != nil {
		return nil, fmt.Errorf("out: %w", err)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return nil, fmt.Errorf("out: %w", err)
	}
	return &overlay{root: root, out: out, Replace: map[string]string{}}, nil
}

// replace puts text in the place of the file at a path relative to the root, and gives the path of
// the file that holds it.
func (o *overlay) replace(relative string, text []byte) (string, error) {
	copied := filepath.Join(o.out, fmt.Sprintf("%05d_%s", len(o.Replace), filepath.Base(relative)))
	if err := os.WriteFile(copied, text, 0o644); err != nil {
		return "", fmt.Errorf("writing the overlay: %w", err)
	}
	o.Replace[filepath.Join(o.root, filepath.FromSlash(relative))] = copied
	return copied, nil
}

func (o *overlay) addRecorder(dir string) error {
	entries, err := recorderSource.ReadDir("recorder")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		text, err := recorderSource.ReadFile(path.Join("recorder", entry.Name()))
		if err != nil {
			return err
		}
		if _, err := o.replace(path.Join(dir, entry.Name()), text); err != nil {
			return err
		}
	}
	return nil
}

// write gives the path of overlay.json.
func (o *overlay) write() (string, error) {
	text, err := json.Marshal(struct{ Replace map[string]string }{o.Replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(o.out, "overlay.json")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return "", fmt.Errorf("writing the overlay: %w", err)
	}
	return file, nil
}
