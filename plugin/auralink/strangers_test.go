package auralink

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/coredns/coredns/plugin/dns64"
	"github.com/coredns/coredns/plugin/pkg/transport"
	"github.com/coredns/coredns/plugin/pkg/upstream"
	_ "github.com/coredns/coredns/plugin/tls" // the directive tls
	"github.com/coredns/coredns/plugin/transfer"
	"github.com/coredns/coredns/request"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/ratelimit"
	"github.com/auralink/auralink/internal/serve"
)

// knownClients has clients in every VPC.
const knownClients = `
regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs:
  apps: {clients: [10.0.0.0/16], links: {east: [10.9.0.1]}}
  batch: {clients: [10.1.0.0/16], links: {west: [10.9.1.1]}}
custom_endpoints: {foo: west}
`

const (
	friend  = "10.0.0.7:5353"
	nearby  = "172.16.0.7:5353" // a stranger, of a private address
	distant = "198.51.100.7:5353"
)

// resolver stands in for forward: it has an answer for every name.
type resolver struct{}

func (resolver) Name() string { return "forward" }

func (resolver) ServeDNS(_ context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
	m := new(dns.Msg).SetReply(r)
	m.Answer = []dns.RR{&dns.TXT{
		Hdr: dns.RR_Header{Name: r.Question[0].Name, Rrtype: dns.TypeTXT, Class: dns.ClassINET}, Txt: []string{"public"},
	}}
	return dns.RcodeSuccess, w.WriteMsg(m)
}

// aliased stands in for a plugin that has the server itself look up a name.
type aliased string

func (aliased) Name() string { return "template" }

func (target aliased) ServeDNS(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
	m, err := upstream.New().Lookup(ctx, request.Request{W: w, Req: r}, string(target), r.Question[0].Qtype)
	if err != nil || m == nil {
		return dns.RcodeServerFailure, err
	}
	m.Id = r.Id
	return dns.RcodeSuccess, w.WriteMsg(m)
}

// watchful returns a plugin of a topology before a resolver, which says nothing in
// the log but to what is returned.
func watchful(t *testing.T, topology string) (*Auralink, *keptLog) {
	t.Helper()
	p, findings, err := plan.Read(strings.NewReader(topology))
	if err != nil {
		t.Fatalf("planning: %v\n%s", err, findings.Report())
	}
	a := planned(t, p)
	a.options.Recursing = "forward"
	kept := new(keptLog)
	a.strangers.elapsed = func() time.Duration { return kept.now }
	a.strangers.printf = func(format string, args ...any) { kept.lines = append(kept.lines, fmt.Sprintf(format, args...)) }
	return a, kept
}

