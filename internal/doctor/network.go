package doctor

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/prometheus/procfs"
)

// mostClients is the largest number of clients in a shipped scenario, the one
// on concurrency: each is a connection.
const mostClients = 256

// Numbers of local ports. A trial of half a second with a connection for each
// of 30000 requests per second takes 15000.
const (
	portsWarn = 15000
	portsFail = 1024
)

// ports asks whether there are local ports enough for a connection per request.
func (m machine) ports() Check {
	c := Check{Name: "ports", Why: "per-request loads take a local port for each request, which may stay taken for 60 s"}
	low, high, _ := strings.Cut(m.environment.PortRange, "-")
	first, err := strconv.Atoi(low)
	last, err2 := strconv.Atoi(high)
	reuse, ok := m.file("proc/sys/net/ipv4/tcp_tw_reuse")
	if err != nil || err2 != nil || !ok {
		c.Result, c.Finding = Unknown, "/proc/sys/net/ipv4/ip_local_port_range or tcp_tw_reuse cannot be read"
		return c
	}
	n := max(0, last-first+1)
	again := map[string]string{"0": "never", "1": "always", "2": "on loopback"}[reuse]
	c.Finding = fmt.Sprintf("%d; early reuse (tcp_tw_reuse=%s): %s", n, reuse, again)
	c.Result = Pass
	switch {
	case n < portsFail:
		c.Result = Fail
	case n < portsWarn:
		c.Result = Warn
	}
	var settings []string
	if n < portsWarn {
		settings = append(settings, `net.ipv4.ip_local_port_range="15000 65000"`)
	}
	if reuse == "0" {
		if c.Result == Pass {
			c.Result = Warn
		}
		settings = append(settings, "net.ipv4.tcp_tw_reuse=2")
	}
	c.Advice = sysctl(settings)
	return c
}

// sysctl is the command that changes settings, "" for none.
func sysctl(settings []string) string {
	if len(settings) == 0 {
		return ""
	}
	return "sudo sysctl -w " + strings.Join(settings, " ")
}

// queues asks whether all clients may connect at once.
func (m machine) queues() Check {
	c := Check{Name: "listen queues", Why: "a client that does not fit the queue of new connections waits a second or more"}
	text, _ := m.file("proc/sys/net/ipv4/tcp_max_syn_backlog")
	half, err := strconv.Atoi(text)
	whole := m.environment.Somaxconn
	if err != nil || whole == 0 {
		c.Result, c.Finding = Unknown, "/proc/sys/net/core/somaxconn or ipv4/tcp_max_syn_backlog cannot be read"
		return c
	}
	c.Finding = fmt.Sprintf("somaxconn %d, tcp_max_syn_backlog %d, for up to %d clients", whole, half, mostClients)
	var settings []string
	if whole < mostClients {
		settings = append(settings, "net.core.somaxconn=4096")
	}
	if half < mostClients {
		settings = append(settings, "net.ipv4.tcp_max_syn_backlog=4096")
	}
	c.Result, c.Advice = Pass, sysctl(settings)
	if len(settings) > 0 {
		c.Result = Warn
	}
	return c
}

// Numbers of open files: with fewer than the first not all clients of the
// shipped scenarios fit, with fewer than the second not even the usual 16.
const (
	filesWarn = mostClients + 64
	filesFail = 16 + 64
)

// files asks how many connections a process may have. Go raises its own limit
// as far as it may, and gives the programs that it starts the one that it was
// given, which is that of its parent.
func (m machine) files() Check {
	c := Check{Name: "open files", Why: "each connection is one"}
	own := m.environment.FileLimit
	servers, ok := m.parentFileLimit()
	if own == 0 || !ok {
		c.Result, c.Finding = Unknown, "the limits of this process, or of the one that started it, cannot be read"
		return c
	}
	c.Finding = fmt.Sprintf("%s for the generator, %s for servers", files(own), files(servers))
	switch least := min(own, servers); {
	case least < filesFail:
		c.Result = Fail
	case least < filesWarn:
		c.Result = Warn
	default:
		c.Result = Pass
		return c
	}
	c.Advice = "ulimit -n 4096"
	return c
}

// unlimited is the largest limit that fits; RLIM_INFINITY is more.
const unlimited = 1<<63 - 1

func files(limit int64) string {
	if limit == unlimited {
		return "unlimited"
	}
	return strconv.FormatInt(limit, 10)
}

// parentFileLimit is the soft limit of the process that started this one.
func (m machine) parentFileLimit() (limit int64, ok bool) {
	fs, err := procfs.NewFS(filepath.Join(m.root, "proc"))
	if err != nil {
		return 0, false
	}
	parent, err := fs.Proc(m.parent)
	if err != nil {
		return 0, false
	}
	limits, err := parent.Limits()
	if err != nil || limits.OpenFiles == 0 {
		return 0, false
	}
	return int64(min(limits.OpenFiles, unlimited)), true
}
