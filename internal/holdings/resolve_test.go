package holdings_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
)

// build returns a set with one address for each name.
func build(claims []holdings.Claim, names map[string]holdings.Data) *holdings.Set {
	b := holdings.NewBuilder()
	for _, c := range claims {
		b.Claim(c)
	}
	for name, d := range names {
		b.Add(name, d, holdings.Place{})
	}
	return b.Set()
}

func at(addrs ...string) holdings.Data {
	var d holdings.Data
	for _, addr := range addrs {
		d.Addrs = append(d.Addrs, netip.MustParseAddr(addr))
	}
	return d
}

// TestResolveZone: what a wildcard covers in a zone (RFC 4592, section 2.2.1),
// and what is in which of two zones.
func TestResolveZone(t *testing.T) {
	set := build(
		[]holdings.Claim{
			{Origin: "example.", Zone: true, Miss: holdings.NXDomain},
			{Origin: "sub.example.", Zone: true, Miss: holdings.NXDomain},
			{Origin: "single.z.sub.example.", Zone: true, Miss: holdings.Passthru},
		},
		map[string]holdings.Data{
			"*.example.":            at("10.0.0.1"),
			"host.deep.example.":    at("10.0.0.2", "fd00::2"),
			"alias.example.":        {Target: "host.deep.example."},
			"away.example.":         {Target: "elsewhere.test."},
			"*.sub.example.":        at("10.0.0.3"),
			"single.z.sub.example.": at("10.0.0.4"),
			"text.example.":         {},
			`\*.deep.example.`:      at("10.0.0.5"),
			"loop.example.":         {Target: "loop.example."},
			"six.example.":          at("fd00::6"),
			"*.aliases.example.":    {Target: "host.deep.example."},
			"partial.example.":      {Addrs: at("10.0.0.7").Addrs, Partial: true},
			"drop.example.":         {Action: holdings.Drop},
			"denied.example.":       {Action: holdings.NXDomain},
			"passed.example.":       {Action: holdings.Passthru},
		})
	tests := []struct {
		name, qname string
		qtype       uint16
		want        string
	}{
		{"the apex without records", "example.", dns.TypeA, "nodata"},
		{"a wildcard", "a.example.", dns.TypeA, "positive 10.0.0.1 by *.example."},
		{"a wildcard, deeper", "b.a.example.", dns.TypeA, "positive 10.0.0.1 by *.example."},
		{"the wildcard itself", "*.example.", dns.TypeA, "positive 10.0.0.1 by *.example."},
		{"a wildcard lacks the type", "a.example.", dns.TypeAAAA, "nodata by *.example."},
		{"an empty non-terminal", "deep.example.", dns.TypeA, "nodata"},
		{"below an empty non-terminal", "x.deep.example.", dns.TypeA, "nxdomain"},
		{"a name of its own", "host.deep.example.", dns.TypeAAAA, "positive fd00::2 by host.deep.example."},
		{"below a name", "x.host.deep.example.", dns.TypeA, "nxdomain"},
		{"an alias within", "alias.example.", dns.TypeA, "positive 10.0.0.2 by alias.example."},
		{"an alias to elsewhere", "away.example.", dns.TypeA, "redirects → elsewhere.test. by away.example."},
		{"an alias of a wildcard", "x.aliases.example.", dns.TypeAAAA, "positive fd00::2 by *.aliases.example."},
		{"a loop", "loop.example.", dns.TypeA, "redirects → loop.example. by loop.example."},
		{"a name with other types only", "text.example.", dns.TypeA, "nodata by text.example."},
		{"an address of the other family", "six.example.", dns.TypeA, "nodata by six.example."},
		{"another type", "host.deep.example.", dns.TypeHTTPS, "nodata by host.deep.example."},
		{"the type is asked elsewhere", "partial.example.", dns.TypeAAAA, "not-ours by partial.example."},
		{"no answer", "drop.example.", dns.TypeA, "dropped by drop.example."},
		{"denied", "denied.example.", dns.TypeA, "nxdomain by denied.example."},
		{"passed on", "passed.example.", dns.TypeA, "not-ours by passed.example."},
		{"the zone below", "x.sub.example.", dns.TypeA, "positive 10.0.0.3 by *.sub.example."},
		{"a zone below makes no name exist", "x.z.sub.example.", dns.TypeA, "positive 10.0.0.3 by *.sub.example."},
		{"a single name", "single.z.sub.example.", dns.TypeA, "positive 10.0.0.4 by single.z.sub.example."},
		{"below a single name", "x.single.z.sub.example.", dns.TypeA, "not-ours"},
		{"in no zone", "other.test.", dns.TypeA, "not-ours"},
		{"the root", ".", dns.TypeA, "not-ours"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := answerText(set.Resolve(tt.qname, tt.qtype)); got != tt.want {
				t.Errorf("%s %s: %s, want %s", tt.qname, dns.Type(tt.qtype), got, tt.want)
			}
		})
	}
}

