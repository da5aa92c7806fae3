//go:build linux

package lab

import (
	"encoding/binary"
	"maps"
	"net/netip"
	"sync"
)

// meter counts the TCP connections that are open at once, by the address that they are
// to, from the packets on a wire. A connection is open from its first packet until the
// client ends it, or the server resets it.
type meter struct {
	mu   sync.Mutex
	open map[flow]bool
	now  map[netip.Addr]int
	most map[netip.Addr]int
}

// flow is a connection as its client sees it.
type flow struct{ client, server netip.AddrPort }

func newMeter() *meter {
	return &meter{open: make(map[flow]bool), now: make(map[netip.Addr]int), most: make(map[netip.Addr]int)}
}

// The bits of a TCP segment (RFC 9293, section 3.1), and TCP's number (RFC 791).
const (
	tcpFIN, tcpSYN, tcpRST, tcpACK = 0x01, 0x02, 0x04, 0x10
	protocolTCP                    = 6
)

// see takes notice of a packet, in either direction.
func (m *meter) see(packet []byte) {
	if len(packet) < 20 || packet[0]>>4 != 4 || packet[9] != protocolTCP {
		return
	}
	header := int(packet[0]&0x0f) * 4
	if len(packet) < header+14 {
		return
	}
	segment := packet[header:]
	from := netip.AddrPortFrom(netip.AddrFrom4([4]byte(packet[12:16])), binary.BigEndian.Uint16(segment))
	to := netip.AddrPortFrom(netip.AddrFrom4([4]byte(packet[16:20])), binary.BigEndian.Uint16(segment[2:]))
	bits := segment[13]
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case bits&(tcpSYN|tcpACK) == tcpSYN:
		m.begin(flow{from, to})
	case bits&(tcpFIN|tcpRST) != 0 && m.open[flow{from, to}]:
		m.end(flow{from, to})
	case bits&tcpRST != 0 && m.open[flow{to, from}]:
		m.end(flow{to, from})
	}
}

func (m *meter) begin(f flow) {
	if m.open[f] {
		return // the packet was sent again
	}
	m.open[f] = true
	at := f.server.Addr()
	m.now[at]++
	m.most[at] = max(m.most[at], m.now[at])
}

func (m *meter) end(f flow) {
	delete(m.open, f)
	m.now[f.server.Addr()]--
}

// MostConnections returns how many TCP connections there were at once at most, by the
// address that they were to, over wires that have a delay; and begins anew.
func (w *World) MostConnections() map[netip.Addr]int {
	w.meter.mu.Lock()
	defer w.meter.mu.Unlock()
	most := w.meter.most
	w.meter.most = maps.Clone(w.meter.now)
	return most
}
