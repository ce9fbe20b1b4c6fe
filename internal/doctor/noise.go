package doctor

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/procfs"
)

// look is two readings of counters, some time apart.
type look struct {
	first, second reading
	between       time.Duration
}

// reading is counters since the machine was started; nil is unknown.
type reading struct {
	cpu     *procfs.CPUStat // seconds of all CPUs together
	swapped *int64          // pages that were moved to swap space or back
}

// read reads /proc/stat and /proc/vmstat.
func read(root string) reading {
	var r reading
	fs, err := procfs.NewFS(filepath.Join(root, "proc"))
	if err != nil {
		return r
	}
	if stat, err := fs.Stat(); err == nil && total(stat.CPUTotal) > 0 {
		r.cpu = &stat.CPUTotal
	}
	text, _ := machine{root: root}.file("proc/vmstat")
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name != "pswpin" && name != "pswpout" {
			continue
		}
		if pages, err := strconv.ParseInt(value, 10, 64); err == nil {
			if r.swapped == nil {
				r.swapped = new(int64)
			}
			*r.swapped += pages
		}
	}
	return r
}

// total is the time in all states; that of guests is part of user and nice.
func total(c procfs.CPUStat) float64 { return idle(c) + working(c) + c.Steal }

func idle(c procfs.CPUStat) float64 { return c.Idle + c.Iowait }

func working(c procfs.CPUStat) float64 { return c.User + c.Nice + c.System + c.IRQ + c.SoftIRQ }

// share is the share of all CPU time of the look that was spent so, 0 to 1.
func (l look) share(part func(procfs.CPUStat) float64) (share float64, ok bool) {
	if l.first.cpu == nil || l.second.cpu == nil {
		return 0, false
	}
	all := total(*l.second.cpu) - total(*l.first.cpu)
	if all <= 0 {
		return 0, false
	}
	return min(1, max(0, (part(*l.second.cpu)-part(*l.first.cpu))/all)), true
}

// Shares of all CPU time that were taken away, by the hypervisor and by other
// programs: what would be worth a note in every trial, and what would spoil it
// (see internal/bench/diagnose.go).
const (
	stealWarn  = 0.03
	stealFail  = 0.10
	othersWarn = 0.08
	othersFail = 0.15
)

// steal asks how much CPU time the hypervisor takes away.
func (m machine) steal() Check {
	c := Check{Name: "steal", Why: "CPU time that the hypervisor gives to others is missing in the middle of trials"}
	share, ok := m.look.share(func(s procfs.CPUStat) float64 { return s.Steal })
	if !ok {
		c.Result, c.Finding = Unknown, "/proc/stat cannot be read"
		return c
	}
	c.Finding = fmt.Sprintf("%.1f %% of the CPU time of %s%s", 100*share, m.look.between, hypervisor(m.environment.Virtual))
	switch {
	case share >= stealFail:
		c.Result = Fail
	case share >= stealWarn:
		c.Result = Warn
	default:
		c.Result = Pass
		return c
	}
	c.Advice = "come back at a quieter hour, or take a machine with dedicated CPUs"
	return c
}

// hypervisor says on what the machine runs, where that is known.
func hypervisor(virtual string) string {
	switch virtual {
	case "":
		return ""
	case "none":
		return ", on bare metal"
	case "virtual machine":
		return ", on a virtual machine"
	}
	return fmt.Sprintf(", on a virtual machine (%s)", virtual)
}

// others asks what else runs. This process sleeps while it looks.
func (m machine) others() Check {
	c := Check{Name: "other programs", Why: "they take CPU time, caches and memory bandwidth when they please"}
	share, ok := m.look.share(working)
	if !ok {
		c.Result, c.Finding = Unknown, "/proc/stat cannot be read"
		return c
	}
	c.Result, c.Finding = Pass, fmt.Sprintf("%.1f %% of the CPU time of %s", 100*share, m.look.between)
	if fs, err := procfs.NewFS(filepath.Join(m.root, "proc")); err == nil {
		if average, err := fs.LoadAvg(); err == nil {
			c.Finding += fmt.Sprintf(", load average %.2f", average.Load1)
		}
		if pressure, err := fs.PSIStatsForResource("cpu"); err == nil && pressure.Some != nil {
			c.Finding += fmt.Sprintf(", somebody waited for a CPU in %.0f %% of the last 10s", pressure.Some.Avg10)
		}
	}
	switch {
	case share >= othersFail:
		c.Result = Fail
	case share >= othersWarn:
		c.Result = Warn
	default:
		return c
	}
	c.Advice = "stop what else runs; top shows what it is"
	return c
}

// Memory that is available, in bytes.
const (
	memoryWarn = 512 << 20
	memoryFail = 64 << 20
)

// memory asks whether there is memory left, and whether it is being swapped.
func (m machine) memory() Check {
	c := Check{Name: "memory", Why: "whatever is swapped answers thousands of times later"}
	info := procfs.Meminfo{}
	if fs, err := procfs.NewFS(filepath.Join(m.root, "proc")); err == nil {
		info, _ = fs.Meminfo()
	}
	first, second := m.look.first.swapped, m.look.second.swapped
	if info.MemAvailableBytes == nil || first == nil || second == nil {
		c.Result, c.Finding = Unknown, "/proc/meminfo or /proc/vmstat cannot be read"
		return c
	}
	available, swapped := *info.MemAvailableBytes, *second-*first
	c.Finding = fmt.Sprintf("%d MiB available", available>>20)
	if info.SwapTotalBytes != nil && info.SwapFreeBytes != nil && *info.SwapTotalBytes > 0 {
		c.Finding += fmt.Sprintf(", %d of %d MiB of swap used", (*info.SwapTotalBytes-*info.SwapFreeBytes)>>20, *info.SwapTotalBytes>>20)
	}
	if swapped > 0 {
		c.Finding += fmt.Sprintf(", %d pages swapped within %s", swapped, m.look.between)
	}
	switch {
	case available < memoryFail:
		c.Result = Fail
	case available < memoryWarn, swapped > 0:
		c.Result = Warn
	default:
		c.Result = Pass
		return c
	}
	c.Advice = "stop what uses the memory, or sudo swapoff -a once there is enough"
	return c
}
