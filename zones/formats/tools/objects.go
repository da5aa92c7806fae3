package tools

import (
	"crypto/sha256"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/holdings"
)

// objects are the DNSEndpoints of all files, by their names. Kubernetes has one object of a name in a
// namespace: the one that is given to it last replaces those before.
type objects struct {
	b   *holdings.Builder
	all map[string][]object
	// targets are those of each endpoint, by its name, type and set.
	targets map[[3]string]string
}

// object is a DNSEndpoint that was read.
type object struct {
	namespace string // "" for that of who applies it
	digest    [sha256.Size]byte
	at        holdings.Place
}

// objectsOf returns the DNSEndpoints of all files that give to a builder.
func objectsOf(b *holdings.Builder) *objects {
	return holdings.Shared(b, "DNSEndpoints", func() *objects { return &objects{b, make(map[string][]object), make(map[[3]string]string)} })
}

// End implements what is shared: all is told before.
func (*objects) End() {}

// dnsEndpointAPI is the only version of the API that has DNSEndpoints.
const dnsEndpointAPI = "externaldns.k8s.io/v1alpha1"

var objectNamePattern = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

// takes reports whether Kubernetes takes a DNSEndpoint, and notes why it does not, or which other one it
// replaces.
func (o *objects) takes(r dnsEndpoints, at holdings.Place) bool {
	name := r.Metadata.Name
	switch {
	case r.API != dnsEndpointAPI:
		o.b.Unread(at, "DNSEndpoint %q has the apiVersion %q, and DNSEndpoints are of %s alone: Kubernetes does not take it, and it is left out", name, r.API, dnsEndpointAPI)
		return false
	case name == "" && r.Metadata.Generate != "":
		return true
	case len(name) > maxObjectName || !objectNamePattern.MatchString(name):
		o.b.Unread(at, "DNSEndpoint %q has no name (metadata.name) that Kubernetes takes: it is left out", name)
		return false
	}
	o.see(name, object{r.Metadata.Namespace, digestOf(r), at})
	return true
}

// see notes a DNSEndpoint beside another one of its name that says something else.
func (o *objects) see(name string, one object) {
	for _, other := range o.all[name] {
		here := one.namespace == other.namespace || one.namespace == "" || other.namespace == ""
		if here && one.digest != other.digest {
			o.b.Unread(one.at, "DNSEndpoint %q stands here and in %s, and they say different things: Kubernetes has one object of a name in a namespace, and the last one that is applied replaces the other", name, other.at)
			return
		}
	}
	o.all[name] = append(o.all[name], one)
}

// seeEndpoint notes an endpoint beside another one of its name, type and set with other targets.
func (o *objects) seeEndpoint(e dnsEndpoint, at holdings.Place) {
	name, err := holdings.CanonicalName(e.Name)
	if err != nil {
		return
	}
	key, targets := [3]string{name, strings.ToUpper(e.Type), e.Set}, strings.Join(slices.Sorted(slices.Values(e.Targets)), " ")
	if other, there := o.targets[key]; there && other != targets {
		o.b.UnreadBelow(strings.TrimPrefix(name, "*."), at, "the %s of %s stands twice with different targets: ExternalDNS takes one of the two alone", e.Type, e.Name)
	}
	o.targets[key] = targets
}

// digestOf returns a digest of what a DNSEndpoint makes, without comments.
func digestOf(r dnsEndpoints) [sha256.Size]byte {
	all := make([]any, len(r.Spec.Endpoints))
	for i := range all {
		_ = r.Spec.Endpoints[i].Decode(&all[i]) // one that is none is told elsewhere
	}
	text, err := yaml.Marshal(all)
	if err != nil {
		return [sha256.Size]byte{}
	}
	return sha256.Sum256(text)
}
