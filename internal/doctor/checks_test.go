package doctor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/procfs"

	"github.com/gwbench/gwbench/results"
)

// healthy is what the files of a machine say with which nothing is wrong.
var healthy = map[string]string{
	"sys/devices/system/cpu/cpu0/topology/thread_siblings_list":       "0\n",
	"sys/devices/system/cpu/cpu1/topology/thread_siblings_list":       "1\n",
	"sys/devices/system/cpu/intel_pstate/no_turbo":                    "1\n",
	"sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc\n",
	"sys/fs/cgroup/cgroup.controllers":                                "cpuset cpu io memory pids\n",
	"sys/fs/cgroup/user.slice/cpu.max":                                "max 100000\n",
	"proc/self/cgroup":                                                "0::/user.slice/session-1.scope\n",
	"proc/stat":                                                       stat(1000, 9000, 0),
	"proc/vmstat":                                                     "nr_free_pages 5\npswpin 10\npswpout 20\n",
	"proc/meminfo":                                                    "MemTotal: 4194304 kB\nMemAvailable: 2097152 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n",
	"proc/loadavg":                                                    "0.50 0.20 0.10 1/100 999\n",
	"proc/pressure/cpu":                                               "some avg10=3.00 avg60=0.00 avg300=0.00 total=1\n",
	"proc/sys/net/ipv4/tcp_tw_reuse":                                  "2\n",
	"proc/sys/net/ipv4/tcp_max_syn_backlog":                           "2048\n",
	"proc/7/limits":                                                   limits("1024"),
	"proc/7/stat":                                                     "7 (sh) S\n",
}

// stat is /proc/stat after so many ticks of 10 ms.
func stat(working, idle, stolen int) string {
	line := strings.Join([]string{"", itoa(working), "0", "0", itoa(idle), "0", "0", "0", itoa(stolen), "0", "0\n"}, " ")
	return "cpu " + line + "cpu0" + line + "btime 1700000000\n"
}

func itoa(n int) string { return list([]int{n}) }

func limits(files string) string {
	return "Limit                     Soft Limit           Hard Limit           Units     \n" +
		"Max open files            " + files + strings.Repeat(" ", 21-len(files)) + "1048576              files     \n"
}

// sick is a healthy machine with something changed.
type sick struct {
	files  map[string]string // in place of the healthy ones; "-" removes one
	after  map[string]string // files that change during the look
	adjust func(*machine)
}

