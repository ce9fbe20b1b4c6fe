package targets

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFrontLearnsItsTarget starts a front that tells what it was given.
func TestFrontLearnsItsTarget(t *testing.T) {
	behind := parse(t, strings.NewReplacer(
		"applications: [hello]", "applications: [hello]\n    script: '{apps}/{module}.php'",
		`worker, "{listen}"`, `status, "{listen}", "200"`,
	).Replace(minimal))
	front, err := parseFront("test/recipe.yaml", []byte(`
name: proxy
program: "{self}"
files: {common: "{target} { kept }"}
serves:
  - protocols: [http]
    networks: [tcp]
    connections: [per-request]
    command: ["{program}", tell, "{listen}", "{dir}/common", "{dir}/hop"]
    files: {hop: "tcp {target_host} {target_port} {connection} {target_script}"}
  - protocols: [http]
    networks: [unix]
    connections: [per-request]
    command: ["{program}", tell, "{host}:{port}", "{dir}/common", "{dir}/hop"]
    files: {hop: "unix {target_socket} {workers}"}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, network := range []string{tcp, unixSocket} {
		t.Run(network, func(t *testing.T) {
			o := options(t)
			o.Network = network
			target := start(t, behind, o)
			e := target.Endpoint()
			if network == unixSocket {
				info, err := os.Stat(e.Address)
				if err != nil || info.Mode().Perm() != 0o666 {
					t.Errorf("the socket: %v, %v: a front that is another user cannot connect", info.Mode(), err)
				}
			}
			o = options(t)
			o.Connection, o.Workers, o.ConfigDir = perRequest, 3, filepath.Join(t.TempDir(), "kept")
			f := &Front{front}
			i, err := f.Start(t.Context(), o, target)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = i.Stop(t.Context()) })
			if got := i.Endpoint(); got.Protocol != "http" || got.Network != tcp {
				t.Errorf("the front is asked at %v", got)
			}
			answer := get(t, i.Endpoint(), true, "/")
			host, port, _ := strings.Cut(e.Address, ":")
			hop := "tcp " + host + " " + port + " per-request " + target.Script()
			if network == unixSocket {
				hop = "unix " + e.Address + " 3"
			}
			for _, want := range []string{`common "` + e.Address + ` { kept }"`, `hop "` + hop + `"`} {
				if !strings.Contains(answer, want) {
					t.Errorf("no %s in %s", want, answer)
				}
			}
			if kept, err := os.ReadFile(filepath.Join(o.ConfigDir, "hop")); err != nil || string(kept) != hop {
				t.Errorf("kept %q, %v", kept, err)
			}
			if !strings.HasSuffix(target.Script(), "/apps/hello.php") {
				t.Errorf("script %q", target.Script())
			}
			if err := f.Supports("http", network, "keep-alive"); err == nil || !strings.HasPrefix(err.Error(), "front proxy does not serve connection mode keep-alive") {
				t.Errorf("error %v", err)
			}
			if err := i.Stop(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := parseFront("f", []byte("name: a\nprogram: b\nserves: [{protocols: [http], networks: [tcp], connections: [per-request], applications: [hello], command: [x]}]")); err == nil || !strings.Contains(err.Error(), "a front runs no application") {
		t.Errorf("error %v", err)
	}
	if _, err := FindFront("ngnix"); err == nil || err.Error() != `there is no front "ngnix": did you mean "nginx"?` {
		t.Errorf("error %v", err)
	}
}

func TestExplain(t *testing.T) {
	r := parse(t, strings.Replace(minimal, `["{self}", worker, "{listen}"]`, `["{self}", crash, "{listen}"]`, 1)+`
pitfalls:
  - {log: "cannot (go|come)", means: it gives up}
  - {log: "never said", means: nothing}
`)
	o := options(t)
	if err := os.WriteFile(o.LogFile, []byte("cannot come: of an earlier start\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	i := start(t, r, o)
	if got := i.Explain(); got != nil {
		t.Errorf("explains %q of another server's log", got)
	}
	e := i.Endpoint()
	_ = ask(t.Context(), e, "", "/crash", patience)
	<-i.Exited()
	if got := i.Explain(); len(got) != 1 || got[0].String() != "it gives up (its log: cannot go on)" {
		t.Errorf("explains %q", got)
	}
}

func TestKilledTellsOfADeafServer(t *testing.T) {
	for command, want := range map[string]bool{"stubborn": true, "status": false} {
		r := parse(t, strings.Replace(minimal, `worker, "{listen}"`, command+`, "{listen}", "200"`, 1)+"stop: {grace: 100ms}")
		i := start(t, r, options(t))
		if err := i.Stop(t.Context()); err != nil || i.Killed() != want {
			t.Errorf("%s: killed %v, %v", command, i.Killed(), err)
		}
	}
}
