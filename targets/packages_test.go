package targets

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/targets/apps"
)

// TestInstallServersKnowsAllPackages: the script reads recipes and applications
// line by line, and so depends on how they are written.
func TestInstallServersKnowsAllPackages(t *testing.T) {
	want := []string{"chromium"} // what tests use beside servers
	for _, name := range Names() {
		r, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, r.Packages...)
	}
	for _, name := range FrontNames() {
		f, err := FindFront(name)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, f.Recipe().Packages...)
	}
	for _, a := range apps.All() {
		want = append(want, a.Packages...)
	}
	slices.Sort(want)
	out, err := exec.Command("../scripts/install-servers", "--list").Output()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(slices.Compact(want), strings.Fields(string(out))); diff != "" {
		t.Error(diff)
	}
}
