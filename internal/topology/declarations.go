package topology

import (
	"fmt"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
)

// declaration is a name that the file declares for a region: an orchestra, which has
// everything at and below it, or an extra name.
type declaration struct {
	name      string // absolute, lower-case, without "*."
	kind      declarationKind
	region    int
	from      scalar
	path      string
	redundant bool
}

type declarationKind uint8

const (
	declaredOrchestra declarationKind = iota // the name and all below it
	declaredName                             // the name alone
	declaredWildcard                         // all below the name
)

// declareNames reads the orchestras and extra names of all regions, checks them
// against each other and puts them into their regions.
func (v *validator) declareNames(raw table[rawRegion]) {
	var declarations []declaration
	for _, e := range raw.entries {
		region, ok := v.regions[e.key.text]
		if !ok {
			continue
		}
		path := "regions." + e.key.text
		for i, s := range e.value.Orchestras.items {
			declarations = v.appendDeclaration(declarations, declaration{region: region, from: s, path: item(path+".orchestras", i)}, readOrchestra)
		}
		for i, s := range e.value.ExtraNames.items {
			declarations = v.appendDeclaration(declarations, declaration{region: region, from: s, path: item(path+".extra_names", i)}, readExtraName)
		}
	}
	v.checkDeclarations(declarations)
	for _, d := range declarations {
		v.grant(d)
	}
	for i := range v.topology.Regions {
		slices.Sort(v.topology.Regions[i].Orchestras)
		slices.Sort(v.topology.Regions[i].ExtraNames)
	}
}

