// Package meter measures what a trial cost: CPU and memory of a process tree,
// kernel counters, and the noise of the host. It also says where processes
// should run (Place, Pin) and on what machine they ran (Fingerprint).
//
// Its opinion: a figure that could not be read is unknown, which is nil and
// never 0; and a figure that was read never goes backwards, whatever exits
// between two samples.
package meter

import (
	"math"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gwbench/gwbench/results"
)

// Meter samples the generator (this process), a server's process tree and the
// host. It is safe for concurrent use; Between needs two samples of the same
// Meter.
type Meter struct {
	serverCPUs, clientCPUs int
	host                   proc
	machine                machine
	cpus                   []int // that the run uses; nil: all
	link                   *link // that the load goes over; nil: none, or unknown

	mu      sync.Mutex
	target  *tree // nil: no server
	front   *tree // nil: no front
	sampled bool  // whether there has been a first sample
}

// Servers are the roots of the process trees that make up the server's side.
type Servers struct {
	Target int // 0: not ours, and so unknown
	Front  int // 0: there is none
}

// New meters this process as the generator and the trees of the servers;
// without a target its figures stay unknown. serverCPUs and
// clientCPUs are how many CPUs each side was given: the busy shares are shares
// of those, and unknown where the number is not positive.
func New(servers Servers, serverCPUs, clientCPUs int) *Meter {
	p := proc{root: "/proc", clock: readCPUClock}
	m := &Meter{serverCPUs: serverCPUs, clientCPUs: clientCPUs, host: p, machine: machine{root: "/"}}
	if servers.Target > 0 {
		m.target = newTree(p, servers.Target)
	}
	if servers.Front > 0 {
		m.front = newTree(p, servers.Front)
	}
	return m
}

// Watch says where the run takes place: on which CPUs, nil for all of the
// machine, and where over TCP its load goes, "" for nowhere beyond this
// machine. It is called before the first sample, if at all.
func (m *Meter) Watch(cpus []int, remote string) {
	m.cpus, m.link = cpus, nil
	if remote != "" {
		m.link = m.machine.linkTo(remote)
	}
}

// Sample is one reading of everything; counters count since their processes or
// the machine started, so that only the difference of two samples says
// something. A nil pointer is unknown.
type Sample struct {
	Time      time.Time
	Target    *CPU   // the process tree; unknown once its root is gone
	Front     *CPU   // the same of the front; nil without one
	Client    *CPU   // this process
	TargetRSS *int64 // bytes: the peak of each process that lives in the tree, added up
	FrontRSS  *int64 // the same of the front
	Host      Host
	Frequency *float64 // MHz: the mean of the watched CPUs
	Throttles *int64   // times that a watched CPU was slowed down for its heat
	Traffic   *traffic // over the link

	hasFront bool // tells an unknown front from none
}

// server adds up target and front: unknown where either is.
func (s Sample) server() (*CPU, *int64) {
	if !s.hasFront {
		return s.Target, s.TargetRSS
	}
	var cpu *CPU
	if s.Target != nil && s.Front != nil {
		sum := s.Target.add(*s.Front)
		cpu = &sum
	}
	var rss *int64
	if s.TargetRSS != nil && s.FrontRSS != nil {
		sum := *s.TargetRSS + *s.FrontRSS
		rss = &sum
	}
	return cpu, rss
}

// CPU is processor time. Total is exact to the nanosecond where the kernel
// has CPU clocks. User and Sampled are what the kernel's clock tick saw: each
// tick charges its whole length (1 to 10 ms) to the mode it interrupts, so
// that User/Sampled is an estimate of the user share of Total, and a coarse
// one over less than some hundred ticks.
type CPU struct {
	Total   time.Duration
	User    time.Duration
	Sampled time.Duration // user and system ticks together
}

func (c CPU) add(d CPU) CPU {
	return CPU{c.Total + d.Total, c.User + d.User, c.Sampled + d.Sampled}
}

func (c CPU) sub(d CPU) CPU {
	return CPU{c.Total - d.Total, c.User - d.User, c.Sampled - d.Sampled}
}

// atLeast raises each field that is below that of d.
func (c CPU) atLeast(d CPU) CPU {
	return CPU{max(c.Total, d.Total), max(c.User, d.User), max(c.Sampled, d.Sampled)}
}

// Sample reads all counters: some 0.5 ms for a server of one process. It never
// fails; what cannot be read is nil.
//
// The kernel brings the CPU time of a thread that is running right now up to
// date on each scheduler tick only, so a sample may be behind by one tick (1 to
// 10 ms) for each of the server's running threads: take the second sample
// after the load has ended.
func (m *Meter) Sample() Sample {
	m.mu.Lock()
	defer m.mu.Unlock()
	var frequency *float64
	// Older kernels let the reader of a frequency wait for 10 ms and more while they
	// measure it: that must not fall between two samples.
	if !m.sampled {
		frequency = m.machine.frequency(m.cpus)
	}
	s := Sample{Time: time.Now(), Client: m.host.self(), Host: m.host.readHost(m.cpus), hasFront: m.front != nil}
	if m.target != nil {
		s.Target, s.TargetRSS = m.target.sample()
	}
	if m.front != nil {
		s.Front, s.FrontRSS = m.front.sample()
	}
	s.Throttles = m.machine.throttles(m.cpus)
	if m.link != nil {
		s.Traffic = m.machine.traffic(m.link.name)
	}
	if m.sampled {
		frequency = m.machine.frequency(m.cpus)
	}
	m.sampled, s.Frequency = true, frequency
	return s
}

