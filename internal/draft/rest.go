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

// ErrNothing is the error for input in which nothing leads to Aura.
var ErrNothing = errors.New("nothing in it leads to Aura")

// nothing returns an error for an empty draft.
func (d *drafter) nothing() error {
	for _, f := range d.facts {
		if f.role == catchAll {
			d.todo(Todo{Text: fmt.Sprintf("%s (%s) captures Aura's console and API as well, which are always public: it is left out. Here are the names of the private links alone.", f.shown(), f.at())})
		}
	}
	for _, l := range d.unknown() {
		if d.viewOf(l) == nil && len(d.draft.Regions) > 0 {
			d.todo(d.isItAura(l))
		}
	}
	slices.SortFunc(d.draft.Todos, func(a, b Todo) int { return strings.Compare(a.Text, b.Text) })
	if len(d.draft.Regions) > 0 && len(d.draft.VPCs) > 0 {
		return nil
	}
	var names []string
	for _, l := range d.unknown() {
		names = append(names, fmt.Sprintf("%s (%s)", inventory.ShortName(l.ID), l.Service))
	}
	if len(names) > 0 {
		err := fmt.Errorf("%w: whose services these private endpoints lead to, the lists do not say: %s", ErrNothing, topology.Abridge(names[:min(len(names), 5)], len(names)))
		return hint.Add(err, "--service ID for each that is Aura's: Aura's console shows the name of its service (Security > Network access)")
	}
	return hint.Add(ErrNothing, "init --help lists what it reads; without --from it writes an example to fill in")
}
