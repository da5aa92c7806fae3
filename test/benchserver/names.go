//go:build linux

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"strings"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/benchserver/scale"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
)

// ttl is that of every record, in seconds; the topology's default.
const ttl = topology.DefaultTTL

// names are what a server has and is asked for. There are two regions, so that
// the view has individual records; asked for are all names of the first region's
// custom endpoints, as a client of the first VPC.
type names struct{ size scale.Size }

func newNames(endpoints, vpcs int) names {
	return names{scale.Size{Endpoints: endpoints, VPCs: vpcs, Regions: 2, Local: true}}
}

// perEndpoint is how many names a custom endpoint has: the base name and one for
// each prefix.
const perEndpoint = 1 + len(topology.Prefixes)

// count returns how many names are asked for.
func (n names) count() int {
	return (n.size.Endpoints + n.size.Regions - 1) / n.size.Regions * perEndpoint
}

// owner returns one of them, as an absolute name.
func (n names) owner(i int) string {
	label := scale.Label(i / perEndpoint * n.size.Regions)
	if k := i % perEndpoint; k > 0 {
		label = topology.Prefixes[k-1] + label
	}
	return label + "." + topology.EndpointsOrigin
}

// addrs returns the addresses that each of them has, in their order.
func (n names) addrs() []netip.Addr {
	addrs := scale.Link(0, 0)
	return addrs[:]
}

// topology returns the topology file.
func (n names) topology() (string, error) {
	var text bytes.Buffer
	if _, err := n.size.WriteTo(&text); err != nil {
		return "", fmt.Errorf("writing the topology: %w", err)
	}
	return text.String(), nil
}

// export returns what "auralink export --format bind --shape one-zone" writes for
// the first VPC.
func (n names) export() ([]peers.Zone, error) {
	text, err := n.topology()
	if err != nil {
		return nil, err
	}
	p, _, err := plan.Read(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("planning: %w", err)
	}
	return peers.Exported(p.VPCs[0].View, zones.ShapeOneZone)
}

// each returns a line for each name and each of its addresses; the name has no
// dot at its end.
func (n names) each(line func(owner string, addr netip.Addr) string) string {
	var b strings.Builder
	for i := range n.count() {
		owner := strings.TrimSuffix(n.owner(i), ".")
		for _, addr := range n.addrs() {
			b.WriteString(line(owner, addr))
		}
	}
	return b.String()
}

// queryLines is how many queries dnsperf has before it begins again.
const queryLines = 50_000

// writeQueries writes dnsperf's input: the names in an order that is random but
// the same each time.
func (n names) writeQueries(path string) error {
	random := rand.New(rand.NewPCG(1, 2))
	var text strings.Builder
	for range queryLines {
		fmt.Fprintf(&text, "%s A\n", strings.TrimSuffix(n.owner(random.IntN(n.count())), "."))
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		return fmt.Errorf("writing the queries: %w", err)
	}
	return nil
}
