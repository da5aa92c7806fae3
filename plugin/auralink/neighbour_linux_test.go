package auralink_test

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"
)

// neighbourTopology has two VPCs that reach different regions by the same address,
// an endpoint of a region that nobody links, and one of a region that one VPC links.
const neighbourTopology = `
regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
  north: {orchestras: ["0099"]}
vpcs:
  apps: {clients: [127.0.1.0/24], links: {east: [10.10.0.1], west: [10.20.0.1]}}
  batch: {clients: [127.0.2.0/24], links: {east: [10.20.0.1, "fd00::20"]}}
custom_endpoints: {foo: east, bar: west, far: north}
`

// targets are the names that aliases lead to, by the first label of the alias.
var targets = map[string]string{
	"foo":    "foo.endpoints.neo4j.io.",
	"bar":    "bar.endpoints.neo4j.io.",
	"far":    "far.endpoints.neo4j.io.",
	"nobody": "nobody.endpoints.neo4j.io.",
	"west":   "x.production-orch-0042.neo4j.io.",
}

const (
	// publicA and publicAAAA are what public DNS has for every name.
	publicA    = "198.51.100.1"
	publicAAAA = "2001:db8::1"
	// resolvedA is what it puts behind an alias.
	resolvedA = "198.51.100.66"
)

// askers ask from each VPC, and from none.
var askers = map[string]string{"apps": "127.0.1.5", "batch": "127.0.2.5", "stranger": "127.0.9.9"}

// ownAnswer is what a client is to be told of a target: the response code, and the
// records of the answer and of the authority section.
func ownAnswer(client, label string, qtype uint16) (string, []string) {
	target := targets[label]
	positive := func(records ...string) (string, []string) {
		for i, record := range records {
			records[i] = target + " " + record
		}
		return "NOERROR", records
	}
	nodata := func() (string, []string) {
		zone := target[strings.Index(target, ".")+1:]
		return "NOERROR", []string{"; " + zone + " SOA 30"}
	}
	private := map[string]string{
		"apps foo A": "A 10.10.0.1 30", "apps bar A": "A 10.20.0.1 30", "apps west A": "A 10.20.0.1 30",
		"batch foo A": "A 10.20.0.1 30", "batch foo AAAA": "AAAA fd00::20 30",
	}
	switch linked := private[client+" "+label+" A"] != ""; {
	case linked && private[client+" "+label+" "+dns.TypeToString[qtype]] != "":
		return positive(private[client+" "+label+" "+dns.TypeToString[qtype]])
	case linked:
		return nodata()
	case label == "nobody" && client != "stranger":
		_, soa := nodata()
		return "NXDOMAIN", soa
	case qtype == dns.TypeA:
		return positive("A " + publicA)
	case qtype == dns.TypeAAAA:
		return positive("AAAA " + publicAAAA)
	default:
		return "NOERROR", nil
	}
}

// aliasRow is a question for a name that another plugin has.
type aliasRow struct {
	name  string // below alias.test
	qtype uint16
	// head are the records before those of the target, and flags the flags.
	flags string
	head  []string
	leads string // the label of the target that the alias leads to
	extra string // the label of the target whose addresses are in the additional section
}