func (s sick) machine(t *testing.T) machine {
	t.Helper()
	root := t.TempDir()
	write := func(files map[string]string) {
		for name, text := range files {
			path := filepath.Join(root, name)
			if text == "-" {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(healthy)
	write(s.files)
	m := machine{
		root: root, parent: 7,
		placement: results.Placement{Generator: []int{0}, Servers: []int{1}},
		environment: results.Environment{
			CPUs: 2, Governor: "performance", Virtual: "kvm", Somaxconn: 4096, PortRange: "32768-60999", FileLimit: 20000,
		},
		sleeps:    sleeps{p50: 60 * time.Microsecond, p99: 200 * time.Microsecond, slack: 50 * time.Microsecond},
		clockCost: 40 * time.Nanosecond,
	}
	m.look.between, m.look.first = time.Second, read(root)
	after := s.after
	if after == nil && s.files["proc/stat"] == "" {
		after = map[string]string{"proc/stat": stat(1002, 9198, 0)}
	}
	write(after)
	m.look.second = read(root)
	if s.adjust != nil {
		s.adjust(&m)
	}
	return m
}

func TestChecks(t *testing.T) {
	const (
		siblings = "sys/devices/system/cpu/cpu0/topology/thread_siblings_list"
		others   = "sys/devices/system/cpu/cpu1/topology/thread_siblings_list"
		noTurbo  = "sys/devices/system/cpu/intel_pstate/no_turbo"
		boost    = "sys/devices/system/cpu/cpufreq/boost"
		clock    = "sys/devices/system/clocksource/clocksource0/current_clocksource"
		quota    = "sys/fs/cgroup/user.slice/cpu.max"
	)
	tests := []struct {
		check   string
		name    string
		sick    sick
		want    Result
		finding string // a part of it
		advice  string // a part of it; "": none
	}{
		{"cpus", "two", sick{}, Pass, "2: generator on 0, servers on 1", ""},
		{"cpus", "one", sick{adjust: func(m *machine) { m.placement = results.Placement{Generator: []int{3}, Servers: []int{3}} }}, Warn, "1 (CPU 3)", "two CPUs"},
		{"cpus", "not to be read", sick{adjust: func(m *machine) { m.placement = results.Placement{} }}, Unknown, "cannot be read", ""},

		{"cores", "two", sick{}, Pass, "of their own", ""},
		{"cores", "one", sick{files: map[string]string{siblings: "0-1\n", others: "0-1\n"}}, Warn, "the core of CPUs 0-1", "taskset"},
		{"cores", "no topology", sick{files: map[string]string{others: "-"}}, Unknown, "CPU 1", ""},
		{"cores", "no CPUs", sick{adjust: func(m *machine) { m.placement = results.Placement{} }}, Unknown, "cannot be read", ""},

		{"governor", "performance", sick{}, Pass, "performance", ""},
		{"governor", "other", sick{adjust: func(m *machine) { m.environment.Governor = "performance,powersave" }}, Warn, "powersave", "cpupower"},
		{"governor", "none", sick{adjust: func(m *machine) { m.environment.Governor = "" }}, Unknown, "tells none", ""},

		{"turbo", "off", sick{}, Pass, "off", ""},
		{"turbo", "on", sick{files: map[string]string{noTurbo: "0\n"}}, Warn, "on", "no_turbo"},
		{"turbo", "AMD on", sick{files: map[string]string{noTurbo: "-", boost: "1\n"}}, Warn, "on", "cpufreq/boost"},
		{"turbo", "AMD off", sick{files: map[string]string{noTurbo: "-", boost: "0\n"}}, Pass, "off", ""},
		{"turbo", "not told", sick{files: map[string]string{noTurbo: "-"}}, Unknown, "does not tell", ""},

		{"cpu quota", "none", sick{}, Pass, "none", ""},
		{"cpu quota", "generous", sick{files: map[string]string{quota: "200000 100000\n"}}, Pass, "2 CPUs", ""},
		{"cpu quota", "short", sick{files: map[string]string{quota: "150000 100000\n"}}, Warn, "1.5 CPUs of 2", "--cpus"},
		{"cpu quota", "less than one CPU", sick{files: map[string]string{quota: "50000 100000\n"}}, Fail, "0.5 CPUs of 2", "--cpus"},
		{"cpu quota", "of the namespace's top", sick{files: map[string]string{"sys/fs/cgroup/cpu.max": "100000 100000\n", quota: "150000 100000\n"}}, Warn, "1 CPUs of 2", "--cpus"},
		{"cpu quota", "version 1", sick{files: map[string]string{
			"proc/self/cgroup":                     "4:cpu,cpuacct:/box\n1:name=systemd:/x\n",
			"sys/fs/cgroup/cpu,cpuacct/cpu.shares": "1024\n", "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us": "120000\n", "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us": "100000\n",
		}}, Warn, "1.2 CPUs of 2", "--cpus"},
		{"cpu quota", "version 1 without a limit", sick{files: map[string]string{
			"proc/self/cgroup":             "4:cpu:/\n",
			"sys/fs/cgroup/cpu/cpu.shares": "1024\n", "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
		}}, Pass, "none", ""},
		{"cpu quota", "not mounted", sick{files: map[string]string{"sys/fs/cgroup/cgroup.controllers": "-"}}, Unknown, "cannot be read", ""},
		{"cpu quota", "no groups", sick{files: map[string]string{"proc/self/cgroup": "-"}}, Unknown, "cannot be read", ""},

		{"steal", "none", sick{}, Pass, "0.0 % of the CPU time of 1s, on a virtual machine (kvm)", ""},
		{"steal", "some", sick{after: map[string]string{"proc/stat": stat(1000, 9190, 10)}}, Warn, "5.0 %", "dedicated"},
		{"steal", "much", sick{after: map[string]string{"proc/stat": stat(1000, 9150, 50)}}, Fail, "25.0 %", "dedicated"},
		{"steal", "bare metal", sick{adjust: func(m *machine) { m.environment.Virtual = "none" }}, Pass, "on bare metal", ""},
		{"steal", "unreadable", sick{files: map[string]string{"proc/stat": "-"}}, Unknown, "cannot be read", ""},
		{"steal", "counters that stand still", sick{after: map[string]string{"proc/stat": stat(1000, 9000, 0)}}, Unknown, "cannot be read", ""},

		{"other programs", "few", sick{}, Pass, "1.0 % of the CPU time of 1s, load average 0.50, somebody waited for a CPU in 3 % of the last 10s", ""},
		{"other programs", "some", sick{after: map[string]string{"proc/stat": stat(1020, 9180, 0)}}, Warn, "10.0 %", "stop what else runs"},
		{"other programs", "many", sick{after: map[string]string{"proc/stat": stat(1100, 9100, 0)}}, Fail, "50.0 %", "stop what else runs"},
		{"other programs", "without pressure", sick{files: map[string]string{"proc/pressure/cpu": "-"}}, Pass, "load average 0.50", ""},
		{"other programs", "unreadable", sick{files: map[string]string{"proc/stat": "-"}}, Unknown, "cannot be read", ""},

		{"memory", "enough", sick{}, Pass, "2048 MiB available", ""},
		{"memory", "little", sick{files: map[string]string{"proc/meminfo": "MemTotal: 4194304 kB\nMemAvailable: 262144 kB\nSwapTotal: 1048576 kB\nSwapFree: 524288 kB\n"}}, Warn, "256 MiB available, 512 of 1024 MiB of swap used", "stop what uses"},
		{"memory", "none", sick{files: map[string]string{"proc/meminfo": "MemTotal: 4194304 kB\nMemAvailable: 32768 kB\n"}}, Fail, "32 MiB available", "stop what uses"},
		{"memory", "swapping", sick{after: map[string]string{"proc/vmstat": "pswpin 15\npswpout 22\n"}}, Warn, "7 pages swapped within 1s", "stop what uses"},
		{"memory", "unreadable", sick{files: map[string]string{"proc/meminfo": "-"}}, Unknown, "cannot be read", ""},
		{"memory", "no counters of swapping", sick{files: map[string]string{"proc/vmstat": "nr_free_pages 5\n"}}, Unknown, "cannot be read", ""},

		{"ports", "enough", sick{}, Pass, "28232; early reuse (tcp_tw_reuse=2): on loopback", ""},
		{"ports", "few", sick{adjust: func(m *machine) { m.environment.PortRange = "40000-49999" }}, Warn, "10000;", "ip_local_port_range"},
		{"ports", "next to none", sick{adjust: func(m *machine) { m.environment.PortRange = "40000-40099" }}, Fail, "100;", "ip_local_port_range"},
		{"ports", "no reuse", sick{files: map[string]string{"proc/sys/net/ipv4/tcp_tw_reuse": "0\n"}}, Warn, "never", "sudo sysctl -w net.ipv4.tcp_tw_reuse=2"},
		{"ports", "no range", sick{adjust: func(m *machine) { m.environment.PortRange = "" }}, Unknown, "cannot be read", ""},
		{"ports", "reuse unreadable", sick{files: map[string]string{"proc/sys/net/ipv4/tcp_tw_reuse": "-"}}, Unknown, "cannot be read", ""},

		{"listen queues", "long", sick{}, Pass, "somaxconn 4096, tcp_max_syn_backlog 2048", ""},
		{"listen queues", "short", sick{adjust: func(m *machine) { m.environment.Somaxconn = 128 }}, Warn, "somaxconn 128", "net.core.somaxconn=4096"},
		{"listen queues", "short half-open", sick{files: map[string]string{"proc/sys/net/ipv4/tcp_max_syn_backlog": "128\n"}}, Warn, "tcp_max_syn_backlog 128", "net.ipv4.tcp_max_syn_backlog=4096"},
		{"listen queues", "unreadable", sick{files: map[string]string{"proc/sys/net/ipv4/tcp_max_syn_backlog": "-"}}, Unknown, "cannot be read", ""},

		{"open files", "enough", sick{}, Pass, "20000 for the generator, 1024 for servers", ""},
		{"open files", "no limit", sick{files: map[string]string{"proc/7/limits": limits("unlimited")}}, Pass, "unlimited for servers", ""},
		{"open files", "few for servers", sick{files: map[string]string{"proc/7/limits": limits("256")}}, Warn, "256 for servers", "ulimit -n 4096"},
		{"open files", "next to none", sick{adjust: func(m *machine) { m.environment.FileLimit = 32 }}, Fail, "32 for the generator", "ulimit -n 4096"},
		{"open files", "unreadable", sick{files: map[string]string{"proc/7/limits": "-"}}, Unknown, "cannot be read", ""},

		{"timers", "good", sick{}, Pass, "a sleep of 100 us ends late by 60 us (p50), 200 us (p99), slack 50 us", ""},
		{"timers", "late", sick{adjust: func(m *machine) { m.sleeps.p99 = 3 * time.Millisecond }}, Warn, "3000 us (p99)", "Closed loads"},
		{"timers", "slack", sick{adjust: func(m *machine) { m.sleeps.slack = 10 * time.Millisecond }}, Warn, "slack 10000 us", "Closed loads"},
		{"timers", "not measured", sick{adjust: func(m *machine) { m.sleeps = sleeps{} }}, Unknown, "nothing was measured", ""},

		{"clock", "good", sick{}, Pass, "tsc: reading it takes 40 ns", ""},
		{"clock", "slow by name", sick{files: map[string]string{clock: "hpet\n"}}, Warn, "hpet", "echo tsc"},
		{"clock", "slow by measure", sick{adjust: func(m *machine) { m.clockCost = time.Microsecond }}, Warn, "1000 ns", "echo tsc"},
		{"clock", "unreadable", sick{files: map[string]string{clock: "-"}}, Unknown, "cannot be read", ""},
	}
	for _, tt := range tests {
		t.Run(tt.check+"/"+tt.name, func(t *testing.T) {
			c := find(t, tt.sick.machine(t).checks(), tt.check)
			if c.Result != tt.want || !strings.Contains(c.Finding, tt.finding) {
				t.Errorf("%s, %q, want %s, %q", c.Result, c.Finding, tt.want, tt.finding)
			}
			if tt.advice == "" && c.Advice != "" || !strings.Contains(c.Advice, tt.advice) {
				t.Errorf("advice %q, want %q", c.Advice, tt.advice)
			}
			if c.Why == "" || strings.HasSuffix(c.Why, ".") {
				t.Errorf("why it matters is %q, want one clause", c.Why)
			}
		})
	}
}

func find(t *testing.T, checks []Check, name string) Check {
	t.Helper()
	for _, c := range checks {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("there is no check %q", name)
	return Check{}
}

// TestNothingIsKnown sees to it that no check takes what is missing for good.
func TestNothingIsKnown(t *testing.T) {
	for _, c := range (machine{root: t.TempDir()}).checks() {
		if c.Result != Unknown {
			t.Errorf("%s: %s (%s), want unknown", c.Name, c.Result, c.Finding)
		}
	}
}

func TestTheGuideHasEveryCheck(t *testing.T) {
	guide, err := os.ReadFile("../../docs/doctor.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range (sick{}).machine(t).checks() {
		if !strings.Contains(string(guide), "\n| `"+c.Name+"` |") {
			t.Errorf("docs/doctor.md says nothing of %s", c.Name)
		}
		if c.Result != Pass {
			t.Errorf("on a healthy machine %s is %s: %s", c.Name, c.Result, c.Finding)
		}
	}
}

func TestExamineThisMachine(t *testing.T) {
	checks, err := Examine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cpus", "steal", "other programs", "timers"} {
		if c := find(t, checks, name); c.Result == Unknown {
			t.Errorf("%s is unknown on Linux: %s", name, c.Finding)
		}
	}
}

func TestLookWithoutCounters(t *testing.T) {
	if share, ok := (look{}).share(func(s procfs.CPUStat) float64 { return s.Steal }); ok {
		t.Errorf("nothing was read, and the share is %g", share)
	}
}

func TestSummary(t *testing.T) {
	tests := []struct {
		results []Result
		fit     bool
		text    string
	}{
		{[]Result{Pass, Pass}, true, "fit"},
		{[]Result{Pass, Warn}, true, "fit, with 1 warning"},
		{[]Result{Warn, Warn, Unknown}, true, "fit, with 2 warnings and 1 unknown"},
		{[]Result{Pass, Unknown}, true, "fit, with 1 unknown"},
		{[]Result{Fail, Warn, Fail}, false, "not fit to measure on: c0, c2, with 1 warning"},
	}
	for _, tt := range tests {
		var checks []Check
		for i, r := range tt.results {
			checks = append(checks, Check{Name: "c" + itoa(i), Result: r})
		}
		if s := Summarise(checks); s.Fit != tt.fit || s.String() != tt.text {
			t.Errorf("%v: %t, %q, want %t, %q", tt.results, s.Fit, s, tt.fit, tt.text)
		}
	}
}
