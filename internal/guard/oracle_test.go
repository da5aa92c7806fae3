package guard_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// TestJudgeOracle: the guards that are tripped are those that are tripped when each
// name is asked for from each client, before and after.
func TestJudgeOracle(t *testing.T) {
	tripped := make(map[guard.Code]int)
	rapid.Check(t, func(t *rapid.T) {
		before, after, kinds := drawChange(t)
		before.p, after.p = withSerial(t, before.p), withSerial(t, after.p)
		o := oracle{before: before, after: after, names: union(before.m.Names(), after.m.Names())}
		got := make(map[guard.Violation]bool)
		for _, v := range guard.Judge(before.p, after.p) {
			got[guard.Violation{Code: v.Code, VPC: v.VPC}] = true
			tripped[v.Code]++
		}
		if diff := cmp.Diff(o.violations(), got); diff != "" {
			t.Fatalf("%v (-want +got):\n%s\nbefore:\n%s\nafter:\n%s", kinds, diff, before.m.YAML(), after.m.YAML())
		}
	})
	for _, g := range guard.Guards() {
		if tripped[g.Code] == 0 && !testing.Short() { // which draws a fifth
			t.Errorf("the guard %s was never tripped", g.Code)
		}
	}
}

// withSerial returns a plan with a serial that is drawn, or none.
func withSerial(t *rapid.T, p *plan.Plan) *plan.Plan {
	drawn := *p
	drawn.Serial = rapid.SampledFrom([]uint32{0, 1, 2, 1 << 31, 1<<31 + 1, math.MaxUint32}).Draw(t, "serial")
	return &drawn
}

// TestJudgeHarmless: what people do often, or must do at once, is never held.
func TestJudgeHarmless(t *testing.T) {
	for _, edit := range model.Edits() {
		if !edit.Harmless {
			continue
		}
		t.Run(edit.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				m, p := model.DrawPlan(t)
				after := edit.Of(t, m)
				if got := guard.Judge(p, read(t, after)); len(got) > 0 {
					t.Fatalf("%v\nbefore:\n%s\nafter:\n%s", got, m.YAML(), after.YAML())
				}
			})
		})
	}
}

// side is a topology and its plan.
type side struct {
	m model.Topology
	p *plan.Plan
}

// drawChange draws two topologies: two that have nothing to do with each other, or
// one and what some edits make of it.
func drawChange(t *rapid.T) (before, after side, kinds []string) {
	before.m, before.p = model.DrawPlan(t)
	if rapid.IntRange(0, 3).Draw(t, "unrelated") == 0 {
		after.m, after.p = model.DrawPlan(t)
		return before, after, []string{"unrelated"}
	}
	// The plan before has not only what is drawn, but what edits make as well.
	all := model.Edits()
	edit := func(m model.Topology) model.Topology {
		e := all[rapid.IntRange(0, len(all)-1).Draw(t, "edit")]
		kinds = append(kinds, e.Name)
		return e.Of(t, m)
	}
	for range rapid.IntRange(0, 3).Draw(t, "edits before") {
		before.m = edit(before.m)
	}
	before.p = read(t, before.m)
	kinds = append(kinds, "then")
	after.m = before.m
	for range rapid.IntRange(1, 3).Draw(t, "edits") {
		after.m = edit(after.m)
	}
	after.p = read(t, after.m)
	return before, after, kinds
}

