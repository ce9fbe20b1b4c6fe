package meter

import (
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/results"
)

func TestEnvironmentFromFiles(t *testing.T) {
	root := writeTree(t, map[string]string{
		"etc/os-release":                                        "NAME=x\nPRETTY_NAME=\"Test Linux 12\"\n",
		"proc/sys/net/ipv4/ip_local_port_range":                 "32768\t60999\n",
		"proc/sys/net/core/somaxconn":                           "4096\n",
		"proc/meminfo":                                          "MemTotal:       24685000 kB\nMemFree: 1 kB\n",
		"proc/cpuinfo":                                          "processor\t: 0\nvendor_id\t: T\nmodel name\t: Test CPU\nflags\t\t: fpu hypervisor\n\n",
		"sys/class/dmi/id/sys_vendor":                           "QEMU\n",
		"sys/class/dmi/id/product_name":                         "KVM Virtual Machine\n",
		"sys/devices/system/cpu/cpu0/cpufreq/scaling_governor":  "powersave\n",
		"sys/devices/system/cpu/cpu1/cpufreq/scaling_governor":  "performance\n",
		"sys/devices/system/cpu/cpu10/cpufreq/scaling_governor": "powersave\n",
	})
	want := results.Environment{
		OS: "Test Linux 12", MemoryMB: 24106, Governor: "performance,powersave", Somaxconn: 4096, PortRange: "32768-60999",
	}
	got := machine{root: root}.environment()
	if runtime.GOARCH == "amd64" { // cpuinfo's format is the architecture's
		want.CPU, want.Virtual = "Test CPU", "kvm"
	} else {
		got.CPU, got.Virtual = "", ""
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(results.Environment{OS: runtime.GOOS}, machine{root: t.TempDir()}.environment()); diff != "" {
		t.Errorf("of nothing: %s", diff)
	}
}

func TestVirtualisation(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		flags []string
		want  string
	}{
		{"vendor", map[string]string{"sys/class/dmi/id/sys_vendor": "VMware, Inc."}, []string{"hypervisor"}, "vmware"},
		{"product", map[string]string{"sys/class/dmi/id/sys_vendor": "Microsoft Corporation", "sys/class/dmi/id/product_name": "Virtual Machine"}, []string{"hypervisor"}, "hyper-v"},
		{"bare metal of a cloud", map[string]string{"sys/class/dmi/id/sys_vendor": "Amazon EC2"}, []string{"fpu"}, bareMetal()},
		{"cloud without CPU flags", map[string]string{"sys/class/dmi/id/sys_vendor": "Amazon EC2"}, nil, "amazon"},
		{"xen", map[string]string{"sys/hypervisor/type": "xen\n"}, []string{"fpu"}, "xen"},
		{"no firmware", nil, []string{"hypervisor"}, "virtual machine"},
		{"bare metal", nil, []string{"fpu"}, bareMetal()},
		{"nothing known", nil, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := (machine{root: writeTree(t, tt.files)}).virtualisation(tt.flags); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// bareMetal is what can be said without the hypervisor flag, which is x86's.
func bareMetal() string {
	if runtime.GOARCH == "amd64" || runtime.GOARCH == "386" {
		return "none"
	}
	return ""
}

func TestFingerprint(t *testing.T) {
	e := Fingerprint()
	if e.OS == "" || e.Kernel == "" || e.CPUs < 1 || e.MemoryMB < 1 || e.FileLimit < 1 || e.Somaxconn < 1 || len(e.Hostname) != 12 {
		t.Errorf("unknown on Linux: %+v", e)
	}
	if e.Arch != runtime.GOARCH || e.Go != runtime.Version() {
		t.Errorf("%+v", e)
	}
	if diff := cmp.Diff(e, Fingerprint()); diff != "" {
		t.Errorf("two fingerprints of one machine: %s", diff)
	}
}

func TestHashHidesTheName(t *testing.T) {
	if got, want := hash("hello"), "2cf24dba5fb0"; got != want { // sha256("hello")
		t.Errorf("%s, want %s", got, want)
	}
}
