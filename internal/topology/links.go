package topology

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
)

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
		if s := items[places[i]]; !address.PrivateAmong(addr, addrs) {
			what := "is public"
			if address.ClassE(addr) {
				what = "is in 240.0.0.0/4, which is reserved: Windows and many networks do not reach it"
			}
			v.warnf(CodePublicAddress, s.at, item(list, places[i]), "a private endpoint has an address of your own network",
				"address %q %s", s.text, what)
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
	if why := address.NoHost(addr); why != "" {
		return "is " + why
	}
	return ""
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
