package targets

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/fcgi"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/targets/apps"
)

// parentEnv makes this test's binary a program that starts a target and waits.
const parentEnv = "GWBENCH_TEST_TARGETS_PARENT"

// TestMain lets this test's binary act as gwbench, which {self} stands for.
func TestMain(m *testing.M) {
	if os.Getenv(EnvTarget) != "" {
		if err := act(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
			os.Exit(1)
		}
		return
	}
	if dir := os.Getenv(parentEnv); dir != "" {
		parent(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

// act is what a target does, by its first argument.
func act(args []string) error {
	switch args[0] {
	case "version":
		fmt.Println("gwbench v9.8.7-test (go)\nand more")
	case "words":
		fmt.Println(strings.Join(args[1:], " "))
	case "serve": // as gwbench does
		return serve(args[1], flags(args[2:]))
	case "die": // die STATUS LINES
		status, lines := args[1], args[2]
		n, _ := strconv.Atoi(lines)
		for i := range n {
			fmt.Println("line", i+1)
		}
		code, _ := strconv.Atoi(status)
		os.Exit(code)
	case "deaf": // deaf LISTEN: accepts, answers nothing, and dies of SIGKILL only
		signal.Ignore(syscall.SIGTERM)
		l, err := listen(args[1])
		if err != nil {
			return err
		}
		fmt.Println("deaf")
		for {
			if _, err := l.Accept(); err != nil {
				return err
			}
		}
	case "stubborn": // stubborn LISTEN: answers, and dies of SIGKILL only
		signal.Ignore(syscall.SIGTERM)
		return answer(args[1], func(w http.ResponseWriter, _ *http.Request) {})
	case "status": // status LISTEN STATUS
		status, _ := strconv.Atoi(args[2])
		return answer(args[1], func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	case "crash": // crash LISTEN: answers, until it is asked for /crash
		return answer(args[1], func(_ http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/crash" {
				fmt.Println("cannot go on")
				os.Exit(7)
			}
		})
	case "unlucky": // unlucky LISTEN FILE: its port is taken, until FILE has two bytes
		f, err := os.OpenFile(args[2], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		info, err := f.Stat()
		if err != nil {
			return err
		}
		if _, err := f.WriteString("x"); err != nil {
			return err
		}
		if info.Size() < 2 {
			return fmt.Errorf("bind %s: Address already in use", args[1])
		}
		return answer(args[1], func(http.ResponseWriter, *http.Request) {})
	case "tell": // tell LISTEN FILES...: answers with what it was given
		return answer(args[1], func(w http.ResponseWriter, r *http.Request) {
			status, _ := os.ReadFile("/proc/self/status")
			for line := range strings.Lines(string(status)) {
				if list, ok := strings.CutPrefix(line, "Cpus_allowed_list:"); ok {
					fmt.Fprintln(w, "cpus", strings.TrimSpace(list))
				}
			}
			fmt.Fprintln(w, "procs", runtime.GOMAXPROCS(0))
			fmt.Fprintln(w, "env", os.Getenv("TEST_ENV"))
			for _, file := range args[2:] {
				text, err := os.ReadFile(file)
				fmt.Fprintf(w, "%s %q %v\n", filepath.Base(file), text, err)
			}
		})
	case "prefork": // prefork LISTEN: a worker answers, the master waits
		worker := exec.Command(os.Args[0], "worker", args[1])
		worker.Stdout, worker.Stderr = os.Stdout, os.Stderr
		if err := worker.Start(); err != nil {
			return err
		}
		fmt.Println("worker", worker.Process.Pid)
		return worker.Wait()
	case "worker": // ignores what its master would have it do
		signal.Ignore(syscall.SIGTERM)
		return answer(args[1], func(http.ResponseWriter, *http.Request) {})
	default:
		return fmt.Errorf("unknown %q", args)
	}
	return nil
}

func flags(args []string) map[string]string {
	values := map[string]string{}
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		values[strings.TrimPrefix(name, "--")] = value
	}
	return values
}

func listen(address string) (net.Listener, error) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return net.Listen("unix", path)
	}
	return net.Listen("tcp", address)
}

func serve(protocol string, flag map[string]string) error {
	l, err := listen(flag["listen"])
	if err != nil {
		return err
	}
	app, ok := apps.Lookup(flag["app"])
	if !ok {
		return fmt.Errorf("no application %q", flag["app"])
	}
	if n, err := strconv.Atoi(flag["workers"]); err != nil || n < 1 {
		return fmt.Errorf("workers: %q", flag["workers"])
	}
	fmt.Println("serving", protocol)
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	go func() {
		<-term
		fmt.Println("bye")
		os.Exit(0)
	}()
	switch {
	case flag["server"] == "net/http" && protocol == "fastcgi":
		return fcgi.Serve(l, app)
	case flag["server"] == "net/http":
		return http.Serve(l, app)
	}
	spec, ok := protocols.Lookup(protocol)
	if !ok {
		return fmt.Errorf("no protocol %q", protocol)
	}
	return spec.NewServer(app).Serve(l)
}

func answer(address string, h http.HandlerFunc) error {
	l, err := listen(address)
	if err != nil {
		return err
	}
	return http.Serve(l, h)
}

// parent starts a target, tells its process, and waits to be killed.
func parent(dir string) {
	r, err := Find("gonet")
	if err == nil {
		var i *Instance
		i, err = r.Start(context.Background(), Options{
			Protocol: "http", Network: "tcp", Connection: "per-request", Application: "hello", Dir: dir, ReadyTimeout: 20 * time.Second,
		})
		if err == nil {
			fmt.Println(i.PID())
			select {}
		}
	}
	fmt.Println(err)
	os.Exit(1)
}
