// Package drift says what has changed in the clouds since a topology was written:
// private endpoints that were made anew and have other addresses, that are not
// accepted, or that no link has; and subnets from which nobody may ask.
//
// What cannot be judged by the lists that were read is said, and is never "no drift".
// The package is pure.
package drift

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/topology"
)

// Code names a kind of finding; it is stable and meant for programs.
type Code string

// The kinds of findings, the worst first.
const (
	CodeRecreated     Code = "recreated"      // the endpoint has none of the link's addresses
	CodeAddresses     Code = "addresses"      // it has others beside some of the link's
	CodeGone          Code = "gone"           // no endpoint that is listed has them
	CodeOtherRegion   Code = "other-region"   // an endpoint has the link's addresses, and its service is another region's
	CodeState         Code = "state"          // it is pending, was rejected or is broken
	CodeUnlinked      Code = "unlinked"       // it is Aura's, and no link has it
	CodeService       Code = "service"        // it may be a link's, but whose service it is is not known
	CodeUnread        Code = "unread"         // its addresses are in no list
	CodeBadZone       Code = "bad-zone"       // it is in a zone that Aura does not support
	CodeZone          Code = "zone"           // a zone of its network has no address of it
	CodeClients       Code = "clients"        // a subnet is outside the clients of its VPC
	CodeNothingJudged Code = "nothing-judged" // no link could be compared with a list
)

