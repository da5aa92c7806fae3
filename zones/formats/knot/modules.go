package knot

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// harmless are modules that change no answer to who asks for addresses.
var harmless = []string{"mod-cookies", "mod-dnstap", "mod-noudp", "mod-onlinesign", "mod-probe", "mod-rrl", "mod-stats"}

// modules looks at the modules of a zone, or at those of all: whom they refuse, and that what
// others change is not known.
func (p *parser) modules(origin string, modules []string, at holdings.Place) {
	var unknown []string
	for _, module := range modules {
		kind, id, _ := strings.Cut(module, "/")
		switch {
		case kind == "", slices.Contains(harmless, kind):
		case kind == "mod-queryacl":
			p.queryACL(origin, id, at)
		default:
			unknown = append(unknown, module)
		}
	}
	switch {
	case len(unknown) == 0:
	case origin == ".":
		p.b.Unread(at, "global-module is not read: what the modules %s change is not known here", strings.Join(unknown, ", "))
	default:
		p.b.UnreadBelow(origin, at, "zone %s: what the modules %s change is not known here", dnsname.Shown(origin), strings.Join(unknown, ", "))
	}
}

// queryACL notes whom the module queryacl refuses questions: all but some clients, or those
// who ask at other addresses of the server.
func (p *parser) queryACL(origin, id string, at holdings.Place) {
	i := slices.IndexFunc(p.blocks, func(b block) bool { return b.section == "mod-queryacl" && b.last("id") == id })
	if i < 0 {
		p.b.NotStarted("Knot", at, "there is no mod-queryacl with the id %s", lines.Shown(id))
		return
	}
	its := p.blocks[i]
	if its.last("interface") != "" {
		p.b.UnreadBelow(origin, its.items[0].place, "mod-queryacl is not read whole: it refuses questions by the address that was asked")
	}
	var clients holdings.Clients
	for _, text := range its.all("address") {
		prefixes, err := address.ParseRanges(text)
		if err != nil {
			p.b.UnreadBelow(origin, its.items[0].place, "mod-queryacl is not read: %s is not a range that is known here", lines.Shown(text))
			return
		}
		for _, prefix := range prefixes {
			clients = append(clients, holdings.ClientRange{Range: prefix})
		}
	}
	if len(clients) > 0 {
		p.b.Admits(clients, origin, its.items[0].place, "mod-queryacl refuses questions to "+holdings.SomeOrAll)
	}
}
