package draft

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/topology"
)

// maxTTL is the longest time to live that a topology may have, in seconds.
const maxTTL = 86400

// ttl takes the shortest time to live of what was read.
func (d *drafter) ttl() {
	var shortest, longest uint32 = holdings.NoTTL, 0
	for _, f := range d.facts {
		if f.public || f.ttl == holdings.NoTTL || f.role == extraName && !d.Sources[f.source].Ours {
			continue
		}
		shortest, longest = min(shortest, f.ttl), max(longest, f.ttl)
	}
	if shortest < 1 || shortest > maxTTL || shortest == topology.DefaultTTL {
		return
	}
	d.draft.TTL = shortest
	d.draft.TTLWhy = "as the records have that were read"
	if longest != shortest {
		d.draft.TTLWhy = fmt.Sprintf("the shortest of the records that were read: the longest is %d", longest)
	}
}

// withoutEndpoint says which networks that are listed have no private endpoint of Aura's: their
// hosts may reach Aura by that of another network, of which no list tells.
func (d *drafter) withoutEndpoint() {
	if d.Inventory == nil || len(d.draft.VPCs) == 1 && d.draft.VPCs[0].CatchAll != "" {
		return
	}
	var names []string
	for _, n := range d.Inventory.Networks {
		if len(n.Ranges) == 0 || slices.ContainsFunc(d.views, func(v *view) bool { return slices.Contains(v.networks, n.ID) }) {
			continue
		}
		var texts []string
		for _, p := range n.Ranges {
			texts = append(texts, p.String())
		}
		names = append(names, fmt.Sprintf("%s (%s)", n.Called(), topology.Abridge(texts, len(texts))))
	}
	if len(names) == 0 {
		return
	}
	word := func(one, several string) string { return counted(len(names), one, several) }
	d.todo(Todo{Text: fmt.Sprintf("%s no private endpoint of Aura's: %s. If %s hosts reach Aura by a network that has one (peering, a transit gateway, a VPN), write %s into the clients of that VPC.",
		word("one network that is listed has", fmt.Sprintf("%d networks that are listed have", len(names))), topology.Abridge(names, len(names)), word("its", "their"), word("its ranges", "their ranges"))})
}

// ErrNothing is the error for input in which nothing leads to Aura.
var ErrNothing = errors.New("nothing in it leads to Aura")

// nothing returns an error for an empty draft.
func (d *drafter) nothing() error {
	for _, f := range d.facts {
		if f.role == catchAll {
			d.todo(Todo{Text: fmt.Sprintf("%s (%s) captures Aura's console and API as well, which are always public: it is left out. Here are the names of the private links alone.", f.shown(), f.at())})
		}
	}
	for _, l := range d.unknown {
		if d.viewOf(l) == nil && len(d.draft.Regions) > 0 {
			d.todo(d.isItAura(l))
		}
	}
	slices.SortFunc(d.draft.Todos, func(a, b Todo) int { return strings.Compare(a.Text, b.Text) })
	if len(d.draft.Regions) > 0 && len(d.draft.VPCs) > 0 {
		return nil
	}
	var names []string
	for _, l := range d.unknown {
		names = append(names, fmt.Sprintf("%s (%s)", inventory.ShortName(l.ID), l.Service))
	}
	if len(names) > 0 {
		err := fmt.Errorf("%w: whose services these private endpoints lead to, the lists do not say: %s", ErrNothing, topology.Abridge(names[:min(len(names), 5)], len(names)))
		return hint.Add(err, "--service ID for each that is Aura's: Aura's console shows the name of its service (Security > Network access)")
	}
	return hint.Add(ErrNothing, "init --help lists what it reads; without --from it writes an example to fill in")
}
