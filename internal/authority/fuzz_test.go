package authority_test

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// fuzzTopology has a VPC of each mode, names below names, wildcards below
// wildcards, a zone within a zone, and endpoints that look like prefixed ones.
const fuzzTopology = `
regions:
  east: {orchestras: ["0000", orch.b.example.org], extra_names: ["*.example.org", "x.y.example.org", "*.y.example.org", "www.example.net"]}
  west: {orchestras: ["0042"], extra_names: ["*.eu.example.org", "deep.er.than.example.org"]}
  north: {orchestras: ["0099"]}
vpcs:
  individual: {links: {east: [10.0.0.1, 10.0.0.2, 10.0.0.3, "fd00::1"], west: ["fd00::2"]}, clients: [10.0.0.0/8]}
  wildcard: {links: {east: [10.0.0.9], west: [10.0.0.9], north: [10.0.0.9]}, clients: [10.1.0.0/16]}
  none: {links: {}, clients: [10.2.0.0/16]}
custom_endpoints: {foo: east, a-foo: east, b-a-foo: east, a: west, aa-foo: west, n1: north, a-n1: north}
`

// fuzzParents are the names below which a fuzzed name is put.
var fuzzParents = []string{
	".", "io.", "neo4j.io.", "endpoints.neo4j.io.", "foo.endpoints.neo4j.io.", "n1.endpoints.neo4j.io.",
	"production-orch-0000.neo4j.io.", "production-orch-0042.neo4j.io.", "production-orch-0099.neo4j.io.",
	"example.org.", "y.example.org.", "eu.example.org.", "b.example.org.", "orch.b.example.org.",
	"er.than.example.org.", "example.net.", "www.example.net.", "*.example.org.",
}

// FuzzLookup asks any view for any name and type. Nothing makes Lookup or Reply
// panic, and the answer is that of a search which goes through all records.
//
// The name is that of one of fuzzParents with labels in front: the octets between
// the dots.
func FuzzLookup(f *testing.F) {
	p, findings, err := plan.Read(strings.NewReader(fuzzTopology))
	if err != nil {
		f.Fatalf("planning: %v\n%s", err, findings.Report())
	}
	table, err := authority.Compile(p.Views(), 7)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, labels []byte, parent, vpc uint8, qtype, rotate uint16) {
		if qtype == dns.TypeAXFR || qtype == dns.TypeIXFR {
			t.Skip("no questions in the sense of Lookup")
		}
		planned := &p.VPCs[int(vpc)%len(p.VPCs)]
		view, _ := table.ViewNamed(planned.Name)
		question := dns.Question{Name: fuzzName(t, labels, parent), Qtype: qtype, Qclass: dns.ClassINET}
		var buf [wire.MaxName]byte
		name, err := wire.Pack(&buf, question.Name)
		if err != nil {
			t.Fatalf("name %q of a message is no name: %v", question.Name, err)
		}
		answer := table.Lookup(view, name, qtype)
		if diff := cmp.Diff(search(planned.View, name, qtype), answerAsSearched(answer), equateAddrs); diff != "" {
			t.Fatalf("%s of %s (-search +answer):\n%s", &question, planned.Name, diff)
		}
		checkRegion(t, planned, answer)
		if answer.Outcome != zones.NotOurs {
			checkReply(t, planned.View.TTL, answer, question, rotate)
		}
	})
}

var equateAddrs = cmp.Options{cmp.Comparer(func(a, b netip.Addr) bool { return a == b }), cmpopts.EquateEmpty()}

