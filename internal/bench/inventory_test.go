package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/targets"
)

// recipe parses a recipe of the user's.
func recipe(t *testing.T, text string) *targets.Recipe {
	t.Helper()
	r, err := targets.Parse("mine.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// python is a recipe of Python's own server, which is HTTP/1.0: it closes the
// connection after each answer.
func python(t *testing.T, edits ...string) *targets.Recipe {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip(err)
	}
	return recipe(t, strings.NewReplacer(edits...).Replace(`
name: python
program: python3
serves:
  - protocols: [http]
    networks: [tcp]
    connections: [per-request, keep-alive]
    command: ["{program}", -m, http.server, --bind, "{host}", --directory, "{dir}", "{port}"]
`))
}

func TestInventoryTellsWhatAnswers(t *testing.T) {
	scratch := t.TempDir()
	t.Setenv("TMPDIR", scratch)
	tests := []struct {
		name   string
		recipe *targets.Recipe
		want   []string // beginnings of the statuses
	}{
		{"keep-alive in name only", python(t), []string{StatusOK, "failed: keep-alive in name only"}},
		{
			"another application than it says", python(t, "connections: [per-request, keep-alive]", "connections: [per-request]\n    applications: [probe, hello]"),
			[]string{"failed: application hello answers 200 with "},
		},
		{
			"dead at once", python(t, "-m, http.server", "-m, no_such_module"),
			[]string{"failed: the server died: exit status 1 before it answered", "failed: the server died: exit status 1 before it answered"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var seen []int
			inventory, err := TakeInventory(t.Context(), Search{
				Recipes: []*targets.Recipe{tt.recipe}, Only: []string{"python"},
				Observe: func(done, total int) { seen = append(seen, done, total) },
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(inventory.Targets) != 1 || len(inventory.Fronts)+len(inventory.Applications)+len(inventory.Install) > 0 {
				t.Fatalf("%+v", inventory)
			}
			h := inventory.Targets[0]
			if !h.Available || !h.User || h.Missing != "" || len(h.Offers) != len(tt.want) {
				t.Fatalf("%+v", h)
			}
			for i, o := range h.Offers {
				if !strings.HasPrefix(o.Status, tt.want[i]) || (o.Err == nil) != (o.Status == StatusOK) || strings.Contains(o.Status, "\n") {
					t.Errorf("%s: status %q, error %v, want %q", o.Connection, o.Status, o.Err, tt.want[i])
				}
			}
			if n := len(seen); n != 2*len(tt.want) || seen[n-1] != len(tt.want) || seen[n-2] != len(tt.want) {
				t.Errorf("progress %v", seen)
			}
			if left, _ := os.ReadDir(scratch); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestInventoryEndsWithItsContext(t *testing.T) {
	started := filepath.Join(t.TempDir(), "started")
	silent := recipe(t, fmt.Sprintf(`
name: silent
program: sh
serves:
  - {protocols: [http], networks: [tcp], connections: [per-request], command: ["{program}", -c, "echo > %s; exec sleep 100"]}
`, started))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		for ; ctx.Err() == nil; time.Sleep(time.Millisecond) {
			if _, err := os.Stat(started); err == nil {
				return
			}
		}
	}()
	inventory, err := TakeInventory(ctx, Search{Recipes: []*targets.Recipe{silent}, Only: []string{"silent"}})
	if inventory != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", inventory, err)
	}
}

func TestOffersAreAskedForHello(t *testing.T) {
	r := recipe(t, `
name: mine
program: sh
serves:
  - {protocols: [scgi], networks: [tcp, unix], connections: [per-request], applications: [flask, django], command: [sh]}
  - {protocols: [scgi], networks: [unix], connections: [per-request], applications: [hello], command: [sh]}
  - {protocols: [http], networks: [tcp], connections: [keep-alive], command: [sh]}
`)
	want := []Offer{
		{Protocol: "http", Network: "tcp", Connection: "keep-alive", Status: StatusNotProbed},
		{Protocol: "scgi", Network: "tcp", Connection: "per-request", Application: "flask", Status: StatusNotProbed},
		{Protocol: "scgi", Network: "unix", Connection: "per-request", Application: "hello", Status: StatusNotProbed},
	}
	if diff := cmp.Diff(want, offers(r, false)); diff != "" {
		t.Error(diff)
	}
}

func TestOneCommandInstallsAllThatIsMissing(t *testing.T) {
	inventory := &Inventory{
		Targets: []Holding{
			{Err: &targets.MissingError{Packages: []string{"uwsgi-core", "python3"}, Install: "sudo apt-get install uwsgi-core python3"}},
			{Err: &targets.MissingError{Install: "pip install bjoern"}},
			{Err: &targets.MissingError{}},
			{Available: true, Packages: []string{"there"}},
		},
		Fronts: []Holding{
			{Err: &targets.MissingError{Packages: []string{"nginx-light"}}},
			{Err: &targets.MissingError{Install: "pip install bjoern"}},
		},
		Applications: []ApplicationHolding{
			{Packages: []string{"python3-flask", "python3"}},
			{Available: true, Packages: []string{"python3-django"}},
		},
	}
	want := []string{"sudo apt-get install nginx-light python3 python3-flask uwsgi-core", "pip install bjoern"}
	if diff := cmp.Diff(want, inventory.installCommands()); diff != "" {
		t.Error(diff)
	}
	if got := (&Inventory{}).installCommands(); got == nil || len(got) > 0 {
		t.Errorf("nothing is missing, and %v would install it", got)
	}
}

func TestFindTakesNamesAndPatterns(t *testing.T) {
	mine := recipe(t, "{name: mine, program: sh, serves: [{protocols: [http], networks: [tcp], connections: [per-request], command: [sh]}]}")
	tests := []struct {
		only    []string
		want    []string // nil: an error
		problem string
	}{
		{[]string{"nginx", "builtin"}, []string{"builtin", "nginx"}, ""},
		{[]string{"m*e", "mine"}, []string{"mine"}, ""},
		{[]string{"mien"}, nil, `did you mean "mine"?`},
		{[]string{"zzzzzzzz"}, nil, "known are mine, "},
		{[]string{"["}, nil, "not a valid pattern"},
	}
	for _, tt := range tests {
		found, err := Search{Recipes: []*targets.Recipe{mine}, Only: tt.only}.find()
		var names []string
		for _, one := range found {
			names = append(names, one.recipe.Name)
		}
		if !slices.Equal(names, tt.want) || (err == nil) != (tt.problem == "") || err != nil && !strings.Contains(err.Error(), tt.problem) {
			t.Errorf("%q: %v, %v", tt.only, names, err)
		}
	}
}
