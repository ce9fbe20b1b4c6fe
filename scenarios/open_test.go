package scenarios

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
)

func TestShippedIsFoundFromAnywhere(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("hello", 0o755); err != nil { // a folder does not hide the scenario
		t.Fatal(err)
	}
	for _, name := range []string{"hello", "hello.yaml", "scenarios/hello.yaml", "./scenarios/hello.yaml"} {
		s, _, err := Open(name, vocabulary)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if s.Name != "hello" {
			t.Errorf("%s opened %q", name, s.Name)
		}
	}
}

func TestFileComesBeforeShipped(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("hello", []byte(minimal), 0o644); err != nil {
		t.Fatal(err)
	}
	s, text, err := Open("hello", vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "least" || string(text) != minimal {
		t.Errorf("opened %q, want the file", s.Name)
	}
}

func TestOpenErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("wrong.yaml", []byte("nam: x\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		want []string // parts of the message
	}{
		{"helo", []string{"helo: no such file", `did you mean "hello"?`}},
		{"helo.yaml", []string{`did you mean "hello"?`}},
		{"nothing-like-it", []string{"valid here: ", "hello"}},
		{"wrong.yaml/hello", []string{"not a directory"}},
		{".", []string{"is a directory"}},
		{"wrong.yaml", []string{"wrong.yaml:1:1: unknown key", `did you mean "name"?`}},
	} {
		_, _, err := Open(test.name, vocabulary)
		if err == nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		for _, part := range test.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q lacks %q", test.name, err, part)
			}
		}
	}
	if _, _, err := Open("helo", vocabulary); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v does not wrap fs.ErrNotExist", err)
	}
}
