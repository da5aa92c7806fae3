package topology

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/spell"
)

// vpcs validates all VPCs and fills topology.VPCs.
func (v *validator) vpcs(raw table[rawVPC]) {
	lines := make(map[string]int32, len(raw.entries))
	ranges := make(map[netip.Prefix]string)
	var catchAll string
	free := freeRange(raw)
	examples := strings.NewReplacer("such as "+exampleRange, "such as "+free, "["+exampleRange+"]", "["+free+"]")
	for _, e := range raw.entries {
		path := "vpcs." + e.key.text
		if !v.word(e.key, path, "VPC") || !v.firstTime(lines, e.key.text, e.key, path) {
			continue
		}
		before := len(v.findings)
		vpc := VPC{Name: e.key.text, Mode: ModeAuto, ModeAt: v.source.place(e.key.at)}
		vpc.Clients = v.clients(e.value.Clients, ranges, vpc.Name, path)
		v.checkCatchAll(e, &catchAll, path)
		vpc.Links = v.links(e.value.Links.table, path)
		v.checkLinks(e, vpc, path)
		v.mode(&vpc, e.value.Mode, path)
		for i := before; i < len(v.findings); i++ {
			v.findings[i].VPC = vpc.Name
			v.findings[i].Hint = examples.Replace(v.findings[i].Hint)
		}
		v.topology.VPCs = append(v.topology.VPCs, vpc)
	}
	v.takeLinks(raw)
	slices.SortFunc(v.topology.VPCs, func(a, b VPC) int { return strings.Compare(a.Name, b.Name) })
}

// checkCatchAll lets at most one VPC go without clients.
func (v *validator) checkCatchAll(e entry[rawVPC], first *string, path string) {
	switch {
	case e.value.Clients.present():
	case *first == "":
		*first = e.key.text
	default:
		v.errorf(CodeCatchAllConflict, e.key.at, path, "write clients: ["+exampleRange+"] in it, with the ranges of its own clients; one VPC alone may go without",
			"VPC %q has no clients, and neither has VPC %q: which of them a client is in cannot be told", e.key.text, *first)
	}
}

// clients validates one VPC's ranges; ranges has those of all VPCs so far.
func (v *validator) clients(raw list, ranges map[netip.Prefix]string, vpc, path string) []netip.Prefix {
	if raw.present() && len(raw.items) == 0 {
		v.errorf(CodeBadClients, raw.at, path+".clients",
			"write ["+exampleRange+"], with the ranges of its own clients; or leave the key out for the VPC of all other clients", "clients is empty")
	}
	var clients []netip.Prefix
	for i, s := range raw.items {
		at := item(path+".clients", i)
		prefix, wrong, hint := parseRange(s.text)
		if meant, ok := rangeIn(s.text); ok && wrong != "" {
			if prefix, wrong, hint = parseRange(meant.String()); wrong == "" {
				v.takenFor(meant, s, at)
			}
		}
		if wrong != "" {
			v.errorf(CodeBadClients, s.at, at, hint, "client range %q %s", s.text, wrong)
			continue
		}
		if network, lone := loneAddress(s.text); lone {
			v.warnf(CodeLoneAddress, s.at, at, fmt.Sprintf("write %s, or as long as the network's prefix is; %s, if this one address is meant", network, prefix),
				"client range %q is one address, and looks like the first one of a network", s.text)
		}
		switch owner, taken := ranges[prefix]; {
		case taken && owner == vpc:
			v.errorf(CodeDuplicate, s.at, at, "keep one of them", "client range %q stands twice", s.text)
			continue
		case taken:
			v.errorf(CodeClientsConflict, s.at, at, "leave it out of one of the two; nested ranges are fine, the longest prefix wins",
				"client range %q is in VPC %q and in VPC %q", s.text, owner, vpc)
			continue
		}
		ranges[prefix] = vpc
		clients = append(clients, prefix)
	}
	slices.SortFunc(clients, address.ComparePrefixes)
	return clients
}

// parseRange reads an address range in CIDR form, or a single address.
// IPv4-mapped ranges become IPv4 ranges.
func parseRange(text string) (prefix netip.Prefix, wrong, hint string) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		return asClients(netip.PrefixFrom(addr, addr.BitLen()))
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return prefix, "is not an address range", rangeRemedy(text)
	}
	if prefix.Addr().Is4In6() {
		if prefix.Bits() < 96 {
			return prefix, "reaches beyond the IPv4-mapped addresses", "write it as IPv4, such as " + exampleRange
		}
		prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
	}
	if masked := prefix.Masked(); masked != prefix {
		return prefix, fmt.Sprintf("has address bits beyond its %d-bit prefix", prefix.Bits()), "write " + masked.String()
	}
	return asClients(prefix)
}

// loneAddress reports whether a text is an address without the length of a prefix that no
// host has as a rule, and returns the network that it may stand for: 10.8.0.0 for
// 10.8.0.0/16.
func loneAddress(text string) (network netip.Prefix, lone bool) {
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, false
	}
	addr = addr.Unmap()
	octets := addr.AsSlice()
	used := len(octets)
	for used > 1 && octets[used-1] == 0 {
		used--
	}
	switch {
	case used == len(octets), addr.Is6() && used > 8:
		return netip.Prefix{}, false
	case addr.Is6():
		return netip.PrefixFrom(addr, 64), true
	default:
		return netip.PrefixFrom(addr, 8*used), true
	}
}

// asClients refuses a range in which no client is.
func asClients(prefix netip.Prefix) (p netip.Prefix, wrong, hint string) {
	why := address.NobodyIn(prefix)
	switch {
	case why == "":
		return prefix, "", ""
	case !prefix.Addr().IsUnspecified():
		return prefix, "is " + why, "write the range that the clients ask from, such as " + exampleRange
	case prefix.Addr().Is4():
		return prefix, "is " + why, "write 0.0.0.0/0, if all clients are meant"
	default:
		return prefix, "is " + why, "write ::/0, if all clients are meant"
	}
}

// mode reads how the VPC wants its families written.
func (v *validator) mode(vpc *VPC, s text, path string) {
	if !s.present() {
		return
	}
	vpc.ModeAt = v.source.place(s.at)
	switch mode := Mode(s.text); mode {
	case ModeAuto, ModeIndividual, ModeWildcard:
		vpc.Mode = mode
	default:
		modes := []string{string(ModeAuto), string(ModeIndividual), string(ModeWildcard)}
		hint := strings.TrimSpace(spell.DidYouMean(s.text, modes) + " leave it out to let the plan choose")
		v.errorf(CodeBadMode, s.at, path+".mode", hint,
			"mode %q does not exist: expected %s, %s or %s", s.text, ModeAuto, ModeIndividual, ModeWildcard)
	}
}
