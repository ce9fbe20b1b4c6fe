package results

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
)

// mostBytes bounds the files that OpenIn and HeadIn read: those of others, maybe.
const mostBytes = 1 << 29

// OpenIn is Open for a run folder or a bundle in a folder that is not to be left: name
// is relative to root, slashes part it, and no symbolic link is followed. Errors name
// files relative to root.
func OpenIn(root *os.Root, name string) (Run, []Trial, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return Run{}, nil, unread(name, err)
	}
	if !info.IsDir() {
		text, err := readIn(root, name)
		if err != nil {
			return Run{}, nil, err
		}
		return parseBundle(name, text)
	}
	r, l, err := readRunIn(root, name)
	if err != nil {
		return Run{}, nil, err
	}
	file := path.Join(name, TrialsFile)
	text, err := readIn(root, file)
	if err != nil {
		return Run{}, nil, unreadTrials(file, err)
	}
	return withTrials(r, l, file, text)
}

// HeadIn is OpenIn without the trials: those of a run folder are not read.
func HeadIn(root *os.Root, name string) (Run, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return Run{}, unread(name, err)
	}
	if !info.IsDir() {
		r, _, err := OpenIn(root, name)
		return r, err
	}
	r, _, err := readRunIn(root, name)
	return r, err
}

func readRunIn(root *os.Root, name string) (Run, *ledger, error) {
	file := path.Join(name, RunFile)
	text, err := readIn(root, file)
	if errors.Is(err, fs.ErrNotExist) {
		return Run{}, nil, fmt.Errorf("%s is not a run folder: %w", name, err)
	}
	if err != nil {
		return Run{}, nil, err
	}
	return parseRun(file, text)
}

// readIn reads a plain file. Anything else, such as a pipe, might never end.
func readIn(root *os.Root, name string) ([]byte, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return nil, unread(name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no plain file, and is not read", name)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, unread(name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	if err != nil {
		return nil, unread(name, err)
	}
	if len(text) > mostBytes {
		return nil, fmt.Errorf("%s is larger than %d bytes, and is not read", name, mostBytes)
	}
	return text, nil
}

// unread is an error without the system call, which says nothing to a reader.
func unread(name string, err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return fmt.Errorf("cannot read %s: %w", name, err)
}
