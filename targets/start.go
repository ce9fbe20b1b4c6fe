package targets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gwbench/gwbench/protocols"
	"github.com/gwbench/gwbench/targets/apps"
)

// Options say how to start a target.
type Options struct {
	Protocol, Network, Connection, Application string
	Workers                                    int           // server processes, or CPUs for a threaded server; 0: 1
	CPUs                                       []int         // affinity of the server; nil: that of this process
	LogFile                                    string        // stdout and stderr are appended there; "": to a file in Dir that is removed on Stop
	Folder                                     string        // the server runs in it; "": in that of this process
	Dir                                        string        // scratch directory for sockets and generated files; must be short enough for a unix socket path; "": the system's
	Listen                                     string        // host:port or a socket's path; "" lets the package choose a free loopback port or a socket in Dir, port 0 the port
	ReadyTimeout                               time.Duration // 0: the recipe's, else 10 s
	ReadyPath                                  string        // request used for readiness; "": the recipe's, else /
	ConfigDir                                  string        // keeps a copy of the files generated from the recipe; "": none is kept

	behind *hop // of a front: where it passes requests on to
}

// StartError says that a target did not come up, or how it died. Detect with
// errors.As.
type StartError struct {
	Target  string // title: "target uwsgi", "front nginx"
	Command string // "" where there was none yet
	LogFile string // "" where there is none, or none that was kept
	Tail    string // the last lines that the server logged
	Err     error  // what happened

	Explained []Explanation // what the recipe knows of the log
}

func (e *StartError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %v", e.Target, e.Err)
	if e.Command != "" {
		fmt.Fprintf(&b, "\n  command: %s", e.Command)
	}
	if e.LogFile != "" {
		fmt.Fprintf(&b, "\n  log: %s", e.LogFile)
	}
	if e.Tail != "" {
		b.WriteString("\n  its last lines:")
		for line := range strings.Lines(e.Tail) {
			b.WriteString("\n    " + strings.TrimRight(line, "\n"))
		}
	}
	for _, known := range e.Explained {
		b.WriteString("\n  explanation: " + known.String())
	}
	return b.String()
}

func (e *StartError) Unwrap() error { return e.Err }

// maxAttempts bounds how often a port of our own choice may be taken by
// another program before the server has bound it.
const maxAttempts = 4

// errAddressTaken: the server ended because somebody else has its address.
var errAddressTaken = errors.New("another program took the address before the server did")

// Start starts the target and returns once a real request over the protocol
// was answered. On failure nothing is left running, and the error, a
// *StartError or *MissingError, holds the last lines of the log. The end of ctx
// ends the start, but not an instance that Start has returned.
func (r *Recipe) Start(ctx context.Context, o Options) (*Instance, error) {
	s, err := r.Serving(o.Protocol, o.Network, o.Connection, o.Application)
	if err != nil {
		return nil, err
	}
	o = o.withDefaults(r)
	if r.external != nil {
		return r.reach(ctx, o)
	}
	if err := r.Available(); err != nil {
		return nil, err
	}
	for attempt := 1; ; attempt++ {
		i, chosen, err := r.startOnce(ctx, o, s)
		if err == nil {
			return i, nil
		}
		if !chosen || attempt == maxAttempts || !errors.Is(err, errAddressTaken) {
			return nil, err
		}
	}
}

func (o Options) withDefaults(r *Recipe) Options {
	if o.Workers <= 0 {
		o.Workers = 1
	}
	if o.ReadyTimeout <= 0 {
		o.ReadyTimeout = r.Ready.Timeout
	}
	if o.ReadyTimeout <= 0 {
		o.ReadyTimeout = 10 * time.Second
	}
	if o.ReadyPath == "" {
		o.ReadyPath = r.Ready.Path
	}
	if o.ReadyPath == "" {
		o.ReadyPath = "/"
	}
	return o
}

