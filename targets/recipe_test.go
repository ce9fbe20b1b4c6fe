package targets

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
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gwbench/gwbench/protocols"
)

// minimal is a recipe to which tests add lines.
const minimal = `
name: test
about: a test
program: "{self}"
install: nothing
serves:
  - protocols: [http]
    networks: [tcp, unix]
    connections: [per-request]
    applications: [hello]
    command: ["{self}", worker, "{listen}"]
`

func parse(t testing.TB, text string) *Recipe {
	t.Helper()
	r, err := Parse("test/recipe.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestShippedRecipes finds every folder's recipe; conformance_test.go starts
// them all.
func TestShippedRecipes(t *testing.T) {
	for pattern, find := range map[string]func(string) (*Recipe, error){
		"*/recipe.yaml": Find,
		"fronts/*/recipe.yaml": func(name string) (*Recipe, error) {
			f, err := FindFront(name)
			if err != nil {
				return nil, err
			}
			return f.Recipe(), nil
		},
	} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%v, %v", files, err)
		}
		for _, file := range files {
			r, err := find(filepath.Base(filepath.Dir(file)))
			if err != nil {
				t.Error(err)
				continue
			}
			for name := range r.Variants {
				if _, err := find(r.Name + "-" + name); err != nil {
					t.Error(err)
				}
			}
		}
	}
	if !slices.IsSorted(Names()) || !slices.IsSorted(FrontNames()) {
		t.Errorf("not in order: %v, %v", Names(), FrontNames())
	}
}

