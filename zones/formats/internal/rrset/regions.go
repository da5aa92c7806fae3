package rrset

import (
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
)

// shortVPC is how long the shortest id of a VPC is.
const shortVPC = len("vpc-") + 8

var (
	vpcPattern    = pattern.Lazily(`^vpc-[0-9a-f]{8,17}$`)
	regionPattern = pattern.Lazily(`^[a-z]+(-[a-z]+)+-[0-9]+$`)
)

// regions are the regions that sources say VPCs are in, by their ids.
type regions map[string]string

// End implements [holdings.Ender].
func (regions) End() {}

// VPCRegion notes the region in which a zone's VPC is to be. A VPC is in one alone: where it is another
// one than others say, one of them is wrong.
func VPCRegion(b *holdings.Builder, vpc, region, origin string, at holdings.Place) {
	name, err := holdings.CanonicalName(origin)
	if err != nil || vpc == Unknown || region == Unknown {
		return
	}
	switch {
	case len(vpc) >= shortVPC && strings.HasPrefix(vpc, "vpc-") && !vpcPattern().MatchString(vpc):
		b.NotMade(name, at, "VPC %s of zone %s is none: ids of VPCs are vpc- and hexadecimal digits", vpc, dnsname.TrimDot(name))
	case strings.Count(region, "-") > 1 && !regionPattern().MatchString(region):
		b.NotMade(name, at, "region %s of zone %s is none, such as us-east-1", region, dnsname.TrimDot(name))
	}
	if vpc == "" || region == "" {
		return
	}
	all := holdings.Shared(b, "regions of VPCs", func() regions { return make(regions) })
	if other, there := all[vpc]; there && other != region {
		b.NotMade(name, at, "VPC %s of zone %s is in %s here, and elsewhere in %s: Route 53 knows a VPC in its own region alone", vpc, dnsname.TrimDot(name), region, other)
		return
	}
	all[vpc] = region
}
