package differential_test

import (
	"slices"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// difference is a way in which our answers are not those of another server, and
// are right all the same.
type difference struct {
	name   string
	reason string
	// peers are the names of the servers, or nil for all.
	peers []string
	// at reports whether the difference is at work where a server answers a
	// question with theirs.
	at func(s scene, q dns.Question, theirs outcome) bool
	// ours returns what we answer there. Where it is nil, theirs does not say;
	// the servers without the difference do.
	ours func(s scene, q dns.Question, theirs outcome) outcome
	// examples show the difference, each at all of the peers.
	examples []example
}

// differences are all that there are; the first that is at work counts.
// TestDifferences tries the examples.
var differences = []difference{
	{
		name:   "class ANY",
		reason: "CoreDNS refuses every class but IN; what the class ANY means for authority is not defined",
		at:     func(_ scene, q dns.Question, _ outcome) bool { return q.Qclass == dns.ClassANY },
		ours: func(_ scene, _ dns.Question, theirs outcome) outcome {
			return outcome{Question: theirs.Question, Rcode: "REFUSED", Flags: onlyRD(theirs.Flags), EDNS: theirs.EDNS}
		},
		examples: []example{
			{ask: "x.production-orch-0000.neo4j.io. ANY A", theirs: "other", ours: "REFUSED"},
		},
	},
	{
		name:   "Knot and type 0",
		reason: "type 0 is reserved, and RFC 6895, section 3.1, asks for nothing special; Knot does not implement it",
		peers:  []string{"Knot"},
		at: func(_ scene, q dns.Question, theirs outcome) bool {
			return q.Qtype == dns.TypeNone && theirs.Rcode == "NOTIMP"
		},
		examples: []example{
			{ask: "x.production-orch-0000.neo4j.io. IN None", theirs: "NOTIMP", ours: "NOERROR aa ; production-orch-0000.neo4j.io. 30 SOA"},
		},
	},
	{
		name:   "BIND and meta types",
		reason: "BIND rejects the types 128 to 254 (RFC 6895, section 3.1), which ask for no data; to us a name has none of them",
		peers:  []string{"BIND"},
		at: func(_ scene, q dns.Question, theirs outcome) bool {
			return isMeta(q.Qtype) && (theirs.Rcode == "FORMERR" || theirs.Rcode == "NOTIMP")
		},
		examples: []example{
			{ask: "x.production-orch-0000.neo4j.io. IN TYPE128", theirs: "FORMERR", ours: "NOERROR aa ; production-orch-0000.neo4j.io. 30 SOA"},
			{ask: "x.production-orch-0000.neo4j.io. IN OPT", theirs: "FORMERR", ours: "NOERROR aa ; production-orch-0000.neo4j.io. 30 SOA"},
			{ask: "x.production-orch-0000.neo4j.io. IN MAILB", theirs: "NOTIMP", ours: "NOERROR aa ; production-orch-0000.neo4j.io. 30 SOA"},
		},
	},
	{
		name:   "unlinked endpoints go on",
		reason: "one zone for all custom endpoints hides those of regions without a link; we leave them to public DNS",
		at: func(s scene, q dns.Question, theirs outcome) bool {
			return q.Qclass == dns.ClassINET && s.shape == zones.ShapeOneZone && s.unlinked(q.Name) && theirs.Rcode == "NXDOMAIN"
		},
		ours: wentOn,
		examples: []example{
			{ask: "n1.endpoints.neo4j.io. IN A", theirs: "NXDOMAIN aa ; endpoints.neo4j.io. 30 SOA", ours: "went on"},
			{ask: "x.d-n1.endpoints.neo4j.io. IN TXT", theirs: "NXDOMAIN aa ; endpoints.neo4j.io. 30 SOA", ours: "went on"},
		},
	},
	{
		name:   "names below a single name go on",
		reason: "a zone file for one name denies all names below it; what they are is not the topology's to say",
		at: func(s scene, q dns.Question, theirs outcome) bool {
			return q.Qclass == dns.ClassINET && s.belowSingleName(q.Name) && len(theirs.Answer) == 0
		},
		ours: wentOn,
		examples: []example{
			{ask: "x.www.example.net. IN A", theirs: "NXDOMAIN aa ; www.example.net. 30 SOA", ours: "went on"},
		},
	},
	{
		name: "undeclared endpoints do not exist",
		reason: "where each name has a zone of its own, its siblings are in none and refused; we own their parent, " +
			"because what nobody declared may live in any region",
		at: func(s scene, q dns.Question, theirs outcome) bool {
			return q.Qclass == dns.ClassINET && s.perName(q.Name) && !s.unlinked(q.Name) && theirs.Rcode == "REFUSED"
		},
		ours: func(s scene, _ dns.Question, theirs outcome) outcome {
			return s.negative(theirs, "NXDOMAIN", topology.EndpointsOrigin)
		},
		examples: []example{
			{shape: zones.ShapePerName, ask: "x.endpoints.neo4j.io. IN A", theirs: "REFUSED", ours: "NXDOMAIN aa ; endpoints.neo4j.io. 30 SOA"},
		},
	},
	{
		name:   "the SOA is the parent's",
		reason: "where each name has a zone of its own, it has an SOA and NS as well; with us it is in the zone of its parent",
		at: func(s scene, q dns.Question, theirs outcome) bool {
			apex := q.Qtype == dns.TypeSOA || q.Qtype == dns.TypeNS
			return q.Qclass == dns.ClassINET && s.perName(q.Name) && theirs.Rcode != "REFUSED" && (len(theirs.Answer) == 0 || apex)
		},
		ours: func(s scene, _ dns.Question, theirs outcome) outcome {
			return s.negative(theirs, theirs.Rcode, topology.EndpointsOrigin)
		},
		examples: []example{
			{shape: zones.ShapePerName, ask: "e1.endpoints.neo4j.io. IN TXT", theirs: "NOERROR aa ; e1.endpoints.neo4j.io. 30 SOA", ours: "NOERROR aa ; endpoints.neo4j.io. 30 SOA"},
			{shape: zones.ShapePerName, ask: "e1.endpoints.neo4j.io. IN SOA", theirs: "NOERROR aa e1.endpoints.neo4j.io. 30 SOA ;", ours: "NOERROR aa ; endpoints.neo4j.io. 30 SOA"},
			{shape: zones.ShapePerName, ask: "x.e1.endpoints.neo4j.io. IN A", theirs: "NXDOMAIN aa ; e1.endpoints.neo4j.io. 30 SOA", ours: "NXDOMAIN aa ; endpoints.neo4j.io. 30 SOA"},
		},
	},
	{
		name: "an apex has no NS",
		reason: "a zone file must have an NS (RFC 1035, section 5.2), and nothing that it could name resolves: " +
			"a resolver that is told of it, by a stub or a delegation, would ask there and no more here",
		at: func(_ scene, q dns.Question, theirs outcome) bool {
			return q.Qclass == dns.ClassINET && q.Qtype == dns.TypeNS && len(theirs.Answer) > 0
		},
		ours: func(s scene, q dns.Question, theirs outcome) outcome {
			return s.negative(theirs, "NOERROR", strings.ToLower(q.Name))
		},
		examples: []example{
			{ask: "production-orch-0000.neo4j.io. IN NS", theirs: "NOERROR aa production-orch-0000.neo4j.io. 30 NS ;", ours: "NOERROR aa ; production-orch-0000.neo4j.io. 30 SOA"},
			{ask: "endpoints.neo4j.io. IN NS", theirs: "NOERROR aa endpoints.neo4j.io. 30 NS ;", ours: "NOERROR aa ; endpoints.neo4j.io. 30 SOA"},
		},
	},
	{
		name:   "names of no zone go on",
		reason: "an authoritative server refuses what is not in its zones; here the next plugin resolves it",
		at: func(_ scene, q dns.Question, theirs outcome) bool {
			return q.Qclass == dns.ClassINET && theirs.Rcode == "REFUSED"
		},
		ours: wentOn,
		examples: []example{
			{ask: "api.neo4j.io. IN A", theirs: "REFUSED", ours: "went on"},
			{ask: "production-orch-9999.neo4j.io. IN AAAA", theirs: "REFUSED", ours: "went on"},
			{shape: zones.ShapePerName, ask: "n1.endpoints.neo4j.io. IN A", theirs: "REFUSED", ours: "went on"},
		},
	},
	{
		name:   "ANY is answered by HINFO",
		reason: "RFC 8482, section 4.2: a name that has records answers ANY with one synthesized HINFO record",
		at: func(_ scene, q dns.Question, theirs outcome) bool {
			return q.Qtype == dns.TypeANY && len(theirs.Answer) > 0
		},
		ours: func(s scene, q dns.Question, theirs outcome) outcome {
			header := dns.RR_Header{Name: q.Name, Rrtype: dns.TypeHINFO, Class: dns.ClassINET, Ttl: s.view.TTL}
			theirs.Answer = []string{(&dns.HINFO{Hdr: header, Cpu: "RFC8482"}).String()}
			return theirs
		},
		examples: []example{
			{ask: "x.production-orch-0000.neo4j.io. IN ANY", theirs: "NOERROR aa x.production-orch-0000.neo4j.io. 30 A ;", ours: "NOERROR aa x.production-orch-0000.neo4j.io. 30 HINFO ;"},
			{ask: "e1.endpoints.neo4j.io. IN ANY", theirs: "NOERROR aa e1.endpoints.neo4j.io. 30 A ;", ours: "NOERROR aa e1.endpoints.neo4j.io. 30 HINFO ;"},
		},
	},
	{
		name: "DS of a zone within another zone",
		reason: "RFC 4035, section 3.1.4.1, has the parent answer, which has no delegation here: " +
			"without a wildcard BIND and Knot then deny a name that exists; we answer from the zone itself that there is none",
		at: func(s scene, q dns.Question, _ outcome) bool { return q.Qtype == dns.TypeDS && s.nested(q.Name) },
		ours: func(s scene, q dns.Question, theirs outcome) outcome {
			return s.negative(theirs, "NOERROR", strings.ToLower(q.Name))
		},
		examples: []example{
			{ask: "orch.b.example.org. IN DS", theirs: "NOERROR aa ; example.org. 30 SOA", ours: "NOERROR aa ; orch.b.example.org. 30 SOA"},
			{ask: "orch.www.example.net. IN DS", theirs: "other", ours: "NOERROR aa ; orch.www.example.net. 30 SOA"},
		},
	},
}

// wentOn is what it means that a question goes to the next plugin.
func wentOn(_ scene, _ dns.Question, theirs outcome) outcome {
	return outcome{WentOn: true, Question: theirs.Question}
}

// negative is our answer that a name in the zone of an origin does not exist, or
// has nothing of the type. What follows from the question alone is as in theirs.
func (s scene) negative(theirs outcome, rcode, origin string) outcome {
	return outcome{
		Question:  theirs.Question,
		Rcode:     rcode,
		Flags:     strings.TrimSpace("aa " + onlyRD(theirs.Flags)),
		Authority: []string{zones.SOA(origin, s.view.TTL, 0).String()},
		EDNS:      theirs.EDNS,
	}
}

// onlyRD returns of the flags the one that is copied from the question.
func onlyRD(flags string) string {
	if slices.Contains(strings.Fields(flags), "rd") {
		return "rd"
	}
	return ""
}

// isMeta reports whether a type is one that no data can have.
func isMeta(qtype uint16) bool { return qtype == dns.TypeOPT || 128 <= qtype && qtype <= 254 }
