package auralink

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/bufsize"
	"github.com/coredns/coredns/plugin/header"
	"github.com/coredns/coredns/plugin/pkg/transport"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/corefast"
	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/test/rawdns"
)

// wireTopology has a VPC of each mode, names below names, a zone within a zone,
// and more addresses than fit into the smallest packet, or into any that we send.
const wireTopology = `
regions:
  east: {orchestras: ["0000", orch.b.example.org], extra_names: ["*.example.org", "x.y.example.org", "*.y.example.org", "www.example.net"]}
  west: {orchestras: ["0042"], extra_names: ["*.eu.example.org"]}
  north: {orchestras: ["0099"]}
vpcs:
  individual:
    clients: [10.0.0.0/16, "fd00::/32"]
    links: {east: [10.0.0.1, 10.0.0.2, 10.0.0.3, "fd00::1"], west: ["fd00::2"]}
  wildcard:
    clients: [10.1.0.0/16, "fd00:1::/32"]
    links: {east: [10.0.0.9, "fd00::9"], west: [10.0.0.9, "fd00::9"], north: [10.0.0.9, "fd00::9"]}
  many:
    clients: [10.2.0.0/16, "fd00:2::/32"]
    links: {east: [MANY]}
  hundred:
    clients: [10.3.0.0/16, "fd00:3::/32"]
    links: {east: [HUNDRED]}
custom_endpoints: {foo: east, a-foo: east, b-a-foo: east, a: west, aa-foo: west, n1: north, a-n1: north}
`

// packetClients ask from each VPC and from none, over both families, and as a
// socket of both families names the first.
var packetClients = []netip.AddrPort{
	netip.MustParseAddrPort("10.0.0.7:5353"), netip.MustParseAddrPort("[fd00::7]:1"), netip.MustParseAddrPort("[::ffff:10.0.0.7]:65535"),
	netip.MustParseAddrPort("10.1.0.7:5353"), netip.MustParseAddrPort("[fd00:1::7]:5353"),
	netip.MustParseAddrPort("10.2.0.7:5353"), netip.MustParseAddrPort("[fd00:2::7]:5353"), netip.MustParseAddrPort("[::ffff:10.2.0.7]:5353"),
	netip.MustParseAddrPort("10.3.0.7:5353"), netip.MustParseAddrPort("[fd00:3::7]:5353"),
	netip.MustParseAddrPort("192.0.2.7:5353"),
}

// fixedTopology returns wireTopology with 32 addresses of each family for the VPC that
// has many, and 100 IPv6 addresses for the one that has a hundred.
func fixedTopology(tb testing.TB) *plan.Plan {
	tb.Helper()
	var many, hundred []string
	addr := netip.MustParseAddr("10.9.9.0")
	for i := range 100 {
		addr = addr.Next()
		v6 := `"fd00::` + strings.ReplaceAll(addr.String(), ".", ":") + `"`
		if i < 32 {
			many = append(many, addr.String(), v6)
		}
		hundred = append(hundred, v6)
	}
	text := strings.NewReplacer("HUNDRED", strings.Join(hundred, ", "), "MANY", strings.Join(many, ", ")).Replace(wireTopology)
	p, findings, err := plan.Read(strings.NewReader(text))
	if err != nil {
		tb.Fatalf("planning: %v\n%s", err, findings.Report())
	}
	return p
}

// fataler is a test, a fuzz test or a property test.
type fataler interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Cleanup(f func())
}

// serving returns a plugin that serves a plan, and CoreDNS's own server with it.
func serving(tb fataler, p *plan.Plan) (*Auralink, *packetPipe) {
	a := planned(tb, p)
	return a, served(tb, blockOf(a))
}

// served has CoreDNS's own server serve a server block. What is too long for it to
// read is handed to it as the fast path hands on what it misses.
func served(tb fataler, config *dnsserver.Config) *packetPipe {
	pipe := newPipe()
	pipe.long = newPipe()
	server := serverOf(tb, config)
	serveUntilDone[net.PacketConn](tb, pipe, server.ServePacket)
	long := &dns.Server{PacketConn: pipe.long, UDPSize: fastpath.MaxQuery, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, r *dns.Msg) {
		server.ServeDNS(context.WithValue(context.Background(), dnsserver.Key{}, server), w, r)
	})}
	serveUntilDone[net.PacketConn](tb, pipe.long, func(net.PacketConn) error { return long.ActivateAndServe() })
	return pipe
}

