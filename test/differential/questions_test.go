package differential_test

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// name is a domain name as its labels, each in octets without escapes; the root
// has none.
type name []string

// maxName and maxLabel are the limits of RFC 1035, section 2.3.4, in octets.
const (
	maxName  = 255
	maxLabel = 63
)

// parseName splits an absolute name that has no escapes.
func parseName(s string) name {
	s = strings.TrimSuffix(s, ".")
	if s == "" {
		return nil
	}
	return strings.Split(s, ".")
}

// String returns the name in presentation format, as it is unpacked from a
// message.
func (n name) String() string {
	var packed []byte
	for _, label := range n {
		packed = append(packed, byte(len(label)))
		packed = append(packed, label...)
	}
	text, _, err := dns.UnpackDomainName(append(packed, 0), 0)
	if err != nil {
		panic(err) // names are checked with fits
	}
	return text
}

// octets returns the name's length on the wire.
func (n name) octets() int {
	octets := 1
	for _, label := range n {
		octets += 1 + len(label)
	}
	return octets
}

// fits reports whether the name can be sent.
func (n name) fits() bool {
	for _, label := range n {
		if label == "" || len(label) > maxLabel {
			return false
		}
	}
	return n.octets() <= maxName
}

// below returns the name with labels put in front.
func (n name) below(labels ...string) name { return slices.Concat(labels, n) }

// parent returns the name without its first label; the root is its own parent.
func (n name) parent() name { return n[min(1, len(n)):] }

// first returns the first label, or "" for the root.
func (n name) first() string {
	if len(n) == 0 {
		return ""
	}
	return n[0]
}

// anchors are the names around which a view is asked: all it has, all that it
// must leave alone, and what is above them.
func anchors(t *topology.Topology, view zones.View) []name {
	texts := []string{".", "io.", "neo4j.io.", "api.neo4j.io.", "production-orch-9999.neo4j.io.", topology.EndpointsOrigin, "example.org.", "test."}
	for _, zone := range view.Zones {
		texts = append(texts, zone.Origin)
		for owner := range zone.All() {
			texts = append(texts, owner.Name)
			texts = append(texts, between(owner.Name, zone.Origin)...)
		}
	}
	for _, region := range t.Regions {
		texts = append(texts, region.Orchestras...)
		texts = append(texts, region.ExtraNames...)
	}
	for _, e := range t.Endpoints {
		texts = append(texts, e.Label+"."+topology.EndpointsOrigin)
	}
	slices.Sort(texts)
	texts = slices.Compact(texts)
	list := make([]name, len(texts))
	for i, text := range texts {
		list[i] = parseName(text)
	}
	return list
}

// between returns the names above a name and below its zone's origin: each of them
// exists, though it may have no records.
func between(owner, origin string) []string {
	var names []string
	for owner != origin {
		_, owner, _ = strings.Cut(owner, ".")
		if owner != origin {
			names = append(names, owner)
		}
	}
	return names
}

// variations turn an anchor into a name to ask for. Those that come first several
// times are what is asked most.
var variations = []func(*rand.Rand, name) name{
	func(_ *rand.Rand, n name) name { return n },
	func(_ *rand.Rand, n name) name { return n },
	func(_ *rand.Rand, n name) name { return n },
	func(_ *rand.Rand, n name) name { return n.below("x") },
	func(_ *rand.Rand, n name) name { return n.below("x", "y") },
	func(_ *rand.Rand, n name) name { return n.below("p-c466fb81-f37e-0001", "x", "y", "z") },
	func(_ *rand.Rand, n name) name { return n.below("*") },
	func(_ *rand.Rand, n name) name { return n.below("x", "*") },
	func(_ *rand.Rand, n name) name { return n.below("*x") },
	func(_ *rand.Rand, n name) name { return n.below("*", "*") },
	func(_ *rand.Rand, n name) name { return n.parent() },
	func(_ *rand.Rand, n name) name { return n.parent().parent() },
	func(_ *rand.Rand, n name) name { return n.parent().below("missing") },
	func(_ *rand.Rand, n name) name { return n.parent().below("missing", "missing") },
	func(_ *rand.Rand, n name) name { return n.parent().below("y") },
	func(rng *rand.Rand, n name) name {
		return n.parent().below(pick(rng, []string{"a-", "b-", "c-", "d-", "e-", "A-"}) + n.first())
	},
	func(_ *rand.Rand, n name) name { return n.parent().below(n.first()[min(2, len(n.first())):]) },
	func(rng *rand.Rand, n name) name { return n.below(oddLabel(rng)) },
	func(rng *rand.Rand, n name) name { return n.parent().below(n.first() + oddLabel(rng)) },
	func(rng *rand.Rand, n name) name { return n.parent().below(oddLabel(rng) + n.first()) },
	func(_ *rand.Rand, n name) name { return n.below(strings.Join(n[:min(2, len(n))], ".")) }, // a dot within a label
	func(rng *rand.Rand, n name) name { return longest(rng, n) },
	func(rng *rand.Rand, n name) name { return n.below(randomOctets(rng, maxLabel)) },
}

