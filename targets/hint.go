package targets

import (
	"fmt"

	"github.com/gwbench/gwbench/internal/spelling"
)

// didYouMean is a hint at the nearest name, or the list of all where none is
// near enough to be a typing error.
func didYouMean(name string, known []string) string {
	if near := spelling.Nearest(name, known); near != "" {
		return fmt.Sprintf(": did you mean %q?", near)
	}
	return fmt.Sprintf(": known are %v", known)
}
