package authority_test

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/test/benchserver/scale"
	"github.com/auralink/auralink/zones"
)

// BenchmarkPacket measures the whole way from a packet and its client to the
// packet that answers it: reading, view, lookup, writing. Each packet is for
// another name than the one before; putting it together counts, too, in place of
// the kernel's copy.
func BenchmarkPacket(b *testing.B) {
	for _, size := range []scale.Size{
		{Endpoints: 10, VPCs: 1, Regions: 20},
		{Endpoints: 1_000_000, VPCs: 1_000, Regions: 20},
	} {
		b.Run(size.String(), func(b *testing.B) {
			table := compile(b, size)
			for _, kind := range benchKinds {
				if kind.want == zones.NotOurs || kind.anyVPC && size.VPCs == 1 {
					continue
				}
				questions := ask(b, size, table, kind)
				b.Run(kind.name+"/plain", func(b *testing.B) { benchmarkPacket(b, table, questions, "") })
				b.Run(kind.name+"/edns", func(b *testing.B) {
					benchmarkPacket(b, table, questions, "\x00\x00\x29\x04\xd0\x00\x00\x80\x00\x00\x00")
				})
			}
		})
	}
}

func benchmarkPacket(b *testing.B, table *authority.Table, questions *questionList, opt string) {
	b.Helper()
	at, end := 0, len(questions.views)
	var q wire.Query
	reply := make([]byte, 1232)
	packet := append(make([]byte, 0, 512), 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, byte(min(len(opt), 1)))
	clients := clientsOf(table)
	before := cpuTime(b)
	for b.Loop() {
		name, view := questions.at(at)
		packet = append(packet[:12], name...)
		packet = append(append(packet, 0, byte(dns.TypeA), 0, byte(dns.ClassINET)), opt...)
		binary.BigEndian.PutUint16(packet, uint16(at))
		client := clients[view]
		view, ok := table.ViewFor(client.Addr())
		if !ok || !q.Parse(packet) {
			b.Fatal("missed")
		}
		answer := table.Lookup(view, q.Name(), q.Type)
		if answer.WriteReply(reply, &q, client) == 0 {
			b.Fatal("no reply")
		}
		if at++; at == end {
			at = 0
		}
	}
	b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N), "cpu-ns/op")
}

// clientsOf returns a client of each view.
func clientsOf(table *authority.Table) []netip.AddrPort {
	var clients []netip.AddrPort
	for vpc := 0; ; vpc++ {
		view, ok := table.ViewFor(scale.Client(vpc))
		if !ok || int(view) < len(clients) {
			return clients
		}
		clients = append(clients, netip.AddrPortFrom(scale.Client(vpc), 5353))
	}
}
