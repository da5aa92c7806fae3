package topology_test

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/topology"
)

// within puts a value, in quotes, into a topology that is fine otherwise.
func within(before, value, after string) string { return before + fmt.Sprintf("%q", value) + after }

// checkSpelling holds what a text is taken for, where "" stands for a refusal.
func checkSpelling(t *testing.T, text, want, got string, findings topology.Findings) {
	t.Helper()
	if got != want {
		t.Errorf("taken for %q, want %q\n%s", got, want, findings.Report())
	}
	if want == "" && (len(findings) == 0 || findings[0].Hint == "") {
		t.Errorf("%s\nrefused without a hint: %s", text, findings.Report())
	}
}

func TestOrchestraSpellings(t *testing.T) {
	const host = "production-orch-0042.neo4j.io."
	for text, want := range map[string]string{
		"0042":                                                                  host,
		"production-orch-0042":                                                  host,
		"orch-0042":                                                             host,
		"Production-Orch-0042.Neo4j.IO.":                                        host,
		"production-orch-0042.neo4j.io:7687":                                    host,
		"production-orch-0042.neo4j.io/":                                        host,
		"abcd1234.production-orch-0042.neo4j.io":                                host,
		"p-abcd1234-00ff-0001.production-orch-0042.neo4j.io":                    host,
		"neo4j+s://abcd1234.production-orch-0042.neo4j.io":                      host,
		"neo4j+ssc://abcd1234.production-orch-0042.neo4j.io:7687/":              host,
		"bolt+s://neo4j@abcd1234.production-orch-0042.neo4j.io?x=y":             host,
		"https://abcd1234.production-orch-0042.neo4j.io/db/neo4j/query/v2":      host,
		"production-orch-0042-service":                                          host,
		"production-orch-0042-service.0a1b.westeurope.azure.privatelinkservice": host,
		"staging-orch-0003":                                                     "staging-orch-0003.neo4j.io.",
		"staging-orch-0003.neo4j.io":                                            "staging-orch-0003.neo4j.io.",
		"abcd1234.staging-orch-0003.neo4j.io":                                   "staging-orch-0003.neo4j.io.",
		"abcd1234":                                                              "production-orch-abcd1234.neo4j.io.",
		"graph.example.org":                                                     "graph.example.org.",
		"":                                                                      "",
		".":                                                                     "",
		"*":                                                                     "",
		"*.production-orch-0042.neo4j.io":                                       "",
		"my orchestra":                                                          "",
		"production-orch-":                                                      "",
		"com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d":                        "",
		"vpce-0a1b.vpce-svc-0c2d.us-east-1.vpce.amazonaws.com":                  "",
		"projects/p/regions/r/serviceAttachments/s":                             "",
		"neo4j+s://":                                                            "",
		"0042/":                                                                 host,
		"10.0.0.1":                                                              "",
		"10.0.0.1:7687":                                                         "",
		"graph.example.123":                                                     "",
	} {
		t.Run(text, func(t *testing.T) {
			source := within("regions: {east: {orchestras: [", text, "]}}\nvpcs: {apps: {links: {east: [10.0.0.1]}}}")
			parsed, findings := parse(t, source)
			got := ""
			if parsed != nil {
				got = strings.Join(parsed.Regions[0].Orchestras, " ")
			}
			checkSpelling(t, source, want, got, findings)
			followHint(t, source, text, findings)
		})
	}
}

// quoted is what a hint says to write.
var quoted = regexp.MustCompile(`write ("[^"]*"|[^ ,]+)`)

// followHint does to the letter what the hint of a name says, and holds that it
// leaves nothing to complain of.
func followHint(t *testing.T, source, text string, findings topology.Findings) {
	t.Helper()
	if len(findings) == 0 {
		return
	}
	hint := quoted.FindStringSubmatch(findings[0].Hint)
	if hint == nil {
		t.Fatalf("the hint %q says nothing to write", findings[0].Hint)
	}
	mended := strings.Replace(source, fmt.Sprintf("%q", text), `"`+strings.Trim(hint[1], `"`)+`"`, 1)
	if _, left := parse(t, mended); strings.Contains(hint[1], "0") && len(left) > 0 {
		t.Errorf("the hint %q, followed, leaves\n%s", findings[0].Hint, left.Report())
	}
}

