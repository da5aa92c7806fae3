package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/diff"
	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/exportdir"
	"github.com/auralink/auralink/internal/graph"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/internal/spell"
)

// compared is what is compared for one VPC, and what differs.
type compared struct {
	subject report.DiffSubject
	report  *diff.Report
}

// comparisons reads what is there, and compares it. Of two topologies there is a picture
// as well.
func (f diffFlags) comparisons(cmd *cobra.Command, wanted revision) ([]compared, *graph.Picture, error) {
	if !existing.IsURL(f.against) {
		isTopology, err := f.source.isTopology(cmd, f.against)
		if err != nil {
			return nil, nil, err
		}
		if isTopology {
			return f.revisions(cmd, wanted)
		}
	}
	comparisons, err := f.holdings(cmd, wanted)
	return comparisons, nil, err
}

// holdings compares with what a directory, a file or a server has for one VPC; of what has
// not the same for all of its clients there are several comparisons.
func (f diffFlags) holdings(cmd *cobra.Command, wanted revision) ([]compared, error) {
	written, err := existing.ManifestOver(f.against)
	if err != nil {
		return nil, err
	}
	vpc, err := f.vpcOf(written, wanted.plan)
	if err != nil {
		return nil, err
	}
	clients := wanted.topology.ClientsOf(vpc.Name)
	read := func(ctx context.Context, o existing.Options) (*existing.Found, error) {
		return o.ForView(ctx, f.against, vpc.View)
	}
	parts, err := f.source.parts(cmd, read, clients)
	if err != nil {
		return nil, err
	}
	var all []compared
	for _, p := range parts {
		against := f.shownAgainst()
		if len(parts) > 1 {
			against += " for the clients " + spell.Ranges(p.clients)
		}
		if p.clients == nil {
			p.clients = clients
		}
		all = append(all, compareHoldings(wanted.plan, vpc, written, against, p))
	}
	if len(clients) == 0 {
		first := &all[0].subject
		first.Faults = append(first.Faults, parts[0].Set.Divided(nil, wanted.topology.Others())...)
		if parts[0].ByClients && len(first.Faults) > 0 {
			parts, all = f.ofAny(cmd, read, wanted, vpc, written, parts, all)
		}
	}
	f.source.tell(cmd, parts, make(map[string]bool))
	return all, nil
}

// ofAny compares with what all have who may be clients of a VPC that says none, where they have
// not all the same. Where each of them has the same in what differs, and all of that was read, it
// does not matter which of them a client is. Else it returns what was compared before, which says
// that it is not known.
func (f diffFlags) ofAny(cmd *cobra.Command, read readFunc, wanted revision, vpc *plan.VPC, written exportdir.Manifest, before []part, judged []compared) ([]part, []compared) {
	parts, err := f.source.parts(cmd, read, wanted.topology.AnyClientsOf(vpc.Name))
	if err != nil {
		return before, judged
	}
	var first compared
	for i, p := range parts {
		c := compareHoldings(wanted.plan, vpc, written, f.shownAgainst(), p)
		if i == 0 {
			first = c
		}
		if len(c.subject.Faults) > 0 || c.subject.Partial != "" || !c.report.SameAs(first.report) {
			return before, judged
		}
	}
	return parts, []compared{first}
}

// compareHoldings compares with what some clients of a VPC have.
func compareHoldings(p *plan.Plan, vpc *plan.VPC, written exportdir.Manifest, against string, has part) compared {
	set := has.Set
	if clients, said := set.Clients(); said && written.Clients == nil {
		written.VPC, written.Clients = vpc.Name, &clients
	}
	// Addresses of which nobody remembers where they led are judged by the links.
	regions := diff.RegionsOf(vpc.Links)
	r := diff.Compare(
		diff.Side{Set: set, Regions: written.Regions().With(set.Regions()).With(regions)},
		diff.Side{Set: holdings.FromView(vpc.View), Regions: regions},
	)
	tally := r.Tally(vpc.Name)
	moves := written.ClientMoves(p.Views())
	tally.Clients = guard.Leaving(vpc.Name, moves)
	return compared{
		subject: report.DiffSubject{
			VPC: vpc.Name, Against: against, Clients: moves, Violations: tally.Violations(), Partial: partial(has.Found), Faults: set.Faults(nil, has.clients),
		},
		report: r,
	}
}

