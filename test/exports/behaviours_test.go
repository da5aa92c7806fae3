package exports_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
)

// behaviour is what a server makes of the plainest configuration: why the formats
// do not write that one.
type behaviour struct {
	name string
	peer func(public netip.AddrPort) peers.Peer
	// answers are by question, "NAME TYPE": the response code, and the addresses
	// with their TTL. "public" is an answer of public DNS.
	answers map[string]string
}

// zoneText is a zone with a wildcard and a name two labels below its apex.
const zoneText = `$ORIGIN example.org.
$TTL 30
@	IN	SOA	ns.invalid. hostmaster.invalid. 1 900 300 86400 30
@	IN	NS	ns.invalid.
*	IN	A	10.0.0.1
x.y	IN	A	10.0.0.2
`

// policyText is the same as a response policy zone, without a rule for the apex.
const policyText = `$ORIGIN rpz.
$TTL 30
@	IN	SOA	ns.invalid. hostmaster.invalid. 1 900 300 86400 30
@	IN	NS	ns.invalid.
*.example.org	IN	A	10.0.0.1
x.y.example.org	IN	A	10.0.0.2
`

// byTheBook is what RFC 4592 says of zoneText.
var byTheBook = map[string]string{
	"example.org A":      "NOERROR",
	"a.b.example.org A":  "NOERROR 10.0.0.1/30",
	"q.example.org A":    "NOERROR 10.0.0.1/30",
	"q.example.org AAAA": "NOERROR",
	"y.example.org A":    "NOERROR",
	"z.y.example.org A":  "NXDOMAIN",
	"x.y.example.org A":  "NOERROR 10.0.0.2/30",
	"beside.org A":       "REFUSED",
}

var zone = []peers.Zone{{Origin: "example.org.", Text: zoneText}}

