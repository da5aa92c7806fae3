package rrset

import (
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// regions are the regions that sources say VPCs are in, by their ids.
type regions map[string]string

// End implements [holdings.Ender].
func (regions) End() {}

// VPCRegion notes the region in which a zone's VPC is to be. A VPC is in one alone: where it is another
// one than others say, one of them is wrong.
func VPCRegion(b *holdings.Builder, vpc, region, origin string, at holdings.Place) {
	name, err := holdings.CanonicalName(origin)
	if err != nil || vpc == "" || region == "" || vpc == Unknown || region == Unknown {
		return
	}
	all := holdings.Shared(b, "regions of VPCs", func() regions { return make(regions) })
	if other, there := all[vpc]; there && other != region {
		b.NotMade(name, at, "VPC %s of zone %s is in %s here, and elsewhere in %s: Route 53 knows a VPC in its own region alone", vpc, dnsname.TrimDot(name), region, other)
		return
	}
	all[vpc] = region
}
