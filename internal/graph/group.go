package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/spell"
)

// What a picture has at most: beyond it nothing is seen at a glance any more.
const (
	maxVPCs    = 12 // boxes of VPCs
	maxLinks   = 48 // boxes of links
	maxRegions = 24 // boxes of regions
	maxLines   = 6  // lines of a list
	maxTall    = 8  // regions with all these lines; of more regions there are
	maxShort   = 2  // so many
	maxNamed   = 3  // names of a box that stands for several
)

// clientRange is what clients are counted in.
const clientRange = "range"

// others is what the box of all further regions is called.
const others = "further regions"

// folded puts the regions beyond the first few into one. Those that change come first.
func folded(all []*region, rows []row) []*region {
	if len(all) <= maxRegions {
		return all
	}
	ordered := slices.Clone(all)
	slices.SortStableFunc(ordered, func(a, b *region) int { return rank(b.changes()) - rank(a.changes()) })
	kept, rest := ordered[:maxRegions-1], ordered[maxRegions-1:]
	fold := &region{name: others}
	in := make(map[string]bool, len(rest))
	for _, r := range rest {
		in[r.name] = true
		fold.stands++
		if r.changes() {
			fold.change = Changed
		}
		for _, line := range r.names {
			fold.endpoints.add(line)
		}
		fold.endpoints.total += r.endpoints.total
	}
	for i := range rows {
		for j := range rows[i].links {
			if in[rows[i].links[j].region] {
				rows[i].links[j].region = others
			}
		}
		rows[i].links = merged(rows[i].links, rows[i].vpcs)
	}
	slices.SortFunc(kept, func(a, b *region) int { return strings.Compare(a.name, b.name) })
	return append(kept, fold)
}

func rank(first bool) int {
	if first {
		return 1
	}
	return 0
}

// grouped returns few rows for many: those that are alike are one. The coarser the
// way of telling them apart, the fewer there are.
func grouped(rows []row) []row {
	if fits(rows) {
		return rows
	}
	for _, key := range []func(r *row) string{(*row).shape, (*row).outline} {
		if few := byKey(rows, key); fits(few) {
			return few
		}
	}
	return byKey(rows, func(r *row) string { return string(r.change) })
}

func fits(rows []row) bool {
	n := 0
	for i := range rows {
		n += len(rows[i].links)
	}
	return len(rows) <= maxVPCs && n <= maxLinks
}

// shape says what a row is like but for its clients and addresses.
func (r *row) shape() string {
	var b strings.Builder
	b.WriteString(r.outline())
	for _, l := range r.links {
		fmt.Fprintf(&b, "\n%s %s", l.region, l.change)
	}
	for _, l := range r.clients {
		if l.Change != Same {
			fmt.Fprintf(&b, "\nclients %s", l.Change)
		}
	}
	return b.String()
}

// outline says what becomes of a row, and how its families are written.
func (r *row) outline() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %t", r.change, r.changes())
	for _, l := range r.decisions {
		fmt.Fprintf(&b, "\n%s %s %s", l.Change, l.Mark, l.Text)
	}
	return b.String()
}

// byKey puts the rows with the same key together, in the order of their first ones.
func byKey(rows []row, key func(*row) string) []row {
	var few []row
	at := make(map[string]int)
	for i := range rows {
		k := key(&rows[i])
		j, there := at[k]
		if !there {
			at[k] = len(few)
			few = append(few, row{change: rows[i].change, told: make(map[string]bool)})
			j = len(few) - 1
		}
		few[j].absorb(&rows[i])
	}
	for i := range few {
		few[i].conclude()
	}
	return few
}

// absorb adds a row to one that stands for several.
func (r *row) absorb(o *row) {
	r.vpcs += o.vpcs
	if len(r.names) < maxNamed {
		r.names = append(r.names, o.name)
	}
	r.ranges += o.ranges
	r.clients = append(r.clients, o.clients...)
	r.decisions = append(r.decisions, o.decisions...)
	r.links = append(r.links, o.links...)
	for _, why := range o.why {
		if !r.told[why] {
			r.told[why] = true
			r.why = append(r.why, why)
		}
	}
}

// conclude makes a row that stands for several as small as that of one.
func (r *row) conclude() {
	r.name = strings.Join(r.names, ", ")
	if more := r.vpcs - len(r.names); more > 0 {
		r.name = fmt.Sprintf("%s and %d more", strings.Join(r.names[:1], ""), r.vpcs-1)
	}
	r.clients = counted(r.clients, clientRange)
	r.decisions = tallied(r.decisions, r.vpcs)
	r.links = merged(r.links, r.vpcs)
	if more := len(r.why) - maxLines; more > 0 {
		r.why = append(r.why[:maxLines:maxLines], "and "+spell.Count(more, "more reason"))
	}
}

// counted says of many lines how many there are of each change.
func counted(lines []Line, thing string) []Line {
	if len(lines) <= maxLines {
		return lines
	}
	n := make(map[Change]int)
	for _, l := range lines {
		n[l.Change]++
	}
	if n[Same] == len(lines) && thing == clientRange {
		return nil // the title says as much
	}
	var counts []Line
	for _, change := range []Change{Added, Removed, Moved, Changed, Same} {
		if n[change] > 0 {
			counts = append(counts, Line{Text: spell.Count(n[change], thing), Change: change})
		}
	}
	return counts
}

// tallied has each line once, with how many of the VPCs have it where not all do.
func tallied(lines []Line, vpcs int) []Line {
	n := make(map[Line]int)
	var each []Line
	for _, l := range lines {
		if n[l] == 0 {
			each = append(each, l)
		}
		n[l]++
	}
	var list listing
	for _, l := range each {
		if n[l] < vpcs {
			l.Text += fmt.Sprintf(", in %d of %d", n[l], vpcs)
		}
		list.add(l)
	}
	return list.lines(maxLines, "decision")
}

// merged has each region's link once.
func merged(all []link, vpcs int) []link {
	var few []link
	at := make(map[string]int)
	for _, l := range all {
		i, there := at[l.region]
		if !there {
			at[l.region] = len(few)
			few = append(few, l)
			continue
		}
		m := &few[i]
		m.vpcs = min(m.vpcs+l.vpcs, vpcs)
		m.count += l.count
		m.addresses = append(m.addresses, l.addresses...)
		if m.change != l.change {
			m.change = Changed
		}
	}
	slices.SortFunc(few, func(a, b link) int { return strings.Compare(a.region, b.region) })
	return few
}
