package targets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Self finds the program that {self} stands for. Tests set it, before any
// other call, to a program that acts as gwbench.
var Self = os.Executable

// EnvTarget is the environment variable that every process started for a
// target gets, with the target's name. A process that has it starts no
// targets and asks for no versions: where {self} is a test's own binary, which would run
// its tests again, this ends the circle.
const EnvTarget = "GWBENCH_TARGET"

// EnvApplication is the environment variable that tells every process started
// for a target which application it is to run.
const EnvApplication = "GWBENCH_APPLICATION"

// commandTimeout bounds version and check commands.
const commandTimeout = 10 * time.Second

// MissingError says that a target cannot run here, and what would help.
// Detect with errors.As.
type MissingError struct {
	Target   string   // title: "target uwsgi", "front nginx"
	Program  string   // what is missing
	Packages []string // Debian packages that would help; nil: none are known
	Install  string   // the command that installs it; "": none is known
	Err      error    // how that was found
}

func (e *MissingError) Error() string {
	text := fmt.Sprintf("%s needs %s, which is not usable here (%v)", e.Target, e.Program, e.Err)
	if e.Install == "" {
		return text
	}
	return text + ": install it with: " + e.Install
}

func (e *MissingError) Unwrap() error { return e.Err }

// InstallCommand installs Debian packages.
func InstallCommand(packages []string) string {
	return "sudo apt-get install " + strings.Join(packages, " ")
}

// discovery finds out once what is installed for a recipe.
type discovery struct {
	once    sync.Once
	program string
	err     error
}

// Available returns nil, or a *MissingError that names the missing program and
// the command that installs it. What it finds holds for the life of the
// process.
func (r *Recipe) Available() error {
	if r.external != nil {
		return nil
	}
	r.found.once.Do(func() { r.found.program, r.found.err = r.discover() })
	return r.found.err
}

// discover returns the first of the programs that is there and passes the
// check; the error is that of the first.
func (r *Recipe) discover() (program string, err error) {
	for _, name := range r.Programs {
		found, failed := r.try(name)
		if failed == nil {
			return found, nil
		}
		if err == nil {
			err = failed
		}
	}
	return "", err
}

// try looks one program up, and runs the check with it.
func (r *Recipe) try(name string) (program string, err error) {
	missing := &MissingError{Target: r.title(), Program: name, Packages: r.Packages, Install: r.Install}
	if len(r.Packages) > 0 {
		missing.Install = InstallCommand(r.Packages)
	}
	if name == "{self}" {
		missing.Program = "gwbench"
		program, missing.Err = Self()
	} else {
		program, missing.Err = lookPath(r.located(name))
	}
	if missing.Err != nil {
		if strings.ContainsAny(name, " \t") {
			missing.Err = fmt.Errorf("%w: arguments belong into command", missing.Err)
		}
		return "", missing
	}
	if len(r.Check) == 0 {
		return program, nil
	}
	if out, err := r.run(context.Background(), program, r.Check); err != nil {
		missing.Program = strings.ReplaceAll(strings.Join(r.Check, " "), "{program}", name)
		missing.Err = err
		if line := lastLine(out); line != "" {
			missing.Err = fmt.Errorf("%w: %s", err, line)
		}
		return "", missing
	}
	return program, nil
}

// located fills in the recipe's folder, from which a relative path starts too.
func (r *Recipe) located(name string) string {
	path := expand(name, map[string]string{"recipe": r.folder})
	if r.folder == "" || !strings.Contains(path, "/") || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(r.folder, path)
}

// sbin is where servers are, and not in the PATH of ordinary users.
var sbin = []string{"/usr/local/sbin", "/usr/sbin", "/sbin"}

// lookPath is exec.LookPath, in the folders of sbin too.
func lookPath(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err == nil || strings.Contains(name, "/") {
		return path, err
	}
	for _, folder := range sbin {
		if path, err := exec.LookPath(filepath.Join(folder, name)); err == nil {
			return path, nil
		}
	}
	return "", err
}

// versionNumber is two or more numbers with dots, and what hangs on them:
// 2.0.21-debian, v1.2.0-rc.1+dirty.
var versionNumber = regexp.MustCompile(`(?:^|[\s(/])(v?\d+(?:\.\d+)+[-+.~\w]*)`)

// VersionOf runs the version command: the first version number that it
// prints, else its first line; "" where unknown.
func (r *Recipe) VersionOf(ctx context.Context) string {
	if len(r.Version) == 0 || r.Available() != nil {
		return ""
	}
	out, err := r.run(ctx, r.found.program, r.Version)
	if err != nil {
		return ""
	}
	if found := versionNumber.FindSubmatch(out); found != nil {
		return string(found[1])
	}
	line, _, _ := bytes.Cut(bytes.TrimSpace(out), []byte("\n"))
	return string(bytes.TrimSpace(line))
}

// run runs a short command and returns its stdout and stderr.
func (r *Recipe) run(ctx context.Context, program string, command []string) ([]byte, error) {
	values, err := commonValues()
	if err != nil {
		return nil, err
	}
	values["program"], values["recipe"] = program, r.folder
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	args := expandAll(command, values)
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), EnvTarget+"="+r.Name)
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrWaitDelay) {
		// It did succeed. Somebody else has its output open: on a busy machine, a
		// child that was started at the same moment and has not come to its own
		// program yet.
		err = nil
	}
	return out, err
}

// commonValues returns the placeholders that every command may use, unless
// this process is itself part of a target.
func commonValues() (map[string]string, error) {
	if name := os.Getenv(EnvTarget); name != "" {
		return nil, errors.New("this process was itself started as target " + name + ": it starts no others")
	}
	self, err := Self()
	if err != nil {
		return nil, fmt.Errorf("find gwbench's own program: %w", err)
	}
	return map[string]string{"self": self}, nil
}

func lastLine(out []byte) string {
	out = bytes.TrimSpace(out)
	return string(out[bytes.LastIndexByte(out, '\n')+1:])
}