func TestFindUnknownName(t *testing.T) {
	for name, want := range map[string]string{
		"bultin":    `there is no target "bultin": did you mean "builtin"?`,
		"websphere": fmt.Sprintf(`there is no target "websphere": known are %v`, Names()),
	} {
		if _, err := Find(name); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

func TestSupports(t *testing.T) {
	builtin, err := Find("builtin")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ protocol, network, connection, application, want string }{
		{"http", "tcp", "keep-alive", "hello", ""},
		{"fastcgi", "unix", "keep-alive", "probe", ""},
		{"uwsgi", "unix", "per-request", "probe", ""},
		{"uwsgi", "tcp", "keep-alive", "hello", "target builtin does not serve connection mode keep-alive over uwsgi with tcp: it offers per-request"},
		{"ajp", "tcp", "keep-alive", "hello", "target builtin does not serve protocol ajp: it offers http, fastcgi, uwsgi, scgi"},
		{"http", "sctp", "keep-alive", "hello", "target builtin does not serve network sctp over http: it offers tcp, unix"},
		{"http", "tcp", "keep-alive", "django", "target builtin does not serve application django over http with tcp with keep-alive: it offers hello, probe"},
	}
	for _, tt := range tests {
		err := builtin.Supports(tt.protocol, tt.network, tt.connection, tt.application)
		if (err == nil) != (tt.want == "") || (err != nil && err.Error() != tt.want) {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}

func TestParseWholeRecipe(t *testing.T) {
	r := parse(t, `
name: whole
about: everything a recipe can say
program: [php-fpm8.2, php-fpm]
packages: [php-fpm]
install: or build it
version: ["{program}", --version]
check: ["{self}", words]
caveat: it is not WSGI
env: {HOME: "{dir}"}
files:
  php-fpm.conf: |
    [www]
    listen = {address}
serves:
  - protocols: [fastcgi]
    networks: [unix]
    connections: [per-request, keep-alive]
    applications: [hello]
    command: ["{program}", --fpm-config, "{dir}/php-fpm.conf", "{socket}"]
    files: {pool.conf: x}
    one_connection_per_worker: true
    script: "{apps}/{module}.php"
ready: {path: /ping, timeout: 3s}
stop: {signal: QUIT, grace: 1500ms}
exceptions:
  - {differs: path_info, protocols: [fastcgi], why: it has none}
pitfalls:
  - {log: "max_children", means: too few workers}
variants:
  root: {about: as root, args: [-R], env: {A: b}, stop: {signal: INT}}
`)
	want := &Recipe{
		Name: "whole", About: "everything a recipe can say", Programs: alternatives{"php-fpm8.2", "php-fpm"},
		Packages: []string{"php-fpm"}, Install: "or build it", Caveat: "it is not WSGI",
		Version: []string{"{program}", "--version"}, Check: []string{"{self}", "words"}, Env: map[string]string{"HOME": "{dir}"},
		Files: map[string]string{"php-fpm.conf": "[www]\nlisten = {address}\n"},
		Serves: []Serve{{
			Protocols: []string{"fastcgi"}, Networks: []string{"unix"}, Connections: []string{"per-request", "keep-alive"},
			Applications: []string{"hello"}, Command: []string{"{program}", "--fpm-config", "{dir}/php-fpm.conf", "{socket}"},
			Files: map[string]string{"pool.conf": "x"}, OneConnectionPerWorker: true, Script: "{apps}/{module}.php",
		}},
		Ready: Ready{Path: "/ping", Timeout: 3 * time.Second}, Stop: Stop{Signal: "QUIT", Grace: 1500 * time.Millisecond},
		Exceptions: []Exception{{Differs: "path_info", Protocols: []string{"fastcgi"}, Why: "it has none"}},
		Pitfalls:   []Pitfall{{Log: "max_children", Means: "too few workers"}},
		Variants: map[string]Variant{
			"root": {About: "as root", Args: []string{"-R"}, Env: map[string]string{"A": "b"}, Stop: &Stop{Signal: "INT"}},
		},
	}
	if diff := cmp.Diff(want, r, cmpopts.IgnoreUnexported(Recipe{}, Pitfall{})); diff != "" {
		t.Error(diff)
	}
}

func TestParseMistakes(t *testing.T) {
	tests := []struct{ name, replace, with, want string }{
		{"not YAML", "name: test", "name: [", "recipe.yaml:"},
		{"unknown key", "about:", "abuot:", `:3:1: unknown key "abuot"` + "\n  3 | abuot: a test\n    | ^\n  did you mean \"about\"?"},
		{"key like no other", "about:", "xyzzy:", "docs/recipes.md lists the keys"},
		{"wrong type", "install: nothing", "install: [a]", ":5:10: "},
		{"no list", "networks: [tcp, unix]", "networks: tcp", `a list is wanted here` + "\n  8 |     networks: tcp\n    |               ^\n  write it in brackets: [tcp, unix]"},
		{"duplicate key", "install: nothing", "install: a\ninstall: b", "install"},
		{"tag that no list can have", "applications: [hello]", "applications: !x y", "the YAML cannot be read"},
		{"no name", "name: test", "", "name: missing"},
		{"name that is no name", "name: test", "name: a/b", `name: "a/b" must be up to 64 letters`},
		{"no program", `program: "{self}"`, "", "program: missing"},
		{"unknown protocol", "[http]", "[htp]", `serves[0].protocols: unknown name "htp": did you mean "http"?`},
		{"unknown network", "[tcp, unix]", "[udp]", `serves[0].networks: unknown name "udp"`},
		{"unknown connection", "[per-request]", "[close]", `serves[0].connections: unknown name "close": known are [per-request keep-alive]`},
		{
			"keep-alive that cannot be", "[http]\n    networks: [tcp, unix]\n    connections: [per-request]",
			"[uwsgi]\n    networks: [tcp]\n    connections: [keep-alive]", "uwsgi carries one request per connection",
		},
		{"empty program", `program: "{self}"`, `program: ["{self}", ""]`, "program: missing"},
		{"placeholder in program", `program: "{self}"`, "program: '{dir}/x'", "program: unknown placeholder {dir}"},
		{"exception without a reason", "install: nothing", "install: nothing\nexceptions: [{differs: method}]", "exceptions[0]: needs differs and why"},
		{"exception over nothing", "install: nothing", "install: nothing\nexceptions: [{differs: a, why: b, protocols: [htp]}]", `unknown name "htp": did you mean "http"?`},
		{"pitfall without a meaning", "install: nothing", "install: nothing\npitfalls: [{log: a}]", "pitfalls[0]: needs log and means"},
		{"pitfall that is no expression", "install: nothing", "install: nothing\npitfalls: [{log: '(', means: b}]", "pitfalls[0].log: error parsing regexp"},
		{"file of a line elsewhere", "applications: [hello]", "applications: [hello]\n    files: {a/b: c}", "must be the name of a file"},
		{"placeholder in script", "applications: [hello]", "applications: [hello]\n    script: '{aps}'", "unknown placeholder {aps}"},
		{"variant that cannot be", "install: nothing", "install: nothing\nvariants: {x: {serves: []}}", "variants, test-x: serves: missing"},
		{"target of a front", "{listen}", "{target}", "unknown placeholder {target}"},
		{"no command", `command: ["{self}", worker, "{listen}"]`, "", "serves[0].command: missing"},
		{"unknown placeholder", "{listen}", "{lisen}", `unknown placeholder {lisen} in "{lisen}": did you mean "{listen}"?`},
		{"port on unix", "{listen}", "{port}", "on unix: unknown placeholder {port}"},
		{"placeholder in env", "install: nothing", "install: nothing\nenv: {A: '{b}'}", "unknown placeholder {b}"},
		{"case in version", "install: nothing", "install: nothing\nversion: [x, '{port}']", "version: unknown placeholder {port}"},
		{"signal", "install: nothing", "install: nothing\nstop: {signal: KILL}", `stop.signal: "KILL" is not one of TERM`},
		{"signal when killed", "install: nothing", "install: nothing\nstop: {when_killed: STOP}", `stop.when_killed: "STOP" is not one of TERM`},
		{"negative grace", "install: nothing", "install: nothing\nstop: {grace: -1s}", "must not be negative"},
		{"ready path", "install: nothing", "install: nothing\nready: {path: ping}", `"ping" must start with a slash`},
		{"file elsewhere", "install: nothing", "install: nothing\nfiles: {../x: y}", "must be the name of a file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(minimal, tt.replace, tt.with, 1)
			if text == minimal {
				t.Fatal("nothing was replaced")
			}
			_, err := Parse("targets/test/recipe.yaml", []byte(text))
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "targets/test/recipe.yaml:") {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

func TestMistakesInRecipesOfTheUsers(t *testing.T) {
	inline := "{program: sh,\n  srves: []}"
	if _, err := ParseInline("mine", "scenario.yaml", 7, []byte(inline)); err == nil || !strings.HasPrefix(err.Error(), `scenario.yaml:8:3: unknown key "srves"`) {
		t.Errorf("inline: %v", err)
	}
	for text, want := range map[string]string{
		"":                                     "there is no recipe in it",
		minimal + "variants: {x: {args: [y]}}": "variants: only recipes that gwbench ships have them",
	} {
		file := filepath.Join(t.TempDir(), "r.yaml")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(file); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), file+": ") {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := Load("no-such-file.yaml"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"*/recipe.yaml", "fronts/*/recipe.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	f.Add([]byte(minimal))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _ = parseFront("f", text)
		r, err := Parse("f", text)
		if err != nil {
			return
		}
		// What was accepted can be found again by what it says of itself.
		for _, s := range r.Serves {
			application := "its own"
			if !s.HasOwnApplication() {
				application = s.Applications[0]
			}
			if err := r.Supports(s.Protocols[0], s.Networks[0], s.Connections[0], application); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestAvailable(t *testing.T) {
	tests := []struct{ name, program, check, want string }{
		{"in PATH", "sh", "", ""},
		{"check succeeds", "sh", "check: ['{self}', words]", ""},
		{"arguments", "sh -c", "", "arguments belong into command"},
		{"not in PATH", "no-such-server", "", `target test needs no-such-server, which is not usable here (exec: "no-such-server": executable file not found in $PATH): install it with: nothing`},
		{"check fails", "sh", "check: ['{self}', mistake]", `error: unknown ["mistake"]): install it with: nothing`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := parse(t, strings.Replace(minimal, `program: "{self}"`, "program: "+tt.program+"\n"+tt.check, 1))
			err := r.Available()
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var missing *MissingError
			if !errors.As(err, &missing) || !strings.Contains(err.Error(), tt.want) || missing.Install != "nothing" {
				t.Fatalf("%v, want %s", err, tt.want)
			}
			if tt.check == "" && !errors.Is(err, exec.ErrNotFound) {
				t.Errorf("%v is not exec.ErrNotFound", err)
			}
			o := options(t)
			if _, err := r.Start(t.Context(), o); !errors.As(err, &missing) {
				t.Errorf("Start: %v", err)
			}
		})
	}
}

func TestVersionOf(t *testing.T) {
	for output, want := range map[string]string{
		"2.0.21-debian":                       "2.0.21-debian",
		"gunicorn (version 20.1.0)":           "20.1.0",
		"nginx version: nginx/1.22.1":         "1.22.1",
		"PHP 8.2.7 (fpm-fcgi) (built: Jun 9)": "8.2.7",
		"gwbench v0.1.0-rc.1+dirty go1.26.8":  "v0.1.0-rc.1+dirty",
		"gwbench (devel), go1.26.8":           "gwbench (devel), go1.26.8",
	} {
		r := parse(t, minimal)
		r.Version = []string{"{self}", "words", output}
		if got := r.VersionOf(t.Context()); got != want {
			t.Errorf("%s: %q, want %q", output, got, want)
		}
	}
	r := parse(t, minimal)
	if got := r.VersionOf(t.Context()); got != "" {
		t.Errorf("%q without a command", got)
	}
	r.Version = []string{"{self}", "mistake"}
	if got := r.VersionOf(t.Context()); got != "" {
		t.Errorf("%q of a command that fails", got)
	}
	r.Version = []string{"{self}", "words", "1.2.3"}
	ended, end := context.WithCancel(t.Context())
	end()
	if got := r.VersionOf(ended); got != "" {
		t.Errorf("%q after the end of its context", got)
	}
}

// TestACheckWhoseOutputStaysOpenSucceeds has a check that leaves somebody behind
// with its output.
func TestACheckWhoseOutputStaysOpenSucceeds(t *testing.T) {
	r := parse(t, strings.Replace(minimal, `program: "{self}"`, "program: sh\ncheck: ['{program}', -c, 'sleep 3 &']", 1))
	if err := r.Available(); err != nil {
		t.Error(err)
	}
}

// A target that is {self} must not go round in circles.
func TestTargetsStartNoTargets(t *testing.T) {
	t.Setenv(EnvTarget, "other")
	r := parse(t, minimal)
	r.Version = []string{"{self}", "version"}
	if got := r.VersionOf(t.Context()); got != "" {
		t.Errorf("version %q", got)
	}
	if _, err := r.Start(t.Context(), options(t)); err == nil || !strings.Contains(err.Error(), "started as target other") {
		t.Errorf("error %v", err)
	}
}

func TestExternalOffersItsProtocol(t *testing.T) {
	r := External("mine", protocols.Endpoint{Protocol: "uwsgi", Network: "tcp", Address: "127.0.0.1:3031", Path: "/"})
	if err := r.Supports("uwsgi", "tcp", "per-request", "whatever"); err != nil {
		t.Error(err)
	}
	if r.Supports("uwsgi", "tcp", "keep-alive", "hello") == nil || r.Supports("http", "tcp", "per-request", "hello") == nil {
		t.Error("an external uwsgi endpoint offers more than it can")
	}
	if err := r.Available(); err != nil || r.VersionOf(t.Context()) != "" {
		t.Errorf("%v, %q", err, r.VersionOf(t.Context()))
	}
	r = External("mine", protocols.Endpoint{Protocol: "fastcgi", Network: "unix", Address: "/run/x", Path: "/"})
	if err := r.Supports("fastcgi", "unix", "keep-alive", "hello"); err != nil {
		t.Error(err)
	}
}
