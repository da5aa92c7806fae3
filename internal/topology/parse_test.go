package topology_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/auralink/auralink/internal/topology"
)

// byValue compares topologies; addresses and prefixes have no exported fields.
var byValue = cmp.Options{cmpopts.EquateComparable(netip.Addr{}, netip.Prefix{}), cmpopts.EquateEmpty()}

// withoutPlace leaves out where the file says it, which differs between files
// that say the same.
var withoutPlace = cmp.Options{byValue, cmpopts.IgnoreFields(topology.VPC{}, "ModeAt")}

// example is the topology of the design.
func example(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func addrs(texts ...string) []netip.Addr {
	addrs := make([]netip.Addr, len(texts))
	for i, text := range texts {
		addrs[i] = netip.MustParseAddr(text)
	}
	return addrs
}

func prefixes(texts ...string) []netip.Prefix {
	prefixes := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		prefixes[i] = netip.MustParsePrefix(text)
	}
	return prefixes
}

// TestParseExample holds the whole value that the design's example leads to.
func TestParseExample(t *testing.T) {
	got, findings := parse(t, example(t))
	want := &topology.Topology{
		TTL: 30,
		Regions: []topology.Region{
			{Name: "aws-us-east-1", Orchestras: []string{"production-orch-0000.neo4j.io."}},
			{
				Name:       "aws-us-west-1",
				Orchestras: []string{"production-orch-0042.neo4j.io."},
				ExtraNames: []string{"*.graph.example.org."},
			},
		},
		VPCs: []topology.VPC{
			{
				Name:    "apps",
				Clients: prefixes("10.0.0.0/16", "10.8.0.0/24"),
				Links: []topology.Link{
					{Region: 0, Addrs: addrs("10.10.10.10", "10.10.11.10")},
					{Region: 1, Addrs: addrs("10.20.10.10")},
				},
				Mode:   topology.ModeAuto,
				ModeAt: topology.Place{Line: 9, Column: 3, Source: "  apps:"},
			},
			{
				Name:    "batch",
				Clients: prefixes("10.1.0.0/16"),
				Links:   []topology.Link{{Region: 0, Addrs: addrs("10.1.7.7", "fd00:1::7")}},
				Mode:    topology.ModeAuto,
				ModeAt:  topology.Place{Line: 14, Column: 3, Source: "  batch:"},
			},
		},
		Endpoints: []topology.Endpoint{{Label: "my-endpoint-abcdef-123456", Region: 0}},
	}
	if diff := cmp.Diff(want, got, byValue); diff != "" {
		t.Errorf("topology (-want +got):\n%s", diff)
	}
	if len(findings) > 0 {
		t.Errorf("findings:\n%s", findings.Report())
	}
}

// TestParseShippedExample holds that what users are given to start from is fine.
func TestParseShippedExample(t *testing.T) {
	_, findings := parseFile(t, "../../topology.example.yaml")
	if len(findings) > 0 {
		t.Errorf("findings:\n%s", findings.Report())
	}
}

// region and vpc are what the rows below have in common.
const (
	region = "regions:\n  east: {orchestras: [\"0000\"]}\n"
	vpc    = "vpcs:\n  apps: {links: {east: [10.0.0.1]}}\n"
)

// one is what region and vpc lead to.
func one(change func(*topology.Topology)) *topology.Topology {
	t := &topology.Topology{
		TTL:     30,
		Regions: []topology.Region{{Name: "east", Orchestras: []string{"production-orch-0000.neo4j.io."}}},
		VPCs: []topology.VPC{{
			Name: "apps", Mode: topology.ModeAuto,
			Links: []topology.Link{{Region: 0, Addrs: addrs("10.0.0.1")}},
		}},
	}
	change(t)
	return t
}

