package azure

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// networkParameter says which virtual networks see the zones, for formats that otherwise
// ask for one when their files are loaded.
var networkParameter = formats.Parameter{
	Name:  "virtual-network-id",
	Check: formats.EachOf(formats.Matches(networkPattern, "the id of a virtual network, /subscriptions/.../resourceGroups/.../providers/Microsoft.Network/virtualNetworks/...")),
	Doc: "the id of the virtual network that is linked to the zones, instead of the one that is asked for when it is loaded; or several, " +
		"with commas between them",
}

var networkPattern = regexp.MustCompile(
	`^/subscriptions/[0-9A-Za-z-]+/resourceGroups/[\w.()-]+/providers/Microsoft\.Network/virtualNetworks/[\w.-]+$`)

// network is a virtual network, by its id or by an expression for it, and what the links
// to it are called.
type network struct{ id, link string }

// networksOf returns the virtual networks that are asked for; or the one that is asked
// for later, of which expression is the id.
func networksOf(v zones.View, o formats.Options, expression string) []network {
	ids := o.Values[networkParameter.Name]
	if ids == "" {
		return []network{{id: expression, link: linkName(v)}}
	}
	var all []network
	for id := range strings.SplitSeq(ids, ",") {
		digest := sha256.Sum256([]byte(strings.ToLower(id)))
		all = append(all, network{id: id, link: fmt.Sprintf("%.70s-%x", linkName(v), digest[:4])})
	}
	return all
}
