package audit

import (
	"fmt"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
)

// referral is who has the answer.
func (r answer) referral() holdings.Referral {
	if r.v4.Outcome == zones.Referred {
		return r.v4.Referral
	}
	return r.v6.Referral
}

func target(r answer) string {
	if r.v4.Target != "" {
		return r.v4.Target
	}
	return r.v6.Target
}

// wantedHint says which addresses a name must have.
func (a *auditor) wantedHint(s subject) string {
	if _, linked := a.links[s.region]; !linked {
		return fmt.Sprintf("it should be left to public DNS: VPC %s does not link its region", a.VPC.Name)
	}
	return fmt.Sprintf("it should have %s", a.wanted(s.region))
}

// staleHint says what to do about a name that leads to what no link has.
func (a *auditor) staleHint(s subject) string {
	if _, linked := a.links[s.region]; linked {
		return "if the private endpoint was made anew, " + a.wantedHint(s)
	}
	return a.wantedHint(s)
}

// wanted are the addresses of the link to a region, in words.
func (a *auditor) wanted(region string) string {
	return holdings.Data{Addrs: a.links[region].Addrs}.String()
}
