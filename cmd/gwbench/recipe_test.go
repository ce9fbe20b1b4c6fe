package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gwbench/gwbench/internal/required"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/targets"
)

// guide is the page from which these tests take their servers and recipes, so
// that what it tells people to write is what was run.
const guide = "../../docs/recipes.md"

// documented writes files of the guide to a folder: the block that follows a
// file's name in backquotes.
func documented(t *testing.T, names ...string) (dir string) {
	t.Helper()
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	for _, name := range names {
		_, after, _ := strings.Cut(string(text), "`"+name+"`")
		block := regexp.MustCompile("(?s)```[a-z]+\n(.*?)```").FindStringSubmatch(after)
		if block == nil {
			t.Fatalf("%s does not show %s", guide, name)
		}
		write(t, filepath.Join(dir, name), block[1])
	}
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// brief is a scenario of one block; the targets are to be filled in.
const brief = `
name: brief
targets: %s
protocols: [http]
load: [{name: few, clients: 2}]
expect: {status: 200, body: "<h1>Hello, web!</h1>"}
warmup: 10ms
duration: 200ms  # a clock tick of steal must not spoil it
blocks: {min: 1, max: 1}
`

// needPython ends a test where there is no Python.
func needPython(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		required.Missing(t, err)
	}
}

// measure runs a scenario to its end and reads what it stored; its servers may
// leave nothing behind, neither processes nor files.
func measure(t *testing.T, scenario string, args ...string) (results.Run, []results.Trial, string) {
	t.Helper()
	run, trials, out, err := tryMeasure(t, scenario, args...)
	if err != nil {
		t.Fatal(err)
	}
	return run, trials, out
}

func tryMeasure(t *testing.T, scenario string, args ...string) (run results.Run, trials []results.Trial, out string, err error) {
	t.Helper()
	scratch := socketDir(t)
	dir := filepath.Join(t.TempDir(), "run")
	cmd, mark := gwbench(t, append([]string{"run", scenario, "--out", dir}, args...)...)
	cmd.Env = append(cmd.Env, "TMPDIR="+scratch)
	text, err := cmd.CombinedOutput()
	expectNoneLeft(t, mark)
	expectEmpty(t, scratch)
	if err != nil {
		return run, nil, string(text), fmt.Errorf("%w\n%s", err, text)
	}
	run, trials, err = results.Read(dir)
	return run, trials, string(text), err
}

func expectEmpty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left in the folder for temporary files: %v, %v", left, err)
	}
}

func TestTheGuidesExampleRuns(t *testing.T) {
	needPython(t)
	dir := documented(t, "server.py", "mine.yaml", "compare.yaml")
	recipe := filepath.Join(dir, "mine.yaml")
	text, err := os.ReadFile(recipe)
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(text), "\n"); lines >= 20 {
		t.Errorf("the recipe takes %d lines", lines)
	}
	stdout, stderr, code := runGwbench(t, "targets", "mine", "--recipe", recipe)
	if code != exitOK || !regexp.MustCompile(`mine +unknown +http +req, keep +-`).MatchString(stdout) {
		t.Errorf("gwbench targets exits with %d\n%s%s", code, stdout, stderr)
	}

	// The server notes where it listens.
	ports := filepath.Join(dir, "ports")
	server, err := os.ReadFile(filepath.Join(dir, "server.py"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "server.py"), fmt.Sprintf("import sys\nprint(sys.argv[2], file=open(%q, 'a'))\n%s", ports, server))
	run, trials, out := measure(t, filepath.Join(dir, "compare.yaml"), "--recipe", recipe, "--quick")
	if len(run.Plan.Cases) != 4 || len(trials) < 12 {
		t.Errorf("%d cases, %d trials", len(run.Plan.Cases), len(trials))
	}
	for _, trial := range trials {
		if strings.HasPrefix(trial.Case, "mine/") && trial.Valid && trial.Metrics["capacity"] <= 0 {
			t.Errorf("%s: capacity %v: the server was not metered", trial.Case, trial.Metrics["capacity"])
		}
	}
	if i := slices.IndexFunc(run.Targets, func(s results.Server) bool { return s.Name == "mine" }); i < 0 || run.Targets[i].Recipe != string(text) {
		t.Errorf("the recipe is not in the record: %+v", run.Targets)
	}
	if !strings.Contains(out, "target mine does not offer the probe application") {
		t.Errorf("nothing says what was not checked:\n%s", out)
	}
	expectNoneListening(t, ports)
}

