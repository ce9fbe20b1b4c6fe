package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/gwbench/gwbench/internal/bench"
)

type targetsFlags struct {
	asJSON, noProbe bool
	recipes         []string
}

func newTargetsCommand(std stdio) *cobra.Command {
	var f targetsFlags
	cmd := &cobra.Command{
		Use:   "targets [NAME...]",
		Short: "Show what can run here, and how to install what is missing",
		Long: `Show every target and front, its version, and which combinations of protocol,
network and connection mode it really answers here: each one that its recipe
offers is started and asked. Fronts are tried with the target builtin behind
them. NAMEs, which may be patterns such as 'uwsgi*', choose what to look at.`,
		Example: `  gwbench targets
  gwbench targets --no-probe
  gwbench targets 'uwsgi*' nginx
  gwbench targets mine --recipe ./mine.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return showTargets(cmd.Context(), std, args, f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.asJSON, "json", false, "print everything as JSON")
	flags.BoolVar(&f.noProbe, "no-probe", false, "start nothing: list what there is, and what is installed")
	flags.StringArrayVar(&f.recipes, "recipe", nil, "file with the recipe of a server of yours, which joins the list; may be repeated. Exit code 1 if it does not answer")
	return cmd
}

func showTargets(ctx context.Context, std stdio, names []string, f targetsFlags) error {
	recipes, err := loadRecipes(f.recipes)
	if err != nil {
		return err
	}
	observe, finish := probeProgress(std.err, f.noProbe)
	inventory, err := bench.TakeInventory(ctx, bench.Search{Recipes: recipes, Only: names, NoProbe: f.noProbe, Observe: observe})
	finish()
	if err != nil {
		return endedBySignal(err)
	}
	switch {
	case f.asJSON:
		encoder := json.NewEncoder(std.out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		err = encoder.Encode(inventory)
	case f.noProbe:
		err = printHoldings(std.out, inventory)
	default:
		err = printProbed(std.out, inventory)
	}
	if err != nil {
		return err
	}
	return failedRecipe(inventory)
}

// failedRecipe is the error of the user's own recipes: the first failure in
// full, as the list above it has one line for each.
func failedRecipe(inventory *bench.Inventory) error {
	for _, h := range inventory.Targets {
		if !h.User {
			continue
		}
		if h.Err != nil {
			return h.Err
		}
		failed := 0
		var first *bench.Offer
		for i := range h.Offers {
			if h.Offers[i].Err == nil {
				continue
			}
			failed++
			if first == nil {
				first = &h.Offers[i]
			}
		}
		if first != nil {
			return fmt.Errorf("recipe %s: %d of %d combinations failed; the first, %s:\n%w", h.Name, failed, len(h.Offers), combination(*first), first.Err)
		}
	}
	return nil
}

// combination names what was tried.
func combination(o bench.Offer) string {
	return strings.Join([]string{o.Protocol, o.Network, o.Connection}, " ")
}

// probeProgress shows a bar on a terminal, where there is something to wait
// for, and nothing elsewhere. finish removes it.
func probeProgress(w io.Writer, noProbe bool) (observe func(done, total int), finish func()) {
	if _, terminal := terminalWidth(w); !terminal || noProbe {
		return nil, func() {}
	}
	pool := mpb.New(mpb.WithOutput(w), mpb.WithWidth(barWidth))
	bar := pool.AddBar(0, mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name("starting each combination and asking it "), decor.CountersNoUnit("%d of %d ")))
	observe = func(done, total int) {
		bar.SetTotal(int64(total), false)
		bar.SetCurrent(int64(done))
	}
	return observe, func() {
		bar.Abort(true)
		pool.Wait()
	}
}