// planned returns a plugin that serves a plan, and says nothing in the log.
func planned(tb fataler, p *plan.Plan) *Auralink {
	s, err := serve.New(p, 7)
	if err != nil {
		tb.Fatal(err)
	}
	a := newAuralink()
	a.undeclared.printf = func(string, ...any) {}
	a.strangers.printf = a.undeclared.printf
	a.served.Store(s)
	return a
}

// newServer returns CoreDNS's server of one server block for all zones, in which
// there is only the plugin.
func newServer(tb fataler, a *Auralink) *dnsserver.Server { return serverOf(tb, blockOf(a)) }

// blockOf returns a server block for all zones, in which there is only the plugin.
func blockOf(a *Auralink) *dnsserver.Config {
	config := &dnsserver.Config{Zone: ".", Transport: transport.DNS}
	config.AddPlugin(func(plugin.Handler) plugin.Handler { return a })
	return config
}

func serverOf(tb fataler, config *dnsserver.Config) *dnsserver.Server {
	server, err := dnsserver.NewServer(transport.DNS+"://:53", []*dnsserver.Config{config})
	if err != nil {
		tb.Fatal(err)
	}
	return server
}

// serveUntilDone has a server serve from a socket until the test ends.
func serveUntilDone[Socket io.Closer](tb fataler, socket Socket, serve func(Socket) error) {
	stopped := make(chan struct{})
	go func() {
		_ = serve(socket) // that the socket was closed
		close(stopped)
	}()
	tb.Cleanup(func() {
		if err := socket.Close(); err != nil {
			tb.Fatal(err)
		}
		<-stopped
	})
}

type datagram struct {
	octets []byte
	client *net.UDPAddr
}

// packetPipe is a socket of CoreDNS's server for which nobody needs a network.
type packetPipe struct {
	queries chan datagram
	replies chan []byte
	closed  chan struct{}
	once    sync.Once // closes closed
	// long takes packets that CoreDNS's server does not read whole; nil for none.
	long *packetPipe
}

func newPipe() *packetPipe {
	return &packetPipe{queries: make(chan datagram), replies: make(chan []byte, 1), closed: make(chan struct{})}
}

// ask hands a packet to the server and returns the reply.
func (p *packetPipe) ask(tb fataler, packet []byte, client netip.AddrPort) []byte {
	if len(packet) > dns.MinMsgSize && p.long != nil {
		return p.long.ask(tb, packet, client)
	}
	p.queries <- datagram{packet, net.UDPAddrFromAddrPort(client)}
	select {
	case reply := <-p.replies:
		return reply
	case <-time.After(time.Minute):
		tb.Fatalf("CoreDNS does not answer %q", packet)
		return nil
	}
}

func (p *packetPipe) ReadFrom(buf []byte) (int, net.Addr, error) {
	select {
	case d := <-p.queries:
		return copy(buf, d.octets), d.client, nil
	case <-p.closed:
		return 0, nil, net.ErrClosed
	}
}

func (p *packetPipe) WriteTo(octets []byte, _ net.Addr) (int, error) {
	p.replies <- append([]byte(nil), octets...)
	return len(octets), nil
}

func (p *packetPipe) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *packetPipe) LocalAddr() net.Addr              { return &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 53} }
func (p *packetPipe) SetDeadline(time.Time) error      { return nil }
func (p *packetPipe) SetReadDeadline(time.Time) error  { return nil }
func (p *packetPipe) SetWriteDeadline(time.Time) error { return nil }

// answerOctets answers a packet by the fast path, or returns nil for a miss.
func answerOctets(a *Auralink, packet []byte, client netip.AddrPort) []byte {
	r := fastResponder(a)
	buf := make([]byte, fastpath.MaxReply)
	r.Begin()
	n, disposition := r.Respond(buf, packet, netip.AddrPortFrom(client.Addr().Unmap(), client.Port()))
	r.End()
	if disposition != fastpath.Answered {
		return nil
	}
	return buf[:n]
}

// echoed is what corefast.EchoesOptions returns, which is too slow to be asked each time.
var echoed = false