// behaviours are those by which the formats have chosen their shapes.
var behaviours = []behaviour{
	{"NSD", func(netip.AddrPort) peers.Peer { return peers.NSD(zone) }, byTheBook},
	{"Knot", func(netip.AddrPort) peers.Peer { return peers.Knot(zone) }, byTheBook},
	{"BIND", func(netip.AddrPort) peers.Peer { return peers.BIND(zone) }, byTheBook},
	{"PowerDNS", func(netip.AddrPort) peers.Peer { return peers.PowerDNS(zone) }, byTheBook},
	{
		"Unbound auth-zone", given(peers.Unbound, map[string]string{
			"unbound.conf": "auth-zone:\n  name: example.org\n  zonefile: zone\n  for-upstream: no\n", "zone": zoneText,
		}),
		map[string]string{
			"example.org A":      "NOERROR",
			"a.b.example.org A":  "NOERROR 10.0.0.1/30",
			"q.example.org AAAA": "NOERROR",
			"y.example.org A":    "NOERROR",
			"z.y.example.org A":  "NOERROR 10.0.0.1/30", // wrong: y exists
		},
	},
	{
		"Unbound redirect", given(peers.Unbound, map[string]string{"unbound.conf": `server:
  local-zone: example.org redirect
  local-data: "example.org 30 A 10.0.0.1"
  local-zone: y.example.org redirect
  local-data: "y.example.org 30 A 10.0.0.2"
`}),
		map[string]string{
			"example.org A":      "NOERROR 10.0.0.1/30", // also where the apex should have nothing
			"a.b.example.org A":  "NOERROR 10.0.0.1/30",
			"q.example.org AAAA": "NOERROR",
			"z.y.example.org A":  "NOERROR 10.0.0.2/30",
			"beside.org A":       "public",
		},
	},
	{
		"Unbound transparent", given(peers.Unbound, map[string]string{"unbound.conf": `server:
  local-zone: example.org transparent
  local-data: "example.org 30 A 10.0.0.1"
  local-data: "*.example.org 30 A 10.0.0.1"
`}),
		map[string]string{
			"example.org A":    "NOERROR 10.0.0.1/30",
			"example.org AAAA": "NOERROR",
			"q.example.org A":  "public", // local-data has no wildcards
		},
	},
	{
		"Unbound typetransparent", given(peers.Unbound, map[string]string{"unbound.conf": `server:
  local-zone: example.org typetransparent
  local-data: "example.org 30 A 10.0.0.1"
`}),
		map[string]string{"example.org A": "NOERROR 10.0.0.1/30", "example.org AAAA": "public"},
	},
	{
		"Unbound policy", given(peers.Unbound, map[string]string{
			"unbound.conf": "server:\n  module-config: \"respip iterator\"\nrpz:\n  name: rpz\n  zonefile: zone\n", "zone": policyText,
		}),
		policyAnswers(30, "public"),
	},
	{
		"BIND policy", given(peers.BINDResolver, map[string]string{
			"named-options.conf": "response-policy { zone rpz; };\n", "named.conf": "zone rpz { type primary; file \"zone\"; };\n", "zone": policyText,
		}),
		policyAnswers(5, "public"), // without max-policy-ttl
	},
	{
		"Knot Resolver policy", given(peers.KnotResolver, map[string]string{
			"kresd.conf": "policy.add(policy.rpz(policy.DENY, 'zone'))\n", "zone": policyText,
		}),
		policyAnswers(30, "NOERROR 10.0.0.1/30"),
	},
	{
		"PowerDNS Recursor policy", given(peers.PowerDNSRecursor, map[string]string{"recursor.lua": "rpzFile('zone')\n", "zone": policyText}),
		policyAnswers(30, "NOERROR 10.0.0.1/30"),
	},
	{
		"dnsmasq address", given(peers.Dnsmasq, map[string]string{"dnsmasq.conf": "address=/example.org/10.0.0.1\n"}),
		map[string]string{
			"example.org A":      "NOERROR 10.0.0.1/0",
			"a.b.example.org A":  "NOERROR 10.0.0.1/0",
			"q.example.org AAAA": "public",
		},
	},
	{
		"dnsmasq local", given(peers.Dnsmasq, map[string]string{"dnsmasq.conf": `local-ttl=30
address=/example.org/10.0.0.1
local=/example.org/
host-record=www.example.net,10.0.0.2
local=/www.example.net/
`}),
		map[string]string{
			"a.b.example.org A":    "NOERROR 10.0.0.1/30",
			"q.example.org AAAA":   "NOERROR",
			"www.example.net A":    "NOERROR 10.0.0.2/30",
			"www.example.net AAAA": "NOERROR",
			"x.www.example.net A":  "NXDOMAIN", // captured with the name
		},
	},
	{
		"dnsmasq asterisk", given(peers.Dnsmasq, map[string]string{"dnsmasq.conf": `local-ttl=30
local=/*.example.org/
address=/*.example.org/10.0.0.1
`}),
		map[string]string{
			"example.org A":      "public",
			"a.b.example.org A":  "NOERROR 10.0.0.1/30",
			"q.example.org AAAA": "NOERROR",
			"otherexample.org A": "public",
		},
	},
}

// policyAnswers are what a resolver makes of policyText, with a TTL in seconds, and
// below is what it makes of a name beside x.y.
func policyAnswers(ttl int, below string) map[string]string {
	return map[string]string{
		"z.y.example.org A":  below,
		"example.org A":      "public", // it needs a rule of its own
		"a.b.example.org A":  fmt.Sprintf("NOERROR 10.0.0.1/%d", ttl),
		"q.example.org AAAA": "NOERROR",
		"beside.org A":       "public",
	}
}

// given returns what starts a resolver with files.
func given(start func(peers.Resolving) peers.Peer, files map[string]string) func(netip.AddrPort) peers.Peer {
	return func(public netip.AddrPort) peers.Peer { return start(peers.Resolving{Files: files, Upstream: public}) }
}

