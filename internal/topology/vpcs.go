package topology

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/spell"
)

// vpcs validates all VPCs and fills topology.VPCs.
func (v *validator) vpcs(raw table[rawVPC]) {
	lines := make(map[string]int32, len(raw.entries))
	ranges := make(map[netip.Prefix]string)
	var catchAll string
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
		v.errorf(CodeCatchAllConflict, e.key.at, path, "write clients: [10.1.0.0/16] in it, with the ranges of its own clients; one VPC alone may go without",
			"VPC %q has no clients, and neither has VPC %q: which of them a client is in cannot be told", e.key.text, *first)
	}
}

// clients validates one VPC's ranges; ranges has those of all VPCs so far.
func (v *validator) clients(raw list, ranges map[netip.Prefix]string, vpc, path string) []netip.Prefix {
	if raw.present() && len(raw.items) == 0 {
		v.errorf(CodeBadClients, raw.at, path+".clients",
			"write [10.1.0.0/16], with the ranges of its own clients; or leave the key out for the VPC of all other clients", "clients is empty")
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
		return netip.PrefixFrom(addr, addr.BitLen()), "", ""
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return prefix, "is not an address range", rangeRemedy(text)
	}
	if prefix.Addr().Is4In6() {
		if prefix.Bits() < 96 {
			return prefix, "reaches beyond the IPv4-mapped addresses", "write it as IPv4, such as 10.1.0.0/16"
		}
		prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
	}
	if masked := prefix.Masked(); masked != prefix {
		return prefix, fmt.Sprintf("has address bits beyond its %d-bit prefix", prefix.Bits()), "write " + masked.String()
	}
	return prefix, "", ""
}

// maxAddrs bounds the addresses of a link, which are all in every answer. A
// hundred are 2,800 octets of AAAA records: twice what fits into one datagram.
const maxAddrs = 100

// links validates one VPC's links, sorted by region.
func (v *validator) links(raw table[link], path string) []Link {
	var links []Link
	lines := make(map[string]int32, len(raw.entries))
	for _, e := range raw.entries {
		at := path + ".links." + e.key.text
		region, known := v.regions[e.key.text]
		if !known {
			v.unknownRegion(e.key, at)
		}
		first := v.firstTime(lines, e.key.text, e.key, at)
		if addrs := v.addrs(e, at); known && first {
			links = append(links, Link{Region: region, Addrs: addrs})
		}
	}
	slices.SortFunc(links, func(a, b Link) int { return cmp.Compare(a.Region, b.Region) })
	return links
}

// addrs validates the addresses of one link, sorted.
func (v *validator) addrs(e entry[link], path string) []netip.Addr {
	items, list := e.value.Addresses.items, e.value.addresses(path)
	switch n := len(items); {
	case n == 0:
		v.errorf(CodeEmptyLink, e.key.at, path, "leave the link out, or list the private endpoint's addresses",
			"the link to region %q has no addresses", e.key.text)
	case n > maxAddrs:
		v.errorf(CodeTooManyAddresses, e.key.at, path, "list one address for each availability zone",
			"the link to region %q has %d addresses, more than %d", e.key.text, n, maxAddrs)
		return nil
	}
	var addrs []netip.Addr
	var places []int // in the list
	for i, s := range items {
		addr, wrong, hint := parseLinkAddr(s.text)
		if meant, ok := addrIn(s.text); ok && wrong != "" {
			if addr, wrong, hint = parseLinkAddr(meant.String()); wrong == "" {
				v.takenFor(meant, s, item(list, i))
			}
		}
		switch {
		case wrong != "":
			v.errorf(CodeBadAddress, s.at, item(list, i), hint, "address %q %s", s.text, wrong)
			continue
		case slices.Contains(addrs, addr):
			v.errorf(CodeDuplicate, s.at, item(list, i), "keep one of them", "address %q stands twice", s.text)
			continue
		}
		addrs = append(addrs, addr)
		places = append(places, i)
	}
	for i, addr := range addrs {
		if !address.PrivateAmong(addr, addrs) {
			s := items[places[i]]
			v.warnf(CodePublicAddress, s.at, item(list, places[i]), "a private endpoint has an address of your own network",
				"address %q is public", s.text)
		}
	}
	slices.SortFunc(addrs, netip.Addr.Compare)
	return addrs
}

// parseLinkAddr reads an address that a private endpoint can have.
func parseLinkAddr(text string) (addr netip.Addr, wrong, hint string) {
	const where = "write the address that the cloud's console shows for the private endpoint, such as 10.0.1.10"
	addr, err := netip.ParseAddr(text)
	switch {
	case err != nil:
		return addr, "is not an IP address", addrHint(dnsname.Lower(text), where)
	case addr.Zone() != "":
		return addr, "has a zone", where
	case addr.Is4In6():
		return addr, "is an IPv4-mapped IPv6 address", "write " + addr.Unmap().String()
	}
	return addr, unusable(addr), where
}

// unusable says why no private endpoint can have an address, or "".
func unusable(addr netip.Addr) string {
	switch {
	case addr.IsUnspecified():
		return "is the unspecified address"
	case addr.IsLoopback():
		return "is a loopback address"
	case addr.IsMulticast():
		return "is a multicast address"
	case addr.IsLinkLocalUnicast():
		return "is a link-local address"
	case !addr.IsGlobalUnicast():
		return "is not a unicast address"
	default:
		return ""
	}
}

// addrHint says where the addresses of a private endpoint stand whose name, or
// range, was written instead of them.
func addrHint(text, otherwise string) string {
	host := hostIn(text)
	if prefix, err := netip.ParsePrefix(text); err == nil && prefix.Masked() == prefix {
		return "write the endpoint's own addresses, as the cloud's console shows them, such as 10.0.1.10, and not the range of its subnet"
	}
	if strings.HasPrefix(host, "vpce-") || strings.HasSuffix(host, ".amazonaws.com") {
		return "write one address for each availability zone, such as 10.0.1.10: see the endpoint's Subnets tab"
	}
	return addressRemedy(text, otherwise)
}

// checkLinks warns of a VPC without links and of regions that it reaches by
// the same address.
func (v *validator) checkLinks(e entry[rawVPC], vpc VPC, path string) {
	if e.value.Links.none() {
		v.warnf(CodeNoLinks, e.key.at, path, "add its links, or remove the VPC",
			"VPC %q has no links: its clients are answered as if auralink were not there", vpc.Name)
		return
	}
	owner := make(map[netip.Addr]int)
	warned := make(map[[2]int]bool)
	for _, link := range vpc.Links {
		for _, addr := range link.Addrs {
			first, shared := owner[addr]
			if !shared {
				owner[addr] = link.Region
				continue
			}
			if pair := [2]int{first, link.Region}; !warned[pair] {
				warned[pair] = true
				v.warnShared(e, pair, path)
			}
		}
	}
}

func (v *validator) warnShared(e entry[rawVPC], pair [2]int, path string) {
	first, second := v.topology.Regions[pair[0]].Name, v.topology.Regions[pair[1]].Name
	var at position
	if !v.full(SeverityWarning) { // to find the place takes a pass over the links
		links := e.value.Links.entries
		at = links[slices.IndexFunc(links, func(l entry[link]) bool { return l.key.text == second })].key.at
	}
	v.warnf(CodeSharedAddress, at, path+".links."+second, "check both private endpoints: each region has its own",
		"VPC %q reaches regions %q and %q by the same address", e.key.text, first, second)
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
