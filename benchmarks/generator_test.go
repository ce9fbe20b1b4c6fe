package benchmarks

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gwbench/gwbench/internal/load"
	"github.com/gwbench/gwbench/results"
)

// The generators get one CPU, the server the other; with a single CPU the
// comparison would measure the server.
const (
	generatorCPU = 0
	serverCPU    = 1
	attackTime   = time.Second
)

// planVariable makes this test binary a load generator: it executes the plan
// in the variable and prints the result, so that ours is a process of its own
// like its peers.
const planVariable = "GWBENCH_BENCHMARK_PLAN"

func TestMain(m *testing.M) {
	if text, ok := os.LookupEnv(planVariable); ok {
		if err := executePlan(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func executePlan(text string) error {
	var plan load.Plan
	if err := json.Unmarshal([]byte(text), &plan); err != nil {
		return err
	}
	generator, err := load.New(plan)
	if err != nil {
		return err
	}
	defer generator.Close()
	defer load.RelaxGC()()
	result, err := generator.Measure(context.Background())
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

// BenchmarkGenerator reports how many requests per second each generator gets
// out of one CPU against the same server, and gwbench's ratio to it. Only
// answers that were right count: gwbench and vegeta report them; wrk and hey
// do not check bodies and are held to the number of bytes or statuses.
func BenchmarkGenerator(b *testing.B) {
	if runtime.NumCPU() < 2 {
		b.Fatal("the generator and the server need a CPU each")
	}
	dir := b.TempDir()
	gwbench := build(b, filepath.Join(dir, "gwbench"), "..", "./cmd/gwbench")
	vegeta := build(b, filepath.Join(dir, "vegeta"), ".", "github.com/tsenart/vegeta/v12")
	url, _ := startHello(b, gwbench, "gwbench")

	for _, clients := range []int{16, 64} {
		against := func(name string, theirs func(b *testing.B, clients int) float64) {
			b.Run(fmt.Sprintf("%s/%d-clients", name, clients), func(b *testing.B) {
				compareRates(b, "req/s",
					func() float64 { return runOurs(b, url, clients) },
					func() float64 { return theirs(b, clients) })
			})
		}
		against("vegeta", func(b *testing.B, clients int) float64 { return runVegeta(b, vegeta, dir, url, clients) })
		if wrk, err := exec.LookPath("wrk"); err == nil {
			against("wrk", func(b *testing.B, clients int) float64 { return runWrk(b, wrk, url, clients) })
		}
		if hey, err := exec.LookPath("hey"); err == nil {
			against("hey", func(b *testing.B, clients int) float64 { return runHey(b, hey, url, clients) })
		}
	}
}

// build compiles a command as the module in that folder pins it.
func build(b *testing.B, path, module, pkg string) string {
	b.Helper()
	out, err := exec.Command("go", "build", "-C", module, "-o", path, pkg).CombinedOutput()
	if err != nil {
		b.Fatalf("building %s: %v\n%s", pkg, err, out)
	}
	return path
}

// startHello starts the hello application over HTTP on its CPU, served by
// gwbench or by net/http, and returns its URL and its process.
func startHello(b *testing.B, gwbench, server string) (url string, pid int) {
	b.Helper()
	cmd := exec.Command(gwbench, "serve", "http", "--workers", "1", "--server", server)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := startOn(serverCPU, cmd); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(strings.TrimPrefix(line, "listening on ")), cmd.Process.Pid
}

// startOn starts a command on one CPU: a process inherits the affinity of the
// thread that forks it.
func startOn(cpu int, cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	one.Set(cpu)
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return err
	}
	defer unix.SchedSetaffinity(0, &before)
	return cmd.Start()
}

// output runs a generator on its CPU.
func output(b *testing.B, cmd *exec.Cmd) []byte {
	b.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := startOn(generatorCPU, cmd)
	if err == nil {
		err = cmd.Wait()
	}
	if err != nil {
		b.Fatalf("%s: %v\n%s", cmd, err, stderr.String())
	}
	return stdout.Bytes()
}

func runOurs(b *testing.B, url string, clients int) float64 {
	b.Helper()
	body := []byte(helloBody)
	plan, err := json.Marshal(load.Plan{
		Endpoint: url, KeepAlive: true, Client: "gwbench", Load: results.Load{Name: "saturate", Clients: clients},
		Method: "GET", ExpectStatus: 200, ExpectBody: &body, Duration: attackTime, Timeout: 10 * time.Second,
	})
	if err != nil {
		b.Fatal(err)
	}
	executable, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(executable)
	cmd.Env = append(os.Environ(), planVariable+"="+string(plan))
	var result load.Result
	if err := json.Unmarshal(output(b, cmd), &result); err != nil {
		b.Fatal(err)
	}
	if result.Counts.Correct != result.Counts.Sent {
		b.Fatalf("%d of %d responses were correct: %v", result.Counts.Correct, result.Counts.Sent, result.Errors)
	}
	return result.Metrics["throughput"]
}

func runVegeta(b *testing.B, vegeta, dir, url string, clients int) float64 {
	b.Helper()
	cmd := exec.Command(vegeta, "attack", "-rate=0", "-duration="+attackTime.String(),
		"-workers="+strconv.Itoa(clients), "-max-workers="+strconv.Itoa(clients))
	cmd.Stdin = strings.NewReader("GET " + url + "\n")
	binary := filepath.Join(dir, "results.bin")
	if err := os.WriteFile(binary, output(b, cmd), 0o600); err != nil {
		b.Fatal(err)
	}
	text, err := exec.Command(vegeta, "report", "-type=json", binary).Output()
	if err != nil {
		b.Fatal(err)
	}
	var report struct {
		Requests   int     `json:"requests"`
		Throughput float64 `json:"throughput"`
		Success    float64 `json:"success"`
		BytesIn    struct {
			Total int `json:"total"`
		} `json:"bytes_in"`
	}
	if err := json.Unmarshal(text, &report); err != nil {
		b.Fatal(err)
	}
	if report.Success != 1 || report.BytesIn.Total != report.Requests*len(helloBody) {
		b.Fatalf("vegeta: not all answers were right: %s", text)
	}
	return report.Throughput
}

var requestsPerSecond = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)

func runWrk(b *testing.B, wrk, url string, clients int) float64 {
	b.Helper()
	text := output(b, exec.Command(wrk, "-t1", "-c"+strconv.Itoa(clients), "-d"+attackTime.String(), url))
	if bytes.Contains(text, []byte("Non-2xx")) || bytes.Contains(text, []byte("Socket errors")) {
		b.Fatalf("wrk saw errors:\n%s", text)
	}
	return rate(b, requestsPerSecond, text)
}

func runHey(b *testing.B, hey, url string, clients int) float64 {
	b.Helper()
	text := output(b, exec.Command(hey, "-cpus", "1", "-c", strconv.Itoa(clients), "-z", attackTime.String(), url))
	if bytes.Contains(text, []byte("Error distribution")) {
		b.Fatalf("hey saw errors:\n%s", text)
	}
	return rate(b, requestsPerSecond, text)
}

func rate(b *testing.B, pattern *regexp.Regexp, text []byte) float64 {
	b.Helper()
	match := pattern.FindSubmatch(text)
	if match == nil {
		b.Fatalf("no rate in:\n%s", text)
	}
	value, err := strconv.ParseFloat(string(match[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return value
}
