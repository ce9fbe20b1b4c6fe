package meter

import (
	"time"

	"github.com/prometheus/procfs"
)

// Host is the state of the counters that tell how noisy the machine is. They
// count since it was started, the network's for this network namespace; nil is
// unknown.
type Host struct {
	CPUTime         *float64 // seconds of all CPUs in all states, stolen ones included
	Steal           *float64 // seconds that the hypervisor took from this machine
	Unclaimed       *float64 // seconds in which the watched CPUs ran no process
	CPUs            int      // how many CPUs Unclaimed is the sum of
	Pressure        *float64 // seconds in which something runnable waited for a CPU
	ListenOverflows *int64   // connections dropped because an accept queue was full
	ListenDrops     *int64   // connections dropped at a listening socket for any reason
	Retransmits     *int64   // TCP segments sent again
	Timeouts        *int64   // TCP retransmission timers that ran out: a lost SYN costs 1 s
}

// readHost reads /proc/stat, /proc/pressure/cpu, /proc/self/net/netstat and
// /proc/self/net/snmp. cpus are the watched ones; nil is all.
func (p proc) readHost(cpus []int) Host {
	var h Host
	fs, err := procfs.NewFS(p.root)
	if err != nil {
		return h
	}
	if stat, err := fs.Stat(); err == nil {
		c := stat.CPUTotal // guest time is part of user and nice already
		all := c.User + c.Nice + c.System + c.Idle + c.Iowait + c.IRQ + c.SoftIRQ + c.Steal
		if all > 0 {
			h.CPUTime, h.Steal = &all, &c.Steal
			h.Unclaimed, h.CPUs = unclaimedTime(stat, cpus)
		}
	}
	if psi, err := fs.PSIStatsForResource("cpu"); err == nil && psi.Some != nil {
		waited := (time.Duration(psi.Some.Total) * time.Microsecond).Seconds()
		h.Pressure = &waited
	}
	self, err := fs.Self()
	if err != nil {
		return h
	}
	if netstat, err := self.Netstat(); err == nil {
		h.ListenOverflows = count(netstat.ListenOverflows)
		h.ListenDrops = count(netstat.ListenDrops)
		h.Timeouts = count(netstat.TCPTimeouts)
	}
	if snmp, err := self.Snmp(); err == nil {
		h.Retransmits = count(snmp.RetransSegs)
	}
	return h
}

// unclaimedTime adds up the time in which the CPUs ran no process; unknown where
// one of them is missing. Idle time is exact (to the 10 ms to which it is rounded
// down) on every kernel that stops the tick of an idle CPU, while user and system
// time are what a tick saw.
//
// A kernel that measures interrupts (CONFIG_IRQ_TIME_ACCOUNTING) charges no process
// for them. One that does not, which shows in that there never was a hard one,
// charges the soft ones to the process that they interrupt, although /proc/stat
// lists them apart.
func unclaimedTime(stat procfs.Stat, cpus []int) (unclaimed *float64, n int) {
	measured := stat.CPUTotal.IRQ > 0
	free := func(c procfs.CPUStat) float64 {
		sum := c.Idle + c.Iowait + c.Steal
		if measured {
			sum += c.IRQ + c.SoftIRQ
		}
		return sum
	}
	if cpus == nil {
		sum := free(stat.CPUTotal)
		return &sum, len(stat.CPU)
	}
	sum := 0.0
	for _, cpu := range cpus {
		c, ok := stat.CPU[int64(cpu)]
		if !ok {
			return nil, 0
		}
		sum += free(c)
	}
	return &sum, len(cpus)
}

func count(v *float64) *int64 {
	if v == nil {
		return nil
	}
	n := int64(*v)
	return &n
}

// stealShare is the share of all CPU time between a and b that the hypervisor
// took, 0 to 1.
func stealShare(a, b Host) *float64 {
	if a.CPUTime == nil || b.CPUTime == nil || a.Steal == nil || b.Steal == nil {
		return nil
	}
	return share(*b.Steal-*a.Steal, *b.CPUTime-*a.CPUTime)
}

// pressureShare is the share of the time from a to b in which something waited
// for a CPU.
func pressureShare(a, b Host, elapsed float64) *float64 {
	if a.Pressure == nil || b.Pressure == nil {
		return nil
	}
	return share(*b.Pressure-*a.Pressure, elapsed)
}

// share is part of whole, 0 to 1; unknown where the whole is nothing.
func share(part, whole float64) *float64 {
	if whole <= 0 {
		return nil
	}
	s := min(1, max(0, part/whole))
	return &s
}
