package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"github.com/gwbench/gwbench/results"
)

// small is a scenario that takes a second or two even under the race detector.
const small = `
name: small
targets: [builtin, gonet]
protocols: [http, uwsgi, fastcgi, scgi]
networks: [tcp, unix]
connections: [per-request, keep-alive]
load:
  - {name: few, clients: 2}
  - {name: slow, rate: 50/s}
expect: {status: 200, body: "<h1>Hello, web!</h1>"}
warmup: 10ms
duration: 40ms
blocks: {min: 1, max: 1}
`

func writeScenario(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scenario.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// runGwbench runs the command to its end and returns its streams and its exit code.
func runGwbench(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd, mark := gwbench(t, args...)
	var out, err bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &err
	runErr := cmd.Run()
	expectNoneLeft(t, mark)
	var exit *exec.ExitError
	if runErr != nil && !errors.As(runErr, &exit) {
		t.Fatal(runErr)
	}
	return out.String(), err.String(), cmd.ProcessState.ExitCode()
}

func TestRunMeasuresEveryCase(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	stdout, stderr, code := runGwbench(t, "run", writeScenario(t, small), "--out", dir, "--json", "--seed", "7")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	var summary map[string]any
	if err := json.Unmarshal([]byte(stdout), &summary); err != nil {
		t.Fatalf("--json printed no JSON: %v\n%s", err, stdout)
	}
	run, trials, err := results.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	// builtin: http and fastcgi in two modes, uwsgi and scgi in one; gonet: http
	// and fastcgi in two modes; each on two networks, under two loads.
	if want := (2*2 + 2 + 2*2) * 2 * 2; len(run.Plan.Cases) != want {
		t.Errorf("%d cases, want %d", len(run.Plan.Cases), want)
	}
	if run.Seed != 7 || run.Partial != "" || run.End.IsZero() {
		t.Errorf("seed %d, partial %q, end %s", run.Seed, run.Partial, run.End)
	}
	measured := map[string]results.Trial{}
	for _, trial := range trials {
		measured[trial.Case] = trial
		if trial.Bottleneck == "" {
			t.Errorf("%s has no bottleneck", trial.Case)
		}
		if trial.Counts.Correct != trial.Counts.Sent || trial.Counts.Correct == 0 {
			t.Errorf("%s: %d of %d responses were correct: %v", trial.Case, trial.Counts.Correct, trial.Counts.Sent, trial.Errors)
		}
	}
	for _, c := range run.Plan.Cases {
		trial, ok := measured[c.ID()]
		if !ok {
			t.Errorf("%s was not measured", c.ID())
			continue
		}
		for _, name := range []string{"throughput", "latency.p50", "server_cpu", "client_cpu", "bytes_sent", "bytes_received", "dials"} {
			if _, ok := trial.Metrics[name]; !ok {
				t.Errorf("%s: %s is unknown", c.ID(), name)
			}
		}
		// An open load may send its few requests over connections that its
		// warm-up did not open yet; a closed one has them all.
		if dials := trial.Metrics["dials"]; c.Connection == results.PerRequest && dials < 1 ||
			c.Connection == results.KeepAlive && c.Load == "few" && dials >= 1 {
			t.Errorf("%s: %v connections per request", c.ID(), dials)
		}
	}
	for _, name := range []string{"report.md", "run.json", "trials.jsonl", "logs"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	again, _, code := runGwbench(t, "report", "--json", dir)
	if code != exitOK || again != stdout {
		t.Errorf("report --json of the stored run exits with %d and differs from what the run printed", code)
	}
}

func TestVerdictsDecideTheExitCode(t *testing.T) {
	// Seven blocks decide; the others are there for trials that the machine spoils.
	const form = `
name: gate
targets: [builtin]
protocols: [http]
connections: [per-request, keep-alive]
load: [{name: few, clients: 2}]
warmup: 10ms
duration: 30ms
blocks: {min: 9, max: 12}
%s:
  - name: keep-alive-pays
    metrics: [throughput]
    of: {connection: per-request}
    over: {connection: keep-alive}
    factor: ">= 1000000"
`
	tests := []struct {
		name, kind string
		flags      []string
		code       int
		stderr     string
	}{
		{"a claim may be refuted", "claims", nil, exitOK, ""},
		{"a gate that is refuted fails", "gates", nil, exitGate, "gate keep-alive-pays does not hold"},
		{"a quick run decides nothing", "gates", []string{"--quick"}, exitOK, ""},
		{"nothing decided may be a failure", "gates", []string{"--quick", "--fail-on-inconclusive"}, exitInconclusive, "keep-alive-pays is inconclusive"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			scenario := fmt.Sprintf(form, test.kind)
			args := append([]string{"run", writeScenario(t, scenario), "--out", filepath.Join(t.TempDir(), "run")}, test.flags...)
			_, stderr, code := runGwbench(t, args...)
			if code != test.code || !strings.Contains(stderr, test.stderr) {
				t.Errorf("exit code %d, want %d\n%s", code, test.code, stderr)
			}
		})
	}
}

func TestRunKeepsRawResults(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	_, stderr, code := runGwbench(t, "run", writeScenario(t, small), "--out", dir, "--raw", "--only", "builtin/tcp/scgi/few")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	_, trials, err := results.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, "raw", "001-001-1.bin"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	decode := vegeta.NewDecoder(f)
	var n int64
	for {
		var result vegeta.Result
		if err := decode.Decode(&result); err != nil {
			break
		}
		if result.Code != 200 || result.Error != "" {
			t.Errorf("result %d: status %d, error %q", n, result.Code, result.Error)
		}
		n++
	}
	if n != trials[0].Counts.Sent || n == 0 {
		t.Errorf("vegeta reads %d results, the trial sent %d", n, trials[0].Counts.Sent)
	}
}

func TestRunIsInterrupted(t *testing.T) {
	long := strings.Replace(small, "{min: 1, max: 1}", "{min: 500, max: 500}", 1)
	for _, after := range []string{"run folder", "block 1 of"} {
		t.Run(after, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "run")
			cmd, mark := gwbench(t, "run", writeScenario(t, long), "--out", dir, "--only", "builtin/tcp/few")
			awaitLine(t, cmd, after, func() { _ = cmd.Process.Signal(syscall.SIGINT) })
			if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
				t.Errorf("exit code %d, want %d", code, exitInterrupted)
			}
			expectNoneLeft(t, mark)
			run, trials, err := results.Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			if run.Partial != "interrupted" {
				t.Errorf("the run is stored as partial %q", run.Partial)
			}
			if !strings.HasPrefix(after, "block") {
				return
			}
			if len(trials) == 0 {
				t.Error("the trials of the first block are lost")
			}
			if _, err := os.Stat(filepath.Join(dir, "report.md")); err != nil {
				t.Errorf("no partial report: %v", err)
			}
		})
	}
}