// fastResponder returns what answers by the fast path where nothing else is in the
// server block. It leaves no undeclared endpoints to the slow path.
func fastResponder(a *Auralink) *corefast.Responder { return reporting(a, "") }

// reporting is fastResponder with CoreDNS's metrics, under a name for the server.
func reporting(a *Auralink, server string) *corefast.Responder {
	path := corefast.Path{Options: a.fast.Options}
	path.Due = nil
	return path.Detach(corefast.Detached{Snapshot: a.served.Load(), Echoes: echoed, Reported: server})
}

// watching returns what answers by the fast path, and leaves undeclared endpoints to the
// slow path where they are to be logged, at the time that k has.
func watching(a *Auralink, k *keptLog) *corefast.Responder {
	path := corefast.Path{Options: a.fast.Options}
	path.Now = func() time.Time { return began.Add(k.now) }
	return path.Detach(corefast.Detached{Snapshot: a.served.Load()})
}

// sameOctets fails if a packet is answered in another way than by CoreDNS, and
// reports whether it is answered at all.
func sameOctets(tb fataler, a *Auralink, pipe *packetPipe, packet []byte, client netip.AddrPort) bool {
	got := answerOctets(a, packet, client)
	if len(got) == 0 {
		return false
	}
	want := pipe.ask(tb, packet, client)
	if string(got) != string(want) {
		tb.Fatalf("the reply to %q of %s is not CoreDNS's (-CoreDNS +ours):\n%s", packet, client, cmp.Diff(shown(want), shown(got)))
	}
	return true
}

// shown shows a message and all its octets.
func shown(packet []byte) []any {
	m := new(dns.Msg)
	if err := m.Unpack(packet); err != nil {
		return []any{err.Error(), packet}
	}
	return []any{m.String(), packet}
}

// manners are ways to reply, and what a server block has that replies so.
var manners = map[string]struct {
	recursive bool
	rules     []header.Rule
	bufsize   int
}{
	"plain":              {},
	"recursive":          {recursive: true},
	"header sets RA":     {rules: []header.Rule{{Flag: "ra", State: true}}},
	"header clears AA":   {recursive: true, rules: []header.Rule{{Flag: "aa", State: false}, {Flag: "rd", State: true}}},
	"header clears RA":   {recursive: true, rules: []header.Rule{{Flag: "ra", State: true}, {Flag: "ra", State: false}}},
	"a smaller bufsize":  {bufsize: 700},
	"a greater bufsize":  {recursive: true, bufsize: 4096},
	"bufsize and header": {bufsize: 1400, rules: []header.Rule{{Flag: "rd", State: false}}},
}

// mannered returns a server block with a plugin and the others, and has the plugin
// reply in their manner. Those that CoreDNS itself asks are in the order of its builds
// or, if so, all of them ahead.
func mannered(tb fataler, a *Auralink, name string, ahead bool) *dnsserver.Config {
	manner := manners[name]
	config := &dnsserver.Config{Zone: ".", Transport: transport.DNS}
	if manner.bufsize > 0 {
		config.AddPlugin(func(next plugin.Handler) plugin.Handler { return bufsize.Bufsize{Next: next, Size: manner.bufsize} })
	}
	rules := func(next plugin.Handler) plugin.Handler {
		return header.Header{Next: next, ResponseRules: manner.rules}
	}
	if ahead {
		config.AddPlugin(rules)
	}
	config.AddPlugin(func(next plugin.Handler) plugin.Handler {
		a.Next = next
		return a
	})
	if !ahead {
		config.AddPlugin(rules)
	}
	serverOf(tb, config) // makes the handlers
	var names []string
	if manner.recursive {
		names = []string{"forward"}
	}
	a.options.Manner = mannerOf(config, behind{names: names})
	return config
}

// TestSameOctets asks each client for each kind of name and type, with and
// without EDNS, in each manner, and says of each how it is answered.
func TestSameOctets(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many servers")
	}
	p := fixedTopology(t)
	for manner := range manners {
		for _, ahead := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, ahead %t", manner, ahead), func(t *testing.T) {
				a := planned(t, p)
				sameOctetsToAll(t, a, served(t, mannered(t, a, manner, ahead)))
			})
		}
	}
}

