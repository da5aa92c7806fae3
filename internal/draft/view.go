package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/inventory"
)

// view is a network of the customer's, or several that have one DNS.
type view struct {
	name     string
	said     bool     // whether somebody said that name
	sources  []int    // indices into Sources
	networks []string // IDs
	homeless bool     // a name of Aura's leads to no private endpoint that is known
	assumed  bool     // the network is assumed to be its: nothing says so, or contradicts it
}

// has reports whether a fact is of the view.
func (v *view) has(f fact) bool { return slices.Contains(v.sources, f.source) }

// divide finds out which networks there are, and whose DNS is whose.
func (d *drafter) divide() error {
	var unnamed []int
	for i, s := range d.Sources {
		if s.VPC == "" {
			unnamed = append(unnamed, i)
			continue
		}
		v := d.viewCalled(s.VPC)
		v.sources = append(v.sources, i)
	}
	if err := d.overlapping(unnamed); err != nil {
		return err
	}
	if err := d.divideUnnamed(unnamed); err != nil {
		return err
	}
	d.placeSaid()
	d.placeViews()
	d.prove()
	d.assume()
	d.viewsOfNetworks()
	d.nameViews()
	return nil
}

// viewCalled returns the view with a name that somebody said.
func (d *drafter) viewCalled(name string) *view {
	for _, v := range d.views {
		if v.name == name {
			return v
		}
	}
	v := &view{name: name, said: true}
	d.views = append(d.views, v)
	return v
}

// divideUnnamed takes together the sources of which nobody says for which network they
// are, as long as they do not contradict each other. Else each is for the network in
// which its addresses are.
func (d *drafter) divideUnnamed(unnamed []int) error {
	if len(unnamed) == 0 {
		return nil
	}
	a, b, contradict := d.contradiction(unnamed)
	if !contradict {
		v := &view{sources: unnamed}
		if d.VPC != "" {
			v = d.viewCalled(d.VPC)
			v.sources = append(v.sources, unnamed...)
			return nil
		}
		d.views = append(d.views, v)
		return nil
	}
	byNetwork := make(map[string]*view)
	for _, i := range unnamed {
		network := d.networkOf(i)
		if network == "" {
			err := fmt.Errorf("%s leads to %s by %s and to %s by %s: they are the DNS of different networks",
				a.shown(), texts(a.addrs), d.Sources[a.source].Name, texts(b.addrs), d.Sources[b.source].Name)
			return hint.Add(err, fmt.Sprintf("say for which VPC each is, by labels of yours: --from apps=%s --from batch=%s", d.Sources[a.source].Name, d.Sources[b.source].Name))
		}
		v := byNetwork[network]
		if v == nil {
			v = &view{networks: []string{network}}
			byNetwork[network] = v
			d.views = append(d.views, v)
		}
		v.sources = append(v.sources, i)
	}
	return nil
}

// contradiction returns a name that leads elsewhere by another source.
func (d *drafter) contradiction(sources []int) (a, b fact, found bool) {
	first := make(map[string]fact)
	for _, f := range d.facts {
		if !slices.Contains(sources, f.source) || f.role == extraName {
			continue
		}
		before, there := first[f.name]
		switch {
		case !there:
			first[f.name] = f
		case before.source != f.source && len(before.addrs) > 0 && len(f.addrs) > 0 && apart(f.addrs, before.addrs):
			return before, f, true
		}
	}
	return a, b, false
}

// viewOf returns the view in which a private endpoint stands, or nil.
func (d *drafter) viewOf(e inventory.Endpoint) *view {
	for _, v := range d.views {
		if slices.Contains(v.networks, e.Network) {
			return v
		}
	}
	if e.Network == "" && len(d.views) == 1 && len(d.views[0].networks) == 0 {
		return d.views[0]
	}
	return nil
}

// saidAura reports whether somebody said that an endpoint leads to Aura, or another endpoint
// to the same service is known to.
func (d *drafter) saidAura(e inventory.Endpoint) bool {
	return d.proved[e.Service] || slices.ContainsFunc(d.Services, e.IsCalled)
}

// prove notes the services that are known to be Aura's by any endpoint that leads to them.
func (d *drafter) prove() {
	d.proved = make(map[string]bool)
	if d.Inventory == nil {
		return
	}
	for _, e := range d.Inventory.Endpoints {
		v := d.viewOf(e)
		if e.Service != "" && (e.Evidence >= inventory.Likely || d.saidAura(e) || v != nil && d.ledTo(v, e)) {
			d.proved[e.Service] = true
		}
	}
}

// nameViews gives a label to each view that has none yet.
func (d *drafter) nameViews() {
	used := make(map[string]bool)
	for _, v := range d.views {
		used[v.name] = true
	}
	for _, v := range d.views {
		if v.name != "" {
			continue
		}
		v.name = unique(d.labelOf(v), used)
		used[v.name] = true
	}
	slices.SortStableFunc(d.views, func(a, b *view) int { return cmp.Compare(a.name, b.name) })
}

// labelOf returns the label for a view: that of its network, if it has only one.
func (d *drafter) labelOf(v *view) string {
	if len(v.networks) == 1 && v.networks[0] != "" {
		network, _ := d.Inventory.Network(v.networks[0])
		if label := word(network.Called()); label != "" {
			return label
		}
	}
	return cmp.Or(word(d.VPC), "apps")
}

// unique returns a label that is not used: the label itself, or with a number behind it.
func unique(label string, used map[string]bool) string {
	name := label
	for n := 2; used[name]; n++ {
		name = fmt.Sprintf("%s-%d", label, n)
	}
	return name
}

// maxWord is the longest label of a region or a VPC, less room for a number.
const maxWord = 55

// word returns what can be the label of a region or a VPC, from what people call it.
func word(text string) string {
	label := strings.Map(func(c rune) rune {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.ContainsRune("-_.", c):
			return c
		default:
			return '-'
		}
	}, text)
	label = strings.TrimLeft(label, "-_.")
	return strings.TrimRight(label[:min(len(label), maxWord)], "-_.")
}
