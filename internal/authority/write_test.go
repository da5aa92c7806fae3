package authority_test

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/coredns/coredns/request"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/wire"
)

// manyTopology has regions with as many addresses as their names say.
func manyTopology() string {
	var b strings.Builder
	b.WriteString("vpcs:\n  v:\n    links:\n")
	counts := []int{1, 7, 8, 20, 29, 30, 40}
	for _, n := range counts {
		var v4, v6 []string
		for i := range n {
			v4 = append(v4, fmt.Sprintf("10.0.%d.%d", n, i+1))
			v6 = append(v6, fmt.Sprintf(`"fd00::%d:%d"`, n, i+1))
		}
		fmt.Fprintf(&b, "      n%d: [%s, %s]\n", n, strings.Join(v4, ", "), strings.Join(v6, ", "))
	}
	b.WriteString("regions:\n")
	for _, n := range counts {
		fmt.Fprintf(&b, "  n%d: {orchestras: [\"%d\"]}\n", n, n)
	}
	return b.String()
}

// recorder is a client at the other end of CoreDNS's writer, which keeps what
// would be sent.
type recorder struct {
	dns.ResponseWriter
	client net.Addr
	packed []byte
}

func (r *recorder) RemoteAddr() net.Addr { return r.client }

func (r *recorder) WriteMsg(m *dns.Msg) (err error) {
	r.packed, err = m.Pack()
	return err
}

// slowReply returns what CoreDNS's writer makes of the message that Reply makes.
func slowReply(t testing.TB, answer authority.Answer, packet []byte, client netip.AddrPort) string {
	t.Helper()
	query := new(dns.Msg)
	if err := query.Unpack(packet); err != nil {
		t.Fatal(err)
	}
	w := &recorder{client: net.UDPAddrFromAddrPort(client)}
	m := answer.Reply(query, authority.Rotation(query.Id, client))
	if err := request.NewScrubWriter(query, w).WriteMsg(m); err != nil {
		t.Fatal(err)
	}
	return string(w.packed)
}

// TestWriteReply: the octets are those of the slow path, or it is left to that.
// Where they are compressed depends on the client's limit and on the length of a
// fragment, which for the four clients is 1480 octets, and for IPv6 1220.
func TestWriteReply(t *testing.T) {
	table := compileText(t, manyTopology())
	host := func(n int) string { return fmt.Sprintf("Production-Orch-%d.Neo4j.io.", n) }
	// The header takes 12 octets, the question for the apex of n10 or a later one
	// 33, an OPT record 11; an A record of that 43, or 16 with its owner
	// compressed; an AAAA record 55, or 28.
	tests := []struct {
		what, name string
		qtype      uint16
		size       uint16 // in the OPT record; 0 for none of it
		slow       bool
	}{
		{what: "one address", name: "abcd1234." + host(1), qtype: dns.TypeA},
		{what: "one address, EDNS", name: "abcd1234." + host(1), qtype: dns.TypeA, size: 1232},
		{what: "an EDNS size below 512", name: "abcd1234." + host(7), qtype: dns.TypeA, size: 1},
		{what: "the largest EDNS size", name: "abcd1234." + host(40), qtype: dns.TypeA, size: 65535},
		{what: "several addresses that fit", name: host(7), qtype: dns.TypeA},
		{what: "8 that fit compressed", name: "abcd1234567." + host(8), qtype: dns.TypeA},
		{what: "20 that fit compressed", name: host(20), qtype: dns.TypeA},
		{what: "29 that just fit", name: host(29), qtype: dns.TypeA}, // 12 + 33 + 29·16 = 509
		{what: "30 whose last does not fit", name: host(30), qtype: dns.TypeA, slow: true},
		{what: "20 that fit in 1232", name: host(20), qtype: dns.TypeA, size: 1232},
		{what: "40 that fit compressed in 1232", name: host(40), qtype: dns.TypeA, size: 1232},
		{what: "40 that just fit", name: host(40), qtype: dns.TypeAAAA, size: 1176}, // 12 + 33 + 40·28 + 11
		{what: "40 that just do not", name: host(40), qtype: dns.TypeAAAA, size: 1175, slow: true},
		{what: "20 IPv6 addresses in one fragment of IPv4", name: host(20), qtype: dns.TypeAAAA, size: 4096},
		{what: "29 in two fragments", name: host(29), qtype: dns.TypeAAAA, size: 4096},
		{what: "AAAA for several", name: host(7), qtype: dns.TypeAAAA, size: 512},
		{what: "another type", name: "x." + host(7), qtype: dns.TypeHTTPS},
		{what: "another type, EDNS", name: "x." + host(7), qtype: dns.TypeTXT, size: 512},
		{what: "SOA", name: host(1), qtype: dns.TypeSOA, size: 512},
		{what: "SOA below the apex", name: "x." + host(1), qtype: dns.TypeSOA, size: 512},
		{what: "NS", name: host(1), qtype: dns.TypeNS},
		{what: "ANY", name: "x." + host(1), qtype: dns.TypeANY, size: 512},
		{what: "a name of 240 octets", name: strings.Repeat("l.", 105) + host(1), qtype: dns.TypeA},
		{what: "a name of 240 octets, 7 addresses", name: strings.Repeat("l.", 105) + host(7), qtype: dns.TypeA},
		{what: "a name of 240 octets, NODATA", name: strings.Repeat("l.", 105) + host(1), qtype: dns.TypeMX},
		{what: "octets that are no letters", name: `\000\.\255\@.` + host(1), qtype: dns.TypeA},
	}
	clients := []netip.AddrPort{
		netip.MustParseAddrPort("10.0.0.1:5353"), netip.MustParseAddrPort("[::ffff:10.0.0.1]:5353"), netip.MustParseAddrPort("[fd00::1]:65535"),
	}
	for _, tt := range tests {
		for _, client := range clients {
			t.Run(tt.what+" for "+client.Addr().String(), func(t *testing.T) {
				packet := packQuery(t, tt.name, tt.qtype, tt.size)
				var q wire.Query
				if !q.Parse(packet) {
					t.Fatal("no plain question")
				}
				view, _ := table.ViewNamed("v")
				answer := table.Lookup(view, q.Name(), q.Type)
				want := slowReply(t, answer, packet, client)
				buf := make([]byte, len(want))
				got := string(buf[:answer.WriteReply(buf, &q, client)])
				if tt.slow {
					want = ""
				}
				if got != want {
					t.Errorf("reply (-want +got):\n%s", cmp.Diff(unpack(t, want), unpack(t, got)))
				}
				if n := answer.WriteReply(buf[1:], &q, client); n != 0 {
					t.Errorf("%d octets in a buffer that is too small", n)
				}
				inPlace := slices.Concat(packet, make([]byte, len(want)))
				if !q.Parse(inPlace[:len(packet)]) || string(inPlace[:answer.WriteReply(inPlace, &q, client)]) != want {
					t.Error("another reply where the query was")
				}
			})
		}
	}
}

func packQuery(t testing.TB, name string, qtype, size uint16) []byte {
	t.Helper()
	m := new(dns.Msg).SetQuestion(name, qtype)
	m.CheckingDisabled = qtype == dns.TypeTXT
	if size > 0 {
		m.SetEdns0(size, true)
	}
	packet, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return packet
}

// unpack shows a reply with all its octets.
func unpack(t testing.TB, packet string) string {
	t.Helper()
	m := new(dns.Msg)
	if err := m.Unpack([]byte(packet)); err != nil {
		return fmt.Sprintf("%q", packet)
	}
	return fmt.Sprintf("%s\n%q", m, packet)
}
