package topology

import (
	"reflect"
	"slices"

	"github.com/auralink/auralink/internal/acceptance"
)

// rawTopology mirrors the file. The JSON Schema is generated from it and from
// the types below: the tag yaml is a key's name, doc its description, and
// schema has what an editor can check further, in the words of schema_test.go.
type rawTopology struct {
	Regions   table[rawRegion] `yaml:"regions" schema:"required,keys=name" doc:"Aura's side: each Aura region that a VPC has a private endpoint for, or that a custom endpoint lives in, by a label of your own such as aws-us-east-1."`
	VPCs      table[rawVPC]    `yaml:"vpcs" schema:"required,keys=name" doc:"Your side: each network (VPC, VNet, on-premises, VPN) that sees one consistent set of answers, by a label of your own."`
	Endpoints table[text]      `yaml:"custom_endpoints" schema:"keys=label,values=name" doc:"Custom endpoints: the label under endpoints.neo4j.io, and the region that it lives in."`
	Replaces  text             `yaml:"replaces" schema:"values=acceptance" doc:"Accepts that this text takes the place of another, where a server holds it back: the digests of both, as auralink diff prints them. A line of its own."`
	Serial    integer          `yaml:"serial" schema:"values=serial" doc:"The serial of all zones, for servers that have the same topology and for their secondaries: a number of your own that grows with each change."`
	TTL       integer          `yaml:"ttl" schema:"values=ttl" doc:"Time to live of every record, in seconds."`
}

type rawRegion struct {
	Orchestras list `yaml:"orchestras" schema:"values=orchestra" doc:"The region's orchestras: a bare id such as \"0000\", in quotes, for production-orch-0000.neo4j.io, or a whole host name such as staging-orch-0003.neo4j.io. Each lives in exactly one region."`
	ExtraNames list `yaml:"extra_names" schema:"values=extra_name" doc:"Further names, or wildcards such as *.graph.example.org, that take this region's link."`
}

type rawVPC struct {
	Clients list     `yaml:"clients" schema:"filled,values=range" doc:"Address ranges that ask from this VPC; a VPN's pool counts. The longest prefix wins. One VPC may leave this key out: it has all other clients."`
	Links   rawLinks `yaml:"links" schema:"keys=name,filled,values=address" doc:"Each region that this VPC has a private endpoint for, and the endpoint's addresses: one for each availability zone, as a list or as the value of the key addresses; or same_as and the name of another VPC, which has the same links."`
	Mode    text     `yaml:"mode" schema:"values=mode" doc:"How the custom endpoints, and the names below each extra wildcard, are written: auto lets auralink choose (a wildcard where it is safe, else individual records), individual asks for individual records, wildcard insists on a wildcard, which is an error where it is unsafe."`
}

// rawLink is a link that is written as a mapping.
type rawLink struct {
	Addresses list `yaml:"addresses" schema:"required,filled,values=address" doc:"The private endpoint's addresses: one for each availability zone."`
}

// link is a list of addresses, or a mapping that has them and whatever else there is to
// say of a private endpoint.
type link struct {
	rawLink
	listed bool // it is a list
}

// addresses returns the path to a link's addresses, from the path to the link.
func (l link) addresses(path string) string {
	if l.listed {
		return path
	}
	return path + ".addresses"
}

// scalar is one value as written. The zero scalar stands for a key that is not
// in the file.
type scalar struct {
	text string
	at   position
}

func (s scalar) present() bool { return s.at.line > 0 }

// text is a string.
type text struct{ scalar }

// integer is a whole number.
type integer struct{ scalar }

// list is a sequence of strings.
type list struct {
	items []scalar
	at    position
}

func (l list) present() bool { return l.at.line > 0 }

// table is a mapping in the order of the file, whose keys are names.
type table[T any] struct {
	entries []entry[T]
	at      position
}

type entry[T any] struct {
	key   scalar
	value T
}

// Sections returns the keys of a topology of which a text that is cut off lacks the
// last: all but the line that accepts a change, which comes and goes with each change.
func Sections() []string {
	return slices.DeleteFunc(keysOf(reflect.TypeFor[rawTopology]()), func(key string) bool { return key == acceptance.Key })
}
