package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/spf13/cobra"
)

// version is the released version, or the one that comes next.
const version = "0.1.0"

// exactVersion is version with the build: what differs between two builds of a
// version is the load generator and the builtin servers.
func exactVersion() string { return fmt.Sprintf("%s (%s)", version, build()) }

// build tells builds of one version apart.
var build = sync.OnceValue(func() string {
	var settings []debug.BuildSetting
	if info, ok := debug.ReadBuildInfo(); ok {
		settings = info.Settings
	}
	return buildName(settings, programSum)
})

// buildName is the commit that a program was built from. Where it is not known, or
// there were changes that are in no commit, only the program itself (sum) tells.
func buildName(settings []debug.BuildSetting, sum func() string) string {
	const short = 8
	revision, suffix := "", ""
	for _, s := range settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(short, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			suffix = "-dirty"
		}
	}
	switch {
	case revision == "":
		return "program " + sum()
	case suffix != "":
		return revision + suffix + ", program " + sum()
	}
	return revision
}

// programSum begins the SHA-256 of this program's file.
func programSum() string {
	const unknown = "unknown"
	path, err := os.Executable()
	if err != nil {
		return unknown
	}
	f, err := os.Open(path)
	if err != nil {
		return unknown
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return unknown
	}
	return fmt.Sprintf("%.4x", sum.Sum(nil))
}

// component is a part of this program that has a version of its own.
type component struct {
	name    string
	version func() string
}

func components() []component {
	return []component{
		{"gwbench", exactVersion},
		{"go", runtime.Version},
		{"vegeta", func() string { return moduleVersion("github.com/tsenart/vegeta/v12") }},
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
					fmt.Fprintf(std.out, "%s %s\n", c.name, c.version())
				case args[0] == c.name:
					fmt.Fprintln(std.out, c.version())
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
