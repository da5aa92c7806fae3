package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
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
			r.Todos = append(r.Todos, d.whichOrchestra(a))
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

// whichOrchestra asks for the orchestra of a region. The line for it is that of an orchestra whose
// names lead to other regions as well, or an example that is the id of none.
func (d *drafter) whichOrchestra(a *area) Todo {
	text, id, told := "no name that was read tells it.", "NNNN", a.told()
	if its := d.disputed(a); len(its) > 0 {
		id = orchestraID(its[0].host)
		told += fmt.Sprintf("; names of %s lead there, and it may be in another region", id)
		text = fmt.Sprintf("it may be %s, which may be in another region as well, as is said above. Take the # away if Aura's console shows this region for it, and only then.", id)
	}
	return Todo{
		Text:  "the orchestra of this region is not known: " + text + " " + whereOrchestra + ".",
		Lines: []string{fmt.Sprintf("orchestras: [%q]", id)},
		Question: Question{
			Kind: AskOrchestras, About: a.name, Where: whereOrchestra,
			Text: fmt.Sprintf("Which orchestra does %s have (%s)?", a.name, told),
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
