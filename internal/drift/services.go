package drift

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/inventory"
	"github.com/auralink/auralink/internal/topology"
)

// said reports whether somebody said that an endpoint leads to Aura.
func (j *judge) said(e inventory.Endpoint) bool {
	return slices.ContainsFunc(j.Services, e.IsCalled)
}

// regionOf returns the region to which an endpoint leads, or -1, and whether that is
// sure: by its orchestra, by the comment of the region's line, or because another endpoint
// of a link leads to the same service. By labels and names alone it is not: Aura may have
// several services in one region of a cloud. Where these differ nothing is known.
func (j *judge) regionOf(e inventory.Endpoint) (region int, sure bool) {
	its := slices.Concat(j.leading(e), j.named(e), j.of[e.Service])
	if len(its) > 0 && len(j.leading(e)) == 0 && !slices.ContainsFunc(its, func(r int) bool { return isLabel(j.Topology.Regions[r].Name, e) }) {
		its = append(its, j.besides(e)...)
	}
	slices.Sort(its)
	its = slices.Compact(its)
	switch {
	case len(its) > 1:
		j.disagree(e, its)
		return -1, false
	case len(its) == 1 && len(j.leading(e)) == 0 && contradicts(j.Topology.Regions[its[0]].Name, e):
		j.disagree(e, its)
		return -1, false
	case len(its) == 1:
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

// besides returns the regions whose links have addresses of other endpoints to the service of an
// endpoint, by which the comment that names it may be wrong.
func (j *judge) besides(e inventory.Endpoint) []int {
	var its []int
	for l, taken := range j.taken {
		if slices.ContainsFunc(taken, func(o inventory.Endpoint) bool { return o.ID != e.ID && o.Service == e.Service }) {
			its = append(its, l.region)
		}
	}
	return its
}

// disagree notes that what is known of an endpoint's region differs.
func (j *judge) disagree(e inventory.Endpoint, regions []int) {
	var labels []string
	for _, r := range regions {
		labels = append(labels, j.Topology.Regions[r].Name)
	}
	j.seen[e.ID] = true
	f := Finding{Code: CodeService, Message: fmt.Sprintf("endpoint %s leads to %s in %s, and other links, orchestras or the comments of the regions say that this is %s", name(e), e.Service, e.ServiceRegion, strings.Join(labels, " and "))}
	f.Hint = "find out which region Aura's console shows the service for (Security > Network access), and write its addresses into the link of that one"
	j.find(f)
}

// isLabel reports whether a region is called as the cloud calls that of an endpoint's
// service, such as "aws-us-east-1" or "aws-us-east-1-2".
func isLabel(label string, e inventory.Endpoint) bool {
	its := inventory.RegionLabel(e.Cloud, e.ServiceRegion)
	return e.ServiceRegion != "" && (label == its || strings.HasPrefix(label, its+"-"))
}

// cloudLabel matches labels that are regions of a cloud. Those of Azure have no form of their own.
var cloudLabel = regexp.MustCompile(`^(?:aws-[a-z]{2,3}(?:-[a-z]+)+-[0-9]+|gcp-[a-z]+-[a-z]+[0-9]+)(?:-|$)`)

// contradicts reports whether a region is called like another region of a cloud than that of
// an endpoint's service.
func contradicts(label string, e inventory.Endpoint) bool {
	return e.ServiceRegion != "" && cloudLabel.MatchString(label) && !isLabel(label, e)
}

// leadsTo reports whether an endpoint is known to lead to an orchestra of a region.
func leadsTo(e inventory.Endpoint, r topology.Region) bool {
	return slices.ContainsFunc(e.Orchestras, func(host string) bool { return slices.Contains(r.Orchestras, host+".") })
}

// leading returns the regions to an orchestra of which an endpoint is known to lead.
func (j *judge) leading(e inventory.Endpoint) []int {
	var its []int
	for i, r := range j.Topology.Regions {
		if leadsTo(e, r) {
			its = append(its, i)
		}
	}
	return its
}

// named returns the regions whose lines name the service of an endpoint.
func (j *judge) named(e inventory.Endpoint) []int {
	var its []int
	for i, r := range j.Topology.Regions {
		if e.Service != "" && slices.ContainsFunc(j.Named[r.Name], func(name string) bool { return strings.EqualFold(name, e.Service) }) {
			its = append(its, i)
		}
	}
	return its
}

// lines notes the lines of regions that name a service in another region of the cloud than they
// are called after. Such a line says nothing.
func (j *judge) lines() {
	trusted := make(map[string][]string)
	for label, services := range j.Named {
		for _, service := range services {
			at := slices.IndexFunc(j.Inventory.Endpoints, func(e inventory.Endpoint) bool { return strings.EqualFold(service, e.Service) })
			if at < 0 || !contradicts(label, j.Inventory.Endpoints[at]) {
				trusted[label] = append(trusted[label], service)
				continue
			}
			j.find(Finding{
				Code:    CodeService,
				Message: fmt.Sprintf("the line of region %s names %s, which is in %s: nothing is taken for its endpoint by that", label, service, j.Inventory.Endpoints[at].ServiceRegion),
				Hint:    "compare the service with the one that Aura's console shows for the region (Security > Network access), and correct the comment or the label",
			})
		}
	}
	j.Named = trusted
}

// unlike returns the endpoints with addresses of a link that lead to another service than those that
// the region's line names.
func (j *judge) unlike(l link) []inventory.Endpoint {
	r := j.Topology.Regions[l.region]
	return slices.DeleteFunc(slices.Clone(j.at[l]), func(e inventory.Endpoint) bool {
		return len(j.Named[r.Name]) == 0 || e.Service == "" || leadsTo(e, r) || slices.Contains(j.named(e), l.region)
	})
}

// elsewhere reports whether an endpoint with addresses of a link leads to another region of the
// topology: by its orchestra, its service, or the cloud's region of its service.
func (j *judge) elsewhere(l link, e inventory.Endpoint) bool {
	own := j.Topology.Regions[l.region]
	named := j.named(e)
	if leadsTo(e, own) || slices.Contains(named, l.region) {
		return false
	}
	return len(named) > 0 || slices.ContainsFunc(j.Topology.Regions, func(r topology.Region) bool {
		return leadsTo(e, r) || isLabel(r.Name, e) && !isLabel(own.Name, e)
	})
}
