package scenarios

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParse checks that no text makes Parse panic, and that an error is always
// an *Error that points into the file.
func FuzzParse(f *testing.F) {
	seeds, err := filepath.Glob("testdata/mistakes/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(seeds, "hello.yaml") {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range examples(f) {
		f.Add([]byte(text))
	}
	for _, recipe := range inlineRecipes {
		f.Add([]byte("name: n\nprotocols: [http]\nload: [{name: one, clients: 1}]\ntargets:\n  - name: x\n    recipe:" + recipe + "\n"))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := Parse("fuzz.yaml", text, vocabulary)
		if err == nil {
			if s.Name == "" || len(s.Targets) == 0 || len(s.Protocols) == 0 || len(s.Load) == 0 || s.Duration <= 0 || s.Blocks.Min > s.Blocks.Max {
				t.Fatalf("accepted %+v", s)
			}
			for _, target := range s.Targets {
				if target.Recipe.YAML != "" {
					checkPlace(t, string(text), target.Recipe)
				}
			}
			if len(s.Requests) == 0 || len(s.Applications) == 0 {
				t.Fatalf("accepted %+v", s)
			}
			return
		}
		e, ok := errors.AsType[*Error](err)
		if !ok {
			t.Fatalf("%T, want an *Error", err)
		}
		lines := strings.Count(string(text), "\n") + 1
		if e.Line < 1 || e.Line > lines || e.Column < 1 || e.Column > utf8.RuneCountInString(e.Source)+1 || e.Problem == "" {
			t.Fatalf("%+v does not point into the file", e)
		}
		if message := e.Error(); !utf8.ValidString(message) {
			t.Fatalf("%q is not UTF-8", message)
		}
	})
}
