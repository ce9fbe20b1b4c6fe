package results

import (
	"fmt"
	"os"
	"path/filepath"
)

// Open reads a run wherever it is kept: in a run folder, named by itself or by
// its run.json, or in a bundle, which is recognised by its content, packed or not. A path that
// does not exist, and a folder that is no run folder, are errors that wrap
// fs.ErrNotExist.
func Open(path string) (Run, []Trial, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Run{}, nil, fmt.Errorf("cannot read the run: %w", err)
	}
	if info.IsDir() {
		return Read(path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Run{}, nil, fmt.Errorf("cannot read the run: %w", err)
	}
	if filepath.Base(path) == RunFile && !isBundle(text) {
		return Read(path)
	}
	return parseBundle(path, text)
}

// Folder returns the run folder that a path stands for, by itself or by its
// run.json, and false where it stands for none: a bundle, or nothing at all.
func Folder(path string) (dir string, ok bool) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return path, true
	}
	text, err := os.ReadFile(path)
	return filepath.Dir(path), err == nil && filepath.Base(path) == RunFile && !isBundle(text)
}