// TestBehaviours: should a server come to behave otherwise, a format's shape may
// have lost its reason.
func TestBehaviours(t *testing.T) {
	public := peers.Public(t)
	for _, b := range behaviours {
		t.Run(b.name, func(t *testing.T) {
			compareAnswers(t, peers.Start(t, b.peer(public))[0].Addr, b.answers)
		})
	}
}

// TestCoreDNSBehaviours: the same of CoreDNS's plugins.
func TestCoreDNSBehaviours(t *testing.T) {
	public := peers.Public(t)
	forward := fmt.Sprintf("forward . %s\n", public)
	for _, b := range []struct {
		name, lines string
		answers     map[string]string
	}{
		{"file", fmt.Sprintf("file %s example.org\n", written(t, zoneText)), map[string]string{
			"example.org A":     "NOERROR",
			"a.b.example.org A": "NOERROR 10.0.0.1/30",
			"y.example.org A":   "NOERROR 10.0.0.1/30", // wrong: it exists, without addresses
			"z.y.example.org A": "NXDOMAIN",
		}},
		{"template", "template IN A example.org {\nanswer \"{{ .Name }} 30 IN A 10.0.0.1\"\n}\n" + forward, map[string]string{
			"example.org A":      "NOERROR 10.0.0.1/30",
			"a.b.example.org A":  "NOERROR 10.0.0.1/30",
			"q.example.org AAAA": "public",
		}},
		{"hosts", "hosts /dev/null {\n10.0.0.1 www.example.org\n10.0.0.2 *.example.org\n}\n", map[string]string{
			"www.example.org A":    "NOERROR 10.0.0.1/3600",
			"www.example.org AAAA": "NOERROR",
			"q.example.org A":      "NOERROR 10.0.0.2/3600",
			"a.b.example.org A":    "SERVFAIL",
			"beside.org A":         "SERVFAIL",
		}},
		{"hosts with fallthrough", "hosts /dev/null {\n10.0.0.1 www.example.org\nfallthrough\n}\n" + forward, map[string]string{
			"www.example.org AAAA":  "NOERROR",
			"www.example.org HTTPS": "NOERROR",
			"x.www.example.org A":   "public",
		}},
	} {
		t.Run(b.name, func(t *testing.T) {
			at := peers.FreePort(t, peers.Loopback())
			coredns.Start(t, coredns.Block(at, b.lines))
			compareAnswers(t, at, b.answers)
		})
	}
}

// compareAnswers asks a server until its answers are the wanted ones, for at most
// loadedWithin.
func compareAnswers(t *testing.T, at netip.AddrPort, want map[string]string) {
	t.Helper()
	client, err := peers.Dial(at, "udp", netip.Addr{})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	diff := ""
	for end := time.Now().Add(loadedWithin); time.Now().Before(end); {
		got := make(map[string]string)
		for question := range want {
			name, qtype, _ := strings.Cut(question, " ")
			reply, err := client.Ask(new(dns.Msg).SetQuestion(name+".", dns.StringToType[qtype]))
			if err != nil {
				t.Fatal(err)
			}
			got[question] = inWords(reply)
		}
		if diff = cmp.Diff(want, got); diff == "" {
			return
		}
	}
	t.Errorf("answers (-want +got):\n%s", diff)
}

// inWords writes an answer as behaviours do.
func inWords(reply *dns.Msg) string {
	words := []string{dns.RcodeToString[reply.Rcode]}
	for _, rr := range reply.Answer {
		words = append(words, fmt.Sprintf("%s/%d", rdataOf(rr), rr.Header().Ttl))
	}
	if isPublic(reply, reply.Question[0].Qtype) {
		return "public"
	}
	slices.Sort(words[1:])
	return strings.Join(words, " ")
}

// rdataOf returns a record's data in presentation format.
func rdataOf(rr dns.RR) string { return strings.TrimPrefix(rr.String(), rr.Header().String()) }
