package route53

import (
	"maps"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// account is what is listed beside record sets, in all files that are read together: hosted
// zones, rules of the resolver and profiles, and the VPCs that have them.
type account struct {
	b       *holdings.Builder
	soas    map[string]holdings.Place // of zones whose record sets were read
	lists   []map[string]bool         // the zones that a VPC sees, for each that is listed
	zoneIDs map[string]string         // names of zones, by their ids
	idOf    map[string]string         // the id that was read last, by the zone's name
	vpcs    map[string]associated     // of zones, by their names
	inputs  inputs
	batches map[string]holdings.Place // zones of which changes were read that say which zone they are of
	rules   rules
	profiles
}

// associated is a zone and all its VPCs.
type associated struct {
	vpcs []string
	at   holdings.Place
}

// accountOf returns the account of all files that give to a builder.
func accountOf(b *holdings.Builder) *account {
	return holdings.Shared(b, formatName, func() *account {
		return &account{
			b: b, soas: make(map[string]holdings.Place), zoneIDs: make(map[string]string), idOf: make(map[string]string), vpcs: make(map[string]associated),
			inputs: newInputs(), batches: make(map[string]holdings.Place), rules: newRules(), profiles: newProfiles(),
		}
	})
}

// End notes who sees the zones, and what lets others answer in their place.
func (z *account) End() {
	profiled := z.profiledZones()
	for _, name := range slices.Sorted(maps.Keys(z.vpcs)) {
		of, by := z.vpcs[name], profiled[name]
		switch all := append(of.vpcs, by.vpcs...); {
		case by.unknown:
		case len(all) == 0:
			z.unanswered(name, of.at, "zone %s is associated with no VPC: nobody is answered from it, but by a profile")
		default:
			rrset.SeenBy(z.b, name, all, of.at)
		}
	}
	for name, at := range z.soas {
		z.b.Private(name, at)
	}
	for _, list := range z.lists {
		z.b.SeesAlone(slices.AppendSeq(slices.Collect(maps.Keys(list)), maps.Keys(profiled)))
	}
	z.endInputs(profiled)
	z.endBatches()
	z.endProfiles()
	z.endRules()
}

// endBatches notes changes of zones that are not made, where others are.
func (z *account) endBatches() {
	for _, name := range slices.Sorted(maps.Keys(z.batches)) {
		if _, made := z.inputs.zones[name]; len(z.inputs.zones) > 0 && !made {
			z.b.UnreadBelow(name, z.batches[name], "the changes are of zone %s, and no hosted zone that is made here has that name: unless it is there already, nobody is answered from it", dnsname.TrimDot(name))
		}
	}
}

// identify notes the id of a private zone, which tells it from others of its name.
func (z *account) identify(id, name string, at holdings.Place) {
	if other := z.idOf[name]; other != "" && other != id && z.zoneIDs[id] == "" {
		z.b.UnreadBelow(name, at, "there are two private hosted zones %s, %s and %s, and a VPC sees one of them alone: audit what is listed of one", dnsname.TrimDot(name), other, id)
	}
	z.zoneIDs[id], z.idOf[name] = name, id
}

// unanswered notes that a zone does not answer those whose DNS is read; why is a format for
// its name.
func (z *account) unanswered(name string, at holdings.Place, why string) {
	if origin, err := holdings.CanonicalName(unescaped(name)); err == nil {
		z.b.UnreadBelow(origin, at, why, dnsname.TrimDot(origin))
	}
}

// associate notes all VPCs with which a zone is associated.
func (z *account) associate(zone string, vpcs []vpcOf, at holdings.Place) {
	name, err := holdings.CanonicalName(zone)
	if err != nil {
		return
	}
	ids := make([]string, len(vpcs))
	for i, vpc := range vpcs {
		ids[i] = vpc.ID
	}
	z.vpcs[name] = associated{ids, at}
}

// lastPart returns the last part of the name of a resource, such as a zone's id.
func lastPart(arn string) string { return arn[strings.LastIndexAny(arn, "/:")+1:] }
