package page_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/browsertest"
	"github.com/gwbench/gwbench/internal/page"
)

// TestScreenshots writes pictures of whole reports, for people to look at, into the
// folder that GWBENCH_SCREENSHOTS names: make screenshots.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("GWBENCH_SCREENSHOTS")
	if dir == "" {
		t.Skip("GWBENCH_SCREENSHOTS names no folder")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, run := range page.Runs {
		if strings.HasPrefix(run.Name, "hostile") {
			continue // names of ten thousand letters make pages that no picture holds
		}
		p := browsertest.OpenFile(t, page.Rendered(t, run.Name), browsertest.View{})
		for _, width := range []int64{1280, 768, 360} {
			for theme, dark := range map[string]bool{"light": false, "dark": true} {
				p.Look(browsertest.View{Width: width, Dark: dark})
				p.Settle()
				name := fmt.Sprintf("%s-%d-%s.png", strings.ReplaceAll(run.Name, " ", "-"), width, theme)
				if err := os.WriteFile(filepath.Join(dir, name), p.PNG(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
