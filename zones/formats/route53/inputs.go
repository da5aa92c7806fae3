package route53

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// zoneInput is what an input of create-hosted-zone has beside its name.
type zoneInput struct {
	CallerReference string
	In              *createdIn `json:"VPC"`
	ZoneConfig      struct {
		PrivateZone *bool
	} `json:"HostedZoneConfig"`
}

// createdIn is the VPC with which a zone is made.
type createdIn struct{ VPCRegion, VPCId string }

// inputs are the zones that inputs of create-hosted-zone make.
type inputs struct {
	zones      map[string]madeZone // by their names
	references map[string]string   // names of zones, by the reference with which each is made
	others     []string            // the VPCs that our script associates with all zones
	tied       bool                // our script ties all zones to a profile
}

// madeZone is such a zone.
type madeZone struct {
	vpc      string // "" where it is not made with one
	exported bool   // the manifest of an export has the file, and the script beside it is not read
	at       holdings.Place
}

func newInputs() inputs {
	return inputs{zones: make(map[string]madeZone), references: make(map[string]string)}
}

// addInput adds the zone that an input of create-hosted-zone makes.
func (d *reader) addInput(in zoneInput, name string, at holdings.Place) {
	origin, err := holdings.CanonicalName(unescaped(name))
	if err == nil && strings.Contains(in.CallerReference, fallbackMark) {
		d.b.AsksFallback(origin, at)
	}
	rrset.Zone(d.b, unescaped(name), at)
	if err != nil {
		return
	}
	private := in.ZoneConfig.PrivateZone
	one := madeZone{exported: d.exported, at: at}
	switch why := in.refused(); {
	case in.In == nil && (private == nil || !*private):
		rrset.Public(d.b, origin, at)
	case why != "":
		d.b.UnreadBelow(origin, at, "zone %s has %s: Route 53 makes no such zone, and nobody is answered from it", dnsname.TrimDot(origin), why)
	case private != nil && !*private:
		d.b.UnreadBelow(origin, at, "zone %s has a VPC and PrivateZone false: whether Route 53 makes it a private one, is not known", dnsname.TrimDot(origin))
	default:
		one.vpc = in.In.VPCId
	}
	if in.In != nil {
		rrset.VPCRegion(d.b, in.In.VPCId, in.In.VPCRegion, origin, at)
	}
	d.account.refer(in.CallerReference, origin, at)
	d.account.inputs.zones[origin] = one
}

// refused returns why Route 53 does not make a private zone, or "".
func (in zoneInput) refused() string {
	switch {
	case in.In == nil:
		return "no VPC"
	case CheckVPCID(in.In.VPCId) != nil:
		return "the VPCId \"" + in.In.VPCId + "\""
	case !vpcRegionPattern.MatchString(in.In.VPCRegion):
		return "the VPCRegion \"" + in.In.VPCRegion + "\""
	default:
		return ""
	}
}

// refer notes the reference with which a zone is made, which is for one request alone.
func (z *account) refer(reference, origin string, at holdings.Place) {
	if other, there := z.inputs.references[reference]; there && other != origin {
		z.b.UnreadBelow(origin, at, "zones %s and %s have the same CallerReference: Route 53 makes one of them alone", dnsname.TrimDot(other), dnsname.TrimDot(origin))
	}
	z.inputs.references[reference] = origin
}

// vpcIDs finds the ids of VPCs in what our script associates.
var vpcIDs = pattern.Lazily(`vpc-[0-9a-f]+`)

// readScriptValues notes what our script does with all zones, beside making them.
func readScriptValues(b *holdings.Builder, values map[string]string) {
	all := &accountOf(b).inputs
	all.others = append(all.others, vpcIDs().FindAllString(values["OTHERS"], -1)...)
	all.tied = all.tied || values["PROFILE"] != ""
}

// endInputs notes who sees the zones that are made. Of an export with a manifest its script is not
// read, which may associate further VPCs with all its zones.
func (z *account) endInputs(profiled map[string]byProfile) {
	vpcs := make(map[string]bool)
	for _, one := range z.inputs.zones {
		vpcs[one.vpc] = true
	}
	for _, name := range slices.Sorted(maps.Keys(z.inputs.zones)) {
		one, by := z.inputs.zones[name], profiled[name]
		_, listed := z.vpcs[name]
		if listed || by.unknown || z.inputs.tied || one.exported && len(vpcs) == 1 {
			continue
		}
		rrset.SeenBy(z.b, name, slices.Concat([]string{one.vpc}, z.inputs.others, by.vpcs), one.at)
	}
}
