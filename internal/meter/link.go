package meter

import (
	"net"
	"path/filepath"
	"strconv"
)

// link is the network interface that the load leaves the machine by.
type link struct {
	name  string
	speed float64 // bits per second, in each direction
}

// traffic is what an interface has carried since it came up.
type traffic struct {
	received, sent int64 // bytes
}

// linkTo finds the interface of the route to an address; nil where there is
// none beyond this machine, or where its speed is unknown.
func (m machine) linkTo(address string) *link {
	// Connecting a UDP socket sends nothing: the kernel only looks up the route.
	conn, err := net.Dial("udp", address)
	if err != nil {
		return nil
	}
	defer conn.Close()
	local, ok := conn.LocalAddr().(*net.UDPAddr)
	peer, ok2 := conn.RemoteAddr().(*net.UDPAddr)
	if !ok || !ok2 || interfaceOf(peer.IP) != "" { // what goes to an address of our own never leaves
		return nil
	}
	name := interfaceOf(local.IP)
	if name == "" {
		return nil
	}
	speed := m.linkSpeed(name)
	if speed == nil {
		return nil
	}
	return &link{name, *speed}
}

// interfaceOf names the interface that has an address; "" where none has.
func interfaceOf(ip net.IP) string {
	interfaces, err := net.Interfaces()
	if err != nil {
		return ""
	}
	for _, i := range interfaces {
		addresses, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addresses {
			if network, ok := a.(*net.IPNet); ok && network.IP.Equal(ip) {
				return i.Name
			}
		}
	}
	return ""
}

// linkSpeed is in bits per second; unknown (the kernel says -1, or nothing) of
// most virtual interfaces, and of those that are down.
func (m machine) linkSpeed(name string) *float64 {
	mbit, err := strconv.ParseFloat(m.read(filepath.Join("sys/class/net", name, "speed")), 64)
	if err != nil || !(mbit > 0) {
		return nil
	}
	speed := mbit * 1e6
	return &speed
}

// traffic reads the counters of an interface.
func (m machine) traffic(name string) *traffic {
	folder := filepath.Join("sys/class/net", name, "statistics")
	received, err := strconv.ParseInt(m.read(filepath.Join(folder, "rx_bytes")), 10, 64)
	sent, err2 := strconv.ParseInt(m.read(filepath.Join(folder, "tx_bytes")), 10, 64)
	if err != nil || err2 != nil {
		return nil
	}
	return &traffic{received, sent}
}

// busy is the share of the speed that was used in the busier direction, from
// a to b. The counters hold frames without the gaps between them: frames of
// full size fill a link at 98 %, the smallest ones at 76 %.
func (l *link) busy(a, b *traffic, elapsed float64) *float64 {
	if l == nil || a == nil || b == nil {
		return nil
	}
	most := max(b.received-a.received, b.sent-a.sent)
	return share(float64(most)*8, l.speed*elapsed)
}
