package summarytest

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the goldens in testdata, and samples in docs, instead of comparing with them")

// Updating tells whether goldens are written instead of compared with.
func Updating() bool { return *update }

// Golden compares with testdata/<name>. A picture that changed has to be
// looked at before -update.
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got); go test -update writes it anew\n%s", name, diff)
	}
}

// GoldenFolder compares with the files of a folder that generated holds for: the same
// names, and the same bytes. With -update it writes them, and removes the others that
// generated holds for.
func GoldenFolder(t *testing.T, folder string, files map[string][]byte, generated func(name string) bool) {
	t.Helper()
	present, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range present {
		name := entry.Name()
		if _, made := files[name]; made || !generated(name) {
			continue
		}
		if !*update {
			t.Errorf("%s is in %s, and nothing makes it any more", name, folder)
			continue
		}
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path, got := filepath.Join(folder, name), files[name]
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if want, err := os.ReadFile(path); err != nil || !bytes.Equal(want, got) {
			t.Errorf("%s is not what its records give; go test -update writes it anew: %v", path, err)
		}
	}
}

func ReadFile(t *testing.T, dir, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}