func item(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// appendDeclaration completes d by read, and keeps it if it can stand by itself.
func (v *validator) appendDeclaration(declarations []declaration, d declaration, read func(text string) spelling) []declaration {
	spelled := read(dnsname.Lower(d.from.text))
	if spelled.wrong != "" {
		v.errorf(CodeBadName, d.from.at, d.path, spelled.hint, "name %q %s", d.from.text, spelled.wrong)
		return declarations
	}
	d.name, d.kind = spelled.name+".", spelled.kind
	if v.reserved(d) {
		return declarations
	}
	v.spelled(spelled, d.from, d.path)
	v.sharedByAll(d)
	v.sharedByWorld(d)
	return append(declarations, d)
}

// spelled says what a text was taken for that could be used, if there is anything
// to be said.
func (v *validator) spelled(s spelling, from scalar, path string) {
	if s.meant != "" {
		v.notef(CodeSpelling, from.at, path, "write "+s.meant, "%q is taken for %s", from.text, s.name)
	}
	if s.doubt != "" {
		v.warnf(CodeOddOrchestra, from.at, path, s.hint, "%q %s", from.text, s.doubt)
	}
}

// takenFor notes that a text was taken for an address or a range.
func (v *validator) takenFor(meant fmt.Stringer, from scalar, path string) {
	v.spelled(spelling{name: meant.String(), meant: meant.String()}, from, path)
}

// reserved complains about a declaration of what is declared elsewhere in the file,
// or above what must stay public: where a name or a wildcard is served, nothing
// at or below it is asked of public DNS any more.
func (v *validator) reserved(d declaration) bool {
	if d.name == EndpointsOrigin || dnsname.Below(d.name, EndpointsOrigin) {
		v.errorf(CodeReservedName, d.from.at, d.path, "leave it out here, and declare custom endpoints under custom_endpoints",
			"%q is in the domain of the custom endpoints", d.from.text)
		return true
	}
	for _, public := range publicNames {
		if d.name == public || dnsname.Below(public, d.name) {
			v.errorf(CodeReservedName, d.from.at, d.path, "leave it out: only what the private link serves stands here",
				"%q would capture %s, which is always public", d.from.text, dnsname.TrimDot(public))
			return true
		}
	}
	return false
}

// sharedByAll warns of a declaration of a name under which the instances of all regions
// are, linked or not.
func (v *validator) sharedByAll(d declaration) {
	for _, shared := range sharedNames {
		if d.name == shared || dnsname.Below(d.name, shared) && d.kind == declaredWildcard {
			v.warnf(CodeSharedName, d.from.at, d.path,
				"name the instances of this region one by one under extra_names, or leave them to public DNS",
				"under %s are the instances of all regions: %q would send every other region's here",
				dnsname.TrimDot(shared), d.from.text)
			return
		}
	}
}

// checkDeclarations finds names that are declared twice and names that belong to an
// orchestra of another region. A wildcard that several regions declare, and a
// name below another region's wildcard, are no conflict: the plan separates
// them.
func (v *validator) checkDeclarations(declarations []declaration) {
	orchestras := v.checkTwice(declarations)
	for i := range declarations {
		d := &declarations[i]
		for name := d.name; name != ""; name = dnsname.Parent(name) {
			owner, ok := orchestras[name]
			if ok && owner != d && !d.redundant {
				v.checkBelowOrchestra(d, owner)
			}
		}
	}
}

// checkTwice finds names that are declared twice, and returns the first declaration
// to each orchestra.
func (v *validator) checkTwice(declarations []declaration) map[string]*declaration {
	type key struct {
		name   string
		kind   declarationKind
		region int // of a wildcard, which several regions may declare
	}
	first := make(map[key]*declaration, len(declarations))
	orchestras := make(map[string]*declaration)
	for i := range declarations {
		d := &declarations[i]
		k := key{name: d.name, kind: d.kind}
		if d.kind == declaredWildcard {
			k.region = d.region
		}
		before, again := first[k]
		switch {
		case !again:
			first[k] = d
			if d.kind == declaredOrchestra {
				orchestras[d.name] = d
			}
		case before.region == d.region:
			d.redundant = true
			v.errorf(CodeDuplicate, d.from.at, d.path, "keep one of them",
				"%q stands twice, first in line %d", d.from.text, before.from.at.line)
		default:
			v.conflict(d, before)
		}
	}
	return orchestras
}

// checkBelowOrchestra judges a declaration at or below another orchestra's name,
// which has every name there.
func (v *validator) checkBelowOrchestra(d, owner *declaration) {
	switch {
	case d.kind == declaredOrchestra && d.name == owner.name:
		// Two regions declare one orchestra: reported as such already.
	case d.region != owner.region:
		v.conflict(d, owner)
	case d.kind != declaredOrchestra:
		d.redundant = true
		v.warnf(CodeRedundantName, d.from.at, d.path, "leave it out",
			"%q is covered by orchestra %q already", d.from.text, owner.from.text)
	}
}

func (v *validator) conflict(d, with *declaration) {
	what := "name"
	if d.kind == declaredOrchestra {
		what = "orchestra"
	}
	v.errorf(CodeNameConflict, d.from.at, d.path, "leave one of the two out: a name lives in exactly one region",
		"%s %q is declared for region %q, but line %d gives it to region %q", what, d.from.text,
		v.topology.Regions[d.region].Name, with.from.at.line, v.topology.Regions[with.region].Name)
}

// noteNoOrchestras tells of each region that a VPC links, and of which the file does not say
// whether it has orchestras. An empty list says that none is meant.
func (v *validator) noteNoOrchestras(raw table[rawRegion]) {
	if v.errors > 0 {
		return // links and orchestras may be what is wrong
	}
	notes, linked := &collector{source: v.source}, v.linked()
	for _, e := range raw.entries {
		region, known := v.regions[e.key.text]
		if known && linked[region] && !e.value.Orchestras.present() {
			notes.notef(CodeNoOrchestras, e.key.at, "regions."+e.key.text, noOrchestrasHint,
				"region %q has a link and no orchestras: its instances, and the servers in the drivers' routing tables, stay on public DNS", e.key.text)
		}
	}
	v.topology.Unsaid = notes.result()
}

// grant puts a declaration into its region.
func (v *validator) grant(d declaration) {
	region := &v.topology.Regions[d.region]
	switch {
	case d.redundant:
	case d.kind == declaredOrchestra:
		region.Orchestras = append(region.Orchestras, d.name)
	case d.kind == declaredWildcard:
		region.ExtraNames = append(region.ExtraNames, "*."+d.name)
	default:
		region.ExtraNames = append(region.ExtraNames, d.name)
	}
}
