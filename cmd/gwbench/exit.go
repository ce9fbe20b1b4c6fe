package main

import (
	"context"
	"errors"
)

// Exit codes of the command.
const (
	exitOK           = 0
	exitFailed       = 1   // the tool could not do its job
	exitGate         = 2   // a gate failed or a regression was found
	exitInconclusive = 3   // a claim, gate or change is inconclusive, under --fail-on-inconclusive
	exitInterrupted  = 130 // by a signal; what was measured is kept
)

// exitError ends the command with a code of its own. Its message is printed
// like that of any error.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// endedBySignal gives the end by a signal its message; any other error stays.
func endedBySignal(err error) error {
	if errors.Is(err, context.Canceled) {
		return &exitError{exitInterrupted, errors.New("interrupted: what was started is stopped")}
	}
	return err
}

// exitCode maps the error that a subcommand returned to the exit code.
func exitCode(err error) int {
	var coded *exitError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &coded):
		return coded.code
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	default:
		return exitFailed
	}
}
