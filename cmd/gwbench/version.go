package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is the released version; a build from a checkout has none.
const version = "0.1.0"

// component is a part of this program that has a version of its own.
type component struct{ name, version string }

func components() []component {
	return []component{
		{"gwbench", version},
		{"go", runtime.Version()},
		{"vegeta", moduleVersion("github.com/tsenart/vegeta/v12")},
	}
}

func newVersionCommand(std stdio) *cobra.Command {
	return &cobra.Command{
		Use:       "version [gwbench|go|vegeta]",
		Short:     "Print the versions of gwbench, Go and vegeta, or of one of them",
		ValidArgs: []string{"gwbench", "go", "vegeta"},
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		RunE: func(_ *cobra.Command, args []string) error {
			for _, c := range components() {
				switch {
				case len(args) == 0:
					fmt.Fprintf(std.out, "%s %s\n", c.name, c.version)
				case args[0] == c.name:
					fmt.Fprintln(std.out, c.version)
				}
			}
			return nil
		},
	}
}

// moduleVersion returns the version of a module that this program was built
// with.
func moduleVersion(path string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, m := range info.Deps {
		if m.Path == path {
			return m.Version
		}
	}
	return "unknown"
}
