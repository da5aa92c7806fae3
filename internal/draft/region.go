package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/topology"
)

// notLinked is the region of custom endpoints that a DNS leaves to public DNS on
// purpose.
const notLinked = "not-linked"

const whereOrchestra = "Aura's console shows it in the Private URI of each instance of the region (Instances, the instance's Private URI): " +
	"production-orch-0042 in abcd1234.production-orch-0042.neo4j.io is 0042"

// writeRegions makes the regions of the areas.
func (d *drafter) writeRegions() {
	extra := d.extraNames()
	for _, a := range d.areas {
		r := Region{Name: a.name, Why: a.why(), ExtraNames: extra[a]}
		for host, f := range a.hosts {
			r.Orchestras = append(r.Orchestras, Item{Text: orchestraID(host), Why: why(f)})
		}
		for _, id := range d.Answers.orchestras[a.name] {
			r.Orchestras = append(r.Orchestras, Item{Text: id, Why: answered})
		}
		slices.SortFunc(r.Orchestras, byText)
		if (d.wanted(a) == "" || a.beside != "") && !a.named {
			r.Todos = append(r.Todos, d.whichRegion(a))
		}
		if len(r.Orchestras) == 0 {
			r.Todos = append(r.Todos, whichOrchestra(a))
		}
		d.draft.Regions = append(d.draft.Regions, r)
	}
	if d.anyPublic() {
		d.taken[notLinked] = true
		d.draft.Regions = append(d.draft.Regions, Region{Name: notLinked, Why: []string{"custom endpoints that are left to public DNS on purpose"}})
	}
}

// told returns what is known of an area, for a question.
func (a *area) told() string {
	known := a.why()
	if addrs := ends(a); addrs != "" {
		known = append(known, addrs)
	}
	return strings.Join(known, ", ")
}

// whichOrchestra asks for the orchestra of a region.
func whichOrchestra(a *area) Todo {
	return Todo{
		Text:  "the orchestra of this region is not known: no name that was read tells it. " + whereOrchestra + ".",
		Lines: []string{`orchestras: ["0042"]`},
		Question: Question{
			Kind: AskOrchestras, About: a.name, Where: whereOrchestra,
			Text: fmt.Sprintf("Which orchestra does %s have (%s)?", a.name, a.told()),
		},
	}
}

// whichRegion asks what a region is called.
func (d *drafter) whichRegion(a *area) Todo {
	const where = "call it as Aura's console calls the region of its instances, such as aws-us-east-1"
	var taken []string
	for _, other := range d.areas {
		if other != a {
			taken = append(taken, other.name)
		}
	}
	text := "which region this is cannot be told from names and addresses."
	if a.beside != "" {
		text = fmt.Sprintf("what is read of another region would call that one %s as well: which of them Aura calls so cannot be told.", a.beside)
	}
	return Todo{
		Text: text + " The label is yours: " + where + ", here and wherever it stands below.",
		Question: Question{
			Kind: AskRegion, About: a.name, Where: where, Regions: taken,
			Text: fmt.Sprintf("Which region is %s (%s)?", a.name, a.told()),
		},
	}
}

// why returns where a fact comes from, for a comment.
func why(f fact) string {
	switch {
	case f.name == "":
		return "as the cloud says"
	case f.at() == "":
		return f.shown()
	default:
		return f.shown() + ", " + f.at()
	}
}

// why returns what is known of an area.
func (a *area) why() []string {
	var all []string
	for _, e := range a.ends {
		if s := e.service(); s != "" && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	slices.Sort(all)
	return all
}

func byText(a, b Item) int { return cmp.Compare(a.Text, b.Text) }

func (d *drafter) anyPublic() bool {
	return slices.ContainsFunc(d.facts, func(f fact) bool { return f.public && f.role == endpointName })
}

// extraNames returns the further names that take the link of an area.
func (d *drafter) extraNames() map[*area][]Item {
	extra := make(map[*area][]Item)
	home := make(map[string]*area)
	for _, f := range d.facts {
		if f.role != extraName || f.public {
			continue
		}
		for _, v := range d.views {
			switch {
			case !v.has(f):
				continue
			case !d.Sources[f.source].Ours && d.endOf(v, f) == nil:
				d.elsewhere(f)
				continue
			}
			a := d.homeOfExtra(v, f)
			switch before := home[f.name]; {
			case a == nil, before == a && !f.wildcard():
				continue
			case before != nil && !f.wildcard():
				d.todo(Todo{Text: fmt.Sprintf("%s leads to %s and to %s in different networks: a name lives in one region. It stands in the first.", f.shown(), before.name, a.name)})
				continue
			}
			home[f.name] = a
			item := Item{Text: f.shown(), Why: why(f)}
			if !slices.ContainsFunc(extra[a], func(i Item) bool { return i.Text == item.Text }) {
				extra[a] = append(extra[a], item)
			}
		}
	}
	for _, items := range extra {
		slices.SortFunc(items, func(a, b Item) int { return dnsname.Compare(a.Text, b.Text) })
	}
	return extra
}

// elsewhere notes a name that has nothing to do with a private endpoint, as far as is known.
func (d *drafter) elsewhere(f fact) {
	if d.others == nil {
		d.others = make(map[int][]string)
	}
	if !slices.Contains(d.others[f.source], f.shown()) {
		d.others[f.source] = append(d.others[f.source], f.shown())
	}
}

// maxOthers is how many names are listed that are not in the topology.
const maxOthers = 10

// tellOthers says which names lead to no private endpoint.
func (d *drafter) tellOthers() {
	for i, s := range d.Sources {
		if its := d.others[i]; len(its) > 0 {
			d.notef("%s: %s to no private endpoint of Aura's that is known, and %s left out: %s", s.Name,
				counted(len(its), "one name leads", fmt.Sprintf("%d names lead", len(its))), counted(len(its), "is", "are"), topology.Abridge(its[:min(len(its), maxOthers)], len(its)))
		}
	}
}

// homeOfExtra returns the area to which a further name leads, if it can be declared
// for it.
func (d *drafter) homeOfExtra(v *view, f fact) *area {
	name := strings.TrimPrefix(f.name, "*.")
	e := d.endOf(v, f)
	switch {
	case e == nil:
		d.homeless(v, f)
		return nil
	case f.wildcard() && slices.ContainsFunc(topology.SharedNames(), func(s string) bool { return dnsname.AtOrBelow(name, s) }):
		d.todo(Todo{Text: fmt.Sprintf("%s (%s) sends the instances of all regions to %s: it is left out. List those of this region one by one under its extra_names.", f.shown(), f.at(), e.area.name)})
		return nil
	case !isHost(name):
		d.notef("%s is not the name of a host, and left out (%s)", f.shown(), f.at())
		return nil
	}
	for _, a := range d.areas {
		for host := range a.hosts {
			if !dnsname.AtOrBelow(name, host+".") {
				continue
			}
			if a != e.area {
				d.todo(Todo{Text: fmt.Sprintf("%s (%s) leads to %s, but it is below %s in %s: it is left out.", f.shown(), f.at(), e.area.name, host, a.name)})
			}
			return nil // the orchestra has it
		}
	}
	return e.area
}

// isHost reports whether an absolute name is one of host labels.
func isHost(name string) bool {
	for label := range strings.SplitSeq(dnsname.TrimDot(name), ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return len(name) <= 254
}
