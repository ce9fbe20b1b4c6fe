package apps

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// debianPython comes first because Debian's Python packages are installed for
// it, and for no other Python that PATH may name before it.
const debianPython = "/usr/bin/python3"

// importTimeout bounds the import of a framework: some take most of a second
// where nothing is in the page cache.
const importTimeout = 20 * time.Second

// available remembers the answers of Application.Available by name, each
// behind a sync.OnceValue.
var available sync.Map

// Available returns nil if Python has the modules that the application needs.
// Otherwise the error says which is missing and which command installs it. Each
// application is looked at once in the life of the process. Safe for
// concurrent use.
func (a Application) Available() error {
	if len(a.Imports) == 0 {
		return nil
	}
	once, _ := available.LoadOrStore(a.Name, sync.OnceValue(a.findImports))
	return once.(func() error)()
}

func (a Application) findImports() error {
	python, err := exec.LookPath(debianPython)
	if err != nil {
		python, err = exec.LookPath("python3")
	}
	if err != nil {
		return fmt.Errorf("application %s needs Python: sudo apt-get install %s", a.Name, strings.Join(append([]string{"python3"}, a.Packages...), " "))
	}
	ctx, cancel := context.WithTimeout(context.Background(), importTimeout)
	defer cancel()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, python, "-B", "-c", "import "+strings.Join(a.Imports, ", "))
	cmd.Stderr = &stderr
	err = cmd.Run()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("application %s: %s did not import %s within %s", a.Name, python, strings.Join(a.Imports, ", "), importTimeout)
	case errors.As(err, new(*exec.ExitError)):
		return fmt.Errorf("application %s does not run with %s (%s): sudo apt-get install %s", a.Name, python, lastLine(stderr.String()), strings.Join(a.Packages, " "))
	default:
		return fmt.Errorf("application %s: run %s: %w", a.Name, python, err)
	}
}

// lastLine is where Python's tracebacks name the error.
func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}
