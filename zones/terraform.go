package zones

import (
	"io"
	"iter"

	"github.com/auralink/auralink/internal/dnsname"
)

// terraformModule is a module in Terraform's JSON syntax. All data is in locals,
// of which the resources make instances (for_each): the keys of those are DNS
// names, so that each record keeps its place in the state for good.
type terraformModule struct {
	what      string // for the comment
	provider  object // of required_providers
	variables object
	locals    object
	resources object
}

// terraformFile returns the file of a module.
func terraformFile(v View, m terraformModule) iter.Seq[File] {
	document := object{
		{"//", writtenFor(m.what, v)},
		{"terraform", object{{"required_version", ">= 1.0"}, {"required_providers", m.provider}}},
		{"variable", m.variables},
		{"locals", m.locals},
		{"resource", m.resources},
	}
	return files(File{
		Name:  fileName("auralink-"+v.Name) + ".tf.json",
		Write: func(w io.Writer, _ uint32) error { return writeJSON(w, document) },
	})
}

// terraformVariable returns the declaration of a string; one with the default
// null may be left out.
func terraformVariable(description string, optional bool) object {
	variable := object{{"type", "string"}, {"description", description}}
	if optional {
		variable = append(variable, member{"default", nil})
	}
	return variable
}

// terraformZones returns the names of the zones of a view in a shape.
func terraformZones(v View, shape Shape) list {
	return listOf(v.Shaped(shape), func(zone Zone) any { return dnsname.TrimDot(zone.Origin) })
}

// zoneRRset is an RRset and the zone it is in.
type zoneRRset struct {
	Zone
	RRset
}

// zoneRRsets returns the RRsets of all zones in a shape.
func zoneRRsets(v View, shape Shape) iter.Seq[zoneRRset] {
	return func(yield func(zoneRRset) bool) {
		for zone := range v.Shaped(shape) {
			for rrset := range zone.RRsets() {
				if !yield(zoneRRset{zone, rrset}) {
					return
				}
			}
		}
	}
}
