package targets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
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

// commandTimeout bounds version and check commands.
const commandTimeout = 10 * time.Second

// MissingError says that a target cannot run here, and what would help.
// Detect with errors.As.
type MissingError struct {
	Target  string
	Program string // what is missing
	Install string // the command that installs it
	Err     error  // how that was found
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("target %s needs %s, which is not usable here (%v): install it with: %s", e.Target, e.Program, e.Err, e.Install)
}

func (e *MissingError) Unwrap() error { return e.Err }

// Available returns nil, or a *MissingError that names the missing program and
// the command that installs it.
func (r *Recipe) Available() error {
	if r.external != nil {
		return nil
	}
	missing := &MissingError{Target: r.Name, Program: r.Program, Install: r.Install}
	var err error
	if r.Program == "{self}" {
		missing.Program = "gwbench"
		_, err = Self()
	} else {
		_, err = exec.LookPath(r.Program)
	}
	if err != nil {
		missing.Err = err
		return missing
	}
	if len(r.Check) == 0 {
		return nil
	}
	if out, err := r.run(context.Background(), r.Check); err != nil {
		missing.Program = strings.Join(r.Check, " ")
		missing.Err = err
		if line := lastLine(out); line != "" {
			missing.Err = fmt.Errorf("%w: %s", err, line)
		}
		return missing
	}
	return nil
}

// versionNumber is two or more numbers with dots, and what hangs on them:
// 2.0.21-debian, v1.2.0-rc.1+dirty.
var versionNumber = regexp.MustCompile(`(?:^|[\s(/])(v?\d+(?:\.\d+)+[-+.~\w]*)`)

// VersionOf runs the version command: the first version number that it
// prints, else its first line; "" where unknown.
func (r *Recipe) VersionOf(ctx context.Context) string {
	if len(r.Version) == 0 {
		return ""
	}
	out, err := r.run(ctx, r.Version)
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
func (r *Recipe) run(ctx context.Context, command []string) ([]byte, error) {
	values, err := commonValues()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	args := expandAll(command, values)
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), EnvTarget+"="+r.Name)
	cmd.WaitDelay = time.Second
	return cmd.CombinedOutput()
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