// TestParse holds what else can be written, and what it means.
func TestParse(t *testing.T) {
	same := func(*topology.Topology) {}
	for name, row := range map[string]struct {
		text string
		want *topology.Topology
	}{
		"the least": {region + vpc, one(same)},
		"as JSON": {
			`{"regions":{"east":{"orchestras":["0000"]}},"vpcs":{"apps":{"links":{"east":["10.0.0.1"]}}},"ttl":5}`,
			one(func(t *topology.Topology) { t.TTL = 5 }),
		},
		"as JSON with tabs": {
			"{\n\t\"regions\": {\"east\": {\"orchestras\": [\"0000\"]}},\n\t\"vpcs\": {\"apps\": {\"links\": {\"east\": [\"10.0.0.1\"]}}}\n}\n",
			one(same),
		},
		"with a byte order mark":      {"\ufeff" + region + vpc, one(same)},
		"with lines that end in CRLF": {strings.ReplaceAll(region+vpc, "\n", "\r\n"), one(same)},
		"with document marks":         {"--- # a topology\n" + region + vpc + "...\n", one(same)},
		"with optional keys empty": {
			"regions:\n  east: {orchestras: [\"0000\"], extra_names: }\nvpcs:\n  apps: {links: {east: [10.0.0.1]}}\ncustom_endpoints:\n",
			one(same),
		},
		"the mode": {
			region + "vpcs:\n  apps: {links: {east: [10.0.0.1]}, mode: individual}\n",
			one(func(t *topology.Topology) { t.VPCs[0].Mode = topology.ModeIndividual }),
		},
		"the longest time to live": {region + vpc + "ttl: 86400\n", one(func(t *topology.Topology) { t.TTL = 86400 })},
		"names in any case, with or without a final dot": {
			"regions:\n  east:\n    orchestras: [\"Production-Orch-0000.Neo4j.IO.\", ABC]\n    extra_names: [\"*.Graph.Example.ORG.\", db.Example.org]\n" +
				vpc + "custom_endpoints: {My-Endpoint-ABC: east}\n",
			one(func(t *topology.Topology) {
				t.Regions[0].Orchestras = []string{"production-orch-0000.neo4j.io.", "production-orch-abc.neo4j.io."}
				t.Regions[0].ExtraNames = []string{"*.graph.example.org.", "db.example.org."}
				t.Endpoints = []topology.Endpoint{{Label: "my-endpoint-abc"}}
			}),
		},
		"an orchestra of another environment": {
			"regions:\n  east: {orchestras: [staging-orch-0003.neo4j.io]}\n" + vpc,
			one(func(t *topology.Topology) { t.Regions[0].Orchestras = []string{"staging-orch-0003.neo4j.io."} }),
		},
		"the longest labels": {
			"regions:\n  east: {orchestras: [" + strings.Repeat("o", 47) + "]}\n" + vpc +
				"custom_endpoints: {" + strings.Repeat("e", 61) + ": east}\n",
			one(func(t *topology.Topology) {
				t.Regions[0].Orchestras = []string{"production-orch-" + strings.Repeat("o", 47) + ".neo4j.io."}
				t.Endpoints = []topology.Endpoint{{Label: strings.Repeat("e", 61)}}
			}),
		},
		"an endpoint that another one derives, in the same region": {
			region + vpc + "custom_endpoints: {foo: east, a-foo: east, d-foo: east}\n",
			one(func(t *topology.Topology) {
				t.Endpoints = []topology.Endpoint{{Label: "a-foo"}, {Label: "d-foo"}, {Label: "foo"}}
			}),
		},
		"client ranges within each other": {
			region + "vpcs:\n  apps:\n    clients: [10.0.0.0/8, 0.0.0.0/0, \"::/0\", 10.1.2.3, \"::ffff:10.2.0.0/112\"]\n    links: {east: [10.0.0.1]}\n",
			one(func(t *topology.Topology) {
				t.VPCs[0].Clients = prefixes("0.0.0.0/0", "10.0.0.0/8", "10.1.2.3/32", "10.2.0.0/16", "::/0")
			}),
		},
		"client ranges within those of another VPC": {
			region + "vpcs:\n  apps: {clients: [10.0.0.0/8], links: {east: [10.0.0.1]}}\n  db: {clients: [10.1.0.0/16], links: {east: [10.0.0.2]}}\n",
			one(func(t *topology.Topology) {
				t.VPCs[0].Clients = prefixes("10.0.0.0/8")
				t.VPCs = append(t.VPCs, topology.VPC{
					Name: "db", Mode: topology.ModeAuto, Clients: prefixes("10.1.0.0/16"),
					Links: []topology.Link{{Region: 0, Addrs: addrs("10.0.0.2")}},
				})
			}),
		},
		"an extra name below another region's wildcard": {
			"regions:\n  east: {orchestras: [\"0000\"], extra_names: [\"*.example.org\"]}\n  west: {extra_names: [db.example.org, \"*.example.org\"]}\n" + vpc,
			one(func(t *topology.Topology) {
				t.Regions[0].ExtraNames = []string{"*.example.org."}
				t.Regions = append(t.Regions, topology.Region{Name: "west", ExtraNames: []string{"*.example.org.", "db.example.org."}})
			}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, findings := parse(t, row.text)
			if got == nil {
				t.Fatalf("findings:\n%s", findings.Report())
			}
			if diff := cmp.Diff(row.want, got, withoutPlace); diff != "" {
				t.Errorf("topology (-want +got):\n%s", diff)
			}
		})
	}
}

