package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain puts a gwbench into PATH that is this test binary, so that scripts
// and process tests run the real command, race detector included.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"gwbench": func() { os.Exit(mainExit()) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
	})
}
