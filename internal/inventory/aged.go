package inventory

import (
	"maps"
	"slices"

	"github.com/auralink/auralink/internal/hint"
)

// aged returns an error for two files with private endpoints of one account, of which one may be older than the
// other: both have an endpoint, and one of them lacks another. What is in the older one alone may be gone. Pages are parts of one list.
func (b *Builder) aged() error {
	for s, its := range b.pages {
		if its != nil && len(its.cut) > 0 && slices.Contains(slices.Collect(maps.Values(endpointsOf)), s.kind) {
			return nil
		}
	}
	files := slices.Sorted(maps.Keys(b.files))
	for _, one := range files {
		for _, other := range files {
			if one == other {
				continue
			}
			if err := b.older(one, other); err != nil {
				return err
			}
		}
	}
	return nil
}

// older returns an error if a file lists an endpoint that another one should have as well.
func (b *Builder) older(one, other string) error {
	for _, id := range slices.Sorted(maps.Keys(b.files[one])) {
		e := b.endpoints[id]
		if b.files[other][id] || !e.counts() {
			continue
		}
		for _, with := range slices.Sorted(maps.Keys(b.files[other])) {
			o := b.endpoints[with]
			if !o.counts() || o.Cloud != e.Cloud || o.Account != e.Account {
				continue
			}
			if b.files[one][with] {
				return hint.Add(errDisagree("%s is listed in %s, and not in %s, which lists %s of the same account", ShortName(e.ID), one, other, ShortName(o.ID)),
					"one of the lists is older than the other, or they are parts: give one list of all")
			}
		}
	}
	return nil
}

// counts reports whether it matters that an endpoint is in a list: it may lead to Aura, and is there.
func (e Endpoint) counts() bool { return e.Evidence != None && e.State != Broken }