// aliasRows are what all layouts of a Corefile are asked for.
func aliasRows() []aliasRow {
	var rows []aliasRow
	plain := func(zone, flags, label string, qtypes ...uint16) {
		for _, qtype := range qtypes {
			name := label + "." + zone
			rows = append(rows, aliasRow{
				name: name, qtype: qtype, flags: flags, leads: label,
				head: []string{name + ".alias.test. CNAME " + targets[label]},
			})
		}
	}
	for _, zone := range []string{"file aa", "auto aa", "ext aa", "tmpl aa", "tmplup aa", "poison aa", "up"} {
		zone, flags, _ := strings.Cut(zone, " ")
		for _, label := range []string{"foo", "bar", "far", "nobody"} {
			plain(zone, flags, label, dns.TypeA, dns.TypeAAAA)
		}
		if zone != "ext" { // which has no other types
			plain(zone, flags, "foo", dns.TypeTXT, dns.TypeMX, dns.TypeSRV, dns.TypeHTTPS)
		}
		rows = append(rows, aliasRow{ // an alias itself
			name: "foo." + zone, qtype: dns.TypeCNAME, flags: flags,
			head: []string{"foo." + zone + ".alias.test. CNAME " + targets["foo"]},
		})
	}
	for _, zone := range []string{"file aa", "auto aa", "up"} {
		zone, flags, _ := strings.Cut(zone, " ")
		plain(zone, flags, "west", dns.TypeA, dns.TypeAAAA)
		rows = append(rows, aliasRow{
			name: "foo." + zone, qtype: dns.TypeANY, flags: flags,
			head: []string{"foo." + zone + ".alias.test. CNAME " + targets["foo"]},
		})
	}
	return append(rows,
		aliasRow{
			name: "foo.d.file", qtype: dns.TypeA, flags: "aa", leads: "foo",
			head: []string{"d.file.alias.test. DNAME endpoints.neo4j.io.", "foo.d.file.alias.test. CNAME foo.endpoints.neo4j.io."},
		},
		aliasRow{
			name: "chain.file", qtype: dns.TypeA, flags: "aa", leads: "foo",
			head: []string{"chain.file.alias.test. CNAME foo.ext.alias.test.", "foo.ext.alias.test. CNAME foo.endpoints.neo4j.io."},
		},
		aliasRow{
			name: "mid.poison", qtype: dns.TypeA, flags: "aa", leads: "foo",
			head: []string{"mid.poison.alias.test. CNAME foo.endpoints.neo4j.io."},
		},
		aliasRow{
			name: "foo.rc", qtype: dns.TypeA, flags: "aa", leads: "foo",
			head: []string{"foo.rc.alias.test. CNAME foo.endpoints.neo4j.io."},
		},
		aliasRow{name: "foo.flat", qtype: dns.TypeA, flags: "aa"},
		aliasRow{name: "chain.flat", qtype: dns.TypeA, flags: "aa"},
		aliasRow{
			name: "srv.ext", qtype: dns.TypeSRV, flags: "aa", extra: "foo",
			head: []string{"srv.ext.alias.test. SRV 10 100 7687 foo.endpoints.neo4j.io."},
		},
		aliasRow{
			name: "mx.ext", qtype: dns.TypeMX, flags: "aa", extra: "foo",
			head: []string{"mx.ext.alias.test. MX 10 foo.endpoints.neo4j.io."},
		},
		aliasRow{
			name: "srv.poison", qtype: dns.TypeSRV, flags: "aa", extra: "foo",
			head: []string{"srv.poison.alias.test. SRV 1 1 7687 foo.endpoints.neo4j.io."},
		},
		aliasRow{
			name: "srv.up", qtype: dns.TypeSRV, extra: "bar",
			head: []string{"srv.up.alias.test. SRV 1 1 7687 bar.endpoints.neo4j.io."},
		},
		aliasRow{
			name: "https.up", qtype: dns.TypeHTTPS, extra: "foo",
			head: []string{`https.up.alias.test. HTTPS 1 foo.endpoints.neo4j.io. alpn="h2"`},
		},
		aliasRow{
			name: "mx.file", qtype: dns.TypeMX, flags: "aa",
			head: []string{"mx.file.alias.test. MX 1 foo.endpoints.neo4j.io."},
		},
	)
}

// want is the answer that a client is to get.
func (r aliasRow) want(client string) []string {
	rcode, tail := "NOERROR", []string(nil)
	if r.leads != "" {
		rcode, tail = ownAnswer(client, r.leads, r.qtype)
	}
	if r.extra != "" {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
			if _, own := ownAnswer(client, r.extra, qtype); !strings.HasPrefix(own[0], ";") {
				tail = append(tail, "+ "+own[0])
			}
		}
	}
	return slices.Concat([]string{strings.TrimSpace(rcode + " " + r.flags)}, r.head, tail)
}

// layout is a Corefile in which PLUGINS and CACHE are to be replaced.
type layout struct {
	name, corefile string
	public         bool // nobody is known to be in a VPC
}

var layouts = []layout{
	{name: "in the same block", corefile: `
.:PORT {
    bind 127.0.0.1
    auralink topology.yaml
    CACHE
    PLUGINS
    forward . UPSTREAM
}`},
	{name: "in another block", corefile: `
alias.test:PORT {
    bind 127.0.0.1
    CACHE
    PLUGINS
    forward . UPSTREAM
}
.:PORT {
    bind 127.0.0.1
    auralink topology.yaml
    CACHE
    forward . UPSTREAM
}`},
	{name: "in another block with another view of no names of ours", corefile: `
.:PORT {
    bind 127.0.0.1
    auralink topology.yaml
    forward . UPSTREAM
}
alias.test:PORT {
    bind 127.0.0.1
    auralink topology.yaml {
        vpc apps
    }
    CACHE
    PLUGINS
    forward . UPSTREAM
}`},
	{name: "at another port", public: true, corefile: `
.:PORT {
    bind 127.0.0.1
    CACHE
    PLUGINS
    forward . UPSTREAM
}
.:OTHER {
    bind 127.0.0.1
    auralink topology.yaml
    CACHE
    forward . UPSTREAM
}`},
	{name: "at another port, from which it goes on to ours", public: true, corefile: `
.:PORT {
    bind 127.0.0.1
    CACHE
    PLUGINS
    forward . 127.0.0.1:OTHER
}
.:OTHER {
    bind 127.0.0.1
    auralink topology.yaml
    CACHE
    forward . UPSTREAM
}`},
}

