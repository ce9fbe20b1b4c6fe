package targets

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/protocols"
)

func TestVariants(t *testing.T) {
	r := parse(t, minimal+`
env: {A: recipe, B: recipe}
files: {a: recipe, b: recipe}
variants:
  loud:
    about: with more to say
    args: [--loud]
    env: {B: variant}
    files: {b: variant}
  other: {program: sh, caveat: it is not the same, stop: {signal: INT}, serves: [{protocols: [uwsgi], networks: [tcp], connections: [per-request], command: [x]}]}
`)
	variants := r.variants()
	if len(variants) != 2 || variants[0].Name != "test-loud" || variants[1].Name != "test-other" {
		t.Fatalf("%+v", variants)
	}
	loud, other := variants[0], variants[1]
	if loud.About != "with more to say" || loud.Caveat != "" || loud.Programs[0] != "{self}" || loud.Stop.Signal != "" {
		t.Errorf("%+v", loud)
	}
	for name, want := range map[string]map[string]string{"env": {"A": "recipe", "B": "variant"}, "files": {"a": "recipe", "b": "variant"}} {
		got := loud.Env
		if name == "files" {
			got = loud.Files
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if r.Env["B"] != "recipe" || r.Files["b"] != "recipe" || r.args != nil {
		t.Errorf("the variant changed its recipe: %+v", r)
	}
	if other.Programs[0] != "sh" || other.Caveat != "it is not the same" || other.Stop.Signal != "INT" || other.Serves[0].Protocols[0] != "uwsgi" {
		t.Errorf("%+v", other)
	}
	if err := other.Supports("http", "tcp", "per-request", "hello"); err == nil || !strings.HasPrefix(err.Error(), "target test-other does not serve protocol http") {
		t.Errorf("error %v", err)
	}
}

// TestChangedTargetIsStartedChanged starts a target with the user's own
// program, arguments and environment.
func TestChangedTargetIsStartedChanged(t *testing.T) {
	r := with(t, parse(t, strings.Replace(minimal, `["{self}", worker, "{listen}"]`, `["{program}", tell, "{listen}"]`, 1)),
		Change{Name: "mine", Program: "{self}", Args: []string{"{dir}/added"}, Env: map[string]string{"TEST_ENV": "{protocol}"}})
	i := start(t, r, options(t))
	answer := get(t, i.Endpoint(), false, "/")
	for _, want := range []string{"env http\n", "added \"\" open "} {
		if !strings.Contains(answer, want) {
			t.Errorf("no %q in %q", want, answer)
		}
	}
	if r.Name != "mine" {
		t.Errorf("name %q", r.Name)
	}
	r.Packages = []string{"a-package"}
	if missing := with(t, r, Change{Name: "x", Program: "no-such-program"}).Available(); missing == nil || strings.Contains(missing.Error(), "install") {
		t.Errorf("what is known of the recipe's program holds for another one: %v", missing)
	}
	for what, c := range map[string]Change{
		"args": {Name: "x", Args: []string{"{prot}"}}, "env": {Name: "x", Env: map[string]string{"A": "{prot}"}},
	} {
		if _, err := r.With(c); err == nil || !strings.Contains(err.Error(), `unknown placeholder {prot} in "{prot}": did you mean "{port}"?`) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestProgramsStartFromTheRecipesFolder: whatever folder this process is in, and
// the server runs in another one.
func TestProgramsStartFromTheRecipesFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "server"), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"./server", "{recipe}/server", filepath.Join(dir, "server")} {
		r, err := Parse(filepath.Join(dir, "mine.yaml"), []byte(strings.Replace(minimal, "{self}", program, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Available(); err != nil || r.found.program != filepath.Join(dir, "server") {
			t.Errorf("%s: took %q, %v", program, r.found.program, err)
		}
		command, err := r.command(Options{Folder: "/some/where"}, r.Serves[0], protocols.Endpoint{}, dir)
		if err != nil || command.Dir != "/some/where" {
			t.Errorf("%s runs in %q, %v", program, command.Dir, err)
		}
	}
}

func with(t *testing.T, r *Recipe, c Change) *Recipe {
	t.Helper()
	changed, err := r.With(c)
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

func TestFirstUsableProgramIsTaken(t *testing.T) {
	r := parse(t, strings.Replace(minimal, `"{self}"`, "[no-such-program, sh, '{self}']\npackages: [a, b]\ncheck: ['{program}', words]", 1))
	if err := r.Available(); err != nil {
		t.Fatal(err)
	}
	if self, err := Self(); err != nil || r.found.program != self {
		t.Errorf("took %s, want %s (sh does not pass the check)", r.found.program, self)
	}
	r = parse(t, strings.Replace(minimal, `"{self}"`, "[no-such-program, nor-this]\npackages: [a, b]", 1))
	if err := r.Available(); err == nil || !strings.HasSuffix(err.Error(), "install it with: sudo apt-get install a b") || !strings.Contains(err.Error(), "no-such-program") {
		t.Errorf("error %v", err)
	}
}
