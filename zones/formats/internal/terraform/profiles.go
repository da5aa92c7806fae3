package terraform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones/formats/internal/rrset"
)

// The kinds of resources that tie a Route 53 Profile to VPCs, and zones and rules to it, as
// Terraform and Pulumi call them.
var (
	profileKinds     = []string{"aws_route53profiles_profile", "aws_route53_profiles_profile"}
	profileVPCKinds  = []string{"aws_route53profiles_association", "aws_route53_profiles_association"}
	profileTiesKinds = []string{"aws_route53profiles_resource_association", "aws_route53_profiles_resource_association"}
)

// byProfile is which VPCs see a zone by profiles.
type byProfile struct {
	vpcs    []string
	unknown bool // there may be others
}

// tieProfiles finds which VPCs see which zones by profiles.
func (s *states) tieProfiles() {
	s.profiled = make(map[string]byProfile)
	vpcs := make(map[string][]string) // by profile
	for r, i := range s.ofKinds(profileVPCKinds) {
		profile := r.profileOf(i)
		vpcs[profile] = append(vpcs[profile], r.text(i.values["resource_id"]))
	}
	for r, i := range s.ofKinds(profileTiesKinds) {
		z, is := r.tied(i)
		if !is {
			continue
		}
		profile := r.profileOf(i)
		its, by := vpcs[profile], s.profiled[z.id]
		by.unknown = by.unknown || profile == "" || len(vpcs[""]) > 0 || len(its) == 0 || slices.Contains(its, "")
		by.vpcs = append(by.vpcs, slices.DeleteFunc(slices.Clone(its), func(id string) bool { return id == "" })...)
		s.profiled[z.id] = by
	}
}

// ofKinds returns the resources of all states that have one of some kinds.
func (s *states) ofKinds(kinds []string) func(func(*records, instance) bool) {
	return func(yield func(*records, instance) bool) {
		for _, r := range s.all {
			for _, i := range r.instances {
				if slices.Contains(kinds, i.kind) && !yield(r, i) {
					return
				}
			}
		}
	}
}

// profileOf returns what tells the profile that a resource has from others; "" where it is not
// known.
func (r *records) profileOf(i instance) string {
	switch value := i.values["profile_id"].(type) {
	case string:
		return value
	case reference:
		value.attribute = ""
		return fmt.Sprint(i.at.File, value)
	}
	if r.plan.is() {
		for _, kind := range profileKinds {
			if made, found := r.plan.zoneOf(i, "profile_id", kind); found {
				return i.at.File + made.address()
			}
		}
	}
	return ""
}

// tied returns the zone that a resource ties to a profile, and notes what else it ties.
func (r *records) tied(i instance) (z zone, is bool) {
	arn := r.text(i.values["resource_arn"])
	kind := arn
	if ref, is := i.values["resource_arn"].(reference); is {
		kind = ref.kind
	}
	switch kind = strings.ToLower(kind); {
	case strings.Contains(kind, "hostedzone"), kind == awsZone, kind == "" && r.plan.is():
		z, _ := r.zoneOf(i, awsZone, "resource_arn")
		return z, z.origin != ""
	case strings.Contains(kind, "resolver-rule"), strings.Contains(kind, "resolver_rule"), strings.Contains(kind, "query_log"), strings.Contains(kind, "query-log"):
	case kind == "":
		r.unread(i, "what it ties to a profile is not known")
	default:
		r.unread(i, "what it ties to a profile may block names, or answer them otherwise")
	}
	return z, false
}

// tiesRule reports whether a resource ties a resolver rule to a profile, by any of the rule's ids, or any
// one whose rule is not known.
func (r *records) tiesRule(i instance, ids []string) bool {
	if !slices.Contains(profileTiesKinds, i.kind) {
		return false
	}
	if ref, is := i.values["resource_arn"].(reference); is {
		return ref.kind == "aws_route53_resolver_rule"
	}
	arn := r.text(i.values["resource_arn"])
	return slices.ContainsFunc(ids, func(id string) bool { return strings.HasSuffix(arn, "/"+id) })
}

// seeVPCs notes which VPCs see a private zone of Route 53. Where a profile may tie it to any other
// one, that is not known of those that it has itself.
func (r *records) seeVPCs(i instance, z zone, vpcs []string) {
	by := r.states.profiled[z.id]
	all := slices.Concat(vpcs, by.vpcs)
	chosen := r.b.Elsewhere(nil) && !r.b.Elsewhere(all)
	if z.origin == "" || by.unknown && !chosen {
		return
	}
	rrset.ZoneSeenBy(r.b, dnsname.TrimDot(z.origin), z.id, all, i.at)
}
