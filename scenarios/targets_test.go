package scenarios

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTargets(t *testing.T) {
	text := `
name: servers
protocols: [http]
load: [{name: one, clients: 1}]
targets:
  - builtin
  - {name: endpoint, url: "uwsgi://127.0.0.1:3031/"}
  - {name: beside, recipe: mine.yaml}
  - {name: above, recipe: ../mine.yml, args: [-v]}
  - {name: absolute, recipe: /etc/gwbench/mine}
  - {name: uwsgi, recipe: uwsgi}
  - name: two-threads
    recipe: uwsgi
    program: /opt/uwsgi
    args: ["--threads", "2"]
    env: {A: b, EMPTY: ""}
`
	s, err := Parse("dir/servers.yaml", []byte(text), vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	want := []TargetRef{
		{Name: "builtin"},
		{Name: "endpoint", URL: "uwsgi://127.0.0.1:3031/"},
		{Name: "beside", Recipe: RecipeRef{File: "dir/mine.yaml"}},
		{Name: "above", Recipe: RecipeRef{File: "mine.yml", Args: []string{"-v"}}},
		{Name: "absolute", Recipe: RecipeRef{File: "/etc/gwbench/mine"}},
		{Name: "uwsgi", Recipe: RecipeRef{Name: "uwsgi"}},
		{Name: "two-threads", Recipe: RecipeRef{
			Name: "uwsgi", Program: "/opt/uwsgi", Args: []string{"--threads", "2"}, Env: map[string]string{"A": "b", "EMPTY": ""},
		}},
	}
	if diff := cmp.Diff(want, s.Targets); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVocabularyWith(t *testing.T) {
	text := strings.Replace(minimal, "[builtin]", "[builtin, mine]", 1)
	if _, err := Parse("x.yaml", []byte(text), vocabulary); err == nil {
		t.Error("an unknown target was accepted")
	}
	if s, err := Parse("x.yaml", []byte(text), vocabulary.With("mine")); err != nil || len(s.Targets) != 2 {
		t.Errorf("%+v, %v", s, err)
	}
	if vocabulary.With("a"); vocabulary.With("b").Targets[len(vocabulary.Targets)] != "b" || len(vocabulary.With().Targets) != len(vocabulary.Targets) {
		t.Error("With changes the vocabulary it is called on")
	}
}

// TestStored reads a scenario as it may lie in the folder of a run that another
// gwbench measured. Everything else in it is still checked.
func TestStored(t *testing.T) {
	text := `
name: stored
protocols: [http]
load: [{name: one, clients: 1}]
application: [hello, goodbye]
targets: [theirs, {name: variant, recipe: theirs}]
fronts: [none, squid]
claims:
  - {name: a, metrics: [capacity], of: {target: theirs}, over: {target: variant}, factor: ">= 1"}
`
	stored := vocabulary
	stored.Stored = true
	s, err := Parse("x.yaml", []byte(text), stored)
	if err != nil {
		t.Fatal(err)
	}
	want := []TargetRef{{Name: "theirs"}, {Name: "variant", Recipe: RecipeRef{Name: "theirs"}}}
	if diff := cmp.Diff(want, s.Targets); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, broken := range []string{"protocols: [gopher]", "fronts: [1]"} {
		key, _, _ := strings.Cut(broken, ":")
		if _, err := Parse("x.yaml", []byte(strings.Replace(text, key+": [", broken+" # ", 1)), stored); err == nil {
			t.Errorf("%s was accepted", broken)
		}
	}
	if _, err := Parse("x.yaml", []byte(text), vocabulary); err == nil {
		t.Error("unknown names were accepted for a run")
	}
}