// vpcOf returns the VPC that is asked for, or that an export is for.
func (f diffFlags) vpcOf(written exportdir.Manifest, p *plan.Plan) (*plan.VPC, error) {
	switch {
	case written.VPC == "" || written.VPC == f.vpc:
		return pickVPC(p, f.vpc)
	case f.vpc != "":
		return nil, fmt.Errorf("%s has the %s export of VPC %q, not of %q", f.against, written.Format, written.VPC, f.vpc)
	default:
		return pickVPC(p, written.VPC)
	}
}

// revisions compares with another topology, VPC by VPC.
func (f diffFlags) revisions(cmd *cobra.Command, wanted revision) ([]compared, *graph.Picture, error) {
	if err := f.source.options(cmd).CheckFiles(); err != nil {
		return nil, nil, err
	}
	before, err := readBriefly(cmd, f.against)
	if err != nil {
		return nil, nil, err
	}
	comparisons := compareRevisions(before, wanted, f.shownAgainst(), f.vpc)
	if len(comparisons) == 0 && f.vpc != "" {
		_, err := pickVPC(wanted.plan, f.vpc)
		return nil, nil, err
	}
	return comparisons, graph.Compare(before.plan, wanted.plan, graph.Scope{Changes: true, VPC: f.vpc}), nil
}

// compareRevisions compares two topologies, VPC by VPC, or one VPC if it is named. What
// was before is shown as against.
func compareRevisions(before, wanted revision, against, vpc string) []compared {
	judgement := guard.Compare(before.plan, wanted.plan)
	var comparisons []compared
	for _, names := range revisedVPCs(before.plan, wanted.plan, judgement.Renamed) {
		if vpc != "" && vpc != names.before && vpc != names.after {
			continue
		}
		subject := names.subject(judgement, against)
		subject.Acceptance = accepted(before.digest, wanted.digest)
		comparisons = append(comparisons, compared{
			subject: subject,
			report:  diff.Compare(sideOf(before.plan, names.before), sideOf(wanted.plan, names.after)),
		})
	}
	return comparisons
}

// revisedVPC is what a VPC is called in two revisions: mostly the same, even where
// one of them has no such VPC.
type revisedVPC struct{ before, after string }

// revisedVPCs returns all VPCs of two revisions, by name.
func revisedVPCs(before, after *plan.Plan, renamed map[string]string) []revisedVPC {
	var vpcs []revisedVPC
	called := make(map[string]bool)
	for _, name := range before.Names() {
		now, is := renamed[name]
		if !is {
			now = name
		}
		called[now] = true
		vpcs = append(vpcs, revisedVPC{before: name, after: now})
	}
	for _, name := range after.Names() {
		if !called[name] {
			vpcs = append(vpcs, revisedVPC{before: name, after: name})
		}
	}
	slices.SortFunc(vpcs, func(a, b revisedVPC) int { return strings.Compare(a.after, b.after) })
	return vpcs
}

// subject returns what there is to say of the VPC beside its names.
func (v revisedVPC) subject(j guard.Judgement, against string) report.DiffSubject {
	s := report.DiffSubject{VPC: v.after, Against: against}
	if v.before != v.after {
		s.Renamed = v.before
	}
	for _, m := range j.Clients {
		if m.From == v.before || m.To == v.after {
			s.Clients = append(s.Clients, m)
		}
	}
	for _, violation := range j.Violations {
		if violation.VPC == v.after {
			s.Violations = append(s.Violations, violation)
		}
	}
	return s
}

// sideOf returns what a plan has for a VPC; nothing, if it has no such VPC.
func sideOf(p *plan.Plan, name string) diff.Side {
	vpc, there := p.VPC(name)
	if !there {
		return diff.Side{Set: holdings.NewBuilder().Set()}
	}
	return diff.Side{Set: holdings.FromView(vpc.View), Regions: diff.RegionsOf(vpc.Links)}
}

// accepted returns the line by which a server takes a text in the place of another
// one; "" where the two are the same.
func accepted(before, after acceptance.Digest) string {
	if before == after {
		return ""
	}
	return acceptance.Acceptance{From: before, To: after}.String()
}
