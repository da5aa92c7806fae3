package auralink_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	_ "github.com/coredns/coredns/plugin/auto"
	_ "github.com/coredns/coredns/plugin/dns64"
	"github.com/coredns/coredns/plugin/etcd/msg"
	_ "github.com/coredns/coredns/plugin/file"
	_ "github.com/coredns/coredns/plugin/hosts"
	"github.com/coredns/coredns/plugin/pkg/upstream"
	_ "github.com/coredns/coredns/plugin/template"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
)

// neighbourDirectives are in CoreDNS's order, with ours in its place.
var neighbourDirectives = []string{
	"metadata", "bind", "prometheus", "errors", "log", "dns64", "rewrite", "acl", "auralink", "cache", "template",
	"transfer", "hosts", "file", "auto", "backend", "flattener", "loop", "forward", "whoami", "view",
}

// neighbourPlugins have the names below alias.test, each in a zone of its own.
const neighbourPlugins = `rewrite cname suffix .old.test. .endpoints.neo4j.io.
    file file.zone file.alias.test
    file rc.zone rc.alias.test
    auto auto.alias.test {
        directory zones
    }
    template IN ANY tmpl.alias.test {
        match ^(?P<t>[a-z]+)\.tmpl\.alias\.test\.$
        answer "{{ .Name }} 5 IN CNAME {{ .Group.t }}.endpoints.neo4j.io."
    }
    template IN ANY tmplup.alias.test {
        match ^(?P<t>[a-z]+)\.tmplup\.alias\.test\.$
        answer "{{ .Name }} 5 IN CNAME {{ .Group.t }}.endpoints.neo4j.io."
        upstream
    }
    template IN ANY poison.alias.test {
        match ^(?P<t>foo|bar|far|nobody)\.poison\.alias\.test\.$
        answer "{{ .Name }} 5 IN CNAME {{ .Group.t }}.endpoints.neo4j.io."
        answer "{{ .Group.t }}.endpoints.neo4j.io. 5 IN A 10.66.66.66"
        answer "{{ .Group.t }}.endpoints.neo4j.io. 5 IN AAAA fd00::66"
        fallthrough
    }
    template IN ANY poison.alias.test {
        match ^mid\.poison\.alias\.test\.$
        answer "{{ .Name }} 5 IN CNAME foo.endpoints.neo4j.io."
        answer "foo.endpoints.neo4j.io. 5 IN CNAME other.test."
        answer "other.test. 5 IN A 10.66.66.66"
        fallthrough
    }
    template IN ANY poison.alias.test {
        match ^srv\.poison\.alias\.test\.$
        answer "{{ .Name }} 5 IN SRV 1 1 7687 foo.endpoints.neo4j.io."
        additional "foo.endpoints.neo4j.io. 5 IN A 10.66.66.66"
    }
    backend ext.alias.test
    flattener flat.alias.test`

// aliasZone is a zone file with all aliases.
func aliasZone(zone string) string {
	return strings.ReplaceAll(`$ORIGIN ZONE.alias.test.
$TTL 5
@      SOA ns host 1 60 60 60 60
@      NS ns
ns     A 192.0.2.53
foo    CNAME foo.endpoints.neo4j.io.
bar    CNAME bar.endpoints.neo4j.io.
far    CNAME far.endpoints.neo4j.io.
nobody CNAME nobody.endpoints.neo4j.io.
west   CNAME x.production-orch-0042.neo4j.io.
d      DNAME endpoints.neo4j.io.
chain  CNAME foo.ext.alias.test.
mx     MX 1 foo.endpoints.neo4j.io.
rw     CNAME foo.rw.alias.test.
`, "ZONE", zone)
}

// startNeighbours starts a layout with a way to have a cache, and returns the port.
func startNeighbours(t *testing.T, corefile, cache string) string {
	t.Helper()
	corefile = strings.NewReplacer("CACHE", cache, "PLUGINS", neighbourPlugins, "UPSTREAM", startPublic(t).at).Replace(corefile)
	port, _, _ := startCorefile(t, neighbourDirectives, corefile, neighbourFiles)
	return port
}

