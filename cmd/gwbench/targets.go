package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"
	"github.com/spf13/cobra"

	"github.com/gwbench/gwbench/internal/bench"
	"github.com/gwbench/gwbench/targets"
)

func newTargetsCommand(std stdio) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "targets",
		Short: "List what can run here, and how to install what is missing",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := listTargets(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				encoder := json.NewEncoder(std.out)
				encoder.SetIndent("", "  ")
				return encoder.Encode(list)
			}
			return printTargets(std, list)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the list as JSON")
	return cmd
}

// targetEntry is one target as the list shows it.
type targetEntry struct {
	Name      string    `json:"name"`
	About     string    `json:"about"`
	Available bool      `json:"available"`
	Missing   string    `json:"missing,omitempty"` // what to install, where it is not available
	Version   string    `json:"version,omitempty"`
	Serves    []ability `json:"serves"`
}

// ability is what a target serves over one protocol.
type ability struct {
	Protocol     string   `json:"protocol"`
	Networks     []string `json:"networks"`
	Connections  []string `json:"connections"`
	Applications []string `json:"applications"`
}

func listTargets(ctx context.Context) ([]targetEntry, error) {
	var list []targetEntry
	for _, name := range targets.Names() {
		recipe, err := targets.Find(name)
		if err != nil {
			return nil, err
		}
		entry := targetEntry{Name: name, About: recipe.About, Available: true, Serves: abilities(recipe)}
		if err := recipe.Available(); err != nil {
			entry.Available, entry.Missing = false, err.Error()
		} else {
			entry.Version = recipe.VersionOf(ctx)
		}
		list = append(list, entry)
	}
	return list, nil
}

// abilities asks the recipe about every combination.
func abilities(recipe *targets.Recipe) []ability {
	v := bench.Vocabulary()
	var list []ability
	for _, protocol := range v.Protocols {
		a := ability{Protocol: protocol}
		for _, network := range v.Networks {
			for _, connection := range v.Connections {
				for _, app := range v.Applications {
					if recipe.Supports(protocol, network, connection, app) != nil {
						continue
					}
					a.Networks = appendNew(a.Networks, network)
					a.Connections = appendNew(a.Connections, connection)
					a.Applications = appendNew(a.Applications, app)
				}
			}
		}
		if a.Networks != nil {
			list = append(list, a)
		}
	}
	return list
}

func appendNew(list []string, item string) []string {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}

func printTargets(std stdio, list []targetEntry) error {
	table := tablewriter.NewTable(std.out, tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithHeaderAlignment(tw.AlignLeft))
	table.Header("target", "available", "protocol", "networks", "connections")
	for _, entry := range list {
		available := "no"
		if entry.Available {
			available = "yes, " + orUnknown(entry.Version)
		}
		name := entry.Name
		for _, a := range entry.Serves {
			if err := table.Append(name, available, a.Protocol, strings.Join(a.Networks, ", "), strings.Join(a.Connections, ", ")); err != nil {
				return err
			}
			name, available = "", ""
		}
	}
	if err := table.Render(); err != nil {
		return err
	}
	for _, entry := range list {
		fmt.Fprintf(std.out, "%s: %s\n", entry.Name, entry.About)
		if !entry.Available {
			fmt.Fprintf(std.out, "  %s\n", entry.Missing)
		}
	}
	return nil
}

func orUnknown(s string) string {
	if s == "" {
		return "version unknown"
	}
	return s
}
