package model_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/zones"
)

// How many topologies the small world has, by hand.
//
// With one region there are 3 contents and 4 sets of endpoints, which makes 12
// foundations, and 3 links by 3 modes, which makes 9 VPCs. With two regions there
// are 9 by 10 foundations, of which 6 are their own mirror image, so that 48
// differ; 14 of these are refused, as one name is in two regions, and 34 are left,
// 4 of them their own image. There are 16 pairs of links by 3 modes, or 48 VPCs.
//
// For one VPC that makes 12*9 + 30*48 + 4*30; for two, in no order, 12*45 +
// 30*1176 + 4*636: over a foundation that is its own image, only 30 VPCs and 636
// pairs differ. Each is there with both sorts of clients.
const (
	conflicts   = 14
	withOneVPC  = 2 * (12*9 + 30*48 + 4*30)
	withTwoVPCs = 2 * (12*45 + 30*1176 + 4*636)
)

// TestEveryTopology plans all topologies of the small world and asks each of their
// VPCs for a name of each class. In short mode it is those with one VPC.
func TestEveryTopology(t *testing.T) {
	numbers, want := []int{1, 2}, withOneVPC+withTwoVPCs
	if testing.Short() {
		numbers, want = []int{1}, withOneVPC
	}
	planned, refused := 0, 0
	for f := range foundations() {
		s := newSurvey(t, f)
		if s == nil {
			refused++
			continue
		}
		for _, number := range numbers {
			planned += s.checkAll(t, number)
		}
	}
	if planned != want || refused != conflicts {
		t.Errorf("%d topologies and %d conflicts, want %d and %d", planned, refused, want, conflicts)
	}
}

// survey is all that is expected of the VPCs on one foundation.
type survey struct {
	vpcs     []vpc
	images   []int              // the number of each one's mirror image; nil where the foundation is not its own
	expected []expectation      // of each of vpcs
	file     model.Topology     // with all of vpcs
	read     *topology.Topology // from the file
}

// expectation is what is expected of a VPC.
type expectation struct {
	endpoints, extra decision
	unsafe           int
	outcomes         []outcome // of classes
}

// newSurvey reads a foundation with all VPCs that there are on it; nil means that
// it is refused, as it should be.
func newSurvey(t *testing.T, f foundation) *survey {
	t.Helper()
	s := &survey{vpcs: vpcsIn(len(f.regions))}
	s.file = f.topology(s.vpcs)
	var err error
	s.read, _, err = topology.Parse(strings.NewReader(s.file.YAML()))
	if conflict := s.file.Conflict(); (conflict != "") != (err != nil) {
		t.Fatalf("read with the error %v; in two regions: %q\n%s", err, conflict, s.file.YAML())
	}
	if err != nil {
		return nil
	}
	for i, v := range s.vpcs {
		s.expected = append(s.expected, f.expect(v))
		checkExpected(t, s.file, s.file.VPCs[i], s.expected[i])
	}
	if f.compare(f.mirror()) == 0 {
		s.images = imagesOf(s.vpcs)
	}
	return s
}

// imagesOf returns the number of each VPC's mirror image.
func imagesOf(vpcs []vpc) []int {
	images := make([]int, len(vpcs))
	for i, v := range vpcs {
		mirrored := v.mirror()
		images[i] = slices.IndexFunc(vpcs, func(w vpc) bool {
			return w.mode == mirrored.mode && slices.Equal(w.links, mirrored.links)
		})
	}
	return images
}

// numbers returns those of all VPCs.
func (s *survey) numbers() []int {
	numbers := make([]int, len(s.vpcs))
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}

// isAnother reports whether VPCs are the same as others, which come before them:
// in another order, or as their mirror image.
func (s *survey) isAnother(chosen []int) bool {
	if !slices.IsSorted(chosen) {
		return true
	}
	if s.images == nil {
		return false
	}
	mirrored := make([]int, len(chosen))
	for n, i := range chosen {
		mirrored[n] = s.images[i]
	}
	slices.Sort(mirrored)
	return slices.Compare(mirrored, chosen) < 0
}

// checkAll checks all topologies with so many VPCs, and returns how many there are.
func (s *survey) checkAll(t *testing.T, vpcs int) int {
	t.Helper()
	checked := 0
	for _, chosen := range tuples(s.numbers(), vpcs) {
		if s.isAnother(chosen) {
			continue
		}
		for _, clients := range clientsOf[vpcs] {
			s.check(t, chosen, clients)
			checked++
		}
	}
	return checked
}

