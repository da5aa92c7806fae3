package graph

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
)

// row is a VPC, or several that are drawn as one.
type row struct {
	name      string
	was       string // what a VPC was called
	vpcs      int
	names     []string // the first few, where there are several
	change    Change
	clients   []Line
	ranges    int // how many client ranges there are
	decisions []Line
	why       []string
	told      map[string]bool // the reasons of a row that stands for several
	links     []link
}

// link is a row's way to a region.
type link struct {
	region    string
	vpcs      int // that have it
	addresses []Line
	count     int
	change    Change
}

// row returns that of a VPC, of which one side may be nil.
func (c *comparison) row(old, now *plan.VPC, t guard.Tally, moves []guard.ClientMove) row {
	v := now
	if now == nil {
		v = old
	}
	r := row{name: v.Name, vpcs: 1, change: changeOf(old != nil, now != nil)}
	if old != nil && now != nil && old.Name != now.Name {
		r.change, r.was = Changed, old.Name
		r.decisions = append(r.decisions, Line{Text: "was called " + old.Name, Change: Changed})
	}
	r.clients = clientLines(old, now, moves)
	r.ranges = len(v.View.Clients)
	r.decide(old, now)
	if old != nil && now != nil && old.View.TTL != now.View.TTL {
		r.decisions = append(r.decisions, Line{Text: fmt.Sprintf("TTL %d → %d", old.View.TTL, now.View.TTL), Change: Changed})
	}
	r.tell(t)
	r.link(old, now)
	r.guarded(c.judgement.Violations)
	if r.change == Same && r.touched() {
		r.change = Changed
	}
	return r
}

// guarded has the guards that are tripped in a VPC in the place of its decisions: that the
// new one is fine by itself does not say that the change is.
func (r *row) guarded(all []guard.Violation) {
	var its []string
	for _, v := range all {
		if v.VPC == r.name || v.VPC == r.was {
			its = append(its, "a server holds this back ("+string(v.Code)+"): "+v.Message)
		}
	}
	if len(its) > 0 {
		r.why = its
	}
}

// touched reports whether anything of the row changes but its clients and links.
func (r *row) touched() bool {
	return slices.ContainsFunc(r.decisions, func(l Line) bool { return l.Change != Same })
}

// changes reports whether anything of the row does.
func (r *row) changes() bool {
	changes := func(l Line) bool { return l.Change != Same }
	return r.change != Same || r.touched() || slices.ContainsFunc(r.clients, changes) ||
		slices.ContainsFunc(r.links, func(l link) bool { return l.change != Same })
}

// clientLines returns the ranges of a VPC's clients. Where one moves that is no range
// of either side by itself, it has a line of its own.
func clientLines(old, now *plan.VPC, moves []guard.ClientMove) []Line {
	before, after := rangesOf(old), rangesOf(now)
	var lines []Line
	pairs(before, after, address.ComparePrefixes, func(prefix netip.Prefix, change Change) {
		lines = append(lines, Line{Text: prefix.String(), Change: change})
	})
	ranges := len(lines)
	for _, m := range moves {
		line := moveLine(m, now)
		text := m.Range.String()
		if at := slices.IndexFunc(lines[:ranges], func(l Line) bool { return l.Text == text }); at >= 0 {
			lines[at] = line
			continue
		}
		lines = append(lines, line)
	}
	if now == nil && len(before) == 0 || now != nil && len(after) == 0 {
		lines = append(lines, Line{Text: "all that are in no other VPC", Change: changeOf(old != nil && len(before) == 0, now != nil && len(after) == 0)})
	}
	return lines
}

// moveLine says where clients come from, or where they go.
func moveLine(m guard.ClientMove, now *plan.VPC) Line {
	text := m.Range.String()
	comes := now != nil && m.To == now.Name
	switch {
	case comes && m.From == "":
		return Line{Text: text, Change: Added}
	case comes:
		return Line{Text: text + " from " + m.From, Change: Moved}
	case m.To == "":
		return Line{Text: text + " to no VPC", Change: Removed}
	default:
		return Line{Text: text + " to " + m.To, Change: Moved}
	}
}

func rangesOf(v *plan.VPC) []netip.Prefix {
	if v == nil {
		return nil
	}
	return slices.SortedFunc(slices.Values(v.View.Clients), address.ComparePrefixes)
}

// link adds the links of both sides, by region.
func (r *row) link(old, now *plan.VPC) {
	before, after := linksOf(old), linksOf(now)
	compare := func(a, b zones.Addresses) int { return strings.Compare(a.Region, b.Region) }
	pairs(before, after, compare, func(a zones.Addresses, change Change) {
		l := link{region: a.Region, vpcs: 1, change: change, count: len(a.Addrs)}
		was := a.Addrs
		if at := slices.IndexFunc(before, func(b zones.Addresses) bool { return b.Region == a.Region }); change == Same && at >= 0 {
			was = before[at].Addrs
		}
		pairs(was, a.Addrs, netip.Addr.Compare, func(addr netip.Addr, each Change) {
			if change != Same {
				each = change
			} else if each != Same {
				l.change = Changed
			}
			l.addresses = append(l.addresses, Line{Text: addr.String(), Change: each})
		})
		r.links = append(r.links, l)
	})
}

func linksOf(v *plan.VPC) []zones.Addresses {
	if v == nil {
		return nil
	}
	return v.Links
}