// expectNoneListening asks at all ports that were noted.
func expectNoneListening(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ports := strings.Fields(string(text))
	if len(ports) == 0 {
		t.Error("no server has started")
	}
	for _, port := range ports {
		if conn, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			conn.Close()
			t.Errorf("port %s is still served", port)
		}
	}
}

func TestRecipesInAScenario(t *testing.T) {
	needPython(t)
	dir := documented(t, "server.py", "mine.yaml")
	scenario := filepath.Join(dir, "scenario.yaml")
	write(t, scenario, fmt.Sprintf(brief, `
  - {name: filed, recipe: ./mine.yaml}
  - {name: varied, recipe: ./mine.yaml, args: [--ignored], env: {PYTHONOPTIMIZE: "1"}}
  - name: inline
    recipe:
      program: python3
      serves:
        - {protocols: [http], networks: [tcp], connections: [per-request], command: ["{program}", "{recipe}/server.py", "{host}", "{port}"]}`))
	run, trials, _ := measure(t, scenario)
	var served []string // a busy machine may spoil the trials all the same
	for _, trial := range trials {
		name, _, _ := strings.Cut(trial.Case, "/")
		if trial.Counts.Correct > 0 && !slices.Contains(served, name) {
			served = append(served, name)
		}
		if len(trial.Errors) > 0 {
			t.Errorf("%s: %+v", trial.Case, trial.Errors)
		}
	}
	slices.Sort(served)
	if !slices.Equal(served, []string{"filed", "inline", "varied"}) {
		t.Errorf("measured were %v", served)
	}
	for _, server := range run.Targets {
		if !strings.Contains(server.Recipe, "{recipe}/server.py") {
			t.Errorf("%s: the record has the recipe %q", server.Name, server.Recipe)
		}
	}
}

// TestAMissingProgramOfYoursIsAnError: a run that left it out would pass for one
// that has measured it.
func TestAMissingProgramOfYoursIsAnError(t *testing.T) {
	dir := t.TempDir()
	recipe := filepath.Join(dir, "gone.yaml")
	write(t, recipe, `
name: gone
program: no-such-server
packages: [no-such-server-core, no-such-plugin]
serves: [{protocols: [http], networks: [tcp], connections: [per-request], command: ["{program}", "{port}"]}]
`)
	scenario := filepath.Join(dir, "scenario.yaml")
	write(t, scenario, fmt.Sprintf(brief, "[builtin]"))
	const install = "sudo apt-get install no-such-server-core no-such-plugin"
	for _, more := range [][]string{{"--dry-run"}, {"--quick"}, nil} {
		_, stderr, code := runGwbench(t, append([]string{"run", scenario, "--recipe", recipe}, more...)...)
		if code != exitFailed || !strings.Contains(stderr, "target gone needs no-such-server") || !strings.Contains(stderr, "$PATH") || !strings.Contains(stderr, install) {
			t.Errorf("%q: exit code %d\n%s", more, code, stderr)
		}
	}
	stdout, stderr, code := runGwbench(t, "run", scenario, "--recipe", recipe, "--dry-run", "--only", "builtin")
	if code != exitOK || strings.Contains(stdout, "gone") {
		t.Errorf("--only others: exit code %d\n%s%s", code, stdout, stderr)
	}
	stdout, stderr, code = runGwbench(t, "targets", "gone", "--recipe", recipe)
	if code != exitFailed || !strings.Contains(stdout, "install all that is missing:\n  sudo apt-get install no-such-plugin no-such-server-core\n") ||
		!strings.Contains(stderr, "target gone needs no-such-server") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}

// TestAServerThatRunsApplications: nginx is before the guide's second server,
// whose known differences are shown; without its exceptions it is refused.
func TestAServerThatRunsApplications(t *testing.T) {
	needPython(t)
	nginx, err := targets.FindFront("nginx")
	if err != nil {
		t.Fatal(err)
	}
	if err := nginx.Recipe().Available(); err != nil {
		required.Missing(t, err)
	}
	dir := documented(t, "wsgi.py", "threads.yaml")
	recipe, scenario := filepath.Join(dir, "threads.yaml"), filepath.Join(dir, "scenario.yaml")
	write(t, scenario, fmt.Sprintf(brief, "[builtin]")+"fronts: [none, nginx]\n")
	run, trials, out := measure(t, scenario, "--recipe", recipe)
	if len(run.Plan.Cases) != 4 || len(trials) < 4 {
		t.Errorf("%d cases, %d trials", len(run.Plan.Cases), len(trials))
	}
	if len(run.Fronts) != 1 || run.Fronts[0].Name != "nginx" || run.Fronts[0].Version == "" {
		t.Errorf("fronts: %+v", run.Fronts)
	}
	for _, trial := range trials {
		if _, metered := trial.Metrics["server_cpu.front"]; trial.Valid && metered != strings.Contains(trial.Case, "/nginx/") {
			t.Errorf("%s: metrics %v", trial.Case, trial.Metrics)
		}
	}
	if !slices.ContainsFunc(run.Exceptions, func(e results.Exception) bool { return e.Differs == "content_type" }) ||
		!strings.Contains(out, "without a Content-Type wsgiref says text/plain") {
		t.Errorf("the known differences %v are not shown:\n%s", run.Exceptions, out)
	}
}

