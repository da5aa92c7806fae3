package differential_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/topology"
)

// hardTopology has all at once that random ones have some of: in the first VPC all
// regions are linked, by different addresses, in the second a few, in the third
// all by the same.
const hardTopology = `
ttl: 60
regions:
  east:
    orchestras: ["0000", orch.b.example.org, orch.www.example.net]
    extra_names: ["*.example.org", "y.b.example.org", "deep.er.than.c.example.org", "*.graph.corp.test", "www.example.net", "x.www.example.net"]
  west:
    orchestras: ["0042", staging-orch-0003.neo4j.io, orch.test]
    extra_names: ["*.b.example.org", "*.x.y.b.example.org", "*.than.c.example.org", "a.b.c.graph.corp.test", "single.example.com"]
  north:
    orchestras: ["0099"]
    extra_names: ["*.graph.corp.test", "north.example.org"]
vpcs:
  vpc-0:
    clients: [127.10.0.0/16, 127.11.0.0/16]
    links: {east: [10.0.0.1, 10.0.0.2, 10.0.0.3, "fd00::1"], west: ["fd00::2", "fd00::3"], north: [10.0.0.4]}
  vpc-1:
    clients: [127.10.1.0/24]
    links: {east: [10.1.0.1, "fd00::1:1"]}
  vpc-2:
    links: {east: [10.2.0.1], west: [10.2.0.1], north: [10.2.0.1]}
custom_endpoints: {foo: east, a-foo: east, b-a-foo: east, aa-foo: west, a: west, n1: north, a-n1: north}
`

// randomTopology returns the text of a valid topology and the topology itself.
// What it makes is small and full of what is hard: nested wildcards, names below
// names, prefixes of prefixes, regions that some VPCs link and others do not.
func randomTopology(t *testing.T, rng *rand.Rand) (string, *topology.Topology) {
	t.Helper()
	for range 1000 { // most tries are valid; the rest claim a name twice
		text := topologyText(rng)
		parsed, findings, err := topology.Parse(strings.NewReader(text))
		if err == nil {
			return text, parsed
		}
		for _, f := range findings {
			if f.Severity == topology.SeverityError && f.Code != topology.CodeNameConflict {
				t.Fatalf("the generator's mistake: %s\n%s", f, text)
			}
		}
	}
	t.Fatal("the generator makes no valid topology")
	return "", nil
}

// topologyText writes a topology that has at most conflicts in it.
func topologyText(rng *rand.Rand) string {
	var b strings.Builder
	regions := make([]string, 1+rng.IntN(5))
	for i := range regions {
		regions[i] = fmt.Sprintf("region-%d", i)
	}
	fmt.Fprintf(&b, "ttl: %d\n", pick(rng, []int{1, 30, 30, 300, 86400}))
	writeRegions(&b, rng, regions)
	writeVPCs(&b, rng, regions)
	b.WriteString("custom_endpoints:\n")
	for _, label := range some(rng, endpointLabels, 8) {
		fmt.Fprintf(&b, "  %q: %s\n", label, pick(rng, regions))
	}
	return b.String()
}

// orchestraNames are bare ids and whole host names; some of the latter are where
// extra names can be, above or below them.
var orchestraNames = []string{
	"0000", "0001", "0042", "7", "x-9",
	"staging-orch-0003.neo4j.io", "orch.example.org", "orch.b.example.org", "b.example.org", "orch.test",
}

// extraNames are related to each other in all the ways there are.
var extraNames = []string{
	"example.org", "*.example.org",
	"a.example.org", "*.a.example.org",
	"*.b.example.org", "y.b.example.org", "x.y.b.example.org", "*.y.b.example.org",
	"deep.er.than.c.example.org", "*.than.c.example.org",
	"graph.corp.test", "*.corp.test", "*.graph.corp.test",
	"*.unrelated.example.net", "www.unrelated.example.net",
}