// TestParseText holds what is no text, which cannot be in the catalogue: editors
// and version control would mend it.
func TestParseText(t *testing.T) {
	for name, row := range map[string]struct{ text, want string }{
		"not UTF-8": {
			"regions:\n  é\xff: {}\n",
			"2:4: error: octet 0xff is not UTF-8 [syntax] (save the file as plain UTF-8 text)",
		},
		"UTF-16": {
			"\xff\xfer\x00e\x00g\x00",
			"1:1: error: octet 0xff is not UTF-8 [syntax] (save the file as plain UTF-8 text)",
		},
		"an overlong encoding": {
			"a: \xc0\x80",
			"1:4: error: octet 0xc0 is not UTF-8 [syntax] (save the file as plain UTF-8 text)",
		},
		"a surrogate": {
			"a: \xed\xa0\x80",
			"1:4: error: octet 0xed is not UTF-8 [syntax] (save the file as plain UTF-8 text)",
		},
		"a NUL": {
			"regions: {}\nvpcs: \x00",
			"2:7: error: character U+0000 is not allowed [syntax] (save the file as plain UTF-8 text)",
		},
		"an escape sequence": {
			"# \x1b[31mred\n",
			"1:3: error: character U+001B is not allowed [syntax] (save the file as plain UTF-8 text)",
		},
		"a carriage return alone": {
			"# a comment\rregions: {}\n",
			"1:12: error: character U+000D is not allowed [syntax] (save the file as plain UTF-8 text)",
		},
		"carriage returns alone": {
			"regions: {}\rvpcs: {}\r",
			"1:12: error: character U+000D is not allowed [syntax] (its lines end as those of old Macs: save the file with the line ends of Unix (LF))",
		},
		"a line separator": {
			"# a comment\u2028regions: {}\n",
			"1:12: error: character U+2028 is not allowed [syntax] (save the file as plain UTF-8 text)",
		},
		"a next line": {
			"# a comment\u0085regions: {}\n",
			"1:12: error: character U+0085 is not allowed [syntax] (save the file as plain UTF-8 text)",
		},
		"a second byte order mark": {
			"\ufeff\ufeffregions: {}\n",
			"1:1: error: character U+FEFF is not allowed [syntax] (save the file as plain UTF-8 text)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, findings := parse(t, row.text)
			if diff := cmp.Diff(row.want, findings.String()); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestParseTruncated cuts the example at every octet. Nothing panics; what is
// left is a topology exactly where this says so, for what a cut takes away
// cannot always be missed. A watcher must not take half a file for a whole one.
func TestParseTruncated(t *testing.T) {
	text := example(t)
	var got []string
	for end := range text {
		if parsed, _ := parse(t, text[:end]); parsed != nil {
			line, _, _ := strings.Cut(text[strings.LastIndexByte(text[:end], '\n')+1:end], "#")
			got = append(got, strings.TrimRight(line, " "))
		}
	}
	got = slices.Compact(slices.DeleteFunc(got, func(line string) bool { return line == "" }))
	want := []string{
		"  apps:",
		"    clients: [10.0.0.0/16, 10.8.0.0/24]",
		"    links:",
		"      aws-us-east-1: [10.10.10.10, 10.10.11.10]",
		"      aws-us-west-1: [10.20.10.10]",
		"  batch:",
		"    clients: [10.1.0.0/16]",
		"    links:",
		`      aws-us-east-1: [10.1.7.7, "fd00:1::7"]`,
		"custom_endpoints:",
		"  my-endpoint-abcdef-123456: aws-us-east-1",
		"ttl: 3",
		"ttl: 30",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("last lines of the cuts that are topologies (-want +got):\n%s", diff)
	}
}

// TestParseTooLarge holds the limits on what is read at all.
func TestParseTooLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 128 MiB")
	}
	for name, row := range map[string]struct {
		r    io.Reader
		want string
	}{
		"endless": {
			endless{}, "topology is too large: more than 134217728 octets",
		},
	} {
		t.Run(name, func(t *testing.T) {
			parsed, findings, err := topology.Parse(row.r)
			if parsed != nil || findings != nil || !errors.Is(err, topology.ErrTooLarge) {
				t.Fatalf("topology %v, findings %v, error %v", parsed, findings, err)
			}
			if diff := cmp.Diff(row.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// TestParseTooManyValues holds the limit on values, and that it has a place.
func TestParseTooManyValues(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 20 MiB")
	}
	_, findings := parse(t, "custom_endpoints: {"+strings.Repeat("aaaaa: b,", 2_500_000)+"}")
	const want = "1:18000009: error: more than 4000000 values [too-large] (split the topology)"
	if diff := cmp.Diff(want, findings.String()); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestParseTooManyPairs holds the limit on regions times VPCs: a file of some
// megabytes must not plan into gigabytes.
func TestParseTooManyPairs(t *testing.T) {
	var b strings.Builder
	b.WriteString("regions:\n")
	for i := range 1001 {
		fmt.Fprintf(&b, "  r%d:\n", i)
	}
	b.WriteString("vpcs:\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "  v%d: {clients: [10.%d.%d.0/24], links: {r1: [10.255.0.1]}}\n", i, i/256, i%256)
	}
	_, findings, err := topology.Parse(strings.NewReader(b.String()))
	if err == nil || len(findings) != 1 || findings[0].Code != topology.CodeTooManyPairs {
		t.Fatalf("findings %v, error %v", findings, err)
	}
	if want := "1000 VPCs times 1001 regions are more than 1000000"; findings[0].Message != want {
		t.Errorf("message %q, want %q", findings[0].Message, want)
	}
}

// TestParseTooManyNames holds the limit on what all VPCs make of orchestras.
func TestParseTooManyNames(t *testing.T) {
	var b strings.Builder
	b.WriteString("regions:\n  east:\n    orchestras:\n")
	for i := range 501 {
		fmt.Fprintf(&b, "    - o%d.example.org\n", i)
	}
	b.WriteString("vpcs:\n")
	for i := range 500 {
		fmt.Fprintf(&b, "  v%d: {clients: [10.%d.%d.0/24], links: {east: [10.255.0.1]}}\n", i, i/256, i%256)
	}
	_, findings, err := topology.Parse(strings.NewReader(b.String()))
	if err == nil || len(findings) != 1 || findings[0].Code != topology.CodeTooManyPairs {
		t.Fatalf("findings %v, error %v", findings, err)
	}
	want := "the orchestras and extra names of all VPCs together are 250500, more than 250000"
	if findings[0].Message != want {
		t.Errorf("message %q, want %q", findings[0].Message, want)
	}
}

// TestParseLongNames holds that what "*." is put in front of leaves room for it.
func TestParseLongNames(t *testing.T) {
	label := strings.Repeat("l", 61) + "."
	host := func(octets int) string { // of four labels
		return label + label + label + strings.Repeat("m", octets-3*len(label))
	}
	for name, row := range map[string]struct {
		key   string
		value string
		ok    bool
	}{
		"orchestra of 251 octets": {"orchestras", host(243) + ".example", true},
		"orchestra of 252 octets": {"orchestras", host(244) + ".example", false},
		"orchestra of 253 octets": {"orchestras", host(245) + ".example", false},
		"name of 253 octets":      {"extra_names", host(245) + ".example", true},
		"name of 254 octets":      {"extra_names", host(246) + ".example", false},
		"wildcard of 253 octets":  {"extra_names", "*." + host(243) + ".example", true},
		"wildcard of 254 octets":  {"extra_names", "*." + host(244) + ".example", false},
	} {
		t.Run(name, func(t *testing.T) {
			text := fmt.Sprintf("regions: {east: {%s: [%q]}}\nvpcs: {apps: {links: {east: [10.0.0.1]}}}\n", row.key, row.value)
			_, findings, err := topology.Parse(strings.NewReader(text))
			if (err == nil) != row.ok {
				t.Errorf("%d octets: error %v, findings %v", len(row.value), err, findings)
			}
		})
	}
}

// endless is a file that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// TestParseReader holds that a reader's own error is kept.
func TestParseReader(t *testing.T) {
	broken := errors.New("the disk is on fire")
	_, findings, err := topology.Parse(iotest.ErrReader(broken))
	if !errors.Is(err, broken) || findings != nil {
		t.Errorf("findings %v, error %v", findings, err)
	}
	if want := "the disk is on fire"; err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
}

// TestFindingsForPrograms holds the forms of findings that are not reports.
func TestFindingsForPrograms(t *testing.T) {
	_, findings := parse(t, region+"vpcs:\n  apps: {links: {east: [8.8.8.8]}}\n  db: {clients: [], mode: no}\n")
	t.Run("one line", func(t *testing.T) {
		want := `4:25: warning: address "8.8.8.8" is public [public-address] (a private endpoint has an address of your own network); ` +
			`5:3: warning: VPC "db" has no links: its clients are answered as if auralink were not there [no-links] (add its links, or remove the VPC); ` +
			`5:17: error: clients is empty [bad-clients] (write [10.1.0.0/16], with the ranges of its own clients; or leave the key out for the VPC of all other clients); ` +
			`5:27: error: mode "no" does not exist: expected auto, individual or wildcard [bad-mode] (leave it out to let the plan choose)`
		if diff := cmp.Diff(want, findings.String()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if diff := cmp.Diff("invalid topology: "+want, (&topology.InvalidError{Findings: findings}).Error()); diff != "" {
			t.Errorf("error (-want +got):\n%s", diff)
		}
	})
	t.Run("about one VPC", func(t *testing.T) {
		if diff := cmp.Diff(findings[:1], findings.About("apps")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("JSON", func(t *testing.T) {
		got, err := json.Marshal(findings[0])
		if err != nil {
			t.Fatal(err)
		}
		want := `{"severity":"warning","code":"public-address","vpc":"apps","path":"vpcs.apps.links.east[0]",` +
			`"line":4,"column":25,"source":"  apps: {links: {east: [8.8.8.8]}}",` +
			`"message":"address \"8.8.8.8\" is public","hint":"a private endpoint has an address of your own network"}`
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