func TestARealDifferenceIsRefused(t *testing.T) {
	needPython(t)
	dir := documented(t, "wsgi.py", "threads.yaml")
	server, err := os.ReadFile(filepath.Join(dir, "wsgi.py"))
	if err != nil {
		t.Fatal(err)
	}
	drops := strings.Replace(string(server), ".application\n", `.application

def drop(environ, start_response, application=application):
    environ.pop("HTTP_ACCEPT", None)
    return application(environ, start_response)

application = drop
`, 1)
	write(t, filepath.Join(dir, "wsgi.py"), drops)
	recipe, scenario := filepath.Join(dir, "threads.yaml"), filepath.Join(dir, "scenario.yaml")
	write(t, scenario, fmt.Sprintf(brief, "[builtin, threads]"))
	_, _, _, err = tryMeasure(t, scenario, "--recipe", recipe)
	if err == nil {
		t.Fatal("a server that drops a header is measured as if it did not")
	}
	for _, want := range []string{
		"exit status 1", "the cases do not serve the same thing", "a: builtin/http/tcp", "b: threads/http/tcp",
		`HTTP_ACCEPT: a has "text/html", b has nothing`, "--no-verify",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
	run, trials, out := measure(t, scenario, "--recipe", recipe, "--no-verify")
	if !run.Unverified || len(trials) < 2 || !strings.Contains(out, "--no-verify") {
		t.Errorf("unverified %t, %d trials\n%s", run.Unverified, len(trials), out)
	}
}

func TestADeafServerIsNamedAndGone(t *testing.T) {
	needPython(t)
	dir := documented(t, "server.py", "mine.yaml")
	for name, prefix := range map[string]string{"server.py": "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n", "mine.yaml": "stop: {grace: 100ms}\n"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), prefix+string(text))
	}
	recipe, scenario := filepath.Join(dir, "mine.yaml"), filepath.Join(dir, "scenario.yaml")
	write(t, scenario, fmt.Sprintf(brief, "[mine]"))
	run, _, _ := measure(t, scenario, "--recipe", recipe)
	if !slices.ContainsFunc(run.Warnings, func(w string) bool {
		return strings.HasPrefix(w, "target mine did not end within its time of grace") && strings.Contains(w, "was killed")
	}) {
		t.Errorf("warnings: %q", run.Warnings)
	}
	stdout, _, code := runGwbench(t, "targets", "mine", "--recipe", recipe)
	if code != exitOK || !strings.Contains(stdout, "note: it did not end by") {
		t.Errorf("exit code %d\n%s", code, stdout)
	}
}

func TestTwoRunsAtTheSameTime(t *testing.T) {
	needPython(t)
	dir := documented(t, "server.py", "mine.yaml")
	recipe, scenario := filepath.Join(dir, "mine.yaml"), filepath.Join(dir, "scenario.yaml")
	write(t, scenario, strings.Replace(fmt.Sprintf(brief, "[builtin, mine]"), "{min: 1, max: 1}", "{min: 3, max: 3}", 1)+"networks: [tcp, unix]\n")
	type ran struct {
		run    results.Run
		trials []results.Trial
		err    error
		end    time.Time
	}
	var both [2]ran
	var runs sync.WaitGroup
	for i := range both {
		runs.Go(func() {
			b := &both[i]
			b.run, b.trials, _, b.err = tryMeasure(t, scenario, "--recipe", recipe)
			b.end = time.Now()
		})
	}
	runs.Wait()
	for i, b := range both {
		if b.err != nil {
			t.Errorf("run %d: %v", i, b.err)
			continue
		}
		if len(b.run.Plan.Cases) != 3 || len(b.trials) < 9 || b.run.Partial != "" {
			t.Errorf("run %d: %d cases, %d trials, partial %q", i, len(b.run.Plan.Cases), len(b.trials), b.run.Partial)
		}
	}
	if both[0].run.Start.After(both[1].end) || both[1].run.Start.After(both[0].end) {
		t.Error("the runs did not overlap")
	}
}
