package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
)

func TestBuildName(t *testing.T) {
	const commit = "1a2b3c4d5e6f708192a3b4c5d6e7f80910213243"
	sum := func() string { return "0badcafe" }
	for _, test := range []struct {
		name     string
		settings []debug.BuildSetting
		want     string
	}{
		{"a clean checkout", []debug.BuildSetting{{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: commit}, {Key: "vcs.modified", Value: "false"}}, "1a2b3c4d"},
		{"a changed one", []debug.BuildSetting{{Key: "vcs.revision", Value: commit}, {Key: "vcs.modified", Value: "true"}}, "1a2b3c4d-dirty, program 0badcafe"},
		{"a short name", []debug.BuildSetting{{Key: "vcs.revision", Value: "42"}}, "42"},
		{"go run, and a module", []debug.BuildSetting{{Key: "-compiler", Value: "gc"}}, "program 0badcafe"},
	} {
		if got := buildName(test.settings, sum); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestProgramSum(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	if got, want := programSum(), hex.EncodeToString(sum[:4]); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestVersionTellsTheBuild: the command, the record of a run and the recipe of
// builtin all have it from the same place.
func TestVersionTellsTheBuild(t *testing.T) {
	all, _, _ := runGwbench(t, "version")
	one, _, _ := runGwbench(t, "version", "gwbench")
	if !regexp.MustCompile(`^\d+\.\d+\.\d+ \(([0-9a-f]{8}|([0-9a-f]{8}-dirty, )?program [0-9a-f]{8})\)\n$`).MatchString(one) {
		t.Errorf("%q", one)
	}
	if first, _, _ := strings.Cut(all, "\n"); first+"\n" != "gwbench "+one {
		t.Errorf("%q and %q", first, one)
	}
}
