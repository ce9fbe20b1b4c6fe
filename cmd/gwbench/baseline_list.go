package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/gwbench/gwbench/results"
)

func newBaselineListCommand(std stdio) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the baselines in results/baselines/",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			rows, err := baselineRows()
			if err != nil {
				return err
			}
			if asJSON {
				e := json.NewEncoder(std.out)
				e.SetIndent("", "  ")
				return e.Encode(rows)
			}
			return printBaselines(std, rows)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the list as JSON")
	return cmd
}

// baselineRow is what the list says of a baseline. Of one that cannot be read
// only name, file and note are known.
type baselineRow struct {
	Name     string    `json:"name"`
	File     string    `json:"file"`
	Schema   int       `json:"schema,omitempty"`
	Scenario string    `json:"scenario,omitempty"`
	Start    time.Time `json:"start,omitzero"`
	CPU      string    `json:"cpu,omitempty"`
	CPUs     int       `json:"cpus,omitempty"`
	Cases    int       `json:"cases,omitempty"`
	Blocks   int       `json:"blocks,omitempty"` // the last one's number
	Tool     string    `json:"tool,omitempty"`
	Note     string    `json:"note,omitempty"`
}

// baselineRows reads all baselines: one that is damaged or too new costs the
// others nothing.
func baselineRows() ([]baselineRow, error) {
	names, err := baselines().Names()
	if err != nil {
		return nil, err
	}
	rows := make([]baselineRow, len(names))
	for i, name := range names {
		rows[i] = baselineRow{Name: name, File: baselines().File(name)}
		run, trials, err := baselines().Open(name)
		if err != nil {
			rows[i].Note = err.Error()
			continue
		}
		rows[i].describe(run, trials)
	}
	return rows, nil
}

func (r *baselineRow) describe(run results.Run, trials []results.Trial) {
	r.Schema, r.Scenario, r.Start, r.Tool, r.Note = run.Schema, run.Scenario.Name, run.Start, run.Tool, schemaNote(run)
	r.CPU, r.CPUs, r.Cases = run.Environment.CPU, run.Environment.CPUs, len(run.Plan.Cases)
	for _, t := range trials {
		r.Blocks = max(r.Blocks, t.Block)
	}
}

func printBaselines(std stdio, rows []baselineRow) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(std.out, "no baselines yet: gwbench baseline save NAME keeps the newest run as one")
		return err
	}
	table := [][]string{{"name", "scenario", "date", "cases", "blocks", "machine", "tool"}}
	for _, r := range rows {
		if r.Schema == 0 {
			table = append(table, []string{r.Name, "?", "?", "?", "?", "?", "?"})
			continue
		}
		machine := fmt.Sprintf("%d x %s", r.CPUs, r.CPU)
		table = append(table, []string{r.Name, r.Scenario, r.Start.Format(time.DateOnly), strconv.Itoa(r.Cases), strconv.Itoa(r.Blocks), machine, r.Tool})
	}
	if err := printTable(std.out, table); err != nil {
		return err
	}
	for _, r := range rows {
		if r.Note != "" {
			printWrapped(std.out, "note: "+r.Name+": ", r.Note)
		}
	}
	return nil
}
