package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/gwbench/gwbench/internal/spelling"
)

// BaselinesFolder is the folder, beside the run folders, that keeps baselines.
const BaselinesFolder = "baselines"

// baselineSuffix follows a baseline's name in that of its file.
const baselineSuffix = ".json"

// Baselines are runs that were kept under a name, to compare later ones with:
// bundles in a folder of their own.
type Baselines struct {
	Root string // holds the folder: "results"
}

// File returns where the baseline of that name is kept, whether it exists or
// not.
func (b Baselines) File(name string) string {
	return filepath.Join(b.Root, BaselinesFolder, name+baselineSuffix)
}

// baselineName is what a baseline may be called: a name that is a file's
// everywhere, and no option of a command.
var baselineName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$`)

// CheckBaselineName refuses a name that a baseline cannot have.
func CheckBaselineName(name string) error {
	if !baselineName.MatchString(name) {
		return fmt.Errorf("%q cannot be the name of a baseline: use up to 100 letters, digits, dots, dashes and underscores, the first neither dot nor dash", name)
	}
	return nil
}

// Names lists the baselines in the order of their names.
func (b Baselines) Names() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(b.Root, BaselinesFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("cannot look for baselines: %w", err)
	}
	var names []string
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), baselineSuffix)
		if ok && !e.IsDir() && CheckBaselineName(name) == nil {
			names = append(names, name)
		}
	}
	return names, nil
}

// Open reads a baseline. The error about one that does not exist names the
// nearest.
func (b Baselines) Open(name string) (Run, []Trial, error) {
	if err := b.mustExist(name); err != nil {
		return Run{}, nil, err
	}
	return ReadBundle(b.File(name))
}

// mustExist refuses the name of a baseline that is not there.
func (b Baselines) mustExist(name string) error {
	names, err := b.Names()
	if err != nil {
		return err
	}
	for _, known := range names {
		if known == name {
			return nil
		}
	}
	known := "gwbench baseline save NAME RUN keeps one"
	if len(names) > 0 {
		known = "there are " + strings.Join(names, ", ")
	}
	return fmt.Errorf("there is no baseline %s in %s: %s%s", name, filepath.Join(b.Root, BaselinesFolder), spelling.Hint(name, names), known)
}