// writeRegions gives every orchestra to at most one region, but wildcards, which
// regions may share, to any.
func writeRegions(b *strings.Builder, rng *rand.Rand, regions []string) {
	orchestras, extra := make(map[string][]string), make(map[string][]string)
	for _, name := range some(rng, orchestraNames, 5) {
		region := pick(rng, regions)
		orchestras[region] = append(orchestras[region], name)
	}
	for _, name := range some(rng, extraNames, 10) {
		claimants := []string{pick(rng, regions)}
		if strings.HasPrefix(name, "*") && rng.IntN(4) == 0 {
			claimants = append(claimants, pick(rng, regions))
		}
		slices.Sort(claimants)
		for _, region := range slices.Compact(claimants) {
			extra[region] = append(extra[region], name)
		}
	}
	b.WriteString("regions:\n")
	for _, region := range regions {
		fmt.Fprintf(b, "  %s: {orchestras: [%s], extra_names: [%s]}\n", region, quoted(orchestras[region]), quoted(extra[region]))
	}
}

// endpointLabels have prefixes, look as if they had, and have prefixes of
// prefixes, so that names are derived from several.
var endpointLabels = []string{
	"foo", "a-foo", "b-a-foo", "aa-foo", "e-foo", "foo-a", "a", "b-a", "0", "a-0",
	"my-endpoint-abcdef-123456", "x--y", "xn--bcher-kva", "a-xn--bcher-kva",
	strings.Repeat("l", 61), "c-" + strings.Repeat("l", 59),
}

// clientRanges are where a test can ask from. Some lie within others.
var clientRanges = []string{
	"127.10.0.0/16", "127.10.1.0/24", "127.10.1.128/25", "127.11.0.0/16", "127.12.1.7", "::ffff:127.13.0.0/112", "fd00:10::/32",
}

// writeVPCs gives each client range to at most one VPC, and goes without them in
// at most one.
func writeVPCs(b *strings.Builder, rng *rand.Rand, regions []string) {
	count := 1 + rng.IntN(4)
	clients := make([][]string, count)
	for i, r := range shuffled(rng, clientRanges) {
		clients[i%count] = append(clients[i%count], r)
	}
	if rng.IntN(2) == 0 {
		clients[rng.IntN(count)] = nil
	}
	b.WriteString("vpcs:\n")
	for i := range count {
		fmt.Fprintf(b, "  vpc-%d:\n", i)
		if clients[i] != nil {
			fmt.Fprintf(b, "    clients: [%s]\n", quoted(clients[i]))
		}
		if rng.IntN(8) == 0 {
			b.WriteString("    mode: individual\n")
		}
		writeLinks(b, rng, i, some(rng, regions, len(regions)))
	}
}

// writeLinks links regions to a VPC: most by addresses of their own, a few by
// those of the first.
func writeLinks(b *strings.Builder, rng *rand.Rand, vpc int, regions []string) {
	b.WriteString("    links:\n")
	shared := rng.IntN(6) == 0
	for i, region := range regions {
		number := i
		if shared {
			number = 0
		}
		fmt.Fprintf(b, "      %s: [%s]\n", region, quoted(linkAddrs(rng, vpc, number, shared)))
	}
}

// linkAddrs makes up one to five addresses of a link, of either family or both.
func linkAddrs(rng *rand.Rand, vpc, number int, fixed bool) []string {
	v4, v6 := 1+rng.IntN(3), rng.IntN(3)
	if rng.IntN(6) == 0 {
		v4, v6 = 0, 1
	}
	if fixed {
		v4, v6 = 2, 1
	}
	var addrs []string
	for i := range v4 {
		addrs = append(addrs, netip.AddrFrom4([4]byte{10, byte(vpc), byte(number), byte(10 + i)}).String())
	}
	for i := range v6 {
		addrs = append(addrs, fmt.Sprintf("fd00:%x:%x::%x", vpc+1, number+1, i+1))
	}
	return shuffled(rng, addrs)
}

// quoted writes strings as the inside of a YAML list.
func quoted(list []string) string {
	items := make([]string, len(list))
	for i, s := range list {
		items[i] = fmt.Sprintf("%q", s)
	}
	return strings.Join(items, ", ")
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// some picks up to most different elements, in any order; now and then none.
func some[T any](rng *rand.Rand, from []T, most int) []T {
	return shuffled(rng, from)[:rng.IntN(min(most, len(from))+1)]
}

func shuffled[T any](rng *rand.Rand, from []T) []T {
	list := slices.Clone(from)
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}