// serverBefore returns a CoreDNS server of a block with the plugin before a resolver,
// behind other plugins, and of a block corp.example with an alias to www.example.net.
func serverBefore(t *testing.T, a *Auralink, ahead ...plugin.Plugin) *dnsserver.Server {
	t.Helper()
	root := &dnsserver.Config{Zone: ".", Transport: transport.DNS}
	for _, p := range ahead {
		root.AddPlugin(p)
	}
	root.AddPlugin(func(next plugin.Handler) plugin.Handler { a.Next = next; return a })
	root.AddPlugin(func(plugin.Handler) plugin.Handler { return resolver{} })
	corp := &dnsserver.Config{Zone: "corp.example.", Transport: transport.DNS}
	corp.AddPlugin(func(plugin.Handler) plugin.Handler { return aliased("www.example.net.") })
	server, err := dnsserver.NewServer(transport.DNS+"://:53", []*dnsserver.Config{root, corp})
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// asker asks a server as whatever client.
func asker(t *testing.T, server *dnsserver.Server) func(client, name string, qtype uint16) *dns.Msg {
	t.Helper()
	pipe := newPipe()
	serveUntilDone[net.PacketConn](t, pipe, server.ServePacket)
	return func(client, name string, qtype uint16) *dns.Msg {
		t.Helper()
		packet, err := new(dns.Msg).SetQuestion(name, qtype).Pack()
		if err != nil {
			t.Fatal(err)
		}
		m := new(dns.Msg)
		if err := m.Unpack(pipe.ask(t, packet, netip.MustParseAddrPort(client))); err != nil {
			t.Fatal(err)
		}
		return m
	}
}

// outcome says in a word what became of a question before the resolver.
func outcome(m *dns.Msg) string {
	switch {
	case m.Rcode == dns.RcodeRefused && !m.RecursionAvailable && len(m.Answer) == 0:
		return "refused"
	case m.Rcode == dns.RcodeSuccess && m.Authoritative:
		return "ours"
	case m.Rcode == dns.RcodeSuccess && len(m.Answer) == 1:
		return "public"
	default:
		return m.String()
	}
}

// TestWhoMayAsk: strangers are refused as the Corefile says, this host and this
// process never are, and nobody who is in a VPC.
func TestWhoMayAsk(t *testing.T) {
	ownAddresses.known.Store(&addressesAt{list: []netip.Addr{netip.MustParseAddr("203.0.113.1")}, at: elapsed() + time.Hour})
	t.Cleanup(func() { ownAddresses.known.Store(nil) })
	const ours, other, aliased = "x.production-orch-0000.neo4j.io.", "www.example.com.", "www.corp.example."
	tests := []struct {
		client, name string
		// What becomes of it: unsaid, refuse, pass.
		unsaid, refuse, pass string
	}{
		{friend, ours, "ours", "ours", "ours"},
		{friend, other, "public", "public", "public"},
		{"[::ffff:10.0.0.7]:53", ours, "ours", "ours", "ours"},
		{nearby, ours, "public", "refused", "public"},
		{nearby, other, "public", "refused", "public"},
		{"100.64.0.7:53", other, "public", "refused", "public"},
		{"[fd00::7]:53", other, "public", "refused", "public"},
		{"[fe80::7%eth0]:53", other, "public", "refused", "public"},
		{"[::ffff:172.16.0.7]:53", other, "public", "refused", "public"},
		{distant, ours, "refused", "refused", "public"},
		{distant, other, "refused", "refused", "public"},
		{"[::ffff:198.51.100.7]:53", other, "refused", "refused", "public"},
		{"[2001:db8::7]:53", other, "refused", "refused", "public"},
		{"127.0.0.1:53", other, "public", "public", "public"},
		{"[::1]:53", other, "public", "public", "public"},
		{"203.0.113.1:53", other, "public", "public", "public"}, // the host's own
		{"[::ffff:203.0.113.1]:53", other, "public", "public", "public"},
		{"203.0.113.2:53", other, "refused", "refused", "public"},
		{distant, aliased, "public", "public", "public"}, // asked by the server itself
		{nearby, aliased, "public", "public", "public"},
	}
	for i, said := range []serve.Strangers{serve.StrangersUnsaid, serve.RefuseStrangers, serve.PassStrangers} {
		a, _ := watchful(t, knownClients)
		a.options.Strangers = said
		ask := asker(t, serverBefore(t, a))
		for _, tt := range tests {
			want := []string{tt.unsaid, tt.refuse, tt.pass}[i]
			if got := outcome(ask(tt.client, tt.name, dns.TypeTXT)); got != want {
				t.Errorf("%d: %s asks for %s: %s, want %s", said, tt.client, tt.name, got, want)
			}
		}
	}
}

// TestStrangersByWhicheverPath: the fast path leaves every stranger to CoreDNS.
func TestStrangersByWhicheverPath(t *testing.T) {
	a, _ := watchful(t, knownClients)
	r := fastResponder(a)
	packet := packed(t, "x.production-orch-0000.neo4j.io.", dns.TypeA, 0)
	for client, want := range map[string]fastpath.Disposition{friend: fastpath.Answered, nearby: fastpath.Missed, distant: fastpath.Missed} {
		r.Begin()
		_, disposition := r.Respond(make([]byte, fastpath.MaxReply), packet, netip.MustParseAddrPort(client))
		r.End()
		if disposition != want {
			t.Errorf("%s: disposition %v, want %v", client, disposition, want)
		}
	}
}

// TestRefusedBehindTranslators: a plugin ahead that looks up another type where there
// is no answer does not do so for whom we refuse.
func TestRefusedBehindTranslators(t *testing.T) {
	a, _ := watchful(t, knownClients)
	_, prefix, _ := net.ParseCIDR("64:ff9b::/96")
	ask := asker(t, serverBefore(t, a, func(next plugin.Handler) plugin.Handler {
		return &dns64.DNS64{Next: next, Prefix: prefix, AllowIPv4: true, TranslateAll: true, Upstream: upstream.New()}
	}))
	if got := outcome(ask(distant, "www.example.com.", dns.TypeAAAA)); got != "refused" {
		t.Error(got)
	}
}

// TestPolicyFollowsTheTopology: a VPC that loses its clients has all that are in no
// other, and the log says so; when it has some again, strangers are refused again.
func TestPolicyFollowsTheTopology(t *testing.T) {
	a := newLoaded(t, knownClients)
	a.options.Recursing = "forward"
	a.strangers.printf = func(string, ...any) {}
	ask := asker(t, serverBefore(t, a))
	var (
		got  []string
		cell serve.Cell
	)
	for _, text := range []string{knownClients, strings.Replace(knownClients, "{clients: [10.1.0.0/16], links", "{links", 1), knownClients} {
		cell.Store(read(t, text))
		a.Take(&cell)
		got = append(got, outcome(ask(distant, "www.example.com.", dns.TypeTXT)))
	}
	if diff := cmp.Diff([]string{"refused", "public", "refused"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := "every VPC has clients"; !strings.Contains(a.toldStrangers, want) {
		t.Errorf("the log says last %q, want %q", a.toldStrangers, want)
	}
}

// TestStrangersThatAreRefusedAreLimited: what is sent to an address that may be forged
// counts, and is dropped beyond the rate where that is said.
func TestStrangersThatAreRefusedAreLimited(t *testing.T) {
	a, _ := watchful(t, knownClients)
	var err error
	if a.options.Limiter, err = ratelimit.New(ratelimit.Config{Rate: 1, Slip: 0, IPv4Bits: 24, IPv6Bits: 56}); err != nil {
		t.Fatal(err)
	}
	s := a.served.Load()
	var got []string
	for _, from := range []net.Addr{&net.UDPAddr{IP: net.IP{198, 51, 100, 7}}, &net.UDPAddr{IP: net.IP{198, 51, 100, 8}}, &net.TCPAddr{IP: net.IP{198, 51, 100, 7}}} {
		w, r := asking{from: from}, new(dns.Msg).SetQuestion("www.example.com.", dns.TypeA)
		who, _ := a.askers(s, w, r)
		got = append(got, a.stranger(context.Background(), s, who, w, r).String())
	}
	if diff := cmp.Diff([]string{"stranger-refused", "dropped", "stranger-refused"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// asking is a client of whom only the address is wanted.
type asking struct {
	dns.ResponseWriter
	from net.Addr
}

func (a asking) RemoteAddr() net.Addr { return a.from }

// TestStrangersAndTransfers: transfer says itself who may have a zone, and is asked;
// what it does not take goes nowhere.
func TestStrangersAndTransfers(t *testing.T) {
	a, _ := watchful(t, knownClients)
	a.xfer, a.options.Transfers = &transfer.Transfer{}, true
	ask := asker(t, serverBefore(t, a))
	earlier := strangersCounted("transfer")
	for _, qtype := range []uint16{dns.TypeAXFR, dns.TypeIXFR} {
		if got := outcome(ask(distant, "example.com.", qtype)); got != "refused" {
			t.Errorf("%s: %s", dns.TypeToString[qtype], got)
		}
	}
	if got := strangersCounted("transfer") - earlier; got != 2 {
		t.Errorf("%v were handed to transfer, want 2", got)
	}
}

func strangersCounted(result string) float64 {
	return testutil.ToFloat64(serve.Queries.WithLabelValues("", "", result))
}

// TestStrangersAndChallenges: whoever asks for what proves to a certificate authority
// that a name is ours gets it from the plugin tls, and nothing else.
func TestStrangersAndChallenges(t *testing.T) {
	a, _ := watchful(t, knownClients)
	handler := acmeHandler(t, "dns.example.com")
	if a.challenges = alone(handler); a.challenges == nil {
		t.Fatal("the plugin tls is not what it was")
	}
	ask := asker(t, serverBefore(t, a))
	m := ask(distant, "_ACME-challenge.dns.example.com.", dns.TypeTXT)
	if len(m.Answer) != 1 || m.Rcode != dns.RcodeSuccess {
		t.Errorf("a challenge is answered\n%s", m)
	}
	for name, qtype := range map[string]uint16{
		"_acme-challenge.example.net.":     dns.TypeTXT, // is nobody's
		"_acme-challenge.dns.example.com.": dns.TypeA,
		"dns.example.com.":                 dns.TypeTXT,
	} {
		if got := outcome(ask(distant, name, qtype)); got != "refused" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if next := reflect.ValueOf(handler).Elem().FieldByName("Next"); !next.IsNil() {
		t.Error("the handler itself was changed")
	}
}

// acmeHandler returns the handler of the plugin tls, with a challenge for a domain.
func acmeHandler(t *testing.T, domain string) plugin.Handler {
	t.Helper()
	c := caddy.NewTestController("dns", "tls {\nacme "+domain+"\nstorage "+t.TempDir()+"\n}")
	setup, err := caddy.DirectiveAction("dns", "tls")
	if err != nil {
		t.Fatal(err)
	}
	config := dnsserver.GetConfig(c)
	if err := setup(c); err != nil {
		t.Fatal(err)
	}
	handler := config.Plugin[len(config.Plugin)-1](nil)
	solver := reflect.ValueOf(handler).Elem().FieldByName("solver")
	present := reflect.NewAt(solver.Type(), unsafe.Pointer(solver.UnsafeAddr())).Elem().MethodByName("Present")
	challenge := reflect.New(present.Type().In(1)).Elem()
	challenge.FieldByName("Identifier").FieldByName("Value").SetString(domain)
	challenge.FieldByName("KeyAuthorization").SetString("proof")
	if err := present.Call([]reflect.Value{reflect.ValueOf(context.Background()), challenge})[0]; !err.IsNil() {
		t.Fatal(err)
	}
	return handler
}

// TestStrangersLog: each subnet is told of once an hour, with what to write into the
// topology, and no more is told than a log should have.
func TestStrangersLog(t *testing.T) {
	a, kept := watchful(t, knownClients)
	ask := asker(t, serverBefore(t, a))
	const ours, other = "x.production-orch-0000.neo4j.io.", "www.example.com."
	for _, q := range []struct{ client, name string }{
		{distant, other},
		{distant, other},
		{"198.51.100.8:53", other},
		{"198.51.101.7:53", other}, // two subnets
		{distant, ours},
		{"198.51.100.8:53", ours},
		{nearby, other},
		{nearby, ours},
		{nearby, "foo.endpoints.neo4j.io."},
		{"[2001:db8::1]:53", other},
		{"[2001:db8:0:ff::1]:53", other},
		{"[2001:db8:0:100::1]:53", other},
		{friend, "foo.endpoints.neo4j.io."},
	} {
		ask(q.client, q.name, dns.TypeA)
	}
	refusing := func(client, subnet string) string {
		return "refusing client " + client + ", which is in no VPC: if it may ask, add its range to the clients of a VPC, " +
			"as in clients: [" + subnet + "], or see the property strangers"
	}
	asks := func(client, was, subnet string) string {
		return "client " + client + ` is in no VPC, asks for "` + ours + `", which VPC "apps" has, and ` + was +
			": if it is in a VPC of the topology, add its range there, as in clients: [" + subnet + "]"
	}
	want := []string{
		refusing("198.51.100.7", "198.51.100.7/32"), refusing("198.51.101.7", "198.51.101.7/32"),
		asks("198.51.100.7", "was refused", "198.51.100.7/32"),
		asks("172.16.0.7", "was passed on", "172.16.0.0/24"),
		refusing("2001:db8::1", "2001:db8::1/128"), refusing("2001:db8:0:100::1", "2001:db8:0:100::1/128"),
	}
	if diff := cmp.Diff(want, kept.lines); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	kept.now = time.Hour + time.Minute
	ask(distant, other, dns.TypeA)
	if got := kept.lines[len(want):]; !slices.Equal(got, want[:1]) {
		t.Errorf("an hour later: %q", got)
	}
}

// TestSuggested: what is to be written into a topology lets in no more than is known
// of the Internet, and the subnet of a private address.
func TestSuggested(t *testing.T) {
	for client, want := range map[string]string{
		"172.16.5.7":   "172.16.5.0/24",
		"100.64.1.7":   "100.64.1.0/24",
		"fd00:1::7":    "fd00:1::/56",
		"fe80::7":      "fe80::/56",
		"127.0.0.2":    "127.0.0.0/8",
		"::1":          "::1/128",
		"198.51.100.7": "198.51.100.7/32",
		"2001:db8::7":  "2001:db8::7/128",
	} {
		if got := suggested(netip.MustParseAddr(client)); got.String() != want {
			t.Errorf("%s: %s, want %s", client, got, want)
		}
	}
}

// TestElsewhere: questions for names that another VPC has are counted apart, and those
// for names that nobody has are not among them.
func TestElsewhere(t *testing.T) {
	a, _ := watchful(t, knownClients)
	ask := asker(t, serverBefore(t, a))
	count := func() [2]float64 {
		return [2]float64{
			testutil.ToFloat64(serve.ElsewhereQueries.WithLabelValues("apps")),
			testutil.ToFloat64(serve.ElsewhereQueries.WithLabelValues("")),
		}
	}
	const apps, nobody = 0, 1
	for _, tt := range []struct {
		client, name string
		counted      int // which, or none
	}{
		{friend, "x.production-orch-0042.neo4j.io.", apps},
		{friend, "a-foo.endpoints.neo4j.io.", apps},
		{friend, "x.production-orch-0000.neo4j.io.", -1},
		{friend, "api.neo4j.io.", -1},
		{friend, "www.example.com.", -1},
		{nearby, "x.production-orch-0000.neo4j.io.", nobody},
		{nearby, "foo.endpoints.neo4j.io.", nobody},
		{nearby, "www.example.com.", -1},
		{nearby, "x.production-orch-0099.neo4j.io.", -1},
		{distant, "production-orch-0042.neo4j.io.", nobody},
	} {
		before := count()
		if tt.counted >= 0 {
			before[tt.counted]++
		}
		ask(tt.client, tt.name, dns.TypeA)
		if diff := cmp.Diff(before, count()); diff != "" {
			t.Errorf("%s asks for %s: of apps, of nobody (-want +got):\n%s", tt.client, tt.name, diff)
		}
	}
}

// TestOwnAddresses: those of the interfaces are this host's, and they are looked up
// once in a while, however often they are asked for.
func TestOwnAddresses(t *testing.T) {
	var h hostAddresses
	if !h.has(netip.MustParseAddr("127.0.0.1")) || h.has(netip.MustParseAddr("203.0.113.1")) {
		t.Error("it is not this host")
	}
	known := h.known.Load()
	h.has(netip.MustParseAddr("203.0.113.1"))
	if h.known.Load() != known {
		t.Error("looked up again at once")
	}
	h.known.Store(&addressesAt{at: elapsed() - staleAfter})
	if !h.has(netip.MustParseAddr("127.0.0.1")) {
		t.Error("not looked up again")
	}
}

// TestInternalLookup: whatever wraps a writer, a question is the server's own if the
// server took one before it, and only then.
func TestInternalLookup(t *testing.T) {
	q := new(dns.Msg).SetQuestion("www.example.com.", dns.TypeA)
	client := asking{from: &net.UDPAddr{IP: net.IP{198, 51, 100, 7}}}
	once := request.NewScrubWriter(q, client)
	twice := request.NewScrubWriter(q, &wrapping{wrappingOnce{once}})
	for _, tt := range []struct {
		name  string
		w     dns.ResponseWriter
		depth int
		want  bool
	}{
		{"a client's", once, 0, false},
		{"a client's, wrapped", &wrapping{wrappingOnce{once}}, 0, false},
		{"the server's", twice, 0, true},
		{"the server's, wrapped", &wrapping{wrappingOnce{twice}}, 0, true},
		{"of a plugin that counts", once, 1, true},
	} {
		ctx := context.WithValue(context.Background(), dnsserver.LoopKey{}, tt.depth)
		if got := internalLookup(ctx, tt.w); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

// wrappingOnce and wrapping are writers as plugins have them.
type wrappingOnce struct{ dns.ResponseWriter }

type wrapping struct{ wrappingOnce }
