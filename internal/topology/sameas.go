package topology

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/spell"
)

// sameAsKey is the key among a VPC's links that names another VPC, which has them.
// What has a list or a mapping is the link to a region of that name.
const sameAsKey = "same_as"

// rawLinks are the links of a VPC, and the VPC that has further ones.
type rawLinks struct {
	table[link]
	sameAs text
}

var _ decodable = (*rawLinks)(nil)

func (l *rawLinks) decode(d *decoder, n *yaml.Node) {
	regions := *n
	if n.Kind == yaml.MappingNode {
		regions.Content = nil
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			switch {
			case key.ShortTag() == "!!merge" && value.Kind == yaml.AliasNode && d.linksOf(value) != "":
				d.errorf(CodeUnsupported, at(key), d.where(), "write "+sameAsKey+": "+d.linksOf(value), "merge key << is not supported")
			case (key.Value != sameAsKey || value.Kind == yaml.SequenceNode) && d.likeAnother(n, key, value):
				// what else is said of the links stands
			case key.Value != sameAsKey || value.Kind == yaml.SequenceNode || value.Kind == yaml.MappingNode:
				regions.Content = append(regions.Content, key, value)
			case l.sameAs.present():
				d.repeatedKey(key, int(l.sameAs.at.line))
			default:
				d.value(key.Value, &l.sameAs, value)
			}
		}
	}
	l.table.decode(d, &regions)
}

// linksOf returns the VPC whose links an alias stands for, if it stands for any.
func (d *decoder) linksOf(alias *yaml.Node) string {
	from := d.anchors[alias.Alias]
	if len(from) != 3 || from[0] != "vpcs" || from[2] != "links" {
		return ""
	}
	return flowScalar(from[1], false)
}

// none reports whether nothing is said of links.
func (l rawLinks) none() bool { return len(l.entries) == 0 && !l.sameAs.present() }

// takeLinks gives the VPCs that have the same links as another one those of that
// one. The VPCs are in the order of raw, without those that are invalid.
func (v *validator) takeLinks(raw table[rawVPC]) {
	own := make(map[string]*VPC, len(v.topology.VPCs))
	taking := make(map[string]bool)
	for i := range v.topology.VPCs {
		own[v.topology.VPCs[i].Name] = &v.topology.VPCs[i]
	}
	var first []entry[rawVPC] // a name that stands twice is the first one's
	for _, e := range raw.entries {
		if _, known := taking[e.key.text]; !known {
			taking[e.key.text] = e.value.Links.sameAs.present()
			first = append(first, e)
		}
	}
	for _, e := range first {
		if vpc := own[e.key.text]; vpc != nil && taking[e.key.text] {
			v.takeLinksFrom(vpc, e.value.Links.sameAs, own, taking)
		}
	}
}

// takeLinksFrom gives a VPC the links of another one, beside its own.
func (v *validator) takeLinksFrom(vpc *VPC, from text, own map[string]*VPC, taking map[string]bool) {
	path := "vpcs." + vpc.Name + ".links." + sameAsKey
	before := len(v.findings)
	defer func() {
		for i := before; i < len(v.findings); i++ {
			v.findings[i].VPC = vpc.Name
		}
	}()
	other := own[from.text]
	switch {
	case other == nil || other == vpc:
		v.errorf(CodeBadSameAs, from.at, path, otherVPCHint(from.text, vpc.Name, own, taking), "there is no other VPC %q whose links VPC %q could have", from.text, vpc.Name)
		return
	case taking[from.text]:
		v.errorf(CodeBadSameAs, from.at, path, otherVPCHint("", vpc.Name, own, taking), "VPC %q has the links of another VPC itself", from.text)
		return
	}
	for _, link := range other.Links {
		if slices.ContainsFunc(vpc.Links, func(l Link) bool { return l.Region == link.Region }) {
			v.errorf(CodeBadSameAs, from.at, path, "leave it out, and write out each link of this VPC",
				"VPC %q has a link to region %q of its own, and so has VPC %q", vpc.Name, v.topology.Regions[link.Region].Name, from.text)
			return
		}
	}
	vpc.Links = slices.Concat(vpc.Links, other.Links)
	slices.SortFunc(vpc.Links, func(a, b Link) int { return a.Region - b.Region })
}

// otherVPCHint says which VPC can be named: one with links of its own.
func otherVPCHint(text, vpc string, own map[string]*VPC, taking map[string]bool) string {
	var known []string
	for name, other := range own {
		if name != vpc && !taking[name] && len(other.Links) > 0 && len(known) < maxSpelled {
			known = append(known, name)
		}
	}
	slices.Sort(known)
	if near := spell.DidYouMean(text, known); near != "" {
		return near
	}
	if len(known) == 0 {
		return "leave it out, and write out each link of this VPC"
	}
	return "write " + known[0] + ", or another VPC with links of its own"
}
