package topology_test

import (
	"bytes"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/topology"
)

// slow is what no input of maxFuzzed octets takes by far: a tenth of a
// millisecond for each octet.
const (
	maxFuzzed = 20_000
	slow      = 2 * time.Second
)

// FuzzParse states what holds for any input: no panic, the same outcome each
// time, in time, and after an outcome without errors a topology in which
// nothing needs to be checked again.
func FuzzParse(f *testing.F) {
	text, err := os.ReadFile("testdata/example.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > maxFuzzed {
			t.Skip()
		}
		begin := time.Now()
		parsed, findings := parse(t, string(text))
		if took := time.Since(begin); took > slow {
			t.Errorf("%d octets took %v", len(text), took)
		}
		if parsed != nil {
			checkInvariants(t, parsed)
		}
		checkFindings(t, findings, text)
		again, findingsAgain := parse(t, string(text))
		if diff := cmp.Diff(parsed, again, byValue); diff != "" {
			t.Errorf("parsed twice (-first +second):\n%s", diff)
		}
		if diff := cmp.Diff(findings, findingsAgain); diff != "" {
			t.Errorf("findings of parsing twice (-first +second):\n%s", diff)
		}
	})
}

// checkFindings holds that each finding is complete and fit for one line.
func checkFindings(t *testing.T, findings topology.Findings, text []byte) {
	t.Helper()
	lines := bytes.Count(text, []byte{'\n'}) + 1
	for _, f := range findings {
		switch {
		case f.Severity != topology.SeverityError && f.Severity != topology.SeverityWarning,
			f.Code == "", f.Message == "", f.Line < 0, f.Line > lines+1, f.Line > 0 && f.Column < 1:
			t.Errorf("incomplete: %+v", f)
		case strings.ContainsAny(f.Message+f.Hint+f.Path+f.Source, "\n\r\x00\x1b"), len(f.String()) > 4000:
			t.Errorf("not fit for one line: %q", f)
		}
	}
	if !slices.IsSortedFunc(findings[:shown(findings)], func(a, b topology.Finding) int { return a.Line - b.Line }) {
		t.Errorf("not in the order of the file:\n%s", findings.Report())
	}
}

// shown returns how many findings there are but for the one that says how many
// there are more.
func shown(findings topology.Findings) int {
	n := len(findings)
	if n > 0 && findings[n-1].Code == topology.CodeTooManyFindings {
		n--
	}
	return n
}

// checkInvariants holds what Parse promises of a topology.
func checkInvariants(t *testing.T, p *topology.Topology) {
	t.Helper()
	if p.TTL < 1 || p.TTL > 86400 {
		t.Errorf("ttl %d", p.TTL)
	}
	if len(p.Regions) == 0 || len(p.VPCs) == 0 {
		t.Errorf("%d regions and %d VPCs", len(p.Regions), len(p.VPCs))
	}
	ascending(t, "regions", p.Regions, func(r topology.Region) string { return r.Name })
	ascending(t, "VPCs", p.VPCs, func(v topology.VPC) string { return v.Name })
	ascending(t, "endpoints", p.Endpoints, func(e topology.Endpoint) string { return e.Label })
	checkRegions(t, p)
	checkVPCs(t, p)
	regionOf := make(map[string]int32)
	for _, e := range p.Endpoints {
		checkLabel(t, e.Label, 61)
		inRange(t, p, int(e.Region))
		regionOf[e.Label] = e.Region
	}
	for _, e := range p.Endpoints {
		for _, prefix := range topology.Prefixes {
			if other, declared := regionOf[prefix+e.Label]; declared && other != e.Region {
				t.Errorf("%q is in region %d, and %q in region %d derives it", prefix+e.Label, other, e.Label, e.Region)
			}
		}
	}
}

