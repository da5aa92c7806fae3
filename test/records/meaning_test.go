package records_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

const zoneFile = `$ORIGIN example.org.
$TTL 30
@	SOA	ns.example.net. root.example.net. 1 900 300 86400 30
@	NS	ns.example.net.
*	A	10.0.0.1
host.deep	A	10.0.0.2
six	AAAA	fd00::6
text	TXT	"words"
alias	CNAME	host.deep
*.sub	A	10.0.0.3
x.y.sub	A	10.0.0.4
`

const unboundFile = `server:
  local-zone: "redirected.org." redirect
  local-data: "redirected.org. 30 A 10.0.0.1"
  local-zone: "inner.redirected.org." redirect
  local-data: "inner.redirected.org. 30 A 10.0.0.2"
  local-zone: "transparent.org." transparent
  local-data: "host.transparent.org. 30 A 10.0.0.3"
  local-data: "x.y.transparent.org. 30 A 10.0.0.3"
  local-data: "*.transparent.org. 30 A 10.0.0.9"
  local-zone: "leaky.org." typetransparent
  local-data: "host.leaky.org. 30 A 10.0.0.4"
  local-zone: "static.org." static
  local-data: "host.static.org. 30 A 10.0.0.5"
  local-zone: "gone.org." always_nxdomain
  local-data: "data-without-zone.net. 30 A 10.0.0.6"
  local-data: "d.deny.org. 30 A 10.0.0.7" local-zone: "deny.org." refuse	# behind a tab
  local-data: "alias.org. 30 CNAME host.static.org."
  local-zone: "moved.org." redirect local-data: "moved.org. 30 CNAME host.static.org."
  local-zone: 'null.org.' always_null
  local-zone: "passed.static.org." transparent
  local-data: "sip.odd.org. NAPTR 1 1 s SIP+D2U \"\" _sip._udp.odd.org."
  local-zone: "inf.org." inform local-data: "x.inf.org. A 10.0.0.8"
  local-zone: over.org always_nodata
  local-zone: "plain.redirected.org." nodefault
  access-control-view: 10.99.0.0/16 lab
view:
  name: lab
  local-data: "other.net. A 10.0.0.99"
forward-zone: name: "asked.org" forward-addr: %[1]s@%[2]d
forward-zone: name: "asked.static.org"
  forward-addr: %[1]s@%[2]d
`

const dnsmasqFile = `local-ttl=30
address=/leaky.org/10.0.0.1
address=/whole.org/10.0.0.2
local=/whole.org/
address=/inner.whole.org/10.0.0.3
local=/inner.whole.org/
server=/away.whole.org/#
local=/parent.org/
address=/*.parent.org/10.0.0.4
local=/*.parent.org/
address=/single.org/10.0.0.5
local=/single.org/
server=/*.single.org/#
host-record=host.net,10.0.0.6,fd00::6
host-record=kept.net,10.0.0.7
local=/kept.net/
host-record=first.net,10.0.0.8
address=/first.net/10.0.0.9
address=/first.net/fd00::9
address=/.dotted.net/10.0.0.10	# behind a tab
 address = "/quoted.net/10.0.0.11" # behind a blank
address=/two.net/too.net/10.0.0.12
address=/empty.net/
cname=one.alias.net,two.alias.net,host.net
cname=three.alias.net,one.alias.net
cname=beside.whole.org,kept.net
cname=away.alias.net,unasked.net
cname=rule.alias.net,whole.org
cname=*.wild.net,host.net
address=/null.net/#
address=/*tail.net/10.0.0.13
address=/longtail.net/10.0.0.22
address=/*-tail.net/10.0.0.28
address=/*fall.org/10.0.0.23
address=/xfall.org/
local=/*shut.org/
address=/shut.org/10.0.0.24
host-record=own.fall.org,10.0.0.27
no-hosts
strict-order
address=/over.whole.org/10.0.0.16
host-record=own.whole.org,10.0.0.17
address=/*.only.org/10.0.0.20
address=/*.only.whole.org/10.0.0.21
local=/*.quiet.org/
local=/x.leaky.org/
address=/own.whole.org/10.0.0.18
address=/six.org/fd00::19
address=/four.six.org/10.0.0.19
`

