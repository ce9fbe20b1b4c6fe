package scenarios

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// checkInline checks that a recipe in a scenario means what it was written as,
// and that its lines and columns are those of the scenario.
func checkInline(t rapid.TB, file, want string, got RecipeRef) {
	t.Helper()
	var expected, decoded any
	if err := yaml.Unmarshal([]byte("recipe:"+want), &expected); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal([]byte(got.YAML), &decoded); err != nil {
		t.Fatalf("%v\n%s", err, got.YAML)
	}
	if diff := cmp.Diff(expected.(map[string]any)["recipe"], decoded); diff != "" {
		t.Fatalf("(-want +got):\n%s\n%s", diff, got.YAML)
	}
	checkPlace(t, file, got)
}

// checkPlace checks that a recipe holds what stands in the scenario at its
// lines and columns.
func checkPlace(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, file string, got RecipeRef,
) {
	t.Helper()
	lines := newSource("", []byte(strings.TrimPrefix(file, "\ufeff"))).lines
	for i, line := range strings.Split(strings.TrimSuffix(got.YAML, "\n"), "\n") {
		from := lines[got.Line-1+i]
		content := strings.TrimLeft(line, " ")
		at := utf8.RuneCountInString(line) - utf8.RuneCountInString(content)
		if runes := []rune(from); at > len(runes) || !strings.HasPrefix(string(runes[at:]), content) {
			t.Fatalf("line %d of the recipe is %q, and line %d of the file %q", i+1, line, got.Line+i, from)
		}
	}
}

// TestInlineRecipe cuts recipes out of scenarios that make it hard to see
// where they end.
func TestInlineRecipe(t *testing.T) {
	for name, want := range map[string]string{
		"flow":                  " {program: x}",
		"flow, more on a line":  " {program: \"a}b\", serves: [{protocols: [http]}]} # }",
		"flow, several lines":   " {program: x,\n      serves: [\n      {protocols: [http]}],\n      about: 'two\n        lines'}",
		"flow, quoted lines":    " {program: \"a\\tb\", about: \"two\n        lines\", note: \"and\n        more\", files: {a: b}}",
		"flow, own line":        "\n      {program: x}",
		"block":                 "\n      program: x\n      about: y",
		"block, list at margin": "\n      serves:\n      - protocols: [http]\n        command: [x]\n      program: x",
		"block, literal":        "\n      files:\n        a: |\n          # no comment\n\n          {two}\n      program: x",
		"block, quoted lines":   "\n      about: \"a\\tb\"\n      program: \"one\n        two\"\n      note: z",
		"block, comments":       "\n# one\n      # two\n      program: x # three\n# four\n\n      about: y\n# five\n",
		"block, umlauts":        " # ä\n      about: \"ä ö\"\n      program: ß",
	} {
		t.Run(name, func(t *testing.T) {
			for _, rest := range []string{"", "\n", "\n    name: x\n", "\n    name: x\n  - builtin\nabout: last\n"} {
				first := "  - recipe:"
				if !strings.Contains(rest, "name: x") {
					first = "  - name: x\n    recipe:"
				}
				text := "name: n\nprotocols: [http]\nload: [{name: one, clients: 1}]\ntargets:\n" + first + want + rest
				s, err := Parse("x.yaml", []byte(text), vocabulary)
				if err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
				checkInline(t, text, want, s.Targets[0].Recipe)
			}
		})
	}
}

// TestInlineWithinFlow has the whole list of targets between brackets.
func TestInlineWithinFlow(t *testing.T) {
	text := "name: n\nprotocols: [http]\nload: [{name: one, clients: 1}]\n" +
		"targets: [{name: ä, recipe: {program: \"}\"}}, {recipe: {\nprogram: y}, name: b}]\n"
	s, err := Parse("x.yaml", []byte(text), vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	want := []TargetRef{
		{Name: "ä", Recipe: RecipeRef{YAML: strings.Repeat(" ", 28) + "{program: \"}\"}\n", Line: 4}},
		{Name: "b", Recipe: RecipeRef{YAML: strings.Repeat(" ", 54) + "{\nprogram: y}\n", Line: 4}},
	}
	if diff := cmp.Diff(want, s.Targets); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
