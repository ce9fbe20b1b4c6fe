package scenarios

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
)

func readme(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// examples are the pieces of scenarios in README.md, each made whole.
func examples(t testing.TB) (texts []string) {
	t.Helper()
	for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(readme(t), -1) {
		text := m[1]
		switch {
		case strings.HasPrefix(text, "load:"):
			before, _, _ := strings.Cut(minimal, "load:")
			text = before + text
		case !strings.Contains(text, "name: least"):
			text = minimal + text
		}
		texts = append(texts, text)
	}
	return texts
}

func TestReadmeExamples(t *testing.T) {
	texts := examples(t)
	if len(texts) < 3 {
		t.Errorf("found %d examples", len(texts))
	}
	for _, text := range texts {
		if _, err := Parse("README.md", []byte(text), vocabulary); err != nil {
			t.Error(err)
		}
	}
}

// TestReadmeNamesEveryKey gets the keys from the hint that follows an unknown
// one.
func TestReadmeNamesEveryKey(t *testing.T) {
	text := readme(t)
	for what, mistake := range map[string]string{
		"a scenario": "qqqqqqqq: 1",
		"request":    "request: {qqqqqqqq: 1}",
		"expect":     "expect: {qqqqqqqq: 1}",
		"a load":     "load: [{qqqqqqqq: 1}]",
		"a search":   "load: {search: {qqqqqqqq: 1}}",
		"a trend":    "trends: [{qqqqqqqq: 1}]",
		"a target":   "targets: [{qqqqqqqq: 1}]",
	} {
		_, err := Parse("x.yaml", []byte(mistake), vocabulary)
		e, ok := errors.AsType[*Error](err)
		keys, found := "", false
		if ok {
			keys, found = strings.CutPrefix(e.Hint, "valid here: ")
		}
		if !found {
			t.Fatalf("%s: %v", mistake, err)
		}
		for key := range strings.SplitSeq(keys, ", ") {
			if !regexp.MustCompile("[`{ ]" + key + "[`,:}]").MatchString(text) {
				t.Errorf("README.md does not explain %q of %s", key, what)
			}
		}
	}
}