// TestResolvePolicy: without a zone the longest wildcard covers a name, and
// names that are above others do not exist by that.
func TestResolvePolicy(t *testing.T) {
	set := build(nil, map[string]holdings.Data{
		"*.example.":       at("10.0.0.1"),
		"*.b.example.":     at("10.0.0.2"),
		"x.y.b.example.":   at("10.0.0.3"),
		"*.pass.example.":  {Action: holdings.Passthru},
		"www.example.":     at("10.0.0.4"),
		"*.empty.example.": {Action: holdings.NoData},
	})
	tests := []struct{ name, qname, want string }{
		{"not the apex", "example.", "not-ours"},
		{"a wildcard", "a.example.", "positive 10.0.0.1 by *.example."},
		{"a wildcard's parent, by the one above", "b.example.", "positive 10.0.0.1 by *.example."},
		{"the longest wildcard", "a.b.example.", "positive 10.0.0.2 by *.b.example."},
		{"above another name", "y.b.example.", "positive 10.0.0.2 by *.b.example."},
		{"beside another name", "z.y.b.example.", "positive 10.0.0.2 by *.b.example."},
		{"below another name", "z.www.example.", "positive 10.0.0.1 by *.example."},
		{"passed on", "x.pass.example.", "not-ours by *.pass.example."},
		{"no data", "x.empty.example.", "nodata by *.empty.example."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := answerText(set.Resolve(tt.qname, dns.TypeA)); got != tt.want {
				t.Errorf("%s: %s, want %s", tt.qname, got, tt.want)
			}
		})
	}
}

func answerText(a holdings.Answer) string {
	text := a.Outcome.String()
	for _, addr := range a.Addrs {
		text += " " + addr.String()
	}
	if a.Target != "" {
		text += " → " + a.Target
	}
	if a.Entry.There() {
		text += " by " + a.Entry.Name()
	}
	return text
}

// TestSet: names come in canonical order (RFC 4034, section 6.1), each once, with
// all that was added to it.
func TestSet(t *testing.T) {
	b := holdings.NewBuilder()
	for i, name := range []string{"z.example.", "example.", "*.z.example.", "a-b.example.", "a.example.", "yljkjljk.a.example.", `\*.z.example.`, "other."} {
		b.Add(name, holdings.Data{Addrs: at("10.0.0.1").Addrs, TTL: 60}, holdings.Place{File: "f", Line: i + 1})
	}
	b.Add("a.example.", holdings.Data{Addrs: at("fd00::1").Addrs, TTL: 30}, holdings.Place{File: "g", Line: 1})
	b.Add("a.example.", holdings.Data{Addrs: at("10.0.0.0").Addrs, TTL: 90}, holdings.Place{File: "g", Line: 2})
	var got string
	for e := range b.Set().All() {
		got += fmt.Sprintf("%s %s %d %s %v\n", e.Name(), e.Data(), e.Data().TTL, e.Place(), e.Wildcard())
	}
	want := `example. 10.0.0.1 60 f:2 false
a.example. 10.0.0.0, 10.0.0.1, fd00::1 30 f:5 false
yljkjljk.a.example. 10.0.0.1 60 f:6 false
a-b.example. 10.0.0.1 60 f:4 false
z.example. 10.0.0.1 60 f:1 false
*.z.example. 10.0.0.1 60 f:3 true
\*.z.example. 10.0.0.1 60 f:7 false
other. 10.0.0.1 60 f:8 false
`
	if got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
}