// neighbourFiles are those that the plugins and the layouts name.
var neighbourFiles = map[string]string{
	"topology.yaml":            neighbourTopology,
	"file.zone":                aliasZone("file"),
	"rc.zone":                  "$ORIGIN rc.alias.test.\n$TTL 5\n@ SOA ns host 1 60 60 60 60\n@ NS ns\nns A 192.0.2.53\nfoo CNAME foo.old.test.\n",
	"zones/db.auto.alias.test": aliasZone("auto"),
}

// public is what stands for public DNS: a resolver that has addresses for every name,
// and below up.alias.test aliases that it follows, as resolvers do.
type public struct {
	at      string
	servers []*dns.Server
	mu      sync.Mutex
	asked   map[string]int // how often for which name
}

// saw returns how often it was asked for a name.
func (p *public) saw(name string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[name]
}

// total returns how often it was asked for anything.
func (p *public) total() (times int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.asked {
		times += n
	}
	return times
}

// stop stops it. It may be called more than once.
func (p *public) stop() {
	for _, server := range p.servers {
		_ = server.Shutdown()
	}
}

// startPublic starts it. It stops with the test.
func startPublic(t *testing.T) *public {
	t.Helper()
	p := &public{at: peers.FreePort(t, peers.Loopback()).String(), asked: make(map[string]int)}
	listener, err := net.Listen("tcp", p.at)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.ListenPacket("udp", p.at)
	if err != nil {
		t.Fatal(err)
	}
	p.servers = []*dns.Server{{Listener: listener}, {PacketConn: conn}}
	for _, server := range p.servers {
		started := make(chan struct{})
		server.Handler, server.NotifyStartedFunc = p, func() { close(started) }
		go func() { _ = server.ActivateAndServe() }()
		<-started
	}
	t.Cleanup(p.stop)
	return p
}

// ServeDNS implements the dns.Handler interface.
func (p *public) ServeDNS(w dns.ResponseWriter, r *dns.Msg) {
	m := new(dns.Msg).SetReply(r)
	m.RecursionAvailable, m.AuthenticatedData = true, true
	name, qtype := r.Question[0].Name, r.Question[0].Qtype
	p.mu.Lock()
	p.asked[dns.CanonicalName(name)]++
	p.mu.Unlock()
	label, isAlias := strings.CutSuffix(dns.CanonicalName(name), ".up.alias.test.")
	loop, isLoop := strings.CutSuffix(dns.CanonicalName(name), "x.endpoints.neo4j.io.")
	add := func(section *[]dns.RR, text string) {
		rr, err := dns.NewRR(text)
		if err != nil {
			panic(err)
		}
		*section = append(*section, rr)
	}
	switch {
	case label == "srv":
		add(&m.Answer, name+" 5 SRV 1 1 7687 bar.endpoints.neo4j.io.")
		add(&m.Extra, "bar.endpoints.neo4j.io. 5 A "+resolvedA)
	case label == "https":
		add(&m.Answer, name+" 5 HTTPS 1 foo.endpoints.neo4j.io. alpn=h2 ipv4hint="+resolvedA)
		add(&m.Extra, "foo.endpoints.neo4j.io. 5 A "+resolvedA)
	case isLoop: // each an alias of a longer one
		add(&m.Answer, name+" 5 CNAME x"+loop+"x.endpoints.neo4j.io.")
	case label == "soon":
		add(&m.Answer, name+" 1 CNAME "+targets["foo"])
		add(&m.Answer, targets["foo"]+" 1 A "+resolvedA)
	case isAlias:
		add(&m.Answer, name+" 5 CNAME "+targets[label])
		if qtype == dns.TypeA {
			add(&m.Answer, targets[label]+" 5 A "+resolvedA)
		}
	case qtype == dns.TypeA:
		add(&m.Answer, name+" 299 A "+publicA)
	case qtype == dns.TypeAAAA:
		add(&m.Answer, name+" 299 AAAA "+publicAAAA)
	}
	_ = w.WriteMsg(m)
}