func sameOctetsToAll(t *testing.T, a *Auralink, pipe *packetPipe) {
	names := []string{
		"foo.endpoints.neo4j.io.", "A-FOO.Endpoints.neo4j.io.", "x.foo.endpoints.neo4j.io.", "nobody.endpoints.neo4j.io.", "endpoints.neo4j.io.",
		"production-orch-0000.neo4j.io.", "AbCd1234.Production-Orch-0000.Neo4j.IO.", "y.example.org.", "z.x.y.example.org.", "*.example.org.",
		`\000\.\255\@.example.org.`, "b.example.org.", "www.example.net.", strings.Repeat("l.", 110) + "eu.example.org.",
	}
	types := []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeNS, dns.TypeSOA, dns.TypeANY, dns.TypeHTTPS, dns.TypeDS, dns.TypeOPT, dns.TypeTSIG, 0, 65535}
	answered := 0
	for _, client := range packetClients {
		for _, name := range names {
			for _, qtype := range types {
				for _, size := range []uint16{0, 1, 512, 1232, 4096, 65535} {
					m := new(dns.Msg).SetQuestion(name, qtype)
					m.RecursionDesired = size != 4096
					if size > 0 {
						m.SetEdns0(size, size%2 == 0)
					}
					packet, err := m.Pack()
					if err != nil {
						t.Fatal(err)
					}
					if sameOctets(t, a, pipe, packet, client) {
						answered++
					}
				}
			}
		}
	}
	// All but the names that are not ours, foreigners, and replies that do not
	// fit: a quarter or so.
	all := len(packetClients) * len(names) * len(types) * 6
	t.Logf("answered %d of %d", answered, all)
	if answered < all*2/3 {
		t.Errorf("only %d of %d questions are answered", answered, all)
	}
}

// TestLongest: no reply over UDP is longer than the client takes, nor than 1232 octets
// or what the plugin bufsize says, by whichever way. What is cut says so, and what is
// not is what the fast path writes if it fits into its buffer.
func TestLongest(t *testing.T) {
	p := fixedTopology(t)
	for manner, want := range map[string]int{"plain": 1232, "a smaller bufsize": 700, "a greater bufsize": 4096, "bufsize and header": 1400} {
		t.Run(manner, func(t *testing.T) {
			a := planned(t, p)
			pipe := served(t, mannered(t, a, manner, false))
			cut, whole, fast := 0, 0, 0
			for _, client := range packetClients[:len(packetClients)-1] {
				for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
					for size := uint16(600); size < 6000; size += 100 {
						packet := packed(t, "x.production-orch-0000.neo4j.io.", qtype, size)
						reply := pipe.ask(t, packet, client)
						m := new(dns.Msg)
						if err := m.Unpack(reply); err != nil {
							t.Fatal(err)
						}
						if limit := min(want, int(size)); len(reply) > limit || int(m.IsEdns0().UDPSize()) != limit {
							t.Fatalf("%d octets to %s, and a payload size of %d, where %d are to be had", len(reply), client, m.IsEdns0().UDPSize(), limit)
						}
						got := answerOctets(a, packet, client)
						switch {
						case m.Truncated:
							cut++
						case len(reply) <= fastpath.MaxReply && string(got) != string(reply):
							t.Fatalf("%s, size %d (-CoreDNS +ours):\n%s", client, size, cmp.Diff(shown(reply), shown(got)))
						default:
							whole++
						}
						if got != nil {
							fast++
						}
					}
				}
			}
			if cut == 0 || whole == 0 || fast == 0 {
				t.Errorf("%d replies are cut, %d whole, %d from the fast path", cut, whole, fast)
			}
		})
	}
}

// FuzzSameOctets: whatever comes is either not answered without CoreDNS, or with
// the same octets.
func FuzzSameOctets(f *testing.F) {
	a, pipe := serving(f, fixedTopology(f))
	for _, seed := range packetSeeds() {
		f.Add([]byte(seed), uint8(0))
		f.Add([]byte(seed), uint8(5))
	}
	f.Fuzz(func(t *testing.T, packet []byte, client uint8) {
		sameOctets(t, a, pipe, packet, packetClients[int(client)%len(packetClients)])
	})
}