func TestEndpointSpellings(t *testing.T) {
	for text, want := range map[string]string{
		"sales-ab12-cd34":                                      "sales-ab12-cd34",
		"Sales-ab12-cd34":                                      "sales-ab12-cd34",
		"sales-ab12-cd34.endpoints.neo4j.io":                   "sales-ab12-cd34",
		"sales-ab12-cd34.endpoints.neo4j.io.":                  "sales-ab12-cd34",
		"sales-ab12-cd34.endpoints.neo4j.io:7687":              "sales-ab12-cd34",
		"sales-ab12-cd34/":                                     "sales-ab12-cd34",
		"neo4j+s://sales-ab12-cd34.endpoints.neo4j.io":         "sales-ab12-cd34",
		"https://Sales-ab12-cd34.Endpoints.Neo4j.io:443/a?b=c": "sales-ab12-cd34",
		"abcd1234.production-orch-0042.neo4j.io":               "",
		"sales.endpoints.example.org":                          "",
		"*.endpoints.neo4j.io":                                 "",
		"a.b.endpoints.neo4j.io":                               "",
		"sales_ab12":                                           "",
	} {
		t.Run(text, func(t *testing.T) {
			source := within("regions: {east: {}}\nvpcs: {apps: {links: {east: [10.0.0.1]}}}\ncustom_endpoints: {", text, ": east}")
			parsed, findings := parse(t, source)
			got := ""
			if parsed != nil {
				got = parsed.Endpoints[0].Label
			}
			checkSpelling(t, source, want, got, findings)
		})
	}
}

// TestEndpointSpelledTwice holds that two spellings of one label are one label.
func TestEndpointSpelledTwice(t *testing.T) {
	_, findings := parse(t, "regions: {east: {}}\nvpcs: {apps: {links: {east: [10.0.0.1]}}}\n"+
		"custom_endpoints:\n  sales: east\n  sales.endpoints.neo4j.io: east\n")
	last := findings[len(findings)-1]
	if last.Code != topology.CodeDuplicate || last.Line != 5 {
		t.Errorf("findings:\n%s", findings.Report())
	}
}

func TestExtraNameSpellings(t *testing.T) {
	for text, want := range map[string]string{
		"graph.example.org":                     "graph.example.org.",
		"*.graph.example.org":                   "*.graph.example.org.",
		"https://graph.example.org/browser":     "graph.example.org.",
		"graph.example.org:7687":                "graph.example.org.",
		"neo4j+s://abcd1234.databases.neo4j.io": "abcd1234.databases.neo4j.io.",
		"*":                                     "",
		"graph example":                         "",
	} {
		t.Run(text, func(t *testing.T) {
			source := within("regions: {east: {extra_names: [", text, "]}}\nvpcs: {apps: {links: {east: [10.0.0.1]}}}")
			parsed, findings := parse(t, source)
			got := ""
			if parsed != nil {
				got = strings.Join(parsed.Regions[0].ExtraNames, " ")
			}
			checkSpelling(t, source, want, got, findings)
		})
	}
}

