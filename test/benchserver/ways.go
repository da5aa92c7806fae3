//go:build linux

package main

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/benchserver/scale"
	"github.com/auralink/auralink/zones"
)

// ttl is that of every record, in seconds; the topology's default.
const ttl = topology.DefaultTTL

// names are what the servers are asked for: all names of the custom endpoints of
// one region, with its addresses.
type names struct {
	owners []string
	addrs  []netip.Addr
}

// way is a way of serving the names. Its directive goes into the Corefile and may
// refer to the files beside it.
type way struct {
	plugin    string
	directive func(n names) string
	write     func(dir string, n names, view zones.View) error // nil: no file
}

// ways are what is compared. Ours comes first.
var ways = []way{
	{plugin: "auralink", directive: func(names) string { return "auralink topology.yaml" }},
	{
		plugin:    "file",
		directive: func(names) string { return "file " + zoneFile + " " + topology.EndpointsOrigin },
		write:     func(dir string, _ names, view zones.View) error { return writeZone(dir, view) },
	},
	{plugin: "template", directive: templateDirective},
	{
		plugin: "hosts",
		directive: func(names) string {
			return fmt.Sprintf("hosts hosts %s {\n\t\tttl %d\n\t\tno_reverse\n\t}", topology.EndpointsOrigin, ttl)
		},
		write: func(dir string, n names, _ zones.View) error { return writeHosts(dir, n) },
	},
}

// templateDirective gives one region's addresses to every name under the
// endpoints' parent. Nobody should do so with two regions, but it is the most
// that template can be: with the names written out it is slower by far.
func templateDirective(n names) string {
	var b strings.Builder
	fmt.Fprintf(&b, "template IN A %s {\n\t\tmatch ^[a-z0-9-]+[.]endpoints[.]neo4j[.]io[.]$\n", topology.EndpointsOrigin)
	for _, addr := range n.addrs {
		fmt.Fprintf(&b, "\t\tanswer \"{{ .Name }} %d IN A %s\"\n", ttl, addr)
	}
	b.WriteString("\t}")
	return b.String()
}

// writeTopology writes topology.yaml and returns the plan's view of it and the
// names to ask for. There are two regions, so that the view has individual
// records; the names are those of the first.
func writeTopology(dir string, endpoints int) (zones.View, names, error) {
	size := scale.Size{Endpoints: endpoints, VPCs: 1, Regions: 2, Local: true}
	var text bytes.Buffer
	if _, err := size.WriteTo(&text); err != nil {
		return zones.View{}, names{}, fmt.Errorf("writing the topology: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "topology.yaml"), text.Bytes(), 0o600); err != nil {
		return zones.View{}, names{}, fmt.Errorf("writing the topology: %w", err)
	}
	p, _, err := plan.Read(&text)
	if err != nil {
		return zones.View{}, names{}, fmt.Errorf("planning: %w", err)
	}
	view := p.VPCs[0].View
	var n names
	for _, zone := range view.Zones {
		if zone.Origin != topology.EndpointsOrigin {
			continue
		}
		for owner := range zone.All() {
			if owner.Region == scale.Region(0) {
				n.owners = append(n.owners, owner.Name)
				n.addrs = owner.V4()
			}
		}
	}
	return view, n, nil
}

// zoneFile is the endpoints' zone as auralink exports it.
const zoneFile = "endpoints.neo4j.io.zone"

// writeZone writes what "auralink export --format bind --shape one-zone" writes.
func writeZone(dir string, view zones.View) error {
	format, ok := zones.FormatNamed("bind")
	if !ok {
		return fmt.Errorf("there is no format %q", "bind")
	}
	files, err := format.Files(view, zones.Options{Shape: zones.ShapeOneZone})
	if err != nil {
		return err
	}
	for file := range files {
		if file.Name != zoneFile {
			continue
		}
		var text bytes.Buffer
		if err := file.Write(&text, 1); err != nil {
			return fmt.Errorf("writing %s: %w", zoneFile, err)
		}
		return os.WriteFile(filepath.Join(dir, zoneFile), text.Bytes(), 0o600)
	}
	return fmt.Errorf("the export has no %s", zoneFile)
}

func writeHosts(dir string, n names) error {
	var text bytes.Buffer
	for _, owner := range n.owners {
		for _, addr := range n.addrs {
			fmt.Fprintf(&text, "%s %s\n", addr, strings.TrimSuffix(owner, "."))
		}
	}
	return os.WriteFile(filepath.Join(dir, "hosts"), text.Bytes(), 0o600)
}

// corefile returns the server's configuration: the same for all but for one
// directive.
func (w way) corefile(port, metricsPort int, n names, prometheus bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".:%d {\n\tbind 127.0.0.1\n\terrors\n", port)
	if prometheus {
		fmt.Fprintf(&b, "\tprometheus 127.0.0.1:%d\n", metricsPort)
	}
	fmt.Fprintf(&b, "\t%s\n}\n", w.directive(n))
	return b.String()
}
