package guard_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/internal/plan"
)

// TestJudgeTorn: of a text that a writer has begun to write over another one,
// whatever is a topology and is not held leads no name to a region where it does
// not live. There is one exception, which only the end of the text can tell: where
// a VPC had nothing, a wildcard may swallow a name that nobody had declared before.
func TestJudgeTorn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after, kinds := drawChange(t)
		if kinds[0] == "unrelated" {
			t.Skip("nobody writes that")
		}
		versions := []side{before, after}
		for _, text := range torn(before.m.YAML(), after.m.YAML()) {
			p, _, err := plan.Read(strings.NewReader(text))
			if err != nil || len(guard.Judge(before.p, p)) > 0 {
				continue
			}
			if wrong := astray(p, versions); wrong != "" {
				t.Fatalf("%v: %s\nbefore:\n%s\nafter:\n%s\ntaken:\n%s", kinds, wrong, before.m.YAML(), after.m.YAML(), text)
			}
		}
	})
}

// torn returns what a file may have while a text is written over another one, line
// by line: the first lines of the one, with nothing behind or with what is left of
// the other.
func torn(old, text string) []string {
	oldLines, lines := strings.SplitAfter(old, "\n"), strings.SplitAfter(text, "\n")
	var all []string
	for n := range lines {
		head := strings.Join(lines[:n], "")
		all = append(all, head)
		if n < len(oldLines) {
			all = append(all, head+strings.Join(oldLines[n:], ""))
		}
	}
	return all
}

// astray returns what a plan answers that no version would: an address by which a
// name is led to a region where it does not live by any version that declares it.
func astray(p *plan.Plan, versions []side) string {
	for _, v := range p.VPCs {
		for _, name := range union(versions[0].m.Names(), versions[1].m.Names()) {
			old, _ := versions[0].vpc(v.Name)
			if len(old.Links) == 0 && len(versions[0].home(name)) == 0 {
				continue
			}
			for _, addr := range model.Resolve(v.View, name).Addrs {
				if !allowed(versions, v.Name, name, addr) {
					return "VPC " + v.Name + ": " + name + " is led to " + addr.String()
				}
			}
		}
	}
	return ""
}

// allowed reports whether a version answers so itself, or leads the name to the same
// region by another address, or the address leads, by a link of a version, to where
// the name lives by one that declares it. Of a name that none declares nobody knows
// where it lives.
func allowed(versions []side, vpcName, name string, addr netip.Addr) bool {
	declared := false
	for _, s := range versions {
		if v, there := s.vpc(vpcName); there && sameRegion(versions, v, model.Resolve(v.view, name).Addrs, addr) {
			return true
		}
		home := s.home(name)
		if len(home) == 0 {
			continue
		}
		declared = true
		for _, other := range versions {
			if other.leads(home, addr) {
				return true
			}
		}
	}
	return !declared
}

// sameRegion reports whether an address is one of those that a version answers for a
// VPC, or leads by the VPC's link in some version to a region to which one of them
// leads.
func sameRegion(versions []side, v vpc, answered []netip.Addr, addr netip.Addr) bool {
	if slices.Contains(answered, addr) {
		return true
	}
	var regions []string
	for _, own := range answered {
		regions = append(regions, leadsTo(v, own)...)
	}
	return slices.ContainsFunc(versions, func(s side) bool {
		other, there := s.vpc(v.Name)
		return there && slices.ContainsFunc(leadsTo(other, addr), func(r string) bool { return slices.Contains(regions, r) })
	})
}

// home returns where a name lives, if the version declares it.
func (s side) home(name string) []string {
	if label, ok := strings.CutSuffix(name, ".endpoints.neo4j.io"); ok && !declares(s.m, label) {
		return nil
	}
	return s.m.RegionsOf(name)
}

// leads reports whether some link leads by an address to all the regions.
func (s side) leads(regions []string, addr netip.Addr) bool {
	return slices.ContainsFunc(s.m.VPCs, func(v model.VPC) bool {
		leads := leadsTo(vpc{VPC: v}, addr)
		return !slices.ContainsFunc(regions, func(r string) bool { return !slices.Contains(leads, r) })
	})
}