// startOnce starts the server at one address; chosen tells whether another
// address could be tried.
func (r *Recipe) startOnce(ctx context.Context, o Options, s Serve) (i *Instance, chosen bool, err error) {
	failed := func(err error) error { return &StartError{Target: r.title(), Err: err} }
	if err := ctx.Err(); err != nil {
		return nil, false, failed(context.Cause(ctx))
	}
	dir, err := scratch(o.Dir)
	if err != nil {
		return nil, false, failed(err)
	}
	defer func() {
		if i == nil {
			_ = os.RemoveAll(dir)
		}
	}()
	e, chosen, err := o.endpoint(dir)
	if err != nil {
		return nil, false, failed(err)
	}
	cmd, err := r.command(o, s, e, dir)
	if err != nil {
		return nil, false, failed(err)
	}
	log, err := openLog(o.LogFile, dir)
	if err != nil {
		return nil, false, failed(err)
	}
	i, err = launch(r, cmd, o.CPUs, e, log, dir)
	if err != nil {
		return nil, false, failed(fmt.Errorf("run %s: %w", quoteCommand(cmd.Args), err))
	}
	i.script = expand(s.Script, o.values(e, dir))
	started := i
	if err := i.awaitReady(ctx, o); err != nil {
		i.kill()
		<-i.exited
		i = nil
		return nil, chosen, started.failure(err)
	}
	return i, chosen, nil
}

// scratch makes a directory for one start. A front or a worker that runs as
// another user must be able to reach a socket in it.
func scratch(parent string) (string, error) {
	if parent == "" {
		parent = os.TempDir()
	}
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", err
	}
	parent, err := filepath.Abs(parent)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(parent, "gw")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755)
}

// values are what the placeholders of a start stand for, but for those of the
// machine (commonValues).
func (o Options) values(e protocols.Endpoint, dir string) map[string]string {
	values := addressValues(e)
	maps.Copy(values, map[string]string{
		"protocol": o.Protocol, "network": o.Network, "connection": o.Connection,
		"application": o.Application, "module": o.Application,
		"workers": strconv.Itoa(o.Workers), "backlog": strconv.Itoa(backlog()), "dir": dir, "apps": filepath.Join(dir, "apps"),
	})
	if application, ok := apps.Find(o.Application); ok {
		values["module"] = application.Module
	}
	if o.behind != nil {
		maps.Copy(values, o.behind.values())
	}
	return values
}

// command writes the recipe's files and returns the command that starts the
// server.
func (r *Recipe) command(o Options, s Serve, e protocols.Endpoint, dir string) (*exec.Cmd, error) {
	values, err := commonValues()
	if err != nil {
		return nil, err
	}
	maps.Copy(values, o.values(e, dir))
	values["program"], values["recipe"] = r.found.program, r.folder
	if r.shipped != nil {
		values["recipe"] = filepath.Join(dir, "recipe")
	}
	command := slices.Concat(s.Command, r.args)
	files := merged(r.Files, s.Files)
	if uses("apps", append(command, s.Script), r.Env, files) {
		if err := copyTree(values["apps"], apps.Files); err != nil {
			return nil, fmt.Errorf("write the applications: %w", err)
		}
	}
	if r.shipped != nil && uses("recipe", command, r.Env, files) {
		if err := copyTree(values["recipe"], r.shipped); err != nil {
			return nil, fmt.Errorf("write the recipe's files: %w", err)
		}
	}
	if err := writeFiles(files, values, dir, o.ConfigDir); err != nil {
		return nil, err
	}
	args := expandAll(command, values)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = o.Folder
	// GOMAXPROCS is left out so that a server in Go follows its affinity.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GOMAXPROCS=") })
	cmd.Env = append(cmd.Env, EnvTarget+"="+r.Name, EnvApplication+"="+o.Application)
	for name, value := range r.Env {
		cmd.Env = append(cmd.Env, name+"="+expand(value, values))
	}
	return cmd, nil
}

// writeFiles writes the generated files to dir, and to keep where that is named.
func writeFiles(files, values map[string]string, dir, keep string) error {
	if keep != "" && len(files) > 0 {
		if err := os.MkdirAll(keep, 0o755); err != nil {
			return err
		}
	}
	for name, text := range files {
		filled := []byte(expand(text, values))
		if err := os.WriteFile(filepath.Join(dir, name), filled, 0o644); err != nil {
			return err
		}
		if keep == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(keep, name), filled, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// copyTree writes all files of a tree to a new directory.
func copyTree(dir string, tree fs.FS) error {
	return fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(path))
		if d.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		text, err := fs.ReadFile(tree, path)
		if err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o644)
	})
}

// quoteCommand writes a command so that it can be read, and mostly pasted.
func quoteCommand(args []string) string {
	quoted := make([]string, len(args))
	for i, arg := range args {
		quoted[i] = arg
		if arg == "" || strings.ContainsAny(arg, " \t\n\"'\\$`*?;&|<>(){}[]#~") {
			quoted[i] = strconv.Quote(arg)
		}
	}
	return strings.Join(quoted, " ")
}
