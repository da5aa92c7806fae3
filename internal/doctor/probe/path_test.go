package probe_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/doctor"
)

// recursive says that it recurses, and answers nothing else.
func recursive(m *dns.Msg) *dns.Msg {
	m.RecursionAvailable = true
	return m
}

// withKeys answers as recursive does, and for the root's keys with so many octets.
func withKeys(size int) func(m *dns.Msg) *dns.Msg {
	return func(m *dns.Msg) *dns.Msg {
		if m.Question[0].Qtype == dns.TypeDNSKEY {
			m.Answer = []dns.RR{&dns.TXT{
				Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeTXT, Class: dns.ClassINET}, Txt: chunks(size),
			}}
		}
		return recursive(m)
	}
}

// chunks are texts of so many octets altogether.
func chunks(size int) []string {
	var all []string
	for ; size > 0; size -= 200 {
		all = append(all, strings.Repeat("x", min(size, 200)))
	}
	return all
}

// ours answers as our server does, with a view for who asks.
func ours(view string) func(m *dns.Msg) *dns.Msg {
	return func(m *dns.Msg) *dns.Msg {
		if q := m.Question[0]; q.Name == "view.auralink.neo4j.io." && q.Qclass == dns.ClassCHAOS && q.Qtype == dns.TypeTXT {
			m.Answer = []dns.RR{&dns.TXT{
				Hdr: dns.RR_Header{Name: q.Name, Rrtype: dns.TypeTXT, Class: dns.ClassCHAOS}, Txt: []string{"auralink view " + view},
			}}
		}
		return recursive(m)
	}
}

// lossy loses answers that are larger than so many octets.
func lossy(limit int, inner func(m *dns.Msg) *dns.Msg) func(m *dns.Msg) *dns.Msg {
	return func(m *dns.Msg) *dns.Msg {
		if m = inner(m); m.Len() > limit {
			return nil
		}
		return m
	}
}

// TestPath: how a name server is reached, and as whom.
func TestPath(t *testing.T) {
	tests := []struct {
		name string
		nameServer
		patience time.Duration
		want     string
	}{
		{"well", nameServer{answer(withKeys(1100)), answer(withKeys(1100))}, patience, "udp connected, tcp connected, edns 1232, ra true, large connected"},
		{"no large answer", nameServer{answer(recursive), answer(recursive)}, patience, "udp connected, tcp connected, edns 1232, ra true, large "},
		{"no recursion", nameServer{answer(func(m *dns.Msg) *dns.Msg { return m }), answer(recursive)}, patience, "udp connected, tcp connected, edns 1232, ra false, large "},
		{"no EDNS", nameServer{answer(func(m *dns.Msg) *dns.Msg {
			m.Extra = nil
			return recursive(m)
		}), answer(recursive)}, patience, "udp connected, tcp connected, edns 0, ra true, large "},
		{"no TCP", nameServer{udp: answer(recursive)}, patience, "udp connected, tcp refused, edns 1232, ra true, large "},
		{"no UDP", nameServer{tcp: answer(recursive)}, short, "udp timed-out, tcp connected, edns 1232, ra true, large "},
		{"large answers are lost", nameServer{answer(lossy(1000, withKeys(1100))), answer(withKeys(1100))}, short, "udp connected, tcp connected, edns 1232, ra true, large timed-out"},
		{"large answers are lost, and there are none over TCP", nameServer{answer(lossy(1000, withKeys(1100))), answer(withKeys(100))}, short, "udp connected, tcp connected, edns 1232, ra true, large "},
		{"ours", nameServer{answer(ours("apps")), answer(ours("apps"))}, patience, `udp connected, tcp connected, edns 1232, ra true, large , ours "apps"`},
		{"ours, to a stranger", nameServer{answer(ours("")), answer(ours(""))}, patience, `udp connected, tcp connected, edns 1232, ra true, large , ours ""`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			at := tt.start(t)
			all := probes(t, asked(at, tt.patience, doctor.KindPath), environment())
			if len(all) != 1 || all[0].Path == nil || all[0].Probe != "path to "+at {
				t.Fatalf("%+v", all)
			}
			p := all[0].Path
			got := fmt.Sprintf("udp %s, tcp %s, edns %d, ra %t, large %s", p.UDP, p.TCP, p.EDNS, p.RA, p.Large)
			if p.Ours {
				got += fmt.Sprintf(", ours %q", p.View)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || p.Server != at || p.Source.String() != "127.0.0.1" {
				t.Errorf("%+v:\n%s", p, diff)
			}
		})
	}
}

// TestCanaries: the names by which browsers and systems ask whether they may go round
// this network's DNS, as its first name server answers them.
func TestCanaries(t *testing.T) {
	at := nameServer{udp: answer(func(m *dns.Msg) *dns.Msg {
		q := m.Question[0]
		if q.Name != "use-application-dns.net." {
			return m.SetRcode(m, dns.RcodeNameError)
		}
		m.Answer = []dns.RR{&dns.A{Hdr: dns.RR_Header{Name: q.Name, Rrtype: dns.TypeA, Class: dns.ClassINET}, A: []byte{192, 0, 2, 1}}}
		return m
	})}.start(t)
	all := probes(t, asked(at, patience, doctor.KindBrowser), environment())
	if len(all) != 1 || all[0].Browser == nil {
		t.Fatalf("%+v", all)
	}
	var got []string
	for _, c := range all[0].Browser.Canaries {
		got = append(got, fmt.Sprintf("%s %s %s %d", c.Name, c.Answer.Type, c.Answer.Rcode, c.Answer.Records))
	}
	want := []string{
		"use-application-dns.net A NOERROR 1", "mask.icloud.com A NXDOMAIN 0", "mask-h2.icloud.com A NXDOMAIN 0", "_dns.resolver.arpa SVCB NXDOMAIN 0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
