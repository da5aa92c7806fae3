package exports_test

import (
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
	"github.com/auralink/auralink/zones"
)

var (
	topologies = flag.Int("topologies", 10, "number of random topologies that are loaded into the servers")
	seed       = flag.Int("seed", 1, "seed of the first topology; the next ones have the next seeds")
)

// TestMatrix holds the one rule against every server that loads what we export:
// random topologies are exported and loaded, and every name is asked. It prints
// what came of it, a row for each format and server.
func TestMatrix(t *testing.T) {
	public := peers.Public(t)
	matrix := make(matrix)
	for i := range *topologies {
		drawn := drawScene(t, *seed+i)
		t.Run(fmt.Sprintf("seed %d", drawn.seed), func(t *testing.T) { matrix.ask(t, drawn, public) })
	}
	matrix.checkRefusals(t)
	t.Logf("%d topologies\n%s", *topologies, matrix)
}

// scene is one VPC of a random topology.
type scene struct {
	seed  int
	model model.Topology
	vpc   model.VPC
	view  zones.View
	names []string
}

// drawScene draws until a topology is valid and its VPC has something to answer.
// The VPC is another one each time.
func drawScene(t *testing.T, seed int) scene {
	t.Helper()
	models := rapid.Custom(model.Draw)
	for try := range 1000 {
		topology := models.Example(seed*1000 + try)
		planned, _, err := plan.Read(strings.NewReader(topology.YAML()))
		if err != nil {
			continue // names conflict
		}
		vpc := seed % len(topology.VPCs)
		if view := planned.VPCs[vpc].View; len(view.Zones) > 0 {
			return scene{seed: seed, model: topology, vpc: topology.VPCs[vpc], view: view, names: namesOf(topology, view)}
		}
	}
	t.Fatal("the generator makes no valid topology")
	return scene{}
}

// namesOf returns all names to ask for, without final dots: those of the model,
// and each of the view, with names below and beside it.
func namesOf(topology model.Topology, view zones.View) []string {
	seen := make(map[string]bool)
	var names []string
	add := func(name string) {
		if len(name) <= 253 && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	for _, name := range topology.Names() {
		add(name)
	}
	for _, zone := range view.Zones {
		for owner := range zone.All() {
			for name := strings.TrimSuffix(owner.Name, "."); strings.Contains(name, "."); _, name, _ = strings.Cut(name, ".") {
				add(strings.Replace(name, "*", "star", 1))
				add("q." + strings.TrimPrefix(name, "*."))
				add("p.q." + strings.TrimPrefix(name, "*."))
			}
		}
	}
	return names
}

// matrix counts, by target.
type matrix map[string]*row

// ask loads a scene into all servers and asks each of them everything.
func (m matrix) ask(t *testing.T, s scene, public netip.AddrPort) {
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("to repeat it: go test ./test/exports -run TestMatrix -seed %d -topologies 1\nVPC %s of\n%s", s.seed, s.vpc.Name, s.model.YAML())
		}
	})
	var loaded []*hearing
	var others []peers.Peer
	for _, x := range targets {
		if m[x.name()] == nil {
			m[x.name()] = &row{target: x}
		}
		e, ok := exportOf(t, s.view, x.format, x.options)
		if !ok {
			m[x.name()].refused++
			continue
		}
		m[x.name()].views++
		h := &hearing{scene: s, row: m[x.name()]}
		if x.peer != nil {
			others = append(others, x.peer(e, public))
		} else {
			h.at = peers.FreePort(t, peers.Loopback())
			coredns.Start(t, x.corefile(t, e, h.at, public))
		}
		loaded = append(loaded, h)
	}
	servers := peers.Start(t, others...)
	for _, h := range loaded {
		if !h.at.IsValid() {
			h.at, servers = servers[0].Addr, servers[1:]
		}
		h.hear(t)
		h.report(t)
	}
}

// maxShown bounds the answers that one hearing reports.
const maxShown = 5

// report fails the test if there is something to complain about.
func (h *hearing) report(t *testing.T) {
	t.Helper()
	for _, complaint := range h.complaints[:min(maxShown, len(h.complaints))] {
		t.Error(complaint)
	}
}

// checkRefusals fails where a format refuses more views than it writes.
func (m matrix) checkRefusals(t *testing.T) {
	t.Helper()
	for name, row := range m {
		if row.refused > row.views {
			t.Errorf("%s: %d views are refused, %d written", name, row.refused, row.views)
		}
	}
}

// String is the matrix as a table.
func (m matrix) String() string {
	var b strings.Builder
	out := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "format × server\tviews\trefused\tquestions\twrong region\tleaks\tsiblings lost\tunanswered\tother TTL\tdocumented\t")
	for _, x := range targets {
		if r := m[x.name()]; r != nil {
			fmt.Fprintf(out, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", x.name(), r.views, r.refused,
				r.questions, r.wrong, r.leaks, r.lost, r.unanswered, r.ttl, r.documented)
		}
	}
	_ = out.Flush() // into memory
	return b.String()
}

// written writes a file that goes with the test, and returns its path.
func written(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
