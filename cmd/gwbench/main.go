// Command gwbench compares gateway protocols: it runs the same hello
// application over HTTP, uwsgi, FastCGI and SCGI, drives load with vegeta and
// tests claims about the difference.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	os.Exit(mainExit())
}

// mainExit runs the command with the process's own arguments and streams and
// returns its exit code.
func mainExit() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first signal ends the work in an orderly way; once it has come, the
	// next one ends the process at once.
	context.AfterFunc(ctx, stop)
	return execute(ctx, os.Args[1:], stdio{in: os.Stdin, out: os.Stdout, err: os.Stderr})
}
