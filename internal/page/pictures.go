package page

import (
	"html/template"
	"slices"

	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/internal/verdict"
)

// pictures are figures beneath each other, of those that the run has; "" of none.
func (r *report) pictures(names ...string) template.HTML { return beneath(r.figures, names) }

// beneath are figures of these names beneath each other, of those that there are.
func beneath(figures map[string]template.HTML, names []string) template.HTML {
	var all template.HTML
	for _, name := range names {
		all += figures[name]
	}
	return all
}

func (r *report) latency() (template.HTML, error) {
	return r.pictures("latency", "ecdf", "corrected"), nil
}

// throughput shows each trial, and how the machine changed in the course of the run.
func (r *report) throughput() (template.HTML, error) {
	pictures := r.pictures("throughput", "capacity", "drift")
	var drifts []string
	if r.figures["drift"] == "" { // which says so itself
		for _, drift := range verdict.Drifts(r.Run.Plan, r.Trials) {
			drifts = append(drifts, "Over "+summary.Plural(drift.Blocks, "block")+", all cases alike: "+drift.String()+".")
		}
	}
	if pictures == "" && len(drifts) == 0 {
		return "", nil
	}
	return render("throughput", struct {
		Pictures template.HTML
		Drifts   []string
	}{pictures, drifts})
}

// saturation is what searches found, and what they met beyond it.
func (r *report) saturation() (template.HTML, error) {
	picture := r.pictures("saturation")
	searches := summary.AllSearchLines(r.Data)
	if picture == "" && len(searches) == 0 {
		return "", nil
	}
	return render("saturation", struct {
		Picture  template.HTML
		Searches []string
	}{picture, searches})
}

// others are pictures that no section has: those of scenario axes among them.
func (r *report) others() []string {
	var names []string
	for _, p := range r.drawn {
		if !slices.Contains(placed, p) {
			names = append(names, p)
		}
	}
	return names
}

// placed are the pictures that stand in a section of their own.
var placed = []string{"ratio", "cpu", "latency", "ecdf", "corrected", "throughput", "capacity", "drift", "saturation"}