// packetSeeds are packets that leave little to guess.
func packetSeeds() []string {
	const (
		endpoints = "\x09endpoints\x05neo4j\x02io\x00"
		opt       = "\x00\x00\x29\x04\xd0\x00\x00\x80\x00"
	)
	one, withOPT := rawdns.Header(0x0100, 1), rawdns.Header(0x07ff, 1, 0, 0, 1)
	return []string{
		one + "\x03foo" + endpoints + "\x00\x01\x00\x01",
		one + "\x05A-fOO" + endpoints + "\x00\xff\x00\x01",
		one + "\x04\x00.\xff\\\x07example\x03org\x00\x00\x1c\x00\x01",
		one + "\x01q" + endpoints + "\x00\x06\x00\x01",
		withOPT + "\x14production-orch-0000\x05neo4j\x02io\x00\x00\x02\x00\x01" + opt + "\x00\x00",
		withOPT + "\x14production-orch-0000\x05neo4j\x02io\x00\x00\x06\x00\x01\x00\x00\x29\x00\x00\xff\x00\x7f\xff\x00\x00",
		withOPT + "\x03foo" + endpoints + "\x00\x01\x00\x01" + opt + "\x00\x0c\x00\x0a\x00\x0812345678",
		withOPT + "\x03foo" + endpoints + "\x00\x01\x00\x01" + opt + "\x00\x0b\x00\x08\x00\x07\x00\x01\x18\x00\x0a\x00\x00",
	}
}

// TestSameOctetsProperty asks whole random topologies, with odd flags, letters
// in any case and EDNS of any kind.
func TestSameOctetsProperty(t *testing.T) {
	answered := 0
	rapid.Check(t, func(t *rapid.T) {
		m, p := model.DrawPlan(t)
		a, pipe := serving(t, p)
		for range m.VPCs {
			client := netip.AddrPortFrom(rapid.SampledFrom(m.Askers()).Draw(t, "client"), rapid.Uint16().Draw(t, "port"))
			for _, name := range m.Names() {
				if sameOctets(t, a, pipe, drawPacket(t, name+"."), client) {
					answered++
				}
			}
		}
	})
	if answered == 0 {
		t.Error("nothing was answered")
	}
}

// drawPacket makes a packet that asks for the name, and often is a plain query.
func drawPacket(t *rapid.T, name string) []byte {
	asked := []byte(name)
	for i, odd := range rapid.SliceOfN(rapid.Bool(), len(asked), len(asked)).Draw(t, "upper case") {
		if odd && 'a' <= asked[i] && asked[i] <= 'z' {
			asked[i] -= 'a' - 'A'
		}
	}
	m := new(dns.Msg).SetQuestion(string(asked), drawType(t))
	if rapid.Bool().Draw(t, "EDNS") {
		m.SetEdns0(rapid.SampledFrom([]uint16{0, 100, 512, 600, 1232, 4096, 65535}).Draw(t, "size"), rapid.Bool().Draw(t, "DO"))
		opt := m.IsEdns0()
		opt.SetZ(rapid.SampledFrom([]uint16{0, 0, 0, 1, 0x4000, 0x7fff}).Draw(t, "Z"))
		opt.Option = drawOptions(t)
	}
	packet, err := m.Pack()
	if err != nil {
		t.Fatalf("packing %q: %v", asked, err)
	}
	binary.BigEndian.PutUint16(packet, rapid.Uint16().Draw(t, "ID"))
	if rapid.IntRange(0, 3).Draw(t, "odd flags") == 0 {
		binary.BigEndian.PutUint16(packet[2:], rapid.Uint16().Draw(t, "flags")&^0x7000)
	}
	return packet
}

func drawType(t *rapid.T) uint16 {
	return rapid.OneOf(
		rapid.SampledFrom([]uint16{dns.TypeA, dns.TypeAAAA, dns.TypeSOA, dns.TypeNS, dns.TypeANY, dns.TypeDS}),
		rapid.Uint16(),
	).Draw(t, "type")
}

func drawOptions(t *rapid.T) []dns.EDNS0 {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) dns.EDNS0 {
		return &dns.EDNS0_LOCAL{
			Code: rapid.OneOf(rapid.Uint16Range(0, 20), rapid.Uint16()).Draw(t, "code"),
			Data: rapid.OneOf(rapid.SliceOfN(rapid.Byte(), 0, 20), rapid.SliceOfN(rapid.Byte(), 500, 550)).Draw(t, "data"),
		}
	}), 0, 2).Draw(t, "options")
}