// Finding is something that has changed, or that should.
type Finding struct {
	Code    Code   `json:"code"`
	VPC     string `json:"vpc,omitempty"`
	Region  string `json:"region,omitempty"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	// Written says that the topology has the new addresses now.
	Written bool `json:"written,omitempty"`
}

// Edit is a link whose addresses are others now.
type Edit struct {
	VPC, Region string
	Addrs       []netip.Addr // sorted
}

// Result is all that was found out.
type Result struct {
	Findings []Finding
	Edits    []Edit
	// Unjudged are links of which the lists say nothing, as "VPC: region".
	Unjudged []string
	// Links is how many links there are.
	Links int
}

// Written returns the result after the edits were made, and how many findings remain.
func (r Result) Written() (after Result, left int) {
	after = r
	after.Findings = slices.Clone(r.Findings)
	for i := range after.Findings {
		f := &after.Findings[i]
		edited := slices.ContainsFunc(r.Edits, func(e Edit) bool { return e.VPC == f.VPC && e.Region == f.Region })
		if f.Written = edited && (f.Code == CodeRecreated || f.Code == CodeAddresses); f.Written {
			f.Hint = ""
		} else {
			left++
		}
	}
	return after, left
}

// Subject is what is compared.
type Subject struct {
	Topology  *topology.Topology
	Inventory *inventory.Inventory
	// Services are said to be Aura's: names of services, or IDs of private endpoints.
	Services []string
}

// link is a place in a topology.
type link struct{ vpc, region int }

// judge compares.
type judge struct {
	Subject
	result Result
	at     map[link][]inventory.Endpoint
	homes  map[string][]int  // VPCs, by the ID of a network
	of     map[string][]int  // regions, by a service
	seen   map[string]bool   // IDs of endpoints that a link has
	near   map[link][]string // endpoints that may be a link's
}

// Compare says what has changed.
func Compare(s Subject) Result {
	j := &judge{
		Subject: s, at: make(map[link][]inventory.Endpoint), homes: make(map[string][]int), of: make(map[string][]int),
		seen: make(map[string]bool), near: make(map[link][]string),
	}
	j.byAddress()
	j.byService()
	for v, vpc := range s.Topology.VPCs {
		for _, l := range vpc.Links {
			j.result.Links++
			j.judge(link{v, l.Region}, l.Addrs)
		}
	}
	j.strangers()
	j.clients()
	if len(j.result.Unjudged) == j.result.Links {
		j.find(Finding{
			Code: CodeNothingJudged, Message: "no link was compared: the lists have no private endpoint of any link, nor of the clouds of their regions",
			Hint: "give what lists them: aws ec2 describe-vpc-endpoints and describe-network-interfaces, gcloud compute forwarding-rules list, az network private-endpoint list and nic list",
		})
	}
	slices.SortStableFunc(j.result.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(rank(a.Code), rank(b.Code)), cmp.Compare(a.VPC, b.VPC), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Message, b.Message))
	})
	return j.result
}

var order = []Code{CodeOtherRegion, CodeRecreated, CodeAddresses, CodeGone, CodeState, CodeUnlinked, CodeService, CodeUnread, CodeBadZone, CodeZone, CodeClients, CodeNothingJudged}

func rank(c Code) int { return slices.Index(order, c) }

func (j *judge) find(f Finding) {
	if !slices.Contains(j.result.Findings, f) {
		j.result.Findings = append(j.result.Findings, f)
	}
}

// byAddress finds the endpoints that have an address of a link.
func (j *judge) byAddress() {
	for _, e := range j.Inventory.Endpoints {
		for v, vpc := range j.Topology.VPCs {
			for _, l := range vpc.Links {
				if slices.ContainsFunc(e.Addrs, func(a netip.Addr) bool { return slices.Contains(l.Addrs, a) }) {
					j.assign(link{v, l.Region}, e)
				}
			}
		}
	}
}

// assign notes that an endpoint is a link's.
func (j *judge) assign(l link, e inventory.Endpoint) {
	j.at[l] = append(j.at[l], e)
	j.seen[e.ID] = true
	if !slices.Contains(j.homes[e.Network], l.vpc) {
		j.homes[e.Network] = append(j.homes[e.Network], l.vpc)
	}
	if e.Service != "" && !slices.Contains(j.of[e.Service], l.region) {
		j.of[e.Service] = append(j.of[e.Service], l.region)
	}
}

// byService finds the endpoints that are a link's though they have none of its
// addresses: those of the VPC's network that lead to the region's service.
func (j *judge) byService() {
	for _, e := range j.Inventory.Endpoints {
		if j.seen[e.ID] {
			continue
		}
		region, sure := j.regionOf(e)
		v, there := j.vpcOf(e)
		if region < 0 || !there {
			continue
		}
		l := link{v, region}
		switch {
		case !slices.ContainsFunc(j.Topology.VPCs[v].Links, func(k topology.Link) bool { return k.Region == region }):
		case sure || j.said(e) || e.Evidence >= inventory.Likely && j.alone(e):
			j.assign(l, e)
		default:
			j.near[l] = append(j.near[l], e.ID)
		}
	}
}

// alone reports whether no other service is listed in the cloud's region of an endpoint's:
// of two, which one is meant by a label cannot be told.
func (j *judge) alone(e inventory.Endpoint) bool {
	return !slices.ContainsFunc(j.Inventory.Endpoints, func(o inventory.Endpoint) bool {
		return o.Cloud == e.Cloud && o.ServiceRegion == e.ServiceRegion && o.Service != e.Service
	})
}

// said reports whether somebody said that an endpoint leads to Aura.
func (j *judge) said(e inventory.Endpoint) bool {
	return slices.ContainsFunc(j.Services, e.IsCalled)
}

// regionOf returns the region to which an endpoint leads, or -1, and whether that is
// sure: by its orchestra, or because another endpoint of a link leads to the same
// service. By the label alone it is not.
func (j *judge) regionOf(e inventory.Endpoint) (region int, sure bool) {
	for i, r := range j.Topology.Regions {
		if slices.ContainsFunc(e.Orchestras, func(host string) bool { return slices.Contains(r.Orchestras, host+".") }) {
			return i, true
		}
	}
	if its := j.of[e.Service]; len(its) == 1 {
		return its[0], true
	}
	region = -1
	for i, r := range j.Topology.Regions {
		if !isLabel(r.Name, e) {
			continue
		}
		if region >= 0 {
			return -1, false
		}
		region = i
	}
	return region, false
}

// isLabel reports whether a region is called as the cloud calls that of an endpoint's
// service, such as "aws-us-east-1" or "aws-us-east-1-2".
func isLabel(label string, e inventory.Endpoint) bool {
	its := inventory.RegionLabel(e.Cloud, e.ServiceRegion)
	return e.ServiceRegion != "" && (label == its || strings.HasPrefix(label, its+"-"))
}

// elsewhere returns the endpoints of a link whose orchestra, or the cloud's region of whose
// service, is that of another region of the topology.
func (j *judge) elsewhere(l link) []inventory.Endpoint {
	var all []inventory.Endpoint
	for _, e := range j.at[l] {
		own := j.Topology.Regions[l.region]
		for i, r := range j.Topology.Regions {
			has := func(r topology.Region) bool {
				return slices.ContainsFunc(e.Orchestras, func(host string) bool { return slices.Contains(r.Orchestras, host+".") })
			}
			if i != l.region && (has(r) && !has(own) || isLabel(r.Name, e) && !isLabel(own.Name, e) && !has(own)) {
				all = append(all, e)
				break
			}
		}
	}
	return all
}

// vpcOf returns the VPC in whose network an endpoint stands.
func (j *judge) vpcOf(e inventory.Endpoint) (vpc int, found bool) {
	if its := j.homes[e.Network]; len(its) == 1 {
		return its[0], true
	}
	network, known := j.Inventory.Network(e.Network)
	for i, v := range j.Topology.VPCs {
		if known && (v.Name == network.ID || strings.EqualFold(v.Name, strings.ReplaceAll(network.Called(), " ", "-"))) {
			return i, true
		}
	}
	for _, addr := range e.Addrs {
		if v, ok := j.clientOf(netip.PrefixFrom(addr, addr.BitLen())); ok {
			return v, true
		}
	}
	return 0, len(j.Topology.VPCs) == 1
}

// clientOf returns the VPC whose clients a range is among, by the longest prefix.
func (j *judge) clientOf(p netip.Prefix) (vpc int, found bool) {
	longest := -1
	for i, v := range j.Topology.VPCs {
		for _, c := range v.Clients {
			if c.Bits() > longest && c.Bits() <= p.Bits() && c.Contains(p.Addr()) {
				vpc, longest = i, c.Bits()
			}
		}
	}
	if longest >= 0 {
		return vpc, true
	}
	catchAll := slices.IndexFunc(j.Topology.VPCs, func(v topology.VPC) bool { return len(v.Clients) == 0 })
	return max(catchAll, 0), catchAll >= 0
}

// texts returns addresses in a line.
func texts(addrs []netip.Addr) string {
	all := make([]string, len(addrs))
	for i, a := range addrs {
		all[i] = a.String()
	}
	return strings.Join(all, ", ")
}

// name returns what an endpoint is called.
func name(e inventory.Endpoint) string { return inventory.ShortName(e.ID) }

func names(all []inventory.Endpoint) string {
	var its []string
	for _, e := range all {
		its = append(its, name(e))
	}
	return strings.Join(its, ", ")
}

func (l link) in(t *topology.Topology) string {
	return fmt.Sprintf("%s: %s", t.VPCs[l.vpc].Name, t.Regions[l.region].Name)
}
