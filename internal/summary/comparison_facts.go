package summary

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/results"
)

// Fact is something that each run says of itself.
type Fact struct {
	Name   string
	Values []string // by run; Unknown where it does not say
	Differ bool
}

// Facts are the environments, the versions and the plans of the runs beside each other:
// what explains a change that no server made. What no run knows is left out.
func (c Comparison) Facts() []Fact {
	var facts []Fact
	add := func(name string, of func(Data) string) {
		f := Fact{Name: name}
		known := false
		for _, d := range c.Runs {
			value := of(d)
			known = known || value != ""
			if value == "" {
				value = Unknown
			}
			f.Values = append(f.Values, value)
		}
		f.Differ = slices.ContainsFunc(f.Values, func(v string) bool { return v != f.Values[0] })
		if known {
			facts = append(facts, f)
		}
	}
	number := func(v int64) string {
		if v == 0 {
			return ""
		}
		return Thousands(float64(v))
	}
	add("gwbench", func(d Data) string { return inert.Line(d.Run.Tool) })
	add("Go", func(d Data) string { return inert.Line(d.Run.Environment.Go) })
	add("machine (hash of its name)", func(d Data) string { return inert.Line(d.Run.Environment.Hostname) })
	add("CPU", func(d Data) string { return inert.Line(d.Run.Environment.CPU) })
	add("CPUs", func(d Data) string { return number(int64(d.Run.Environment.CPUs)) })
	add("memory (MiB)", func(d Data) string { return number(d.Run.Environment.MemoryMB) })
	add("system", func(d Data) string {
		return inert.Line(strings.Join([]string{d.Run.Environment.OS, d.Run.Environment.Kernel, d.Run.Environment.Arch}, " "))
	})
	add("virtualisation", func(d Data) string { return inert.Line(d.Run.Environment.Virtual) })
	add("governor", func(d Data) string { return inert.Line(d.Run.Environment.Governor) })
	add("placement", func(d Data) string { return placementText(d.Run.Placement) })
	for _, name := range serverNames(c.Runs) {
		add(inert.Line(name), func(d Data) string { return serverVersion(d.Run, name) })
	}
	add("trials", func(d Data) string {
		return fmt.Sprintf("%s after %s of warm-up", DurationText(d.Run.Plan.Duration), DurationText(d.Run.Plan.Warmup))
	})
	add("complete blocks", BlocksOf)
	add("seed", func(d Data) string { return fmt.Sprint(d.Run.Seed) })
	return facts
}

func serverNames(runs []Data) []string {
	var names []string
	for _, d := range runs {
		for _, s := range slices.Concat(d.Run.Targets, d.Run.Fronts) {
			if !slices.Contains(names, s.Name) {
				names = append(names, s.Name)
			}
		}
	}
	return names
}

func serverVersion(r results.Run, name string) string {
	for _, s := range slices.Concat(r.Targets, r.Fronts) {
		if s.Name == name {
			return inert.Line(s.Version)
		}
	}
	return ""
}
