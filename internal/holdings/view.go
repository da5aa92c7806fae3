package holdings

import "github.com/auralink/auralink/zones"

// FromView returns what a view has. Each of its zones is a claim; zones with
// individual records, and those about a single name, leave what they lack to
// others, as the formats write them.
func FromView(v zones.View) *Set {
	b := NewBuilder()
	for _, zone := range v.Zones {
		c := Claim{Origin: zone.Origin, Zone: true, Miss: NXDomain}
		if zone.Endpoints != nil || zone.SingleName() {
			c.Miss = Passthru
		}
		b.Claim(c)
		if zone.Endpoints != nil {
			b.grow(len(zone.Endpoints.Table.Endpoints) * (1 + len(zone.Endpoints.Table.Prefixes)))
		}
		for owner := range zone.All() {
			b.Add(owner.Name, Data{Addrs: owner.Addrs, TTL: v.TTL}, Place{})
		}
	}
	return b.Set()
}
