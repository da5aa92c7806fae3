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

// Written returns the result after the edits were made but for those that are left, and how many findings
// remain.
func (r Result) Written(left []Unwritten) (after Result, remaining int) {
	after = r
	after.Findings = slices.Clone(r.Findings)
	for i := range after.Findings {
		f := &after.Findings[i]
		at := slices.IndexFunc(r.Edits, func(e Edit) bool { return e.VPC == f.VPC && e.Region == f.Region })
		if at < 0 || f.Code != CodeRecreated && f.Code != CodeAddresses {
			remaining++
			continue
		}
		f.Hint = unwritten(left, r.Edits[at])
		if f.Written = f.Hint == ""; !f.Written {
			remaining++
		}
	}
	return after, remaining
}

// unwritten says why an edit was not made, or the same one of another VPC; "" if they were.
func unwritten(left []Unwritten, edit Edit) string {
	var why []string
	for _, u := range left {
		if withEdit([]Edit{edit}, u.Edit) {
			why = append(why, fmt.Sprintf("into VPC %s (%s)", u.VPC, u.Err))
		}
	}
	if why == nil {
		return ""
	}
	return "not written " + strings.Join(why, ", ")
}

// Subject is what is compared.
type Subject struct {
	Topology  *topology.Topology
	Inventory *inventory.Inventory
	// Services are said to be Aura's: names of services, or IDs of private endpoints.
	Services []string
	// Named are the services that the topology's own comments name, by the region's label;
	// see [Named].
	Named map[string][]string
}

// link is a place in a topology.
type link struct{ vpc, region int }

// addrs returns the addresses of a link; none if there is no such link.
func (l link) addrs(t *topology.Topology) []netip.Addr {
	at := slices.IndexFunc(t.VPCs[l.vpc].Links, func(k topology.Link) bool { return k.Region == l.region })
	if at < 0 {
		return nil
	}
	return t.VPCs[l.vpc].Links[at].Addrs
}

// judge compares.
type judge struct {
	Subject
	result Result
	at     map[link][]inventory.Endpoint // those that are a link's
	taken  map[link][]inventory.Endpoint // those of other regions that have its addresses
	near   map[link][]inventory.Endpoint // those that may be its
	apart  map[link][]inventory.Endpoint // those of its region that are in no network of its VPC
	late   map[link][]inventory.Endpoint // those that are its, with addresses that another region's link has
	homes  map[string][]int              // VPCs, by the ID of a network
	around map[int][]string              // networks in which endpoints of a VPC seem to be
	of     map[string][]int              // regions, by a service
	seen   map[string]bool               // IDs of endpoints of which something is said
}

// Compare says what has changed.
func Compare(s Subject) Result {
	j := &judge{
		Subject: s, at: make(map[link][]inventory.Endpoint), taken: make(map[link][]inventory.Endpoint), near: make(map[link][]inventory.Endpoint),
		apart: make(map[link][]inventory.Endpoint), late: make(map[link][]inventory.Endpoint),
		homes: make(map[string][]int), around: make(map[int][]string), of: make(map[string][]int), seen: make(map[string]bool),
	}
	j.lines()
	j.byAddress()
	j.servicesOf()
	j.byService()
	j.unlabelled()
	j.links()
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