// check plans a topology that has the chosen VPCs with their clients, and asks all
// that there is to ask.
func (s *survey) check(t *testing.T, chosen []int, clients [][]netip.Prefix) {
	t.Helper()
	in := &topology.Topology{TTL: s.read.TTL, Regions: s.read.Regions, Endpoints: s.read.Endpoints}
	unsafe := 0
	for n, i := range chosen {
		v := s.read.VPCs[i]
		v.Name, v.Clients = vpcNames[n], clients[n]
		in.VPCs = append(in.VPCs, v)
		unsafe += s.expected[i].unsafe
	}
	p, findings := plan.New(in)
	if len(findings) != unsafe {
		s.fatalf(t, chosen, "findings %v, want %d", findings, unsafe)
	}
	table, err := authority.Compile(p.Views(), 1)
	if err != nil {
		s.fatalf(t, chosen, "compiling: %v", err)
	}
	for n, i := range chosen {
		if problem := s.expected[i].decided(p.VPCs[n]); problem != "" {
			s.fatalf(t, chosen, "%s: %s", vpcNames[n], problem)
		}
		view, ok := table.ViewFor(askers[n])
		if !ok || table.View(view).Name != vpcNames[n] {
			s.fatalf(t, chosen, "client %s has another view than that of %s", askers[n], vpcNames[n])
		}
		if problem := s.expected[i].answered(table, view); problem != "" {
			s.fatalf(t, chosen, "%s: %s", vpcNames[n], problem)
		}
	}
}

// vpcNames are the names of the VPCs, and askers asks from each: the first VPC has
// no clients or the wide ranges, the second one the ranges within them.
var (
	vpcNames = []string{"first", "second"}
	askers   = []netip.Addr{netip.MustParseAddr("10.2.0.1"), netip.MustParseAddr("fd00:1::1")}
)

// fatalf says what is wrong, and in which topology.
func (s *survey) fatalf(t *testing.T, chosen []int, format string, args ...any) {
	t.Helper()
	m := s.file
	m.VPCs = nil
	for _, i := range chosen {
		m.VPCs = append(m.VPCs, s.file.VPCs[i])
	}
	t.Fatalf(format+"\n%s", append(args, m.YAML())...)
}

func (f foundation) expect(v vpc) expectation {
	e := expectation{endpoints: f.endpointsDecision(v), extra: f.extraDecision(v)}
	for _, d := range []decision{e.endpoints, e.extra} {
		if d.unsafe {
			e.unsafe++
		}
	}
	for _, class := range classes {
		e.outcomes = append(e.outcomes, class.want(f, v))
	}
	return e
}

// checkExpected asks the oracle whether what is expected follows the one rule.
func checkExpected(t *testing.T, m model.Topology, v model.VPC, e expectation) {
	t.Helper()
	for i, class := range classes {
		for _, addr := range e.outcomes[i].addrs {
			if !m.Allowed(v, class.name, addr) {
				t.Fatalf("it is expected that %s leads to %s; it may be in %q\n%s", class.name, addr, m.RegionsOf(class.name), m.YAML())
			}
		}
	}
}

// decided returns what is wrong with the decisions on a VPC, or "".
func (e expectation) decided(p plan.VPC) string {
	if got := p.Endpoints; got.Mode != e.endpoints.mode || got.Reason != e.endpoints.reason {
		return fmt.Sprintf("custom endpoints are %s (%s), want %s (%s)", got.Mode, got.Reason, e.endpoints.mode, e.endpoints.reason)
	}
	extra := decision{mode: plan.None, reason: plan.NoLinks}
	if len(p.Extra) > 0 {
		extra.mode, extra.reason = p.Extra[0].Mode, p.Extra[0].Reason
	}
	if extra.mode != e.extra.mode || extra.reason != e.extra.reason {
		return fmt.Sprintf("*.example.org is %s (%s), want %s (%s)", extra.mode, extra.reason, e.extra.mode, e.extra.reason)
	}
	return ""
}

// families are the types of addresses, and one that no name has anything of.
var families = []struct {
	qtype uint16
	is    func(netip.Addr) bool
}{
	{dns.TypeA, netip.Addr.Is4},
	{dns.TypeAAAA, netip.Addr.Is6},
	{dns.TypeHTTPS, func(netip.Addr) bool { return false }},
}

// answered returns what is wrong with the answers of a view, or "".
func (e expectation) answered(table *authority.Table, view authority.ViewID) string {
	for i, want := range e.outcomes {
		for _, family := range families {
			got := table.Lookup(view, packed[i], family.qtype)
			if want := want.of(family.is); got.Outcome != want.kind || !slices.Equal(got.Addrs, want.addrs) {
				return fmt.Sprintf("%s %s is answered %s %s, want %s %s", classes[i].name, dns.Type(family.qtype),
					got.Outcome, got.Addrs, want.kind, want.addrs)
			}
		}
	}
	return ""
}

// packed are the names of classes.
var packed = func() []wire.Name {
	names := make([]wire.Name, len(classes))
	for i, class := range classes {
		names[i] = wire.Name(wire.MustPack(class.name + "."))
	}
	return names
}()

// of returns what comes of it for one type of addresses.
func (o outcome) of(is func(netip.Addr) bool) outcome {
	if o.kind != zones.Positive {
		return o
	}
	first := slices.IndexFunc(o.addrs, is)
	if first < 0 {
		return noData
	}
	last := first
	for last < len(o.addrs) && is(o.addrs[last]) {
		last++
	}
	return outcome{kind: o.kind, addrs: o.addrs[first:last]}
}