// ForgetPeaks makes the servers' peaks of resident memory begin anew, at what
// they hold now: a server that has done something else before would show that.
// Where the kernel does not allow it the peaks are unknown from now on.
func (m *Meter) ForgetPeaks() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range []*tree{m.target, m.front} {
		if t != nil {
			t.forgetPeaks()
		}
	}
}

// Between returns what was spent from sample a to the later sample b. RSS is
// the later sample's peak. User and system seconds add up to the exact total;
// how they divide it is an estimate, see CPU.
func (m *Meter) Between(a, b Sample) results.Usage {
	elapsed := b.Time.Sub(a.Time).Seconds()
	serverA, _ := a.server()
	serverB, rss := b.server()
	u := results.Usage{ServerRSS: rss, FrontRSS: b.FrontRSS}
	u.ServerUser, u.ServerSystem = seconds(serverA, serverB)
	u.FrontUser, u.FrontSystem = seconds(a.Front, b.Front)
	u.ClientUser, u.ClientSystem = seconds(a.Client, b.Client)
	u.ServerBusy = busy(u.ServerUser, u.ServerSystem, elapsed, m.serverCPUs)
	u.ClientBusy = busy(u.ClientUser, u.ClientSystem, elapsed, m.clientCPUs)
	u.Steal = stealShare(a.Host, b.Host)
	u.ListenOverflows = difference(a.Host.ListenOverflows, b.Host.ListenOverflows)
	u.Retransmits = difference(a.Host.Retransmits, b.Host.Retransmits)
	u.Others = others(a, b)
	u.Pressure = pressureShare(a.Host, b.Host, elapsed)
	u.Frequency, u.FrequencyChange = frequencies(a.Frequency, b.Frequency)
	u.Throttles = difference(a.Throttles, b.Throttles)
	u.LinkBusy = m.link.busy(a.Traffic, b.Traffic, elapsed)
	return u
}

// leastForOthers is how long it takes until /proc/stat, which rounds down to 10 ms
// for each CPU and state, tells what others took: over two CPUs the standard error
// is 8 ms, which is 4 % of the CPU time of 100 ms and 1.4 % of that of 300 ms.
const leastForOthers = 100 * time.Millisecond

// others is the share of the watched CPUs' time that went to programs that are
// neither servers nor generator; unknown where any of these is, or where there
// was too little time. It is what is left of the time that some process ran: the
// ticks that /proc/stat has of processes would not do, since they hardly ever find
// a server that gets short turns beside a program that always runs.
func others(a, b Sample) *float64 {
	serverA, _ := a.server()
	serverB, _ := b.server()
	elapsed := b.Time.Sub(a.Time)
	if serverA == nil || serverB == nil || a.Client == nil || b.Client == nil || a.Host.Unclaimed == nil || b.Host.Unclaimed == nil || elapsed < leastForOthers {
		return nil
	}
	own := serverB.sub(*serverA).add(b.Client.sub(*a.Client)).Total.Seconds()
	all := elapsed.Seconds() * float64(b.Host.CPUs)
	return share(all-(*b.Host.Unclaimed-*a.Host.Unclaimed)-own, all)
}

// seconds divides the exact CPU time between a and b in the ratio in which the
// clock tick found user and system mode. Where not one tick fell between them
// it takes the ratio since the processes started; before any tick at all, all
// is user time, which is then a matter of a few milliseconds.
func seconds(a, b *CPU) (user, system *float64) {
	if a == nil || b == nil {
		return nil, nil
	}
	d := b.sub(*a)
	share := 1.0
	switch {
	case d.Sampled > 0:
		share = float64(d.User) / float64(d.Sampled)
	case b.Sampled > 0:
		share = float64(b.User) / float64(b.Sampled)
	}
	total := max(0, d.Total.Seconds())
	us := total * min(1, max(0, share))
	ss := total - us
	return &us, &ss
}

func busy(user, system *float64, elapsed float64, cpus int) *float64 {
	if user == nil || system == nil || elapsed <= 0 || cpus <= 0 {
		return nil
	}
	share := min(1, (*user+*system)/(elapsed*float64(cpus)))
	return &share
}

func difference(a, b *int64) *int64 {
	if a == nil || b == nil {
		return nil
	}
	d := max(0, *b-*a)
	return &d
}

// self reads this process's CPU time, exited threads included.
func (p proc) self() *CPU {
	if c, ok := p.clock(os.Getpid()); ok {
		return &c
	}
	var r unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &r) != nil {
		return nil
	}
	user := time.Duration(r.Utime.Nano())
	total := user + time.Duration(r.Stime.Nano())
	return &CPU{Total: total, User: user, Sampled: total}
}

// ticks converts a count of USER_HZ, which is 100 on every Linux that Go runs
// on [proc(5), sysconf(_SC_CLK_TCK)].
func ticks(n int64) time.Duration {
	const tick = 10 * time.Millisecond
	if n > math.MaxInt64/int64(tick) {
		return math.MaxInt64
	}
	return time.Duration(max(0, n)) * tick
}

// exists tells whether a file is there and may be seen.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
