package audit

import (
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/zones"
)

// fault is what is wrong with an answer.
type fault int

const (
	fine     fault = iota
	absent         // there are no addresses
	passed         // others are asked
	unknown        // it leads to a name that is not known
	referred       // others who are known have the answer
	strayed        // it leads to a region that is not the name's
	sunk           // it leads to an address at which nothing is
	toPublic       // it leads to a public address
	stale          // it leads to an address that no link has
	partial        // it has some of the link's addresses
	silent         // it was asked in vain
)

// judge says what is wrong with the answer for a name of a region, and to what it
// leads: regions for strayed, addresses for sunk, toPublic, stale and partial.
func (a *auditor) judge(region string, r answer) (fault, []string) {
	addrs := r.addrs()
	if len(addrs) == 0 {
		return judgeEmpty(r), nil
	}
	var others []string
	var unlinked map[fault][]string
	for _, addr := range addrs {
		regions := a.leadsTo[addr]
		if len(regions) > 0 {
			a.used[addr] = true
		}
		switch {
		case slices.Contains(regions, region):
		case len(regions) > 0:
			others = append(others, regions...)
		default:
			if unlinked == nil {
				unlinked = make(map[fault][]string)
			}
			v := judgeUnlinked(addr)
			unlinked[v] = append(unlinked[v], addr.String())
		}
	}
	slices.Sort(others)
	if len(others) > 0 {
		return strayed, slices.Compact(others)
	}
	for _, v := range []fault{sunk, toPublic, stale} {
		if len(unlinked[v]) > 0 {
			return v, unlinked[v]
		}
	}
	var lacking []string
	for _, addr := range a.links[region].Addrs {
		if !slices.Contains(addrs, addr) {
			lacking = append(lacking, addr.String())
		}
	}
	if len(lacking) > 0 {
		return partial, lacking
	}
	return fine, nil
}

// judgeUnlinked says what is wrong with an address that no link has.
func judgeUnlinked(addr netip.Addr) fault {
	switch {
	case address.Sinkhole(addr):
		return sunk
	case address.Private(addr), addr.IsLinkLocalUnicast():
		return stale
	default:
		return toPublic
	}
}

func judgeEmpty(r answer) fault {
	switch {
	case r.isSilent():
		return silent
	case r.v4.Outcome == zones.Redirects || r.v6.Outcome == zones.Redirects:
		return unknown
	case r.v4.Outcome == zones.Referred || r.v6.Outcome == zones.Referred:
		return referred
	case r.v4.Outcome == zones.NotOurs || r.v6.Outcome == zones.NotOurs:
		return passed
	default:
		return absent
	}
}
