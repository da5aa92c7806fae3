package resolvers_test

import (
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers/coredns"
)

// Where servers are, all at port 53, for that is where resolvers and hosts look.
const (
	ourAddr      = "127.0.0.10"
	publicAddr   = "127.0.0.20"
	resolverAddr = "127.0.0.30"
	parentAddr   = "127.0.0.40"
)

func at(addr string) netip.AddrPort { return netip.AddrPortFrom(netip.MustParseAddr(addr), 53) }

// topology has two regions, so that custom endpoints have individual records. What it
// tells is soon forgotten.
const topology = `
ttl: 1
regions:
  east: {orchestras: ["0001"]}
  west: {orchestras: ["0042"]}
vpcs:
  office: {links: {east: [10.30.10.10], west: [10.20.10.10]}}
custom_endpoints: {foo: west}
`

// startOurs starts our server, which forwards to public DNS, with further lines in its
// server block.
func startOurs(t *testing.T, further string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "topology.yaml")
	writeFile(t, path, topology)
	coredns.Start(t, coredns.Block(at(ourAddr), "auralink "+path+"\n"+further+"forward . "+publicAddr+"\n"))
}

// public is a server that stands for public DNS: every name has one address there. It
// knows what it was asked for.
type public struct {
	mu    sync.Mutex
	names []string
	// mute says that it does not answer for the names that ours has.
	mute bool
}

// publicAnswer is the address of every name in public DNS.
const publicAnswer = "198.51.100.66"

func startPublic(t *testing.T) *public {
	t.Helper()
	p := new(public)
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at(publicAddr)))
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan struct{})
	server := &dns.Server{PacketConn: conn, Handler: p, NotifyStartedFunc: func() { close(started) }}
	go func() { _ = server.ActivateAndServe() }() // it ends with Shutdown
	<-started
	t.Cleanup(func() { _ = server.Shutdown() })
	return p
}

// ServeDNS implements the dns.Handler interface.
func (p *public) ServeDNS(w dns.ResponseWriter, r *dns.Msg) {
	question := r.Question[0]
	p.mu.Lock()
	p.names = append(p.names, strings.ToLower(question.Name))
	mute := p.mute && slices.ContainsFunc(ourZones, func(zone string) bool { return dns.IsSubDomain(zone+".", question.Name) })
	p.mu.Unlock()
	if mute {
		return
	}
	m := new(dns.Msg).SetReply(r)
	m.RecursionAvailable = true
	if question.Qtype == dns.TypeA {
		header := dns.RR_Header{Name: question.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}
		m.Answer = []dns.RR{&dns.A{Hdr: header, A: net.ParseIP(publicAnswer)}}
	}
	_ = w.WriteMsg(m) // whoever asked asks again
}

// saw reports whether the server was asked for a name.
func (p *public) saw(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Contains(p.names, dns.Fqdn(name))
}

// reset has the server forget what it was asked for, and says whether it is mute.
func (p *public) reset(mute bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.names, p.mute = nil, mute
}
