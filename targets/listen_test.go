package targets

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnotherPortIsTried(t *testing.T) {
	count := filepath.Join(t.TempDir(), "count")
	start(t, acting(t, "unlucky", "{listen}", count), options(t))
	if tries, _ := os.ReadFile(count); len(tries) != 3 {
		t.Errorf("%d tries, want 3", len(tries))
	}

	o := options(t)
	address, err := freePort("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	o.Listen = address
	if err := os.Remove(count); err != nil {
		t.Fatal(err)
	}
	_, err = acting(t, "unlucky", "{listen}", count).Start(t.Context(), o)
	if !errors.Is(err, errAddressTaken) || !strings.Contains(err.Error(), address+" is in use") {
		t.Errorf("error %v", err)
	}
	if tries, _ := os.ReadFile(count); len(tries) != 1 {
		t.Errorf("%d tries at an address that the user chose, want 1", len(tries))
	}
}

func TestListenAddressOfTheUser(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := scratchDir(t)
	file, busy, stale := filepath.Join(dir, "file"), filepath.Join(dir, "busy"), filepath.Join(dir, "stale")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(file)
	takenSocket, err := net.Listen("unix", busy)
	if err != nil {
		t.Fatal(err)
	}
	defer takenSocket.Close()
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	dead.Close()

	tests := []struct{ network, listen, want string }{
		{tcp, taken.Addr().String(), "port " + taken.Addr().String() + " is in use by another program: stop that program"},
		{tcp, "8000", `listen address "8000"`},
		{tcp, "192.0.2.1:8000", "cannot listen on 192.0.2.1:8000"},
		{unixSocket, busy, busy + " is in use by another program"},
		{unixSocket, file, file + " exists and is not a socket"},
		{unixSocket, "/tmp/" + strings.Repeat("x", 103), "is 108 bytes long, and the kernel takes 107"},
		{tcp, ":0", ""},
		{unixSocket, "unix:" + stale, ""},
	}
	for _, tt := range tests {
		t.Run(tt.network+" "+tt.listen, func(t *testing.T) {
			o := options(t)
			o.Network, o.Listen = tt.network, tt.listen
			i, err := acting(t, "crash", "{listen}").Start(t.Context(), o)
			if err == nil {
				if err := i.Stop(t.Context()); err != nil {
					t.Error(err)
				}
			}
			if (err == nil) != (tt.want == "") || (err != nil && !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestScratchDirectoryTooLongForSockets(t *testing.T) {
	o := options(t)
	o.Network, o.Dir = unixSocket, filepath.Join(t.TempDir(), strings.Repeat("d", 100))
	if _, err := acting(t, "worker", "{listen}").Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), "choose a shorter directory") {
		t.Errorf("error %v", err)
	}
}
