package plots

import (
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
)

func TestCPUBarsAddUpToTheirSide(t *testing.T) {
	for _, c := range summary.Cases(withUsage(summarytest.Fronts(t))) {
		bars := newCPUBars(c)
		if want := map[bool]int{false: 2, true: 4}[c.Case.Front != "none"]; len(bars.servers.parts) != want || len(bars.client.parts) != 2 {
			t.Fatalf("%s: %d parts of the servers, %d of the load generator; want %d and 2", c.Case.ID(), len(bars.servers.parts), len(bars.client.parts), want)
		}
		sum := 0.0
		for _, p := range bars.servers.parts {
			sum += p.time
		}
		// Medians do not add up exactly, but nearly.
		if sum < 0.98*bars.servers.total || sum > 1.02*bars.servers.total {
			t.Errorf("%s: the parts make %v us, the servers took %v us", c.Case.ID(), sum, bars.servers.total)
		}
	}
}

func TestUnknownCPUTimeIsSaidToBe(t *testing.T) {
	undivided := summarytest.Hello(t)
	none := summarytest.NothingValid(t)
	half := withUsage(summarytest.Hello(t))
	for i := range half.Trials {
		delete(half.Trials[i].Metrics, "client_cpu")
		if half.Trials[i].Case == half.Run.Plan.Cases[0].ID() {
			half.Trials[i].Valid = false
		}
	}
	for name, tt := range map[string]struct {
		data summary.Data
		ok   bool
		want []string
	}{
		"totals alone":         {undivided, true, []string{"An empty bar: "}},
		"nothing":              {none, false, nil},
		"no case or generator": {half, true, []string{">unknown: no valid trial<", ">?<"}},
	} {
		t.Run(name, func(t *testing.T) {
			p, ok := cpuPage(tt.data)
			if ok != tt.ok {
				t.Fatalf("there is a picture: %v, want %v", ok, tt.ok)
			}
			if !ok {
				return
			}
			svg, err := p.SVG()
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				if !strings.Contains(string(svg), want) {
					t.Errorf("the picture does not say %q", want)
				}
			}
		})
	}
}