// caching are the ways to have a cache.
var caching = map[string]string{
	"no cache":         "",
	"cache":            "cache",
	"stale, prefetch":  "cache {\n        serve_stale 1h\n        prefetch 1 1m 90%\n    }",
	"verified, denial": "cache 60 {\n        denial 1000 60 60\n        serve_stale 1h verify 10ms\n        prefetch 1\n    }",
}

// TestNeighbours: whatever another plugin has an alias for, each client gets its own
// answer, whoever asked before.
func TestNeighbours(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many servers")
	}
	orders := [][]string{{"apps", "batch", "stranger"}, {"stranger", "batch", "apps"}}
	for _, layout := range layouts {
		for name, cache := range caching {
			for i, order := range orders {
				if cache == "" && i > 0 {
					continue // nobody has kept anything for others
				}
				t.Run(fmt.Sprintf("%s/%s/%s", layout.name, name, order[0]), func(t *testing.T) {
					port := startNeighbours(t, layout.corefile, cache)
					checkNeighbours(t, port, layout.public, order)
				})
			}
		}
	}
}

// checkNeighbours asks every question twice for each client, the second time in another
// case, when it may have been fetched in advance.
func checkNeighbours(t *testing.T, port string, public bool, order []string) {
	for _, row := range aliasRows() {
		for _, name := range []string{row.name + ".alias.test.", strings.ToUpper(row.name) + ".Alias.TEST."} {
			for _, client := range order {
				sees := client
				if public {
					sees = "stranger"
				}
				got := askAlias(t, port, client, name, row.qtype)
				if diff := cmp.Diff(row.want(sees), got); diff != "" {
					t.Errorf("%s asks for %s %s (-want +got):\n%s", client, name, dns.TypeToString[row.qtype], diff)
				}
			}
		}
	}
}

// askAlias asks from a client's address, and returns the response code with the flags
// AA and TC, and the records in lower case; "; " stands before the SOA of a denial,
// "+ " before additional records. Times to live are there where they are ours.
func askAlias(t *testing.T, port, client, name string, qtype uint16) []string {
	t.Helper()
	return exchangeAlias(t, port, client, new(dns.Msg).SetQuestion(name, qtype).SetEdns0(1232, false))
}

func exchangeAlias(t *testing.T, port, client string, m *dns.Msg) []string {
	t.Helper()
	name := m.Question[0].Name
	c := dns.Client{Timeout: 10 * time.Second, Dialer: &net.Dialer{LocalAddr: &net.UDPAddr{IP: net.ParseIP(askers[client])}}}
	reply, _, err := c.Exchange(m, net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		t.Fatalf("%s asks for %s: %v", client, name, err)
	}
	if reply.Question[0] != m.Question[0] {
		t.Errorf("%s asks for %s, and is answered to %v", client, name, reply.Question[0])
	}
	return shownAnswer(reply)
}

func shownAnswer(m *dns.Msg) []string {
	lines := []string{dns.RcodeToString[m.Rcode]}
	if m.Authoritative {
		lines[0] += " aa"
	}
	if m.Truncated {
		lines[0] += " tc"
	}
	show := func(prefix string, rr dns.RR) {
		data := strings.TrimPrefix(rr.String(), rr.Header().String())
		line := strings.ToLower(rr.Header().Name) + " " + dns.TypeToString[rr.Header().Rrtype]
		if _, soa := rr.(*dns.SOA); !soa {
			line += " " + data
		}
		if strings.HasPrefix(data, "10.") || strings.HasPrefix(data, "fd00:") || prefix == "; " {
			line += fmt.Sprintf(" %d", rr.Header().Ttl)
		}
		lines = append(lines, prefix+line)
	}
	for _, rr := range m.Answer {
		show("", rr)
	}
	for _, rr := range m.Ns {
		if rr.Header().Rrtype == dns.TypeSOA {
			show("; ", rr)
		}
	}
	for _, rr := range m.Extra {
		if rr.Header().Rrtype != dns.TypeOPT {
			show("+ ", rr)
		}
	}
	return lines
}
