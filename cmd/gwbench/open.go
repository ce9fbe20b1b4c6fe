package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/gwbench/gwbench/results"
)

// openRun reads the run that an argument names: a run folder or its run.json, a
// bundle, or, where the path is none of these, a baseline in results/.
func openRun(name string) (results.Run, []results.Trial, error) {
	run, trials, err := results.Open(name)
	if err == nil || strings.ContainsAny(name, `/\`) {
		return run, trials, err
	}
	kept := exists(baselines().File(name))
	switch {
	case !errors.Is(err, fs.ErrNotExist) && kept:
		// What is there is damaged, or something else: it is not passed over.
		return run, trials, fmt.Errorf("%w; the baseline of that name is %s", err, baselines().File(name))
	case !errors.Is(err, fs.ErrNotExist):
		return run, trials, err
	}
	run, trials, missing := baselines().Open(name)
	switch {
	case missing == nil || kept:
		return run, trials, missing
	case exists(name):
		return run, trials, fmt.Errorf("%w, and %w", err, missing)
	}
	return run, trials, fmt.Errorf("%s is not a run folder, nor a bundle, and %w", name, missing)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
