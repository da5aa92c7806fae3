//go:build linux

package scenario_test

import (
	"net"
	"sync"

	"github.com/miekg/dns"
	"github.com/rogpeppe/go-internal/testscript"
)

// upstream is the public DNS: it has a public address for every name, and
// remembers what it was asked.
type upstream struct {
	addr   string
	server *dns.Server
	mu     sync.Mutex
	saw    map[string]bool
}

// publicRecords are what the upstream says of every name.
const (
	publicV4 = "198.51.100.1"
	publicV6 = "2001:db8::1"
)

func startUpstream() (*upstream, error) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	up := &upstream{addr: conn.LocalAddr().String(), saw: make(map[string]bool)}
	started := make(chan struct{})
	up.server = &dns.Server{PacketConn: conn, Handler: dns.HandlerFunc(up.answer), NotifyStartedFunc: func() { close(started) }}
	go func() { _ = up.server.ActivateAndServe() }()
	<-started
	return up, nil
}

func (up *upstream) stop() { _ = up.server.Shutdown() }

func (up *upstream) answer(w dns.ResponseWriter, r *dns.Msg) {
	question := r.Question[0]
	up.mu.Lock()
	up.saw[dns.CanonicalName(question.Name)] = true
	up.mu.Unlock()
	m := new(dns.Msg).SetReply(r)
	m.RecursionAvailable = true
	header := dns.RR_Header{Name: question.Name, Rrtype: question.Qtype, Class: question.Qclass, Ttl: 300}
	switch question.Qtype {
	case dns.TypeA:
		m.Answer = []dns.RR{&dns.A{Hdr: header, A: net.ParseIP(publicV4)}}
	case dns.TypeAAAA:
		m.Answer = []dns.RR{&dns.AAAA{Hdr: header, AAAA: net.ParseIP(publicV6)}}
	case dns.TypeTXT:
		m.Answer = []dns.RR{&dns.TXT{Hdr: header, Txt: []string{"public"}}}
	}
	_ = w.WriteMsg(m)
}

// upstreamSaw implements: [!] upstream-saw NAME.
func upstreamSaw(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: upstream-saw NAME")
	}
	up := worldOf(ts).upstream
	up.mu.Lock()
	saw := up.saw[dns.CanonicalName(args[0])]
	up.mu.Unlock()
	if saw == neg {
		ts.Fatalf("the upstream was asked for %s: %v", args[0], saw)
	}
}
