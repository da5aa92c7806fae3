package drift

import (
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/topology"
)

// byAddress finds the endpoints that have an address of a link.
func (j *judge) byAddress() {
	for _, e := range j.Inventory.Endpoints {
		for v, vpc := range j.Topology.VPCs {
			for _, k := range vpc.Links {
				l := link{v, k.Region}
				switch {
				case !slices.ContainsFunc(e.Addrs, func(a netip.Addr) bool { return slices.Contains(k.Addrs, a) }):
					continue
				case j.elsewhere(l, e):
					j.taken[l] = append(j.taken[l], e)
				default:
					j.at[l] = append(j.at[l], e)
				}
				j.seen[e.ID] = true
				j.home(e, v)
			}
		}
	}
}

// servicesOf notes to which services the endpoints of links lead. A VPC of which an endpoint is missing, or
// two have other addresses, tells nothing: another link may have the addresses that they have now.
func (j *judge) servicesOf() {
	for v, vpc := range j.Topology.VPCs {
		if j.changedBeside(link{v, -1}) > 1 {
			continue
		}
		for _, k := range vpc.Links {
			for _, e := range j.at[link{v, k.Region}] {
				if e.Service != "" && !slices.Contains(j.of[e.Service], k.Region) {
					j.of[e.Service] = append(j.of[e.Service], k.Region)
				}
			}
		}
	}
}

// changedBeside returns how many other links of a VPC have an endpoint that is missing, which counts twice, or
// whose addresses are others.
func (j *judge) changedBeside(l link) int {
	n := 0
	for _, k := range j.Topology.VPCs[l.vpc].Links {
		other := link{l.vpc, k.Region}
		all, _ := addrsOf(present(j.at[other]))
		switch {
		case k.Region == l.region:
		case j.isMissing(other):
			n += 2
		case len(j.at[other]) > 0 && !slices.Equal(all, k.Addrs):
			n++
		}
	}
	return n
}

// isMissing reports whether no endpoint that is listed has an address of a link, or one that may not be
// its. It may be in a cloud
// of which no endpoints were listed.
func (j *judge) isMissing(l link) bool {
	if len(j.at[l]) > 0 {
		return len(j.unlike(l)) > 0
	}
	cloud, known := j.cloudOf(j.Topology.Regions[l.region].Name, l.addrs(j.Topology))
	return !known || j.Inventory.Listed(cloud)
}

// byService finds the endpoints that are a link's though they have none of its
// addresses: those of the VPC's network that lead to the region's service.
func (j *judge) byService() {
	own := make(map[string]bool)
	for _, its := range j.at {
		for _, e := range its {
			own[e.ID] = true
		}
	}
	j.locate()
	placed := make(map[link][]inventory.Endpoint)
	for _, e := range j.Inventory.Endpoints {
		if region, sure := j.regionOf(e); !own[e.ID] && region >= 0 {
			j.place(e, region, sure, placed)
		}
	}
	for l, its := range placed { // now, for none of them says where another one is
		j.at[l] = append(j.at[l], its...)
		for _, e := range its {
			j.home(e, l.vpc)
		}
	}
}

// place notes of an endpoint to a region of which links it is, or may be.
func (j *judge) place(e inventory.Endpoint, region int, sure bool, placed map[link][]inventory.Endpoint) {
	taking := j.seen[e.ID] // it has addresses of another region's link
	its, where := j.linksOf(e, region)
	if !sure && !j.said(e) && where == nowhere {
		return
	}
	for _, l := range its {
		switch {
		case !sure && !j.saidOf(e, l), where == unclear:
			j.near[l] = append(j.near[l], e)
		case taking:
			j.late[l] = append(j.late[l], e)
		case where == outside, where == nowhere:
			j.apart[l] = append(j.apart[l], e)
		default:
			placed[l] = append(placed[l], e)
		}
		j.seen[e.ID] = true
	}
}

// unlabelled finds the endpoints that may be those of links that lack one, where neither the region's label
// nor a service says so: those in the VPC's network of which nothing tells that they are another region's.
func (j *judge) unlabelled() {
	for v, vpc := range j.Topology.VPCs {
		for _, k := range vpc.Links {
			l := link{v, k.Region}
			if len(j.at[l])+len(j.taken[l])+len(j.near[l])+len(j.apart[l])+len(j.late[l]) > 0 {
				continue
			}
			for _, e := range j.Inventory.Endpoints {
				if j.mayBe(e, l) {
					j.near[l] = append(j.near[l], e)
				}
			}
		}
	}
}

// mayBe reports whether an endpoint that has no place yet may be that of a link, whose region's label is
// not the cloud's.
func (j *judge) mayBe(e inventory.Endpoint, l link) bool {
	own := j.Topology.Regions[l.region].Name
	_, labelled := labelled(own)
	switch {
	case labelled:
		return false
	case j.seen[e.ID], e.Evidence == inventory.None && !j.said(e), e.State == inventory.Broken:
		return false
	case e.Service != "" && len(j.Named[own]) > 0, slices.ContainsFunc(j.Topology.Regions, func(r topology.Region) bool { return isLabel(r.Name, e) }):
		return false
	}
	if _, sure := j.regionOf(e); sure {
		return false
	}
	vpcs, where := j.vpcsOf(e)
	return where == inside && slices.Contains(vpcs, l.vpc)
}

// saidOf reports whether somebody's word that an endpoint is Aura's means that it is a link's: all other
// links of the VPC are as they were, and none of another region leads to the same service.
func (j *judge) saidOf(e inventory.Endpoint, l link) bool {
	if !j.said(e) || j.changedBeside(l) > 0 {
		return false
	}
	for other, its := range j.at {
		if other.region != l.region && slices.ContainsFunc(its, func(o inventory.Endpoint) bool { return o.Service == e.Service }) {
			return false
		}
	}
	return true
}

// home notes that an endpoint's network is a VPC's.
func (j *judge) home(e inventory.Endpoint, vpc int) {
	if !slices.Contains(j.homes[e.Network], vpc) {
		j.homes[e.Network] = append(j.homes[e.Network], vpc)
	}
}