// fuzzName makes a name of at most 255 octets, in presentation format.
func fuzzName(t *testing.T, labels []byte, parent uint8) string {
	t.Helper()
	var tail [wire.MaxName]byte
	end, err := dns.PackDomainName(fuzzParents[int(parent)%len(fuzzParents)], tail[:], 0, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	var packed []byte
	for label := range bytes.SplitSeq(labels, []byte(".")) {
		label = label[:min(len(label), 63)]
		if len(label) == 0 || len(packed)+1+len(label)+end > wire.MaxName {
			continue
		}
		packed = append(append(packed, byte(len(label))), label...)
	}
	name, _, err := dns.UnpackDomainName(append(packed, tail[:end]...), 0)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// searched is what an answer is compared by.
type searched struct {
	Outcome zones.Outcome
	Origin  string
	Region  string
	Addrs   []netip.Addr
}

func answerAsSearched(a authority.Answer) searched {
	s := searched{Outcome: a.Outcome, Region: a.Region, Addrs: a.Addrs}
	if a.Zone != nil {
		s.Origin = a.Zone.Origin
	}
	return s
}

// search answers a question by going through all records of a view, in the words
// of RFC 1034, section 4.3.2, and RFC 4592.
func search(view zones.View, name wire.Name, qtype uint16) searched {
	zone, found := nearestZone(view, name)
	if !found || leftToPublicDNS(zone, name) {
		return searched{Outcome: zones.NotOurs}
	}
	answer := searched{Origin: zone.Origin}
	encloser := name
	for !exists(zone, encloser) {
		encloser = encloser[1+int(encloser[0]):]
	}
	matched := encloser
	if len(encloser) < len(name) {
		matched = append(wire.Name{1, '*'}, encloser...)
	}
	apex := string(name) == wire.MustPack(zone.Origin)
	for owner := range zone.All() {
		if wire.MustPack(owner.Name) == string(matched) {
			answer.Region = owner.Region
			switch qtype {
			case dns.TypeA:
				answer.Addrs = owner.V4()
			case dns.TypeAAAA:
				answer.Addrs = owner.V6()
			}
		}
	}
	switch {
	case apex && qtype == dns.TypeSOA:
		answer.Outcome, answer.Region = zones.Positive, ""
	case len(answer.Addrs) > 0:
		answer.Outcome = zones.Positive
	case qtype == dns.TypeANY && (apex || answer.Region != ""):
		answer.Outcome = zones.Minimal
	case answer.Region != "" || len(encloser) == len(name):
		answer.Outcome = zones.NoData
	default:
		answer.Outcome = zones.NXDomain
	}
	return answer
}

// nearestZone returns the zone with the longest origin at or above a name. A zone
// that is about its origin alone has nothing to say of names below.
func nearestZone(view zones.View, name wire.Name) (zones.Zone, bool) {
	var nearest zones.Zone
	for _, zone := range view.Zones {
		if zone.SingleName() && string(name) != wire.MustPack(zone.Origin) {
			continue
		}
		if isAtOrBelow(name, zone.Origin) && len(zone.Origin) > len(nearest.Origin) {
			nearest = zone
		}
	}
	return nearest, nearest.Origin != ""
}

// leftToPublicDNS reports whether a name is at or below one of the names of a
// custom endpoint whose region is not linked.
func leftToPublicDNS(zone zones.Zone, name wire.Name) bool {
	for label := range zone.Unlinked() {
		for _, prefix := range append([]string{""}, topology.Prefixes[:]...) {
			if isAtOrBelow(name, prefix+label+"."+zone.Origin) {
				return true
			}
		}
	}
	return false
}

// exists reports whether a name is the zone's origin, has records, or is above
// one that has (RFC 4592, section 2.2.2).
func exists(zone zones.Zone, name wire.Name) bool {
	if string(name) == wire.MustPack(zone.Origin) {
		return true
	}
	for owner := range zone.All() {
		for packed := wire.MustPack(owner.Name); len(packed) >= len(name); packed = packed[1+int(packed[0]):] {
			if packed == string(name) {
				return true
			}
		}
	}
	return false
}

// isAtOrBelow compares label by label.
func isAtOrBelow(name wire.Name, parent string) bool {
	packed := wire.MustPack(parent)
	for len(name) > len(packed) {
		name = name[1+int(name[0]):]
	}
	return string(name) == packed
}

// checkRegion holds the one rule: the addresses are those of the link to the
// region that the answer names.
func checkRegion(t *testing.T, planned *plan.VPC, answer authority.Answer) {
	t.Helper()
	if len(answer.Addrs) == 0 {
		return
	}
	for _, link := range planned.Links {
		if link.Region != answer.Region {
			continue
		}
		for _, addr := range answer.Addrs {
			if !slices.Contains(link.Addrs, addr) {
				t.Errorf("address %s is not of the link to %q", addr, link.Region)
			}
		}
		return
	}
	t.Errorf("the answer leads to region %q, which is not linked", answer.Region)
}

// checkReply checks the message that is made of an answer, after a journey over
// the wire.
func checkReply(t *testing.T, ttl uint32, answer authority.Answer, question dns.Question, rotate uint16) {
	t.Helper()
	packed, err := answer.Reply(&dns.Msg{Question: []dns.Question{question}}, rotate).Pack()
	if err != nil {
		t.Fatalf("packing: %v", err)
	}
	m := new(dns.Msg)
	if err := m.Unpack(packed); err != nil {
		t.Fatalf("unpacking: %v", err)
	}
	if !m.Authoritative || !m.Response || (m.Rcode == dns.RcodeNameError) != (answer.Outcome == zones.NXDomain) {
		t.Errorf("header %+v of an answer that is %s", m.MsgHdr, answer.Outcome)
	}
	if diff := cmp.Diff([]dns.Question{question}, m.Question); diff != "" {
		t.Errorf("question (-asked +echoed):\n%s", diff)
	}
	if negative := answer.Outcome == zones.NoData || answer.Outcome == zones.NXDomain; negative != (len(m.Ns) == 1) || negative == (len(m.Answer) > 0) {
		t.Errorf("%d records in answer and %d in authority of an answer that is %s", len(m.Answer), len(m.Ns), answer.Outcome)
	}
	for _, rr := range slices.Concat(m.Answer, m.Ns) {
		if rr.Header().Ttl != ttl {
			t.Errorf("TTL of %s, want %d", rr, ttl)
		}
	}
	for _, rr := range m.Answer {
		if rr.Header().Name != question.Name {
			t.Errorf("owner of %s, want %s", rr, question.Name)
		}
	}
	if len(answer.Addrs) > 0 {
		if diff := cmp.Diff(sorted(answer.Addrs), sorted(addrsOf(m.Answer)), equateAddrs); diff != "" {
			t.Errorf("addresses (-answer +message):\n%s", diff)
		}
	}
}

func addrsOf(rrs []dns.RR) []netip.Addr {
	var addrs []netip.Addr
	for _, rr := range rrs {
		switch rr := rr.(type) {
		case *dns.A:
			addr, _ := netip.AddrFromSlice(rr.A)
			addrs = append(addrs, addr.Unmap())
		case *dns.AAAA:
			addr, _ := netip.AddrFromSlice(rr.AAAA)
			addrs = append(addrs, addr)
		}
	}
	return addrs
}

func sorted(addrs []netip.Addr) []netip.Addr {
	return slices.SortedFunc(slices.Values(addrs), netip.Addr.Compare)
}
