package plots

import (
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/summary/summarytest"
	"github.com/gwbench/gwbench/internal/verdict"
)

func TestComparedPicturesAreTheGoldens(t *testing.T) {
	for _, p := range Compared(summarytest.Compared(t)) {
		svg, err := p.SVG()
		if err != nil {
			t.Fatal(err)
		}
		if p.Name == "changes" || p.Name == "compare-throughput" {
			summarytest.Golden(t, p.Name+".svg", svg)
		}
	}
}

// names lists pictures.
func names(pictures []Picture) string {
	var all []string
	for _, p := range pictures {
		all = append(all, p.Name)
	}
	return strings.Join(all, " ")
}

func TestPicturesOfAComparison(t *testing.T) {
	if got, want := names(Compared(summarytest.Compared(t))), "changes compare-throughput compare-capacity compare-latency compare-curves"; got != want {
		t.Errorf("pictures %q, want %q", got, want)
	}
	a, b := summarytest.Searched(t), summarytest.Searched(t)
	b.Run.Seed++
	b.Run.ID = "later"
	c, err := summary.Compare([]summary.NamedData{{Data: a}, {Data: b}})
	if err != nil {
		t.Fatal(err)
	}
	if got := names(Compared(c)); !strings.Contains(got, " compare-saturation ") {
		t.Errorf("pictures of searches: %q, want compare-saturation among them", got)
	}
}

func TestComparedPicturesSayWhatIsMissing(t *testing.T) {
	for _, p := range Compared(summarytest.Compared(t)) {
		svg, err := p.SVG()
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		switch p.Name {
		case "changes":
			want = []string{">reference<", ">not in C<", ">not in A<", ">C: 20260304T050607Z-hello, 0 complete blocks<", "builtin http keep-alive"}
		case "compare-curves":
			want = []string{">no curve<", "(2 of 3 runs)<", "All requests of all valid trials"}
		default:
			want = []string{">not in this run<", ">no valid trial<", ">A: before, 10 complete blocks<", "builtin http keep-alive"}
			if p.Name == "compare-latency" {
				want = want[:1]
			}
		}
		for _, text := range want {
			if !strings.Contains(string(svg), text) {
				t.Errorf("%s does not say %s", p.Name, text)
			}
		}
	}
}

// drawn fails on a picture that is not drawn at some width.
func drawn(t interface {
	Errorf(string, ...any)
}, p Picture,
) []byte {
	var all []byte
	for _, width := range []vg.Length{Wide, Narrow} {
		svg, err := p.Inline(width)
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		if at := summarytest.NoNumber(svg); at != "" {
			t.Errorf("%s: a place that is no number: %s", p.Name, at)
		}
		all = append(all, svg...)
	}
	return all
}

func TestManyCasesOfManyRunsAreDrawn(t *testing.T) {
	for _, p := range Compared(summarytest.ComparedThirty(t)) {
		drawn(t, p)
		if p.Name != "compare-curves" && p.height(Wide) < 30*2*runHeight {
			t.Errorf("%s is %v points high, too little for 30 cases of 3 runs", p.Name, p.height(Wide))
		}
	}
}

func TestEightRunsHaveMarksAndLetters(t *testing.T) {
	var runs []summary.NamedData
	for i := range 8 {
		d := summarytest.OneCase(t)
		d.Run.Seed, d.Run.ID = uint64(i), "run-"+summary.Letter(i)
		runs = append(runs, summary.NamedData{Data: d})
	}
	c, err := summary.Compare(runs)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Compared(c) {
		if svg := string(drawn(t, p)); !strings.Contains(svg, "H: run-H") {
			t.Errorf("%s does not name the eighth run", p.Name)
		}
	}
}

func TestHostileTextIsInertInComparedPictures(t *testing.T) {
	pictures := Compared(summarytest.ComparedHostile(t))
	if len(pictures) < 3 {
		t.Fatalf("%d pictures", len(pictures))
	}
	for _, p := range pictures {
		svg := string(drawn(t, p))
		summarytest.OnlyText(t, p.Name, strings.ReplaceAll(svg, "\t", " "))
		if strings.Contains(svg, "<script") {
			t.Errorf("%s has a script", p.Name)
		}
	}
}

// Whatever the records are, a comparison is refused or drawn.
func TestAnyTwoRunsAreDrawnBesideEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, err := summary.Compare(summarytest.AnyTwoRuns.Draw(t, "runs"))
		if err != nil {
			return
		}
		for _, p := range Compared(c) {
			drawn(t, p)
		}
	})
}

func TestOutcomesHaveMarksOfTheirOwn(t *testing.T) {
	seen := map[any]bool{}
	for _, outcome := range []verdict.ChangeOutcome{verdict.Better, verdict.Worse, verdict.Same, verdict.Undetermined} {
		_, mark := changeStyle(outcome)
		seen[mark] = true
	}
	if len(seen) != 4 {
		t.Errorf("%d marks for 4 outcomes", len(seen))
	}
}