func checkRegions(t *testing.T, p *topology.Topology) {
	t.Helper()
	owner := make(map[string]string) // of names, but for wildcards
	for _, r := range p.Regions {
		ascending(t, "orchestras", r.Orchestras, strings.Clone)
		ascending(t, "extra names", r.ExtraNames, strings.Clone)
		for _, name := range slices.Concat(r.Orchestras, r.ExtraNames) {
			host := strings.TrimPrefix(name, "*.")
			checkHost(t, host)
			if before, taken := owner[name]; taken && host == name {
				t.Errorf("%q is in regions %q and %q", name, before, r.Name)
			}
			owner[name] = r.Name
		}
	}
}

func checkHost(t *testing.T, host string) {
	t.Helper()
	relative, absolute := strings.CutSuffix(host, ".")
	if !absolute || len(relative) > 253 {
		t.Errorf("host %q", host)
	}
	for label := range strings.SplitSeq(relative, ".") {
		checkLabel(t, label, 63)
	}
	for _, public := range []string{"api.neo4j.io.", "console.neo4j.io.", "customer-metrics-api.neo4j.io."} {
		if strings.HasSuffix("."+public, "."+host) {
			t.Errorf("%q captures %q", host, public)
		}
	}
	if strings.HasSuffix("."+host, "."+topology.EndpointsOrigin) {
		t.Errorf("%q is a custom endpoint", host)
	}
}

func checkLabel(t *testing.T, label string, longest int) {
	t.Helper()
	if label == "" || len(label) > longest || strings.Trim(label, "-") != label ||
		strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		t.Errorf("label %q", label)
	}
}

func checkVPCs(t *testing.T, p *topology.Topology) {
	t.Helper()
	catchAll := 0
	owner := make(map[netip.Prefix]string)
	for _, v := range p.VPCs {
		if len(v.Clients) == 0 {
			catchAll++
		}
		for _, prefix := range v.Clients {
			if before, taken := owner[prefix]; taken || prefix != prefix.Masked() || prefix.Addr().Is4In6() {
				t.Errorf("client range %v of %q, in %q before", prefix, v.Name, before)
			}
			owner[prefix] = v.Name
		}
		if v.Mode != topology.ModeAuto && v.Mode != topology.ModeIndividual && v.Mode != topology.ModeWildcard {
			t.Errorf("mode %q", v.Mode)
		}
		if v.ModeAt.Line < 1 || v.ModeAt.Column < 1 {
			t.Errorf("the place of the mode of %q: %+v", v.Name, v.ModeAt)
		}
		checkLinks(t, p, v)
	}
	if catchAll > 1 {
		t.Errorf("%d VPCs have no clients", catchAll)
	}
}

func checkLinks(t *testing.T, p *topology.Topology, v topology.VPC) {
	t.Helper()
	before := -1
	for _, link := range v.Links {
		inRange(t, p, link.Region)
		if link.Region <= before {
			t.Errorf("links of %q: region %d after %d", v.Name, link.Region, before)
		}
		before = link.Region
		if len(link.Addrs) == 0 || len(link.Addrs) > 100 {
			t.Errorf("a link of %q has %d addresses", v.Name, len(link.Addrs))
		}
		if !slices.IsSortedFunc(link.Addrs, netip.Addr.Compare) || len(slices.Compact(slices.Clone(link.Addrs))) != len(link.Addrs) {
			t.Errorf("addresses of a link of %q: %v", v.Name, link.Addrs)
		}
		for _, addr := range link.Addrs {
			if !addr.IsGlobalUnicast() || addr.Is4In6() || addr.Zone() != "" {
				t.Errorf("address %v in a link of %q", addr, v.Name)
			}
		}
	}
}

func inRange(t *testing.T, p *topology.Topology, region int) {
	t.Helper()
	if region < 0 || region >= len(p.Regions) {
		t.Errorf("region %d of %d", region, len(p.Regions))
	}
}

// ascending holds that values are sorted and that none stands twice.
func ascending[T any](t *testing.T, what string, values []T, name func(T) string) {
	t.Helper()
	for i := 1; i < len(values); i++ {
		if name(values[i-1]) >= name(values[i]) {
			t.Errorf("%s: %q after %q", what, name(values[i]), name(values[i-1]))
		}
	}
}