const policyFile = `$ORIGIN rpz.test.
$TTL 30
@	SOA	localhost. root.localhost. 1 900 300 86400 30
@	NS	localhost.
*.example.org	A	10.0.0.1
example.net	A	10.0.0.2
*.b.example.org	A	10.0.0.3
free.example.org	CNAME	rpz-passthru.
*.free.example.org	CNAME	rpz-passthru.
gone.example.org	CNAME	.
empty.example.org	CNAME	*.
`

// policyNames are names of which all servers make the same.
var policyNames = []string{
	"example.org", "a.example.org", "b.a.example.org", "example.net", "a.example.net", "a.b.example.org",
	"free.example.org", "a.free.example.org", "gone.example.org", "empty.example.org", "other.net",
}

// TestMeaning: the addresses that a server has for a name, and whether it asks
// public DNS for it, are what the set that was read from its file says.
func TestMeaning(t *testing.T) {
	public := peers.Public(t)
	server := fmt.Sprintf("%s#%d", public.Addr(), public.Port())
	dnsmasqText := dnsmasqFile + "server=/asked.net/" + server + "\nhost-record=host.asked.net,10.0.0.14\n" +
		"address=/both.net/10.0.0.15\nserver=/both.net/" + server + "\n"
	unboundText := fmt.Sprintf(unboundFile, public.Addr(), public.Port())
	tests := []struct {
		name, file string
		peer       peers.Peer
		names      []string
	}{
		{"a zone file in NSD", zoneFile, peers.NSD([]peers.Zone{{Origin: "example.org.", Text: zoneFile}}), []string{
			"example.org", "a.example.org", "b.a.example.org", "deep.example.org", "x.deep.example.org", "host.deep.example.org",
			"x.host.deep.example.org", "six.example.org", "text.example.org", "x.text.example.org", "alias.example.org",
			"sub.example.org", "a.sub.example.org", "y.sub.example.org", "z.y.sub.example.org", "x.y.sub.example.org",
		}},
		{"Unbound", unboundText, peers.Unbound(peers.Resolving{Files: map[string]string{"unbound.conf": unboundText}, Upstream: public}), []string{
			"d.deny.org", "a.deny.org", "alias.org", "moved.org", "a.moved.org", "null.org", "a.null.org", "passed.static.org", "a.passed.static.org",
			"sip.odd.org", "a.odd.org", "x.inf.org", "a.inf.org", "a.over.org", "asked.org", "a.asked.org", "asked.static.org", "a.asked.static.org",

			"redirected.org", "plain.redirected.org", "x.plain.redirected.org", "a.redirected.org", "b.a.redirected.org", "inner.redirected.org", "a.inner.redirected.org",
			"transparent.org", "host.transparent.org", "a.transparent.org", "x.host.transparent.org", "y.transparent.org",
			"x.y.transparent.org", "leaky.org", "host.leaky.org", "a.leaky.org", "static.org", "host.static.org", "a.static.org",
			"x.host.static.org", "gone.org", "a.gone.org", "data-without-zone.net", "a.data-without-zone.net", "other.net",
		}},
		{"dnsmasq", dnsmasqText, peers.Dnsmasq(peers.Resolving{Files: map[string]string{"dnsmasq.conf": dnsmasqText}, Upstream: public}), []string{
			"leaky.org", "a.leaky.org", "whole.org", "a.whole.org", "b.a.whole.org", "inner.whole.org", "a.inner.whole.org",
			"away.whole.org", "a.away.whole.org", "parent.org", "a.parent.org", "b.a.parent.org", "single.org", "a.single.org",
			"host.net", "a.host.net", "kept.net", "a.kept.net", "other.net",
			"first.net", "a.first.net", "dotted.net", "a.dotted.net", "quoted.net", "two.net", "too.net", "empty.net", "a.empty.net",
			"one.alias.net", "two.alias.net", "three.alias.net", "a.one.alias.net", "beside.whole.org", "away.alias.net", "rule.alias.net",
			"wild.net", "a.wild.net", "null.net", "a.null.net", "tail.net", "xtail.net", "a.xtail.net", "longtail.net", "a.longtail.net", "verylongtail.net", "x-tail.net", "fall.org", "yfall.org", "xfall.org", "a.yfall.org", "own.fall.org", "shut.org", "xshut.org", "a.shut.org", "a.tail.net",
			"over.whole.org", "a.over.whole.org", "own.whole.org", "a.own.whole.org", "six.org", "four.six.org", "a.four.six.org", "a.six.org",
			"only.org", "a.only.org", "only.whole.org", "a.only.whole.org", "quiet.org", "a.quiet.org", "x.leaky.org", "a.x.leaky.org",
			"asked.net", "a.asked.net", "host.asked.net", "both.net", "a.both.net",
		}},
		{"a policy zone in BIND", policyFile, policyInBIND(public), policyNames},
		// BIND and Unbound have public DNS answer names between two rules, by the
		// closest encloser; others have the longest rule that matches.
		{"a policy zone in PowerDNS Recursor", policyFile, policyInPowerDNS(public), append(policyNames, "b.example.org", "a.gone.example.org")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := holdings.NewBuilder()
			if err := all.ReadAny(b, strings.NewReader(tt.file), formats.Input{Name: "f"}); err != nil {
				t.Fatal(err)
			}
			set := b.Set()
			server := peers.Start(t, tt.peer)[0]
			for _, name := range tt.names[:2] { // public DNS may have the same of one
				awaitLoaded(t, server, name+".", meant(set.Resolve(name+".", dns.TypeA)))
			}
			for _, name := range tt.names {
				for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeHTTPS} {
					got, want := meant(set.Resolve(name+".", qtype)), answered(t, server.Addr, name+".", qtype)
					if got != want {
						t.Errorf("%s %s: %s has %s, the file was read as %s", name, dns.Type(qtype), server.Peer.Name, want, got)
					}
				}
			}
		})
	}
}