// oddOctets are those that are special in zone files, in patterns and in C.
var oddOctets = []string{"\x00", ".", "\\", "\"", " ", ";", "@", "$", "(", "_", "\n", "\x7f", "\x80", "\xc0", "\xff", "K", "[", "\\046"}

// oddLabel makes a label, or a part of one, that no host name has.
func oddLabel(rng *rand.Rand) string {
	var b strings.Builder
	for range 1 + rng.IntN(4) {
		b.WriteString(pick(rng, oddOctets))
	}
	return b.String()
}

func randomOctets(rng *rand.Rand, n int) string {
	octets := make([]byte, n)
	for i := range octets {
		octets[i] = byte(rng.Uint32())
	}
	return string(octets)
}

// longest puts labels in front until the name has all 255 octets, or 254, where
// one octet is left and no label fits into it.
func longest(rng *rand.Rand, n name) name {
	for n.octets() < maxName-1 {
		room := maxName - n.octets() - 1
		n = n.below(strings.Repeat("l", min(room, 1+rng.IntN(maxLabel))))
	}
	return n
}

// mixCase changes the case of about half of the letters.
func mixCase(rng *rand.Rand, n name) name {
	mixed := make(name, len(n))
	for i, label := range n {
		octets := []byte(label)
		for j, c := range octets {
			if letter := c | 0x20; 'a' <= letter && letter <= 'z' && rng.IntN(2) == 0 {
				octets[j] ^= 0x20
			}
		}
		mixed[i] = string(octets)
	}
	return mixed
}

// commonTypes are asked for most of the time, rareTypes now and then.
var (
	commonTypes = []uint16{dns.TypeA, dns.TypeA, dns.TypeA, dns.TypeAAAA, dns.TypeAAAA, dns.TypeHTTPS, dns.TypeSOA, dns.TypeNS}
	rareTypes   = []uint16{
		dns.TypeTXT, dns.TypeMX, dns.TypeSVCB, dns.TypeCNAME, dns.TypeDNAME, dns.TypeDS, dns.TypeDNSKEY, dns.TypeSRV,
		dns.TypePTR, dns.TypeCAA, dns.TypeHINFO, dns.TypeNAPTR, dns.TypeTLSA, dns.TypeLOC, dns.TypeNSEC, dns.TypeNSEC3,
		dns.TypeRRSIG, dns.TypeCDS, dns.TypeANY, dns.TypeNULL, typeWKS, 65280, 65534,
		dns.TypeNone, dns.TypeOPT, 128, dns.TypeTKEY, dns.TypeTSIG, dns.TypeMAILB, dns.TypeMAILA,
	}
)

// WKS is obsolete, and the library has no name for it.
const typeWKS = 11

// randomQuestion makes a message that asks a view something.
func randomQuestion(rng *rand.Rand, around []name) *dns.Msg {
	n := pick(rng, variations)(rng, pick(rng, around))
	if !n.fits() {
		n = pick(rng, around)
	}
	if rng.IntN(2) == 0 {
		n = mixCase(rng, n)
	}
	qtype := pick(rng, commonTypes)
	if rng.IntN(3) == 0 {
		qtype = pick(rng, rareTypes)
	}
	m := &dns.Msg{
		MsgHdr:   dns.MsgHdr{Id: uint16(rng.Uint32()), RecursionDesired: rng.IntN(2) == 0},
		Question: []dns.Question{{Name: n.String(), Qtype: qtype, Qclass: randomClass(rng)}},
	}
	switch rng.IntN(3) {
	case 0:
		m.SetEdns0(1232, false)
	case 1:
		m.SetEdns0(1232, true)
	}
	return m
}

// randomClass is IN nearly always. It is never CHAOS: BIND limits the rate at
// which it answers that.
func randomClass(rng *rand.Rand) uint16 {
	if rng.IntN(50) == 0 {
		return dns.ClassANY
	}
	return dns.ClassINET
}
