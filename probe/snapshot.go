package main

// What was read of a file, kept by its git blob id, so that an unchanged file is never read twice:
// not on both sides, and not by the next pull request.
//
// The hashes of a file depend on its bytes and on the few types of its directory that were asked
// for, so those answers are kept with the hashes, and the hashes hold where the directory still
// gives them. The directory belongs to one build of the probe, whose caller names it so; whatever
// in it cannot be read is as good as absent.

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"sync"
)

// snapshot is one file as it is kept.
type snapshot struct {
	Package      string              `json:"package"`
	Types        typeTexts           `json:"types"`
	Asked        map[string]string   `json:"asked"`
	Declarations []syntaxDeclaration `json:"declarations"`
	Problems     []string            `json:"problems"`
	// IsDescribed is false while only package and types are known.
	IsDescribed bool `json:"isDescribed"`
}

// holds says whether the hashes are right where the directory has these types.
func (s *snapshot) holds(types *typeTable) bool {
	if !s.IsDescribed {
		return false
	}
	for name, answer := range s.Asked {
		if types.answer(name) != answer {
			return false
		}
	}
	return true
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
	var found snapshot
	if json.Unmarshal(text, &found) != nil {
		return nil
	}
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
