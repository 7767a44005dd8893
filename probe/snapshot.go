package main

// What is kept of a file by its git blob id, so that a file which does not change is never read twice:
// not on both sides, and not by the next pull request.
//
// Names and lines of its declarations, and the types that other files of its directory may ask for.
// No hashes: both sides have the same bytes, and what has changed is read with its source. The
// directory belongs to one build of the probe, whose caller names it so; whatever in it cannot be
// read is as good as absent.

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"sync"
)

// snapshot is one file as it is kept: a line of JSON, a line of its types, which few ask for,
// and the packed declarations (syntax.go).
type snapshot struct {
	Package  string   `json:"package"`
	Problems []string `json:"problems"`
	// SameBytes is the length of the packed declarations.
	SameBytes int `json:"sameBytes"`
	same      []byte
	typesJSON []byte
}

// types are those that the file declares.
func (s *snapshot) types() typeTexts {
	texts := typeTexts{}
	if json.Unmarshal(s.typesJSON, &texts) != nil {
		return typeTexts{}
	}
	return texts
}

func snapshotOf(file *parsedFile, types typeTexts) (*snapshot, error) {
	typesJSON, err := json.Marshal(types)
	if err != nil {
		return nil, err
	}
	listed := syntaxFile{Declarations: []syntaxDeclaration{}}
	problems := file.problems
	if file.tree != nil {
		declarations, more := file.admitted()
		problems = append(problems[:len(problems):len(problems)], more...)
		for _, d := range declarations {
			listed.Declarations = append(listed.Declarations, d.listed())
		}
	}
	same := []byte(listed.packed().Same)
	return &snapshot{
		Package: file.packageName(), Problems: problems, SameBytes: len(same), same: same, typesJSON: typesJSON,
	}, nil
}

// snapshotStore is a directory of snapshots; without one nothing is kept.
type snapshotStore struct {
	dir string
}

// isBlob says whether an id is one of git's: it becomes a file name.
func isBlob(id string) bool {
	if len(id) != 40 && len(id) != 64 {
		return false
	}
	for _, c := range id {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func (s snapshotStore) path(blob string) string {
	return filepath.Join(s.dir, blob[:2], blob[2:]+".json")
}

// find is the snapshot of a blob, or nil.
func (s snapshotStore) find(blob string) *snapshot {
	if s.dir == "" || !isBlob(blob) {
		return nil
	}
	text, err := os.ReadFile(s.path(blob))
	if err != nil {
		return nil
	}
	head, rest, _ := bytes.Cut(text, newline)
	typesJSON, same, isComplete := bytes.Cut(rest, newline)
	var found snapshot
	if !isComplete || json.Unmarshal(head, &found) != nil || found.SameBytes != len(same) {
		return nil
	}
	found.typesJSON, found.same = typesJSON, same
	return &found
}

var pruning sync.Mutex

// keep writes a snapshot; where that fails the file is read again next time.
func (s snapshotStore) keep(blob string, kept *snapshot) {
	if s.dir == "" || !isBlob(blob) {
		return
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return
	}
	text = bytes.Join([][]byte{text, kept.typesJSON, kept.same}, newline)
	path := s.path(blob)
	folder := filepath.Dir(path)
	if os.MkdirAll(folder, 0o755) != nil {
		return
	}
	fresh, err := os.CreateTemp(folder, "fresh-*")
	if err != nil {
		return
	}
	_, err = fresh.Write(text)
	if closed := fresh.Close(); err != nil || closed != nil || os.Rename(fresh.Name(), path) != nil {
		os.Remove(fresh.Name())
		return
	}
	pruning.Lock()
	defer pruning.Unlock()
	prune(folder)
}

// prune removes the oldest quarter of a folder that has grown too large.
func prune(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) <= maxSnapshotsPerFolder {
		return
	}
	ages := map[string]int64{}
	for _, entry := range entries {
		if status, err := entry.Info(); err == nil {
			ages[entry.Name()] = status.ModTime().UnixNano()
		}
	}
	sort.Slice(entries, func(a, b int) bool { return ages[entries[a].Name()] < ages[entries[b].Name()] })
	for _, entry := range entries[:len(entries)/4] {
		os.Remove(filepath.Join(folder, entry.Name()))
	}
}
