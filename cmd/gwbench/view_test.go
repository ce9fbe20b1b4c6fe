package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/gwbench/gwbench/internal/viewer"
)

// ask gets a page.
func ask(t *testing.T, url string) (code int, body string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestViewServesAFolderUntilASignal(t *testing.T) {
	for name, c := range map[string]struct {
		dir, list, hint string
	}{
		"runs":  {"../../results/showcase", "uwsgi", ""},
		"empty": {t.TempDir(), "There are no runs yet", "there are no runs in"},
	} {
		for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
			t.Run(name+" "+signal.String(), func(t *testing.T) {
				cmd, mark := gwbench(t, "view", c.dir)
				url, lines, stderr := startAndReadLine(t, cmd)
				if code, body := ask(t, url); code != http.StatusOK || !strings.Contains(body, c.list) {
					t.Errorf("%d: %.300s", code, body)
				}
				if code, _ := ask(t, url[:len(url)-2]); code != http.StatusNotFound {
					t.Errorf("%d for a token that is too short", code)
				}
				if err := cmd.Process.Signal(signal); err != nil {
					t.Error(err)
				}
				rest, _ := io.ReadAll(lines)
				if err := cmd.Wait(); err != nil || len(rest) > 0 {
					t.Errorf("%v, and on stdout: %q\n%s", err, rest, stderr.String())
				}
				if !strings.Contains(stderr.String(), "Ctrl-C ends it") || !strings.Contains(stderr.String(), c.hint) {
					t.Errorf("stderr: %s", stderr.String())
				}
				if _, err := http.Get(url); err == nil {
					t.Error("it still listens")
				}
				expectNoneLeft(t, mark)
			})
		}
	}
}

func TestRunShowsItselfWhileItIsUnderWay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	cmd, mark := gwbench(t, "run", writeScenario(t, small), "--only", "builtin/uwsgi", "--out", dir, "--json", "--ui-listen", "localhost:0")
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stderr)
	first, err := lines.ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(first), "live page: ")
	ok = ok && strings.HasPrefix(url, "http://127.0.0.1:")
	if err != nil || !ok {
		t.Fatalf("no address: %q, %v", first, err)
	}
	events, err := http.Get(url + "events")
	if err != nil {
		t.Fatal(err)
	}
	defer events.Body.Close()
	go io.Copy(io.Discard, lines)
	told, err := io.ReadAll(events.Body) // it ends with the run
	if err != nil {
		t.Error(err)
	}
	for _, want := range []string{"retry: ", "event: progress\n", "event: figures\n", `event: end` + "\n" + `data: {"text":"The run has ended. Its report is ` + dir + "/report.html"} {
		if !strings.Contains(string(told), want) {
			t.Errorf("no %q was told:\n%.2000s", want, told)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if !json.Valid(stdout.Bytes()) {
		t.Errorf("stdout is no JSON: %.300s", stdout.String())
	}
	if _, err := http.Get(url); err == nil {
		t.Error("it still listens")
	}
	expectNoneLeft(t, mark)
}

// The page of a run that went well may end badly: the run still went well.
func TestAPageThatEndsBadlySpoilsNoRun(t *testing.T) {
	var stderr bytes.Buffer
	p := &runPage{viewer.NewLive(judged), func() error { return errors.New("no\x1bway") }, &stderr}
	if err := p.close(nil, nil); err != nil {
		t.Errorf("the run ends with %v", err)
	}
	if want := "note: the live page did not end well: no"; !strings.HasPrefix(stderr.String(), want) || strings.Contains(stderr.String(), "\x1b") {
		t.Errorf("%q", stderr.String())
	}
	interrupted := &exitError{exitInterrupted, errors.New("interrupted")}
	if err := p.close(nil, interrupted); err != error(interrupted) {
		t.Errorf("an interrupted run ends with %v", err)
	}
}
