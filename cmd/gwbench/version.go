package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is the released version; a build from a checkout has none.
const version = "0.1.0"

func newVersionCommand(std stdio) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the versions of gwbench, Go and vegeta",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(std.out, "gwbench %s\n%s %s/%s\nvegeta %s\n",
				version, runtime.Version(), runtime.GOOS, runtime.GOARCH, moduleVersion("github.com/tsenart/vegeta/v12"))
			return err
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
