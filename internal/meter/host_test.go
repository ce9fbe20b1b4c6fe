package meter

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// writeTree writes files below a new directory.
func writeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestReadHost(t *testing.T) {
	const (
		stat = "cpu  100 20 300 4000 50 6 7 80 9 1\ncpu0 60 15 100 2000 25 3 3 50 5 1\ncpu1 40 5 200 2000 25 3 4 30 4 0\nintr 5 1\nctxt 10\nbtime 1700000000\n" +
			"processes 5\nprocs_running 1\nprocs_blocked 0\nsoftirq 5 0 1 0 1 0 0 1 0 1 1\n"
		netstat = "TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPTimeouts\nTcpExt: 0 12 34 56\nIpExt: InOctets\nIpExt: 1\n"
		psi     = "some avg10=1.50 avg60=0.10 avg300=0.00 total=2500000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n"
		snmp    = "Ip: Forwarding\nIp: 1\nTcp: RtoAlgorithm MaxConn RetransSegs InErrs\nTcp: 1 -1 78 0\n"
	)
	all := map[string]string{"stat": stat, "pressure/cpu": psi, "7/net/netstat": netstat, "7/net/snmp": snmp}
	known := Host{
		CPUTime: ptr(45.63), Steal: ptr(0.8), Unclaimed: ptr(41.43), CPUs: 2, Pressure: ptr(2.5),
		ListenOverflows: ptr(int64(12)), ListenDrops: ptr(int64(34)), Timeouts: ptr(int64(56)), Retransmits: ptr(int64(78)),
	}
	tests := []struct {
		name  string
		files map[string]string
		want  func(h *Host)
	}{
		{"all", nil, func(*Host) {}},
		{"no stat", map[string]string{"stat": ""}, func(h *Host) { h.CPUTime, h.Steal, h.Unclaimed, h.CPUs = nil, nil, nil, 0 }},
		{"broken stat", map[string]string{"stat": "cpu x\n"}, func(h *Host) { h.CPUTime, h.Steal, h.Unclaimed, h.CPUs = nil, nil, nil, 0 }},
		{"a kernel without pressure", map[string]string{"pressure/cpu": ""}, func(h *Host) { h.Pressure = nil }},
		{"a kernel without the counters", map[string]string{"7/net/netstat": "TcpExt: SyncookiesSent\nTcpExt: 0\n"}, func(h *Host) {
			h.ListenOverflows, h.ListenDrops, h.Timeouts = nil, nil, nil
		}},
		{"no snmp", map[string]string{"7/net/snmp": ""}, func(h *Host) { h.Retransmits = nil }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{}
			for name, text := range all {
				files[name] = text
			}
			for name, text := range tt.files {
				files[name] = text
			}
			root := writeTree(t, files)
			if err := os.Symlink("7", filepath.Join(root, "self")); err != nil {
				t.Fatal(err)
			}
			want := known
			tt.want(&want)
			if diff := cmp.Diff(want, proc{root: root}.readHost(nil), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if diff := cmp.Diff(Host{}, proc{root: filepath.Join(t.TempDir(), "none")}.readHost(nil)); diff != "" {
		t.Errorf("without /proc: %s", diff)
	}
}

func TestUnclaimedTimeOfSomeCPUs(t *testing.T) {
	root := writeTree(t, map[string]string{"stat": "cpu  100 20 300 4000 50 6 7 80 9 1\ncpu0 60 15 100 2000 25 3 3 50 5 1\ncpu2 40 5 200 2000 25 3 4 30 4 0\n"})
	tests := []struct {
		cpus []int
		want *float64
		of   int
	}{
		{nil, ptr(41.43), 2},
		{[]int{0}, ptr(20.81), 1},
		{[]int{2}, ptr(20.62), 1},
		{[]int{0, 2}, ptr(41.43), 2},
		{[]int{0, 1}, nil, 0}, // 1 is offline
	}
	for _, tt := range tests {
		h := proc{root: root}.readHost(tt.cpus)
		if diff := cmp.Diff(tt.want, h.Unclaimed, cmpopts.EquateApprox(0, 1e-9)); diff != "" || h.CPUs != tt.of {
			t.Errorf("CPUs %v: of %d, want %d; %s", tt.cpus, h.CPUs, tt.of, diff)
		}
	}
}

// TestSoftInterruptsOfAKernelThatDoesNotMeasureThem are in the times of the
// processes too.
func TestSoftInterruptsOfAKernelThatDoesNotMeasureThem(t *testing.T) {
	for stat, want := range map[string]float64{
		"cpu  100 20 300 4000 50 6 70 80 0 0\ncpu0 100 20 300 4000 50 6 70 80 0 0\n": 42.06,
		"cpu  100 20 300 4000 50 0 70 80 0 0\ncpu0 100 20 300 4000 50 0 70 80 0 0\n": 41.3,
	} {
		root := writeTree(t, map[string]string{"stat": stat})
		for _, cpus := range [][]int{nil, {0}} {
			if h := (proc{root: root}).readHost(cpus); h.Unclaimed == nil || math.Abs(*h.Unclaimed-want) > 1e-9 {
				t.Errorf("%v s on the CPUs %v, want %v: %s", show(h.Unclaimed), cpus, want, stat)
			}
		}
	}
}

func TestReadHostHere(t *testing.T) {
	h := proc{root: "/proc"}.readHost(nil)
	if h.CPUTime == nil || *h.CPUTime <= 0 || h.Steal == nil || h.Retransmits == nil || h.ListenOverflows == nil {
		t.Errorf("unknown on Linux: %+v", h)
	}
}
