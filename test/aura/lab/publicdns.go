//go:build linux

package lab

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/miekg/dns"
)

// PublicDNS is public DNS as Aura's names are there, and a few others. What it does not
// have is NXDOMAIN.
type PublicDNS struct {
	mu      sync.Mutex
	records map[string][]netip.Addr // by name, or wildcard
	asked   map[string]int          // by name
	servers []*dns.Server
}

// publicTTL is that of all records, in seconds: short, so that tests see changes.
const publicTTL = 1

// startPublicDNS has it answer at an address of a host, over UDP and TCP.
func startPublicDNS(host Host, address string) (*PublicDNS, error) {
	p := &PublicDNS{records: make(map[string][]netip.Addr), asked: make(map[string]int)}
	packets, err := host.ListenPacket("udp", address+":53")
	if err != nil {
		return nil, fmt.Errorf("starting public DNS: %w", err)
	}
	listener, err := host.Listen("tcp", address+":53")
	if err != nil {
		return nil, fmt.Errorf("starting public DNS: %w", err)
	}
	p.servers = []*dns.Server{{PacketConn: packets, Handler: p}, {Listener: listener, Handler: p}}
	for _, server := range p.servers {
		started := make(chan struct{})
		server.NotifyStartedFunc = func() { close(started) }
		go func() { _ = server.ActivateAndServe() }() // it ends with Shutdown
		<-started
	}
	return p, nil
}

func (p *PublicDNS) close() {
	for _, server := range p.servers {
		_ = server.Shutdown()
	}
}

// Set gives a name, or a wildcard, its addresses, or takes all away.
func (p *PublicDNS) Set(name string, addrs ...netip.Addr) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.records[dns.CanonicalName(name)] = addrs
	if len(addrs) == 0 {
		delete(p.records, dns.CanonicalName(name))
	}
}

// Asked returns how often it was asked for each name.
func (p *PublicDNS) Asked() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.asked)
}

// find returns the addresses of a name, its own or those of the closest wildcard.
func (p *PublicDNS) find(name string) (addrs []netip.Addr, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	name = dns.CanonicalName(name)
	p.asked[name]++
	if addrs, known = p.records[name]; known {
		return addrs, true
	}
	for owner := range p.records {
		if strings.HasSuffix(owner, "."+name) {
			return nil, true // something is below it
		}
	}
	for rest := name; rest != ""; {
		if _, rest, known = strings.Cut(rest, "."); !known {
			break
		}
		if addrs, known = p.records["*."+rest]; known {
			return addrs, true
		}
	}
	return nil, false
}

// ServeDNS implements dns.Handler.
func (p *PublicDNS) ServeDNS(w dns.ResponseWriter, r *dns.Msg) {
	m := new(dns.Msg).SetReply(r)
	m.RecursionAvailable = true
	question := r.Question[0]
	addrs, known := p.find(question.Name)
	if !known {
		m.Rcode = dns.RcodeNameError
	}
	for _, addr := range slices.SortedFunc(slices.Values(addrs), netip.Addr.Compare) {
		header := dns.RR_Header{Name: question.Name, Rrtype: question.Qtype, Class: dns.ClassINET, Ttl: publicTTL}
		switch {
		case addr.Is4() && question.Qtype == dns.TypeA:
			m.Answer = append(m.Answer, &dns.A{Hdr: header, A: addr.AsSlice()})
		case addr.Is6() && question.Qtype == dns.TypeAAAA:
			m.Answer = append(m.Answer, &dns.AAAA{Hdr: header, AAAA: addr.AsSlice()})
		}
	}
	if question.Name == "." && question.Qtype == dns.TypeDNSKEY {
		m.Rcode, m.Answer = dns.RcodeSuccess, rootKeys()
	}
	if len(m.Answer) == 0 {
		m.Ns = []dns.RR{soaOf(question.Name)}
	}
	if edns := r.IsEdns0(); edns != nil {
		m.SetEdns0(4096, false)
	}
	if w.LocalAddr().Network() == "udp" {
		m.Truncate(sizeFor(r))
	}
	_ = w.WriteMsg(m) // whoever asked asks again
}

// sizeFor is how large an answer over UDP may be.
func sizeFor(r *dns.Msg) int {
	if edns := r.IsEdns0(); edns != nil {
		return max(int(edns.UDPSize()), dns.MinMsgSize)
	}
	return dns.MinMsgSize
}

// rootKeys are as long as those of the root: an answer that does not fit into every
// packet. Nobody here validates.
func rootKeys() []dns.RR {
	var keys []dns.RR
	for i := range byte(4) {
		key := bytes.Repeat([]byte{i}, 260)
		keys = append(keys, &dns.DNSKEY{
			Hdr:   dns.RR_Header{Name: ".", Rrtype: dns.TypeDNSKEY, Class: dns.ClassINET, Ttl: publicTTL},
			Flags: 256, Protocol: 3, Algorithm: dns.RSASHA256, PublicKey: base64.StdEncoding.EncodeToString(key),
		})
	}
	return keys
}

// soaOf returns the SOA of the zone that a name is in, as public DNS has it.
func soaOf(name string) dns.RR {
	zone := "."
	if labels := dns.SplitDomainName(name); len(labels) >= 2 {
		zone = strings.Join(labels[len(labels)-2:], ".") + "."
	}
	return &dns.SOA{
		Hdr: dns.RR_Header{Name: zone, Rrtype: dns.TypeSOA, Class: dns.ClassINET, Ttl: publicTTL},
		Ns:  "ns.public.test.", Mbox: "hostmaster.public.test.", Serial: 1, Refresh: 900, Retry: 300, Expire: 86400, Minttl: publicTTL,
	}
}
