package results

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
)

// Differences names what differs between the fingerprints of two machines, as
// "kernel 6.1.0 -> 6.2.0"; none where the figures of the one may be compared with
// those of the other. Limits that a run checks for itself (somaxconn, ports,
// open files) do not count, nor does a hundredth of the memory.
//
// What is unknown on both sides does not differ, but for the hostname: without
// it nobody knows that they are one machine.
func (e Environment) Differences(other Environment) []string {
	memory := other.MemoryMB
	if sameMemory(e.MemoryMB, memory) {
		memory = e.MemoryMB
	}
	var found []string
	for _, field := range []struct{ name, old, new string }{
		{"machine", e.Hostname, other.Hostname},
		{"system", e.OS, other.OS},
		{"kernel", e.Kernel, other.Kernel},
		{"architecture", e.Arch, other.Arch},
		{"CPU", e.CPU, other.CPU},
		{"CPUs", number(int64(e.CPUs)), number(int64(other.CPUs))},
		{"memory in MiB", number(e.MemoryMB), number(memory)},
		{"governor", e.Governor, other.Governor},
		{"virtualisation", e.Virtual, other.Virtual},
		{"Go", e.Go, other.Go},
	} {
		if field.old != field.new {
			found = append(found, difference(field.name, cmp.Or(field.old, "unknown"), cmp.Or(field.new, "unknown")))
		}
	}
	if e.Hostname == "" && other.Hostname == "" {
		found = append(found, "machine unknown on both sides")
	}
	return found
}

// sameMemory allows for what the kernel keeps for itself, which is not the same
// at each start of one machine.
func sameMemory(a, b int64) bool {
	const tolerance = 0.01
	return a > 0 && b > 0 && float64(max(a, b)-min(a, b)) <= tolerance*float64(max(a, b))
}

// Differences names what differs between two placements, as Environment's
// Differences does.
func (p Placement) Differences(other Placement) []string {
	var found []string
	for _, side := range []struct {
		name     string
		old, new []int
	}{
		{"CPUs of the servers", p.Servers, other.Servers},
		{"CPUs of the load generator", p.Generator, other.Generator},
	} {
		if !slices.Equal(side.old, side.new) {
			found = append(found, difference(side.name, cpuList(side.old), cpuList(side.new)))
		}
	}
	return found
}

func difference(name, before, after string) string {
	return fmt.Sprintf("%s %s -> %s", name, before, after)
}

// number is "" for what is unknown.
func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func cpuList(cpus []int) string {
	if len(cpus) == 0 {
		return "all"
	}
	return fmt.Sprint(cpus)
}