func TestRunIsKilled(t *testing.T) {
	long := strings.Replace(small, "{min: 1, max: 1}", "{min: 500, max: 500}", 1)
	dir := filepath.Join(t.TempDir(), "run")
	cmd, mark := gwbench(t, "run", writeScenario(t, long), "--out", dir, "--only", "builtin/tcp/few")
	awaitLine(t, cmd, "block 1 of", func() { _ = cmd.Process.Kill() })
	expectNoneLeft(t, mark)
	if _, trials, err := results.Read(dir); err != nil || len(trials) == 0 {
		t.Errorf("%d trials can be read after a kill, %v", len(trials), err)
	}
}

// awaitLine starts the command, calls then once a line of its standard error
// starts with prefix, waits for its end, and returns its standard error.
func awaitLine(t *testing.T, cmd *exec.Cmd, prefix string, then func()) string {
	t.Helper()
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	watchdog := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer watchdog.Stop()
	lines := bufio.NewScanner(stderr)
	seen := false
	var all strings.Builder
	for lines.Scan() {
		all.WriteString(lines.Text() + "\n")
		if !seen && strings.HasPrefix(lines.Text(), prefix) {
			seen = true
			then()
		}
	}
	_ = cmd.Wait()
	if !seen {
		t.Fatalf("no line starts with %q:\n%s", prefix, all.String())
	}
	return all.String()
}

func TestRunEndsWhenAServerDies(t *testing.T) {
	long := strings.Replace(small, "{min: 1, max: 1}", "{min: 500, max: 500}", 1)
	dir := filepath.Join(t.TempDir(), "run")
	cmd, mark := gwbench(t, "run", writeScenario(t, long), "--out", dir, "--only", "builtin/tcp/few")
	var killed bool
	awaitLine(t, cmd, "block 1 of", func() {
		for deadline := time.Now().Add(10 * time.Second); !killed && time.Now().Before(deadline); {
			for _, process := range marked(t, mark) {
				pid, command, _ := strings.Cut(process, ":")
				if strings.Contains(command, " serve ") {
					killed = exec.Command("kill", "-KILL", pid).Run() == nil
				}
			}
		}
	})
	if !killed {
		t.Fatal("no server was found to be killed")
	}
	if code := cmd.ProcessState.ExitCode(); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	expectNoneLeft(t, mark)
	run, _, err := results.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(run.Partial, "builtin") {
		t.Errorf("the run is stored as partial %q, which names no server", run.Partial)
	}
}

func TestRunMeasuresAnEndpointOfTheUser(t *testing.T) {
	url := startServe(t, "uwsgi")
	scenario := strings.Replace(small, "targets: [builtin, gonet]", `targets: [{name: mine, url: "`+url+`"}]`, 1)
	dir := filepath.Join(t.TempDir(), "run")
	_, stderr, code := runGwbench(t, "run", writeScenario(t, scenario), "--out", dir)
	if code != exitOK {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	run, trials, err := results.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Plan.Cases) != 2 || len(trials) < 2 {
		t.Errorf("%d cases, %d trials of one endpoint under two loads", len(run.Plan.Cases), len(trials))
	}
	for _, trial := range trials {
		if value, ok := trial.Metrics["capacity"]; ok {
			t.Errorf("the capacity of a server that is not metered is said to be %v", value)
		}
	}
}
