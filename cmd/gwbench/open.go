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
// bundle, or, where there is no such path, a baseline in results/.
func openRun(name string) (results.Run, []results.Trial, error) {
	if exists(name) || strings.ContainsAny(name, `/\`) {
		return results.Open(name)
	}
	run, trials, err := baselines().Open(name)
	if err != nil && !exists(baselines().File(name)) {
		err = fmt.Errorf("%s is not a run folder, nor a bundle, and %w", name, err)
	}
	return run, trials, err
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
