package route53

import (
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// profileResource is something that a Route 53 Profile ties to all its VPCs.
type profileResource struct {
	ResourceARN string `json:"ResourceArn"`
	Type        string `json:"ResourceType"`
	Profile     string `json:"ProfileId"`
	Status      string
}

// profileVPC is a VPC that has a Route 53 Profile.
type profileVPC struct {
	Profile string `json:"ProfileId"`
	VPC     string `json:"ResourceId"`
}

// profiles are those of Route 53: what they tie, and to which VPCs.
type profiles struct {
	resources    []placedResource
	profileVPCs  map[string][]string // by profile
	profileLists bool                // the VPCs of profiles were listed
}

type placedResource struct {
	profileResource
	at holdings.Place
}

// byProfile is which VPCs have something by profiles.
type byProfile struct {
	vpcs    []string
	unknown bool // it is not known which
}

func newProfiles() profiles { return profiles{profileVPCs: make(map[string][]string)} }

// tie notes something that a profile has.
func (p *profiles) tie(one profileResource, at holdings.Place) {
	p.resources = append(p.resources, placedResource{one, at})
}

// addProfileVPC notes a VPC that has a profile.
func (p *profiles) addProfileVPC(one profileVPC, _ holdings.Place) {
	p.profileVPCs[one.Profile] = append(p.profileVPCs[one.Profile], one.VPC)
}

// kind returns what the resource is, in capital letters.
func (p profileResource) kind() string { return strings.ToUpper(p.Type + " " + p.ResourceARN) }

// profiledZones returns the zones that profiles tie to VPCs, by their names.
func (z *account) profiledZones() map[string]byProfile {
	names := make(map[string]byProfile)
	for id, by := range z.profiled("HOSTED") {
		if name, known := z.zoneIDs[id]; known {
			all := names[name]
			names[name] = byProfile{append(all.vpcs, by.vpcs...), all.unknown || by.unknown}
		}
	}
	return names
}

// profiledRules returns the resolver rules that profiles tie to VPCs, by their ids.
func (z *account) profiledRules() map[string]byProfile {
	return z.profiled("RESOLVER_RULE", "RESOLVER-RULE")
}

// profiled returns the resources of a kind that profiles tie to VPCs, by their ids.
func (z *account) profiled(kinds ...string) map[string]byProfile {
	all := make(map[string]byProfile)
	for _, p := range z.resources {
		for _, kind := range kinds {
			if id := lastPart(p.ResourceARN); strings.Contains(p.kind(), kind) {
				all[id] = byProfile{append(all[id].vpcs, z.profileVPCs[p.Profile]...), !z.profileLists}
				break
			}
		}
	}
	return all
}

// endProfiles notes what profiles have beside the zones and rules that are listed.
func (z *account) endProfiles() {
	for _, p := range z.resources {
		id, kind := lastPart(p.ResourceARN), p.kind()
		_, zone := z.zoneIDs[id]
		_, rule := z.rules.all[id]
		if p.Status != "" && p.Status != "COMPLETE" {
			z.b.Unread(p.at, "profile %s has %s in the state %s, and not in force: its VPCs may be answered without it", p.Profile, id, p.Status)
		}
		switch {
		case strings.Contains(kind, "HOSTED") && zone, strings.Contains(kind, "RESOLVER_RULE") && rule, strings.Contains(kind, "QUERY_LOG"):
		case strings.Contains(kind, "HOSTED"):
			z.b.Unread(p.at, "profile %s has hosted zone %s, and nothing that is read says its name: audit what aws route53 list-hosted-zones prints as well, and the zone's record sets", p.Profile, id)
		case strings.Contains(kind, "RESOLVER_RULE"):
			z.b.Unread(p.at, "profile %s has resolver rule %s, of which nothing that is read says what it forwards: audit what aws route53resolver list-resolver-rules prints as well", p.Profile, id)
		case strings.Contains(kind, "FIREWALL"):
			z.b.Unread(p.at, "profile %s has the DNS Firewall rule group %s, which is not read: it may block names, or answer them otherwise", p.Profile, id)
		default:
			z.b.Note(p.at, "profile %s has %s, which is not read", p.Profile, p.ResourceARN)
		}
	}
}
