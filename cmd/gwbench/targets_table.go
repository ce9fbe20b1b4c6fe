package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/results"
	"github.com/gwbench/gwbench/targets"
)

// shortModes are the connection modes as the table's cells have them.
var shortModes = map[string]string{results.PerRequest: "req", results.KeepAlive: "keep"}

// printProbed prints what answered: a row for each target and protocol.
func printProbed(w io.Writer, inventory *bench.Inventory) error {
	if err := printTables(w, inventory, []string{"version", "protocol", "tcp", "unix"}, probedRows); err != nil {
		return err
	}
	if len(inventory.Applications) > 0 {
		printApplications(w, inventory.Applications)
	}
	printLegend(w, inventory)
	printFailures(w, inventory)
	printMissing(w, inventory)
	return nil
}

// printTables prints a table of the targets and one of the fronts, with the
// rows that each holding has.
func printTables(w io.Writer, inventory *bench.Inventory, columns []string, rowsOf func(bench.Holding) [][]string) error {
	for _, part := range []struct {
		title    string
		holdings []bench.Holding
	}{{"target", inventory.Targets}, {"front", inventory.Fronts}} {
		if len(part.holdings) == 0 {
			continue
		}
		rows := [][]string{append([]string{part.title}, columns...)}
		for _, h := range part.holdings {
			rows = append(rows, rowsOf(h)...)
		}
		if err := printTable(w, rows); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	return nil
}

// probedRows has the name and the version in its first row only.
func probedRows(h bench.Holding) (rows [][]string) {
	name, version := h.Name, orUnknown(h)
	var protocols []string
	for _, o := range h.Offers {
		if !slices.Contains(protocols, o.Protocol) {
			protocols = append(protocols, o.Protocol)
		}
	}
	for _, protocol := range protocols {
		rows = append(rows, []string{name, version, protocol, cell(h, protocol, "tcp"), cell(h, protocol, "unix")})
		name, version = "", ""
	}
	return rows
}

func orUnknown(h bench.Holding) string {
	switch {
	case !h.Available:
		return "missing"
	case h.Version == "":
		return "unknown"
	}
	const most = 20 // columns, so that the table fits 80
	if len(h.Version) > most {
		return h.Version[:most]
	}
	return h.Version
}

// cell is what a target does over a protocol on a network: "req, keep".
func cell(h bench.Holding, protocol, network string) string {
	var modes []string
	for _, o := range h.Offers {
		if o.Protocol != protocol || o.Network != network {
			continue
		}
		mode := shortModes[o.Connection]
		switch o.Status {
		case bench.StatusOK:
		case bench.StatusNotProbed:
			mode = "(" + mode + ")"
		default:
			mode += "!"
		}
		modes = append(modes, mode)
	}
	if modes == nil {
		return "-"
	}
	return strings.Join(modes, ", ")
}

// printApplications lists what is there; printMissing tells of the others.
func printApplications(w io.Writer, applications []bench.ApplicationHolding) {
	var names []string
	for _, a := range applications {
		if a.Available {
			names = append(names, a.Name)
		}
	}
	printWrapped(w, "applications: ", strings.Join(names, ", "))
	fmt.Fprintln(w)
}

// printLegend explains what is in the table, and no more.
func printLegend(w io.Writer, inventory *bench.Inventory) {
	legend := "req: answers per-request; keep: answers keep-alive; -: not offered by the recipe"
	var failed, untried bool
	for _, h := range slices.Concat(inventory.Targets, inventory.Fronts) {
		for _, o := range h.Offers {
			untried = untried || o.Status == bench.StatusNotProbed
			failed = failed || o.Status != bench.StatusNotProbed && o.Status != bench.StatusOK
		}
	}
	if untried {
		legend += "; in parentheses: offered, but not tried"
	}
	if failed {
		legend += "; !: failed, see below"
	}
	if len(inventory.Fronts) > 0 {
		legend += ". Of a front: its hop to the target, here builtin"
	}
	printWrapped(w, "", legend+".")
}

// printFailures lists what the recipes offer and did not answer, and what else
// was seen. Combinations of a server that failed alike share a line.
func printFailures(w io.Writer, inventory *bench.Inventory) {
	for _, h := range slices.Concat(inventory.Targets, inventory.Fronts) {
		var texts []string
		where := map[string][]string{}
		add := func(text string, o bench.Offer) {
			if where[text] == nil {
				texts = append(texts, text)
			}
			where[text] = append(where[text], combination(o))
		}
		for _, o := range h.Offers {
			if o.Err != nil {
				add(o.Status, o)
			}
			if o.Note != "" {
				add("note: "+o.Note, o)
			}
		}
		for _, text := range texts {
			fmt.Fprintln(w)
			printWrapped(w, h.Name+" ", strings.Join(where[text], ", ")+": "+text)
		}
	}
}

// printMissing says what is missing, and how to install it.
func printMissing(w io.Writer, inventory *bench.Inventory) {
	var lines []string
	for _, h := range slices.Concat(inventory.Targets, inventory.Fronts) {
		if missing, ok := errors.AsType[*targets.MissingError](h.Err); ok {
			lines = append(lines, fmt.Sprintf("%s needs %s (%v)", missing.Target, missing.Program, missing.Err))
		} else if !h.Available {
			lines = append(lines, h.Missing)
		}
	}
	for _, a := range inventory.Applications {
		if !a.Available {
			lines = append(lines, a.Missing)
		}
	}
	if len(lines) == 0 {
		return
	}
	fmt.Fprintln(w)
	for _, line := range lines {
		printWrapped(w, "missing: ", line)
	}
	if len(inventory.Install) == 0 {
		return
	}
	fmt.Fprintf(w, "\nTo install all that is missing:\n")
	for _, command := range inventory.Install {
		fmt.Fprintf(w, "  %s\n", inert.Text(command))
	}
}

// printHoldings prints what is installed, without having tried it.
func printHoldings(w io.Writer, inventory *bench.Inventory) error {
	one := func(h bench.Holding) [][]string { return [][]string{{h.Name, orUnknown(h), h.About}} }
	if err := printTables(w, inventory, []string{"version", "about"}, one); err != nil {
		return err
	}
	if len(inventory.Applications) > 0 {
		rows := [][]string{{"application", "", "about"}}
		for _, a := range inventory.Applications {
			there := ""
			if !a.Available {
				there = "missing"
			}
			rows = append(rows, []string{a.Name, there, a.About})
		}
		if err := printTable(w, rows); err != nil {
			return err
		}
	}
	printMissing(w, inventory)
	return nil
}
