package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// markVariable is set in the environment of every gwbench that a test starts;
// whatever it starts inherits it, so that what is left over can be found.
const markVariable = "GWBENCH_TEST_MARK"

// gwbench prepares a command with a mark of its own.
func gwbench(t *testing.T, args ...string) (cmd *exec.Cmd, mark string) {
	t.Helper()
	mark = fmt.Sprintf("%s-%d", strings.ReplaceAll(t.Name(), "/", "-"), time.Now().UnixNano())
	cmd = exec.Command("gwbench", args...)
	cmd.Env = append(os.Environ(), markVariable+"="+mark)
	return cmd, mark
}

// marked returns the processes that carry the mark.
func marked(t *testing.T, mark string) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		environ, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(environ, []byte(markVariable+"="+mark+"\x00")) {
			continue
		}
		command, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
		found = append(found, filepath.Base(filepath.Dir(file))+": "+string(bytes.ReplaceAll(command, []byte{0}, []byte{' '})))
	}
	return found
}

// expectNoneLeft fails if a process with the mark is still there after a
// while: the kernel needs a moment to deliver signals.
func expectNoneLeft(t *testing.T, mark string) {
	t.Helper()
	var left []string
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if left = marked(t, mark); len(left) == 0 {
			return
		}
	}
	t.Errorf("left running:\n%s", strings.Join(left, "\n"))
}

// startAndReadLine starts a command and waits for the first line of its output, which
// says where it listens. stderr is whole once the command has been waited for.
func startAndReadLine(t *testing.T, cmd *exec.Cmd) (line string, rest io.Reader, stderr *bytes.Buffer) {
	t.Helper()
	stderr = new(bytes.Buffer)
	cmd.Stderr = stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	line, err = lines.ReadString('\n')
	if err != nil {
		_ = cmd.Wait()
		t.Fatalf("no address from %v: %v\n%s", cmd.Args, err, stderr.String())
	}
	return strings.TrimSpace(line), lines, stderr
}

// startServe starts `gwbench serve` and returns the URL that it prints. The
// server is stopped when the test ends, and must then exit with 0.
func startServe(t *testing.T, args ...string) (url string) {
	t.Helper()
	cmd, mark := gwbench(t, append([]string{"serve"}, args...)...)
	line, stdout, stderr := startAndReadLine(t, cmd)
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Errorf("the server was gone before the end: %v", err)
		}
		_, _ = io.Copy(io.Discard, stdout)
		if err := cmd.Wait(); err != nil {
			t.Errorf("gwbench serve %v: %v\n%s", args, err, stderr.String())
		}
		expectNoneLeft(t, mark)
	})
	url, ok := strings.CutPrefix(line, "listening on ")
	if !ok {
		t.Fatalf("gwbench serve printed %q", line)
	}
	return url
}

// interruptServing runs a subcommand, interrupts it once it has started a server,
// and expects nothing to be left.
func interruptServing(t *testing.T, args ...string) {
	t.Helper()
	cmd, mark := gwbench(t, args...)
	scratch := socketDir(t)
	cmd.Env = append(cmd.Env, "TMPDIR="+scratch)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// A server is up once there is a process beside gwbench that serves.
	serving := func(process string) bool { return strings.Contains(process, " serve ") }
	for deadline := time.Now().Add(20 * time.Second); !slices.ContainsFunc(marked(t, mark), serving); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Error("no server has started")
			break
		}
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(stderr.String(), "interrupted") {
		t.Errorf("exit code %d\n%s", code, stderr.String())
	}
	expectNoneLeft(t, mark)
	expectEmpty(t, scratch)
}
