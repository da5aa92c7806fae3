package route53

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// deletions are record sets that a change batch deletes and does not make again.
type deletions map[string]deletion

type deletion struct {
	name string
	at   holdings.Place
}

// see looks at a change. The changes of a batch are made in their order.
func (d deletions) see(c change, at holdings.Place) {
	if c.ResourceRecordSet == nil {
		return
	}
	name, err := holdings.CanonicalName(unescaped(c.ResourceRecordSet.Name))
	if err != nil {
		return
	}
	key := name + " " + c.ResourceRecordSet.Type
	if c.Action == "DELETE" {
		d[key] = deletion{name, at}
	} else {
		delete(d, key)
	}
}

// end notes what is deleted: what is read elsewhere may be from before that.
func (d deletions) end(b *holdings.Builder) {
	for _, key := range slices.Sorted(maps.Keys(d)) {
		b.UnreadBelow(strings.TrimPrefix(d[key].name, "*."), d[key].at,
			"%s is deleted here: whether what else is read of it is from before that, is not known", dnsname.TrimDot(d[key].name))
	}
}