// awaitLoaded waits until a server answers by its file for a name, or long enough:
// BIND answers from public DNS until it has loaded a policy zone.
func awaitLoaded(t *testing.T, server *peers.Server, name, want string) {
	t.Helper()
	for range 200 {
		if answered(t, server.Addr, name, dns.TypeA) == want {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// policyInBIND returns a BIND that resolves by the policy file.
func policyInBIND(public netip.AddrPort) peers.Peer {
	return peers.BINDResolver(peers.Resolving{Upstream: public, Files: map[string]string{
		"policy.zone":        policyFile,
		"named.conf":         "zone \"rpz.test\" { type primary; file \"policy.zone\"; };\n",
		"named-options.conf": "response-policy { zone \"rpz.test\"; } qname-wait-recurse no;\n",
	}})
}

// policyInPowerDNS returns a PowerDNS Recursor that resolves by the policy file.
func policyInPowerDNS(public netip.AddrPort) peers.Peer {
	return peers.PowerDNSRecursor(peers.Resolving{Upstream: public, Files: map[string]string{
		"policy.zone":  policyFile,
		"recursor.lua": "rpzFile(\"policy.zone\", {policyName=\"rpz.test\"})\n",
	}})
}

const (
	nothing = "nothing"
	fromDNS = "what public DNS has"
)

// meant says what becomes of a question.
func meant(a holdings.Answer) string {
	switch a.Outcome {
	case zones.Positive:
		return fmt.Sprint(a.Addrs)
	case zones.NotOurs, zones.Redirects, zones.Referred:
		return fromDNS
	default:
		return nothing
	}
}

// answered says what a server makes of a question. Whether a name without
// addresses exists is nothing that leads anywhere, and not compared.
func answered(t *testing.T, at netip.AddrPort, name string, qtype uint16) string {
	t.Helper()
	return answeredTo(t, netip.Addr{}, at, name, qtype)
}

// answeredTo is answered for a client with an address.
func answeredTo(t *testing.T, from netip.Addr, at netip.AddrPort, name string, qtype uint16) string {
	t.Helper()
	client, err := peers.Dial(at, "udp", from)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	reply, err := client.Ask(new(dns.Msg).SetQuestion(name, qtype))
	if err != nil {
		t.Fatal(err)
	}
	var addrs []netip.Addr
	owners := []string{name}
	for _, rr := range reply.Answer {
		if reply.Rcode != dns.RcodeSuccess || !slices.Contains(owners, rr.Header().Name) || rr.Header().Rrtype != qtype && rr.Header().Rrtype != dns.TypeCNAME {
			continue // what stands beside an error, or is of another name or type, is no answer
		}
		addr := netip.Addr{}
		switch rr := rr.(type) {
		case *dns.CNAME:
			owners = append(owners, rr.Target)
		case *dns.A:
			addr, _ = netip.AddrFromSlice(rr.A.To4())
		case *dns.AAAA:
			addr, _ = netip.AddrFromSlice(rr.AAAA)
		case *dns.HTTPS:
			return fromDNS
		}
		if addr == peers.PublicV4 || addr == peers.PublicV6 {
			return fromDNS
		}
		if addr.IsValid() {
			addrs = append(addrs, addr)
		}
	}
	if len(addrs) == 0 {
		return nothing
	}
	slices.SortFunc(addrs, netip.Addr.Compare)
	return fmt.Sprint(addrs)
}

// belowFile has a wildcard above rules for names below it.
const belowFile = `$ORIGIN rpz.test.
$TTL 30
@	SOA	localhost. root.localhost. 1 900 300 86400 30
@	NS	localhost.
*.example.org	A	10.0.0.1
api.example.org	CNAME	rpz-passthru.
sales.endpoints.example.org	A	10.0.0.1
`

// TestRulesBelowWildcards: a name beside a rule that stands several labels below a
// wildcard is covered by it in some servers and not in BIND, and the set that was read
// says that they differ.
func TestRulesBelowWildcards(t *testing.T) {
	public := peers.Public(t)
	b := holdings.NewBuilder()
	if err := all.ReadAny(b, strings.NewReader(belowFile), formats.Input{Name: "f"}); err != nil {
		t.Fatal(err)
	}
	const covered, differs = "x.example.org.", "stock.endpoints.example.org."
	set := b.Set()
	if d := set.Resolve(differs, dns.TypeA).Entry.Data(); !d.Narrow {
		t.Errorf("%s has %+v, and nothing says that servers differ", differs, d)
	}
	for _, tt := range []struct {
		peer peers.Peer
		want string
	}{
		{peers.BINDResolver(peers.Resolving{Upstream: public, Files: map[string]string{
			"policy.zone": belowFile, "named.conf": "zone \"rpz.test\" { type primary; file \"policy.zone\"; };\n",
			"named-options.conf": "response-policy { zone \"rpz.test\"; } qname-wait-recurse no;\n",
		}}), fromDNS},
		{peers.PowerDNSRecursor(peers.Resolving{Upstream: public, Files: map[string]string{
			"policy.zone": belowFile, "recursor.lua": "rpzFile(\"policy.zone\", {policyName=\"rpz.test\"})\n",
		}}), "[10.0.0.1]"},
	} {
		t.Run(tt.peer.Name, func(t *testing.T) {
			server := peers.Start(t, tt.peer)[0]
			awaitLoaded(t, server, covered, "[10.0.0.1]")
			for name, want := range map[string]string{covered: "[10.0.0.1]", "sales.endpoints.example.org.": "[10.0.0.1]", "api.example.org.": fromDNS, differs: tt.want} {
				if got := answered(t, server.Addr, name, dns.TypeA); got != want {
					t.Errorf("%s: %s, want %s", name, got, want)
				}
			}
		})
	}
}
