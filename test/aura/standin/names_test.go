package standin_test

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"
)

// names is a name server for this process: the official driver looks names up by
// net.DefaultResolver.
type names struct {
	mu    sync.Mutex
	under map[string]netip.Addr // by domain
}

// resolveHere has names below some domains resolve, and no others.
func resolveHere(t *testing.T, under map[string]netip.Addr) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	started := make(chan struct{})
	server := &dns.Server{PacketConn: conn, Handler: &names{under: under}, NotifyStartedFunc: func() { close(started) }}
	go func() { _ = server.ActivateAndServe() }() // it ends with Shutdown
	<-started
	before := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
	t.Cleanup(func() {
		net.DefaultResolver = before
		_ = server.Shutdown()
	})
}

// ServeDNS implements dns.Handler.
func (n *names) ServeDNS(w dns.ResponseWriter, r *dns.Msg) {
	n.mu.Lock()
	defer n.mu.Unlock()
	m := new(dns.Msg).SetRcode(r, dns.RcodeNameError)
	question := r.Question[0]
	for domain, addr := range n.under {
		if !strings.HasSuffix(strings.ToLower(question.Name), domain+".") {
			continue
		}
		m.Rcode = dns.RcodeSuccess
		if question.Qtype == dns.TypeA {
			header := dns.RR_Header{Name: question.Name, Rrtype: dns.TypeA, Class: dns.ClassINET}
			m.Answer = []dns.RR{&dns.A{Hdr: header, A: addr.AsSlice()}}
		}
	}
	_ = w.WriteMsg(m) // whoever asked asks again
}
