package doctor

import "net/netip"

// Via says who was asked for a name, and how.
type Via struct {
	// Way is "system", as an application would ask (getaddrinfo or the platform's
	// own), or "server", directly.
	Way Way `json:"way"`
	// Server is whom: for WayServer "10.0.0.2:53", "tls://10.0.0.2:853" or
	// "https://dns.example/dns-query"; for WaySystem by what, such as "getent ahosts",
	// "getaddrinfo" or "go".
	Server string `json:"server"`
}

// Way is how a name was asked for.
type Way string

// The ways.
const (
	WaySystem Way = "system"
	WayServer Way = "server"
	// WayPublic is a server outside that is asked for what public DNS has.
	WayPublic Way = "public"
)

// Resolution is what one name is answered by one way: A, AAAA and HTTPS.
type Resolution struct {
	Name string `json:"name"`
	Via  Via    `json:"via"`
	// Answers are in the order of the questions. By the system there are one or two,
	// of the types A and AAAA, with no more than outcome, rcode and addresses.
	Answers []Answer `json:"answers"`
}

// Answer is what one question was answered.
type Answer struct {
	// Type is "A", "AAAA" or "HTTPS".
	Type    string  `json:"type"`
	Outcome Outcome `json:"outcome"`
	// Rcode is "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED" or another of RFC 1035 and
	// its successors; "" without an answer.
	Rcode string `json:"rcode,omitempty"`
	// AA and RA are those bits of the answer (RFC 1035, section 4.1.1).
	AA bool `json:"aa,omitempty"`
	RA bool `json:"ra,omitempty"`
	// TTL is the least of the records of the answer, in seconds.
	TTL uint32 `json:"ttl,omitempty"`
	// Addrs are the addresses of the type that was asked for; of HTTPS its hints
	// (RFC 9460, section 7.3).
	Addrs []netip.Addr `json:"addrs,omitempty"`
	// Records is how many records of the type there are; for HTTPS there may be some
	// without addresses.
	Records int `json:"records,omitempty"`
	// Chain are the targets of CNAME records, in order, without final dots.
	Chain []string `json:"chain,omitempty"`
	// SOA is that of a negative answer: it tells whose zone says so.
	SOA *SOA `json:"soa,omitempty"`
	// Error is what happened, where there was no answer.
	Error string  `json:"error,omitempty"`
	Took  float64 `json:"took_ms,omitempty"`
}

// SOA is the start of authority that came with a negative answer (RFC 2308).
type SOA struct {
	// Zone is the owner, MName the primary server; both without final dot.
	Zone  string `json:"zone"`
	MName string `json:"mname"`
	TTL   uint32 `json:"ttl"`
}
