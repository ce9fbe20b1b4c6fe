package main

import (
	"github.com/spf13/cobra"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/scenarios"
)

func newScenariosCommand(std stdio) *cobra.Command {
	return &cobra.Command{
		Use:   "scenarios",
		Short: "List the scenarios that gwbench ships",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			rows := [][]string{{"scenario", "about"}}
			for _, name := range scenarios.Shipped() {
				s, err := scenarios.OpenShipped(name, bench.Vocabulary())
				if err != nil {
					return err
				}
				rows = append(rows, []string{name, s.About})
			}
			return printTable(std.out, rows)
		},
	}
}
