package unbound

import (
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// A client that asks for a name is answered by what is local, by policy zones and by auth-zones, in
// that order. The target of a CNAME is another matter:
//
//   - local data and an auth-zone that is for-downstream are answered as they stand: what the
//     auth-zone has of the target itself is put behind the CNAME, and nothing else is looked at;
//   - for that of a rule of a policy zone, of a local-zone that redirects, and of an auth-zone that is not
//     for-downstream, the resolver looks: by forward-zones, stub-zones, auth-zones that are
//     for-upstream, or public DNS. It looks at nothing local, and for
//     the target of a rule at no rule.

// elsewhere says whether the resolver has the target of a CNAME from others than those by whom clients
// are answered that ask for it, and from whom.
func (c *config) elsewhere(target string) (holdings.Referral, bool) {
	by, found := c.resolved(target)
	client, answered := c.asked(target)
	switch decided := c.decides(target) || c.rules.Decides(target); {
	case !decided && found == answered && by.place == client.place:
		return holdings.Referral{}, false
	case found && by.kind == ownZone:
		return holdings.Referral{Record: "CNAME into an auth-zone"}, true
	case found && by.to != holdings.Referral{}:
		return by.to, true
	default:
		return holdings.Referral{Name: dnsname.TrimDot(target)}, true
	}
}

// leads returns what a CNAME of an auth-zone has, where that is not what clients have who ask for its
// target. The resolver looks at rules for the target, but not as it does for names that are asked for.
func (c *config) leads(f forward, target string) (holdings.Data, bool) {
	its, _ := c.asked(target)
	local, rule := c.decides(target), c.rules.Decides(target)
	doubtful := holdings.Data{Action: holdings.Refer, Referral: holdings.Referral{Record: "CNAME to a name that others have as well"}, TTL: holdings.NoTTL}
	switch {
	case !f.down && rule:
		return doubtful, true
	case !f.down:
		referral, is := c.elsewhere(target)
		return holdings.Data{Action: holdings.Refer, Referral: referral, TTL: holdings.NoTTL}, is
	case !within(target, f.name):
		return holdings.Data{Action: holdings.NoData, TTL: holdings.NoTTL}, true
	default:
		return doubtful, local || rule || its.place != f.place
	}
}
