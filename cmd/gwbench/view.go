package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/spf13/cobra"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/viewer"
)

func newViewCommand(std stdio) *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "view [DIR]",
		Short: "Look at the runs of a folder in a browser",
		Long: `Serve a page about the runs in DIR, by default results/: the list of them with
their verdicts, the report of each, the comparison of several, and the history of
a metric from run to run. DIR holds run folders, bundles, and baselines/.

The page is for this machine alone: gwbench listens on a loopback address, and
answers only who knows the URL that it prints. It reads and never writes.
Ctrl-C ends it.`,
		Example: `  gwbench view
  gwbench view results/showcase
  gwbench view --listen 127.0.0.1:8080`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := resultsRoot
			if len(args) == 1 {
				dir = args[0]
			}
			return view(cmd.Context(), std, dir, listen)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", viewer.DefaultAddress, "loopback address to listen on; port 0 lets the system choose")
	return cmd
}

// view serves the folder until a signal comes, which is the end that is meant.
func view(ctx context.Context, std stdio, dir, listen string) error {
	folder, err := viewer.OpenFolder(dir, judged)
	if err != nil {
		return err
	}
	defer folder.Close()
	server, err := viewer.Listen(ctx, listen, folder.Handler())
	if err != nil {
		return err
	}
	if folder.Len() == 0 {
		fmt.Fprintf(std.err, "there are no runs in %s yet: gwbench run hello makes one, and the page then shows it\n", inert.Line(dir))
	}
	fmt.Fprintln(std.err, "open this address in a browser on this machine; Ctrl-C ends it:")
	fmt.Fprintln(std.out, server.URL)
	ctx, stop := context.WithCancel(ctx)
	var working sync.WaitGroup
	working.Go(func() { folder.Work(ctx) })
	defer working.Wait()
	defer stop()
	return server.Serve(ctx)
}
