// Package terraform writes modules in Terraform's JSON syntax.
package terraform

import (
	"io"
	"iter"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
)

// Module is a module in Terraform's JSON syntax. All data is in locals,
// of which the resources make instances (for_each): the keys of those are DNS
// names, so that each record keeps its place in the state for good.
type Module struct {
	What      string          // for the comment
	Provider  jsontext.Object // of required_providers
	Variables jsontext.Object
	Locals    jsontext.Object
	Resources jsontext.Object
}

// File returns the file of a module.
func File(v zones.View, m Module) iter.Seq[formats.File] {
	document := jsontext.Object{
		{"//", formats.Sentence(m.What, v)},
		{"terraform", jsontext.Object{{"required_version", ">= 1.0"}, {"required_providers", m.Provider}}},
	}
	if len(m.Variables) > 0 {
		document = append(document, jsontext.Member{"variable", m.Variables})
	}
	document = append(document, jsontext.Member{"locals", m.Locals}, jsontext.Member{"resource", m.Resources})
	return formats.Files(formats.File{
		Name:  formats.FileName("auralink-"+v.Name) + ".tf.json",
		Write: func(w io.Writer, _ uint32) error { return jsontext.Write(w, document) },
	})
}

// Variable returns the declaration of a string; one with the default
// null may be left out.
func Variable(description string, optional bool) jsontext.Object {
	variable := jsontext.Object{{"type", "string"}, {"description", description}}
	if optional {
		variable = append(variable, jsontext.Member{"default", nil})
	}
	return variable
}

// Zones returns the names of the zones of a view in a shape.
func Zones(v zones.View, shape zones.Shape) jsontext.List {
	return jsontext.ListOf(v.Shaped(shape), func(zone zones.Zone) any { return dnsname.TrimDot(zone.Origin) })
}

// RRset is an RRset and the zone it is in.
type RRset struct {
	zones.Zone
	zones.RRset
}

// RRsets returns the RRsets of all zones in a shape.
func RRsets(v zones.View, shape zones.Shape) iter.Seq[RRset] {
	return func(yield func(RRset) bool) {
		for zone := range v.Shaped(shape) {
			for rrset := range zone.RRsets() {
				if !yield(RRset{zone, rrset}) {
					return
				}
			}
		}
	}
}