// read plans a topology. Where it cannot be used the test goes on to the next.
func read(t *rapid.T, m model.Topology) *plan.Plan {
	p, _, err := plan.Read(strings.NewReader(m.YAML()))
	var invalid *topology.InvalidError
	if errors.As(err, &invalid) {
		t.Skip("the topology is invalid")
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// oracle asks for names and compares answers. It knows nothing of modes, links or
// tables.
type oracle struct {
	before, after side
	names         []string
}

// vpc is a VPC of one side: what the file says, and its view.
type vpc struct {
	model.VPC
	regions []model.Region
	view    zones.View
}

func (p side) vpc(name string) (vpc, bool) {
	at := slices.IndexFunc(p.m.VPCs, func(v model.VPC) bool { return v.Name == name })
	if at < 0 {
		return vpc{}, false
	}
	planned, _ := p.p.VPC(name)
	return vpc{VPC: p.m.VPCs[at], regions: p.m.Regions, view: planned.View}, true
}

func (o oracle) violations() map[guard.Violation]bool {
	found := make(map[guard.Violation]bool)
	renamed := o.clients(found)
	matched := make(map[string]bool)
	for _, v := range o.before.m.VPCs {
		name := v.Name
		if other, is := renamed[name]; is {
			name = other
		}
		old, _ := o.before.vpc(v.Name)
		wanted, there := o.after.vpc(name)
		matched[name] = true
		if !there {
			name = v.Name
		}
		o.compare(found, name, old, wanted)
	}
	for _, v := range o.after.m.VPCs {
		if wanted, _ := o.after.vpc(v.Name); !matched[v.Name] {
			o.compare(found, v.Name, vpc{}, wanted)
		}
	}
	return found
}

// clients asks which VPC clients are in, at all borders of ranges. It returns the
// VPCs that are only called otherwise.
func (o oracle) clients(found map[guard.Violation]bool) map[string]string {
	renamed := make(map[string]string)
	lost := make(map[string]string)
	for _, client := range o.borders() {
		from, to := vpcOf(o.before.m, client), vpcOf(o.after.m, client)
		if from == "" || from == to {
			continue
		}
		if o.isRenamed(from, to) {
			if renamed[from] == "" {
				renamed[from] = to
			}
			continue
		}
		lost[from] = to
	}
	for from := range lost {
		name := from
		if to, is := renamed[from]; is {
			name = to
		}
		found[guard.Violation{Code: guard.CodeClients, VPC: name}] = true
	}
	return renamed
}

// borders returns the first and last clients of all ranges, and those beside them,
// in order.
func (o oracle) borders() []netip.Addr {
	clients := map[netip.Addr]bool{netip.IPv4Unspecified(): true, netip.IPv6Unspecified(): true}
	for _, m := range []model.Topology{o.before.m, o.after.m} {
		for _, v := range m.VPCs {
			for _, prefix := range v.Clients {
				first := prefix.Addr().AsSlice()
				last := slices.Clone(first)
				for bit := prefix.Bits(); bit < len(last)*8; bit++ {
					last[bit/8] |= 1 << (7 - bit%8)
				}
				for _, octets := range [][]byte{first, last} {
					addr, _ := netip.AddrFromSlice(octets)
					clients[addr], clients[addr.Prev()], clients[addr.Next()] = true, true, true
				}
			}
		}
	}
	delete(clients, netip.Addr{}) // beside the first or the last address there is
	return slices.SortedFunc(maps.Keys(clients), netip.Addr.Compare)
}

// vpcOf returns the VPC of a client, by the longest prefix.
func vpcOf(m model.Topology, client netip.Addr) string {
	best, name := -1, ""
	for _, v := range m.VPCs {
		if len(v.Clients) == 0 && best < 0 {
			name = v.Name
		}
		for _, prefix := range v.Clients {
			if prefix.Contains(client) && prefix.Bits() > best {
				best, name = prefix.Bits(), v.Name
			}
		}
	}
	return name
}

func (o oracle) isRenamed(from, to string) bool {
	_, stays := o.after.vpc(from)
	_, was := o.before.vpc(to)
	if stays || was || to == "" {
		return false
	}
	old, _ := o.before.vpc(from)
	wanted, _ := o.after.vpc(to)
	// Where there are individual records, other names do not exist; else they are
	// public.
	if o.individual(old, "endpoints.neo4j.io.") != o.individual(wanted, "endpoints.neo4j.io.") {
		return false
	}
	for _, name := range o.names {
		if !slices.Equal(model.Resolve(old.view, name).Addrs, model.Resolve(wanted.view, name).Addrs) {
			return false
		}
	}
	return true
}

// compare asks for all names in one VPC.
func (o oracle) compare(found map[guard.Violation]bool, name string, old, wanted vpc) {
	note := func(code guard.Code, is bool) {
		if is {
			found[guard.Violation{Code: code, VPC: name}] = true
		}
	}
	moved, before, removed, after := false, 0, 0, 0
	for owner := range owners(old.view) {
		before++
		gone := len(model.Resolve(wanted.view, strings.TrimSuffix(owner, ".")).Addrs) == 0
		if parent, wildcard := strings.CutPrefix(owner, "*."); gone && (!wildcard || !o.individual(wanted, parent)) {
			removed++
		}
	}
	for range owners(wanted.view) {
		after++
	}
	for _, n := range o.names {
		moved = moved || o.moves(old, wanted, n)
	}
	note(guard.CodeRegion, moved)
	note(guard.CodeSerial, o.before.p.Serial != 0 && o.missed(old, wanted))
	note(guard.CodeEmpty, removed > 0 && after == 0)
	note(guard.CodeBulk, before >= 10 && removed*10 > 3*before)
	for _, family := range o.families() {
		note(guard.CodeWildcard, o.comesBack(old, wanted, family))
	}
}

// missed reports whether a secondary that has the zones of a VPC would miss what becomes
// of them. The serials are those of withSerial, of which RFC 1982 orders those that are
// not half of all numbers apart.
func (o oracle) missed(old, wanted vpc) bool {
	before, after := uint64(o.before.p.Serial), uint64(o.after.p.Serial)
	distance := (after + 1<<32 - before) % (1 << 32) // from before, upwards
	switch {
	case after == 0, distance >= 1<<31:
		return true
	case distance == 0:
		return !cmp.Equal(records(old.view), records(wanted.view))
	default:
		return false
	}
}

// records returns all records, by zone and name, as texts.
func records(v zones.View) map[string]string {
	found := make(map[string]string)
	for _, zone := range v.Zones {
		found[zone.Origin] = "a zone"
		for owner := range zone.All() {
			found[zone.Origin+" "+owner.Name] = fmt.Sprint(owner.Addrs)
		}
	}
	return found
}

// owners returns the names with addresses of their own.
func owners(v zones.View) map[string]bool {
	names := make(map[string]bool)
	for _, zone := range v.Zones {
		for owner := range zone.All() {
			names[owner.Name] = true
		}
	}
	return names
}

// moves reports whether a name has an address that it had not, and that leads to a
// region where it does not live.
func (o oracle) moves(old, wanted vpc, name string) bool {
	had, has := model.Resolve(old.view, name), model.Resolve(wanted.view, name)
	for _, addr := range has.Addrs {
		if slices.Contains(had.Addrs, addr) {
			continue
		}
		leads := leadsTo(old, addr)
		if len(leads) == 0 && old.Name != "" {
			leads = o.ledTo(addr)
		}
		if len(leads) == 0 {
			leads = leadsTo(wanted, addr)
		}
		lives := o.lives(old, wanted, name, had)
		if slices.ContainsFunc(lives, func(r string) bool { return !slices.Contains(leads, r) }) && !o.regionsRenamed(leads, lives) {
			return true
		}
	}
	return false
}

func leadsTo(v vpc, addr netip.Addr) []string {
	var regions []string
	for region, addrs := range v.Links {
		if slices.Contains(addrs, addr) {
			regions = append(regions, region)
		}
	}
	return regions
}

// ledTo returns to which regions an address led in any VPC before.
func (o oracle) ledTo(addr netip.Addr) []string {
	var regions []string
	for _, v := range o.before.m.VPCs {
		regions = append(regions, leadsTo(vpc{VPC: v}, addr)...)
	}
	return regions
}

func (o oracle) regionsRenamed(leads, lives []string) bool {
	has := func(m model.Topology, label string) bool {
		return slices.ContainsFunc(m.Regions, func(r model.Region) bool { return r.Name == label })
	}
	return !slices.ContainsFunc(leads, func(r string) bool { return has(o.after.m, r) }) &&
		!slices.ContainsFunc(lives, func(r string) bool { return has(o.before.m, r) })
}

// lives returns where a name lives: what the file before says of it, or where it
// was led by a wildcard; of a name that it does not know, what the file after says.
func (o oracle) lives(old, wanted vpc, name string, had model.Answer) []string {
	if label, ok := strings.CutSuffix(name, ".endpoints.neo4j.io"); ok {
		for _, m := range []model.Topology{o.before.m, o.after.m} {
			if declares(m, label) {
				return m.RegionsOf(name)
			}
		}
		if len(had.Addrs) > 0 {
			return slices.Collect(maps.Keys(old.Links))
		}
		return slices.Collect(maps.Keys(wanted.Links))
	}
	was, regions := withoutRedundant(o.before.m).Closest(name)
	is, now := withoutRedundant(o.after.m).Closest(name)
	if was < 0 || is > was {
		return now // whatever a wildcard said of it
	}
	return regions
}

// withoutRedundant returns a topology without the extra names that an orchestra of
// their region covers: a topology that has them is the same as one without.
func withoutRedundant(m model.Topology) model.Topology {
	m.Regions = slices.Clone(m.Regions)
	for i, r := range m.Regions {
		m.Regions[i].Extra = slices.DeleteFunc(slices.Clone(r.Extra), func(extra string) bool {
			name := strings.TrimPrefix(extra, "*.")
			return slices.ContainsFunc(r.Orchestras, func(id string) bool {
				return dnsname.AtOrBelow(name, model.OrchestraHost(id))
			})
		})
	}
	return m
}

// declares reports whether a label, or the last one of several, is one of the five
// names of a custom endpoint.
func declares(m model.Topology, label string) bool {
	label = label[strings.LastIndexByte(label, '.')+1:]
	return slices.ContainsFunc(m.Endpoints, func(e model.Endpoint) bool {
		return slices.Contains([]string{e.Label, "a-" + e.Label, "b-" + e.Label, "c-" + e.Label, "d-" + e.Label}, label)
	})
}

// families returns the parents of all names that may have a wildcard.
func (o oracle) families() []string {
	families := map[string]bool{"endpoints.neo4j.io.": true}
	for _, m := range []model.Topology{o.before.m, o.after.m} {
		for _, r := range m.Regions {
			for _, extra := range r.Extra {
				if parent, wildcard := strings.CutPrefix(extra, "*."); wildcard {
					families[parent+"."] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(families))
}

// individual reports whether a VPC has records for the known names of a family, and
// nothing for the others.
func (o oracle) individual(v vpc, family string) bool {
	return o.declares(v, family) && !owners(v.view)["*."+family]
}

// declares reports whether a linked region has names in a family.
func (o oracle) declares(v vpc, family string) bool {
	return slices.ContainsFunc(v.regions, func(r model.Region) bool {
		wildcard := family == "endpoints.neo4j.io." || slices.Contains(r.Extra, "*."+strings.TrimSuffix(family, "."))
		return wildcard && len(v.Links[r.Name]) > 0
	})
}

// comesBack reports whether a family's wildcard takes the place of records.
func (o oracle) comesBack(old, wanted vpc, family string) bool {
	return o.individual(old, family) && owners(wanted.view)["*."+family]
}
