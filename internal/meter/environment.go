package meter

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"

	"github.com/gwbench/gwbench/results"
)

// Fingerprint describes this machine as far as it can be known; "" and 0 are
// unknown. CPUs counts those that this process was allowed to use when it
// started.
func Fingerprint() results.Environment {
	e := machine{root: "/"}.environment()
	if host, err := os.Hostname(); err == nil {
		e.Hostname = hash(host)
	}
	var u unix.Utsname
	if unix.Uname(&u) == nil {
		e.Kernel = unix.ByteSliceToString(u.Release[:])
	}
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) == nil {
		e.FileLimit = int64(min(limit.Cur, 1<<63-1)) // RLIM_INFINITY is 1<<64-1
	}
	e.CPUs = runtime.NumCPU()
	e.Arch = runtime.GOARCH
	e.Go = runtime.Version()
	return e
}

// hash returns the start of the SHA-256, enough to tell machines apart and
// nothing to tell their names by.
func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}

// machine is where files that describe a machine are read from.
type machine struct{ root string }

// environment reads what files can tell.
func (m machine) environment() results.Environment {
	e := results.Environment{
		OS:        m.osName(),
		Governor:  m.governor(),
		PortRange: strings.Join(strings.Fields(m.read("proc/sys/net/ipv4/ip_local_port_range")), "-"),
	}
	e.Somaxconn, _ = strconv.Atoi(m.read("proc/sys/net/core/somaxconn"))
	var cpu procfs.CPUInfo
	if fs, err := procfs.NewFS(filepath.Join(m.root, "proc")); err == nil {
		if cpus, err := fs.CPUInfo(); err == nil && len(cpus) > 0 {
			cpu = cpus[0]
		}
		if memory, err := fs.Meminfo(); err == nil && memory.MemTotal != nil {
			e.MemoryMB = int64(*memory.MemTotal / 1024)
		}
	}
	e.CPU = cpu.ModelName
	e.Virtual = m.virtualisation(cpu.Flags)
	return e
}

// read returns a file's text without white space at its ends, "" where it
// cannot be read.
func (m machine) read(path string) string {
	text, err := os.ReadFile(filepath.Join(m.root, path))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// osName is PRETTY_NAME of os-release(5).
func (m machine) osName() string {
	for line := range strings.Lines(m.read("etc/os-release")) {
		if name, ok := strings.CutPrefix(line, "PRETTY_NAME="); ok {
			return strings.Trim(strings.TrimSpace(name), `"'`)
		}
	}
	return runtime.GOOS
}

// governor names the CPU frequency governors in use: one, unless CPUs differ.
func (m machine) governor() string {
	files, err := filepath.Glob(filepath.Join(m.root, "sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor"))
	if err != nil {
		return ""
	}
	var names []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if name := strings.TrimSpace(string(text)); err == nil && name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ",")
}

// products maps what firmware calls a virtual machine (DMI sys_vendor and
// product_name) to the name of its hypervisor.
var products = []struct{ text, hypervisor string }{
	{"Amazon EC2", "amazon"},
	{"Google Compute Engine", "google"},
	{"VMware", "vmware"},
	{"VirtualBox", "virtualbox"},
	{"innotek", "virtualbox"},
	{"Parallels", "parallels"},
	{"Bochs", "bochs"},
	{"KVM", "kvm"},
	{"QEMU", "qemu"},
	{"OpenStack", "openstack"},
	{"Xen", "xen"},
	{"Virtual Machine", "hyper-v"}, // Microsoft Corporation's product name
}

// virtualisation names the hypervisor; "virtual machine" where there is one of which
// nothing else is known, "none" on bare metal.
func (m machine) virtualisation(flags []string) string {
	virtual := slices.Contains(flags, "hypervisor")
	firmware := m.read("sys/class/dmi/id/sys_vendor") + " " + m.read("sys/class/dmi/id/product_name")
	for _, p := range products {
		// Amazon's bare-metal instances carry the same vendor as its virtual ones.
		if strings.Contains(firmware, p.text) && (virtual || len(flags) == 0) {
			return p.hypervisor
		}
	}
	switch {
	case m.read("sys/hypervisor/type") != "":
		return m.read("sys/hypervisor/type")
	case virtual:
		return "virtual machine"
	case len(flags) > 0 && (runtime.GOARCH == "amd64" || runtime.GOARCH == "386"):
		return "none" // x86 has a flag for it; others do not tell
	}
	return ""
}
