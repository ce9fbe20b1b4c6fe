package meter

import (
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLinkSpeed(t *testing.T) {
	m := machine{root: writeTree(t, map[string]string{
		"sys/class/net/eth0/speed": "1000\n", "sys/class/net/down/speed": "-1\n", "sys/class/net/odd/speed": "fast\n",
	})}
	for name, want := range map[string]*float64{"eth0": ptr(1e9), "down": nil, "odd": nil, "none": nil} {
		if diff := cmp.Diff(want, m.linkSpeed(name)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestTraffic(t *testing.T) {
	m := machine{root: writeTree(t, map[string]string{
		"sys/class/net/eth0/statistics/rx_bytes": "11\n", "sys/class/net/eth0/statistics/tx_bytes": "22\n",
		"sys/class/net/half/statistics/rx_bytes": "11\n",
	})}
	if got := m.traffic("eth0"); got == nil || *got != (traffic{11, 22}) {
		t.Errorf("%v", got)
	}
	if got := m.traffic("half"); got != nil {
		t.Errorf("%v with one direction unknown", *got)
	}
}

func TestLinkBusy(t *testing.T) {
	gigabit := &link{"eth0", 1e9}
	start := &traffic{1000, 5000}
	tests := []struct {
		name string
		link *link
		a, b *traffic
		want *float64
	}{
		{"mostly sent", gigabit, start, &traffic{1000 + 5e6, 5000 + 25e6}, ptr(0.4)},
		{"mostly received", gigabit, start, &traffic{1000 + 60e6, 5000}, ptr(0.96)},
		{"nothing", gigabit, start, start, ptr(0.0)},
		{"a counter that began anew", gigabit, start, &traffic{0, 0}, ptr(0.0)},
		{"more than its speed", gigabit, start, &traffic{1e9, 5000}, ptr(1.0)},
		{"no link", nil, start, start, nil},
		{"unknown at the end", gigabit, start, nil, nil},
		{"unknown at the start", gigabit, nil, start, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.link.busy(tt.a, tt.b, 0.5)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestNoLinkToThisMachine takes every address of this machine: what goes to one
// stays here, whatever interface has it. For the others an interface that is
// known to be fast would do; there is none to rely on in a test.
func TestNoLinkToThisMachine(t *testing.T) {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	m := machine{root: "/"}
	for _, a := range addresses {
		network, ok := a.(*net.IPNet)
		if !ok || network.IP.IsLinkLocalUnicast() {
			continue // those take a zone
		}
		if l := m.linkTo(net.JoinHostPort(network.IP.String(), "80")); l != nil {
			t.Errorf("the load to %s leaves by %s", network.IP, l.name)
		}
		if interfaceOf(network.IP) == "" {
			t.Errorf("no interface has %s", network.IP)
		}
	}
	if l := m.linkTo("no port"); l != nil {
		t.Errorf("a link to nowhere: %v", *l)
	}
}
