package plots

import (
	"slices"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/results"
)

func TestPicturesAreTheGoldens(t *testing.T) {
	goldens(t, "", picturesOf(withUsage(summarytest.Hello(t))))
}

// TestPicturesOfManyCasesAreTheGoldens hold what hello does not have: fronts, and more
// cases than one has curves for.
func TestPicturesOfManyCasesAreTheGoldens(t *testing.T) {
	goldens(t, "fronts-", picturesOf(withUsage(summarytest.Fronts(t))))
}

// TestPicturesOfASearchAreTheGoldens holds what only a search has.
func TestPicturesOfASearchAreTheGoldens(t *testing.T) {
	pictures := slices.DeleteFunc(picturesOf(summarytest.Searched(t)), func(p Picture) bool { return p.Name != "saturation" })
	if len(pictures) != 1 {
		t.Fatalf("%d pictures of saturation", len(pictures))
	}
	goldens(t, "", pictures)
}

func goldens(t *testing.T, prefix string, pictures []Picture) {
	for _, p := range pictures {
		svg, err := p.SVG()
		if err != nil {
			t.Fatal(err)
		}
		summarytest.Golden(t, prefix+p.Name+".svg", svg)
	}
}

// withUsage divides the CPU time of each trial into user mode and kernel, and that of
// the servers behind a front into the front's and the target's.
func withUsage(d summary.Data) summary.Data {
	front := map[string]bool{}
	for _, c := range d.Run.Plan.Cases {
		front[c.ID()] = c.Front != "" && c.Front != results.NoFront
	}
	for i, t := range d.Trials {
		of := func(v float64) *float64 { return &v }
		server := t.Metrics["server_cpu"] / 1e6 * float64(t.Counts.Correct)
		client := t.Metrics["client_cpu"] / 1e6 * float64(t.Counts.Correct)
		u := results.Usage{ServerUser: of(0.3 * server), ServerSystem: of(0.7 * server), ClientUser: of(0.4 * client), ClientSystem: of(0.6 * client)}
		if front[t.Case] {
			u.FrontUser, u.FrontSystem = of(0.1*server), of(0.2*server)
			d.Trials[i].Metrics["server_cpu.front"] = 0.3 * t.Metrics["server_cpu"]
			d.Trials[i].Metrics["server_cpu.target"] = 0.7 * t.Metrics["server_cpu"]
		}
		d.Trials[i].Usage = u
	}
	return d
}