func TestAddressSpellings(t *testing.T) {
	for text, want := range map[string]string{
		"10.10.10.10":             "10.10.10.10",
		"10.10.10.10/32":          "10.10.10.10",
		"10.10.10.10:7687":        "10.10.10.10",
		"bolt://10.10.10.10:7687": "10.10.10.10",
		"fd00:1::7":               "fd00:1::7",
		"fd00:1::7/128":           "fd00:1::7",
		"[fd00:1::7]":             "fd00:1::7",
		"[fd00:1::7]:7687":        "fd00:1::7",
		"10.10.10.0/24":           "",
		"127.0.0.1/32":            "",
		"10.10.10":                "",
		"vpce-0a1b.vpce-svc-0c2d.us-east-1.vpce.amazonaws.com": "",
		"vpce-0a1b2c3d": "",
	} {
		t.Run(text, func(t *testing.T) {
			source := within("regions: {east: {}}\nvpcs: {apps: {links: {east: [", text, "]}}}")
			parsed, findings := parse(t, source)
			got := ""
			if parsed != nil {
				got = parsed.VPCs[0].Links[0].Addrs[0].String()
			}
			checkSpelling(t, source, want, got, findings)
			if strings.HasPrefix(text, "vpce-") && !strings.Contains(findings[0].Hint, "one address for each availability zone") {
				t.Errorf("hint %q", findings[0].Hint)
			}
		})
	}
}

func TestRangeSpellings(t *testing.T) {
	for text, want := range map[string]string{
		"10.0.0.0/16":             "10.0.0.0/16",
		"10.0.0.0/255.255.0.0":    "10.0.0.0/16",
		"10.0.0.0-10.0.255.255":   "10.0.0.0/16",
		"10.0.0.0 - 10.0.0.255":   "10.0.0.0/24",
		"0.0.0.0-255.255.255.255": "0.0.0.0/0",
		"fd00::-fd00::ffff":       "fd00::/112",
		"10.0.0.7":                "10.0.0.7/32",
		"10.0.0.7/255.255.0.0":    "",
		"10.0.0.0/255.0.255.0":    "",
		"10.0.0.0-10.0.2.255":     "",
		"10.0.0.1-10.0.0.0":       "",
		"10.0.*.*":                "",
	} {
		t.Run(text, func(t *testing.T) {
			source := within("regions: {east: {}}\nvpcs: {apps: {clients: [", text, "], links: {east: [10.0.0.1]}}}")
			parsed, findings := parse(t, source)
			got := ""
			if parsed != nil {
				got = parsed.VPCs[0].Clients[0].String()
			}
			checkSpelling(t, source, want, got, findings)
		})
	}
}

// TestSharedNames holds which names are warned of because the instances of all
// regions are under them.
func TestSharedNames(t *testing.T) {
	for text, want := range map[string]bool{
		"databases.neo4j.io":          true,
		"*.databases.neo4j.io":        true,
		"*.eu.instances.neo4j.io":     true,
		"instances.neo4j.io":          true,
		"abcd1234.databases.neo4j.io": false,
		"databases.example.org":       false,
	} {
		for _, key := range []string{"orchestras", "extra_names"} {
			if key == "orchestras" && (strings.HasPrefix(text, "*") || !want) {
				continue
			}
			_, findings := parse(t, within("regions: {east: {"+key+": [", text, "]}}\nvpcs: {apps: {links: {east: [10.0.0.1]}}}"))
			got := false
			for _, f := range findings {
				got = got || f.Code == topology.CodeSharedName
			}
			if got != want {
				t.Errorf("%s in %s: warned of %v, want %v", text, key, got, want)
			}
		}
	}
}

// TestMaskOfEachLength holds that each netmask is read as what it is.
func TestMaskOfEachLength(t *testing.T) {
	for bits := range 33 {
		want := netip.PrefixFrom(netip.AddrFrom4([4]byte{10}), bits).Masked()
		mask := netip.PrefixFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), bits).Masked().Addr()
		parsed, findings := parse(t, fmt.Sprintf("regions: {east: {}}\nvpcs: {apps: {clients: [%s/%s], links: {east: [10.0.0.1]}}}", want.Addr(), mask))
		if parsed == nil {
			t.Fatalf("/%d: %s", bits, findings.Report())
		}
		if diff := cmp.Diff(want.String(), parsed.VPCs[0].Clients[0].String()); diff != "" {
			t.Error(diff)
		}
	}
}
