package meter

import (
	"github.com/prometheus/procfs"
)

// Host is the state of the counters that tell how noisy the machine is. They
// count since it was started, the network's for this network namespace; nil is
// unknown.
type Host struct {
	CPUTime         *float64 // seconds of all CPUs in all states, stolen ones included
	Steal           *float64 // seconds that the hypervisor took from this machine
	ListenOverflows *int64   // connections dropped because an accept queue was full
	ListenDrops     *int64   // connections dropped at a listening socket for any reason
	Retransmits     *int64   // TCP segments sent again
	Timeouts        *int64   // TCP retransmission timers that ran out: a lost SYN costs 1 s
}

// readHost reads /proc/stat, /proc/self/net/netstat and /proc/self/net/snmp.
func (p proc) readHost() Host {
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
		}
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
	all := *b.CPUTime - *a.CPUTime
	if all <= 0 {
		return nil
	}
	share := min(1, max(0, (*b.Steal-*a.Steal)/all))
	return &share
}