// Plugins that are there for these tests alone.
func init() {
	register := func(name string, handler func(zone string, next plugin.Handler) plugin.Handler) {
		plugin.Register(name, func(c *caddy.Controller) error {
			c.Next()
			zone := dns.Fqdn(c.RemainingArgs()[0])
			dnsserver.GetConfig(c).AddPlugin(func(next plugin.Handler) plugin.Handler { return handler(zone, next) })
			return nil
		})
	}
	register("backend", func(zone string, next plugin.Handler) plugin.Handler {
		return &backend{zone: zone, next: next, Upstream: upstream.New()}
	})
	register("flattener", func(zone string, next plugin.Handler) plugin.Handler {
		return &flattener{zone: zone, next: next, Upstream: upstream.New()}
	})
}

// backend is a service backend of CoreDNS, as etcd and kubernetes are: their code makes
// the answers.
type backend struct {
	zone string
	next plugin.Handler
	*upstream.Upstream
}

func (*backend) Name() string { return "backend" }

func (b *backend) Services(_ context.Context, state request.Request, _ bool, _ plugin.Options) ([]msg.Service, error) {
	label, _, _ := strings.Cut(state.Name(), ".")
	service := msg.Service{Host: targets[label], Port: 7687, Priority: 10, TTL: 5, Key: "/skydns/test/alias/ext/" + label}
	switch label {
	case "srv":
		service.Host = targets["foo"]
	case "mx":
		service.Host, service.Mail = targets["foo"], true
	}
	return []msg.Service{service}, nil
}

func (*backend) Reverse(context.Context, request.Request, bool, plugin.Options) ([]msg.Service, error) {
	return nil, errors.New("no reverse names")
}

func (b *backend) Records(ctx context.Context, state request.Request, exact bool) ([]msg.Service, error) {
	return b.Services(ctx, state, exact, plugin.Options{})
}

func (*backend) IsNameError(error) bool        { return false }
func (*backend) Serial(request.Request) uint32 { return 1 }
func (*backend) MinTTL(request.Request) uint32 { return 60 }

func (b *backend) ServeDNS(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
	state := request.Request{W: w, Req: r}
	if !dns.IsSubDomain(b.zone, state.Name()) {
		return plugin.NextOrFailure(b.Name(), b.next, ctx, w, r)
	}
	m := new(dns.Msg).SetReply(r)
	m.Authoritative = true
	var err error
	switch state.QType() {
	case dns.TypeA:
		m.Answer, m.Truncated, err = plugin.A(ctx, b, b.zone, state, nil, plugin.Options{})
	case dns.TypeAAAA:
		m.Answer, m.Truncated, err = plugin.AAAA(ctx, b, b.zone, state, nil, plugin.Options{})
	case dns.TypeCNAME:
		m.Answer, err = plugin.CNAME(ctx, b, b.zone, state, plugin.Options{})
	case dns.TypeSRV:
		m.Answer, m.Extra, err = plugin.SRV(ctx, b, b.zone, state, plugin.Options{})
	case dns.TypeMX:
		m.Answer, m.Extra, err = plugin.MX(ctx, b, b.zone, state, plugin.Options{})
	}
	if err != nil || len(m.Answer) == 0 {
		return plugin.BackendError(ctx, b, b.zone, dns.RcodeSuccess, state, err, plugin.Options{})
	}
	return dns.RcodeSuccess, w.WriteMsg(m)
}

// flattener has addresses of another name under its own names, as an ALIAS or ANAME
// has: nothing in its answers says whose they are.
type flattener struct {
	zone string
	next plugin.Handler
	*upstream.Upstream
}

func (*flattener) Name() string { return "flattener" }

func (f *flattener) ServeDNS(ctx context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
	state := request.Request{W: w, Req: r}
	if !dns.IsSubDomain(f.zone, state.Name()) {
		return plugin.NextOrFailure(f.Name(), f.next, ctx, w, r)
	}
	target := targets["foo"]
	if strings.HasPrefix(state.Name(), "chain.") {
		target = "foo.up.alias.test."
	}
	found, err := f.Lookup(ctx, state, target, state.QType())
	if err != nil {
		return dns.RcodeServerFailure, err
	}
	m := new(dns.Msg).SetReply(r)
	m.Authoritative = true
	for _, rr := range found.Answer {
		if rr.Header().Rrtype == state.QType() {
			flat := dns.Copy(rr)
			flat.Header().Name = state.QName()
			m.Answer = append(m.Answer, flat)
		}
	}
	return dns.RcodeSuccess, w.WriteMsg(m)
}
