package alias_test

import (
	"fmt"
	"testing"

	"github.com/miekg/dns"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/alias"
)

// TestNothingOfOthers: whatever a message says of names of ours, and of whatever
// records it is made, what is left of that is the client's own.
func TestNothingOfOthers(t *testing.T) {
	asked := 0
	rapid.Check(t, func(t *rapid.T) {
		m := new(dns.Msg).SetQuestion(drawName(t), drawType(t))
		m.Answer, m.Ns, m.Extra = drawRecords(t), drawRecords(t), drawRecords(t)
		before := m.String()
		own := make(map[dns.RR]bool)
		asks := 0
		ask := func(name string, qtype uint16) *dns.Msg {
			asks++
			if qtype == dns.TypeTXT {
				return nil
			}
			r := new(dns.Msg).SetQuestion(name, qtype)
			rr := &dns.A{Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeA, Class: dns.ClassINET}}
			r.Answer = []dns.RR{rr}
			own[rr] = true
			return r
		}
		q := m.Question[0]
		led := alias.Lead(below{}, ask, q, m)
		for _, rr := range append(led.Answer, led.Extra...) {
			name := rr.Header().Name
			if rr.Header().Rrtype == alias.TypePlaceholder {
				t.Fatalf("a placeholder is left:\n%s\nof\n%s", led, before)
			}
			if (below{}).Ours(name) && dns.CanonicalName(name) != dns.CanonicalName(q.Name) && !own[rr] {
				t.Fatalf("%s is somebody else's:\n%s\nof\n%s", rr, led, before)
			}
		}
		if asks > 2*8 {
			t.Fatalf("%d questions for\n%s", asks, before)
		}
		if !alias.Concerns(below{}, q, m) && led != m {
			t.Fatalf("a message that is said not to concern us became\n%s\nof\n%s", led, before)
		}
		if after := m.String(); after != before {
			t.Fatalf("the message was changed:\n%s\nbefore\n%s", after, before)
		}
		asked += asks
	})
	if asked == 0 {
		t.Error("nothing was asked for")
	}
}

// drawName draws one of few names, so that records have to do with each other.
func drawName(t *rapid.T) string {
	return rapid.SampledFrom([]string{
		"a.test.", "b.test.", "A.TEST.", "x.d.test.", "d.test.", "test.", ".",
		"foo.ours.test.", "FOO.ours.test.", "x.foo.ours.test.", "bar.ours.test.", "ours.test.",
	}).Draw(t, "name")
}

func drawType(t *rapid.T) uint16 {
	return rapid.SampledFrom([]uint16{
		dns.TypeA, dns.TypeAAAA, dns.TypeCNAME, dns.TypeDNAME, dns.TypeMX, dns.TypeSRV, dns.TypeHTTPS, dns.TypeTXT, dns.TypeANY,
	}).Draw(t, "type")
}

func drawRecords(t *rapid.T) []dns.RR {
	return rapid.SliceOfN(rapid.Custom(drawRecord), 0, 6).Draw(t, "records")
}

func drawRecord(t *rapid.T) dns.RR {
	owner, target := drawName(t), drawName(t)
	text := rapid.SampledFrom([]string{
		"%[1]s 60 CNAME %[2]s", "%[1]s 60 DNAME %[2]s", "%[1]s 60 A 10.9.9.9", "%[1]s 60 MX 1 %[2]s", "%[1]s 60 SRV 1 1 1 %[2]s",
		"%[1]s 60 HTTPS 1 %[2]s ipv4hint=10.9.9.9", "%[1]s 60 RRSIG CNAME 8 2 60 20300101000000 20200101000000 1 %[2]s AAAA",
		"%[1]s 60 TYPE65377 \\# 0",
	}).Draw(t, "record")
	rr, err := dns.NewRR(fmt.Sprintf(text, owner, target))
	if err != nil {
		t.Fatal(err)
	}
	return rr
}

// TestPlaceholder: it answers the question by nothing of anybody's, and for as long as
// nothing else in a message.
func TestPlaceholder(t *testing.T) {
	r := new(dns.Msg).SetQuestion("Foo.ours.test.", dns.TypeAAAA)
	m := alias.Placeholder(r)
	if m.Id != r.Id || !m.Response || len(m.Answer) != 1 || len(m.Ns)+len(m.Extra) > 0 {
		t.Fatalf("placeholder:\n%s", m)
	}
	want := dns.RR_Header{Name: "Foo.ours.test.", Rrtype: alias.TypePlaceholder, Class: dns.ClassINET, Ttl: 1<<31 - 1}
	if got := *m.Answer[0].Header(); got != want {
		t.Errorf("%v, want %v", got, want)
	}
	if packed, err := m.Pack(); err != nil || m.Len() != len(packed) {
		t.Errorf("%d octets instead of %d, %v", len(packed), m.Len(), err)
	}
}
