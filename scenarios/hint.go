package scenarios

import (
	"fmt"
	"strings"

	"github.com/gwbench/gwbench/internal/spelling"
)

// suggest is the hint for a name that is not one of the valid ones: the
// nearest of them, else all of them.
func suggest(name string, valid []string) string {
	if near := spelling.Nearest(name, valid); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(valid) == 0 {
		return "there is nothing to choose from here"
	}
	return "valid here: " + strings.Join(valid, ", ")
}
