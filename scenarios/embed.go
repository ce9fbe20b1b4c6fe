package scenarios

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
)

//go:embed *.yaml
var files embed.FS

// folder is the name under which a shipped scenario appears in messages: its
// place in the source tree.
const folder = "scenarios"

// Shipped lists the names of the scenarios that are part of gwbench, sorted.
func Shipped() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil // cannot happen: the root of an embed.FS is readable
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".yaml")
	}
	return names
}

// Open reads a scenario: the file at that path, else the shipped scenario of
// that name (hello, hello.yaml and scenarios/hello.yaml mean the same, from any
// working directory). It returns the file's text too, for the records.
//
// A mistake in the file is an *Error; the error of a file that is missing
// wraps fs.ErrNotExist and names the shipped scenarios.
func Open(name string, v Vocabulary) (*Scenario, []byte, error) {
	file := name
	text, err := readFile(name)
	if notAFile(err) {
		if base := shippedName(name); slices.Contains(Shipped(), base) {
			file = path.Join(folder, base+".yaml")
			text, err = files.ReadFile(base + ".yaml")
		} else if errors.Is(err, fs.ErrNotExist) {
			return nil, nil, fmt.Errorf("%w, and no shipped scenario has that name: %s", err, suggest(base, Shipped()))
		}
	}
	if err != nil {
		return nil, nil, err
	}
	s, err := Parse(file, text, v)
	if err != nil {
		return nil, text, err
	}
	return s, text, nil
}

// OpenShipped reads the shipped scenario of that name, whatever files there are.
func OpenShipped(name string, v Vocabulary) (*Scenario, error) {
	text, err := files.ReadFile(name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("there is no shipped scenario %q: %s", name, suggest(name, Shipped()))
	}
	return Parse(path.Join(folder, name+".yaml"), text, v)
}

// shippedName strips what may surround the name of a shipped scenario.
func shippedName(name string) string {
	return strings.TrimSuffix(strings.TrimPrefix(path.Clean(name), folder+"/"), ".yaml")
}

// notAFile tells whether a path leads to no file at all, so that it may be
// meant as the name of a shipped scenario: a folder called hello does not hide
// the scenario.
func notAFile(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.EISDIR) || errors.Is(err, syscall.ENOTDIR)
}

// readFile reads no more of a file than Parse would take.
func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("scenario: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("scenario: %w", err)
	}
	return text, nil
}
