package unbound

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/zones/formats/internal/clauses"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// answering says why modules could matter that are not read.
var answering = map[string]string{
	"python": "it answers by a program", "dynlib": "it answers by a program", "dns64": "it makes IPv6 addresses of IPv4 addresses",
}

// modules notes the modules that can change answers.
func (c *config) modules(list []clauses.Clause) {
	o, said := lastOf(list, "module-config")
	for name := range strings.FieldsSeq(o.Value()) {
		if why := answering[name]; why != "" {
			c.b.Unread(o.Place, "module %s is not read: %s", name, why)
		}
	}
	if said {
		c.moduleOrder(o)
	}
}

// moduleOrder looks at the order of modules. Unbound starts with all of them in any order;
// unbound-checkconf takes those alone that are known to work.
func (c *config) moduleOrder(o clauses.Option) {
	names := strings.Fields(o.Value())
	last := slices.Index(names, "iterator")
	switch {
	case strings.Contains(combinations, "\n"+o.Value()+"\n"):
	case last >= 0 && consists(names[:last], "respip", "validator", "subnetcache") && consists(names[last+1:], "respip"):
		c.b.Note(o.Place, "unbound-checkconf refuses module-config %s; Unbound itself starts with it", lines.Shown(o.Value()))
	default:
		c.b.Unread(o.Place, "module-config %s is not read: unbound-checkconf refuses it, and what Unbound answers with it is not known", lines.Shown(o.Value()))
	}
}

// consists reports whether all names are some of those.
func consists(names []string, some ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(some, name) })
}

// moduleNames judges a list of modules by their names.
func moduleNames(value string) string {
	names := strings.Fields(value)
	if len(names) == 0 || !consists(names, strings.Fields(combinations)...) {
		return "module conf is not known to work"
	}
	return ""
}

// combinations are the lists of modules that work together.
const combinations = `
cachedb dynlib iterator
cachedb iterator
cachedb python iterator
dns64 cachedb iterator
dns64 dynlib cachedb iterator
dns64 dynlib iterator
dns64 dynlib validator cachedb iterator
dns64 dynlib validator iterator
dns64 iterator
dns64 python cachedb iterator
dns64 python iterator
dns64 python validator cachedb iterator
dns64 python validator iterator
dns64 subnetcache iterator
dns64 subnetcache respip iterator
dns64 subnetcache respip validator iterator
dns64 subnetcache validator iterator
dns64 validator cachedb iterator
dns64 validator dynlib iterator
dns64 validator iterator
dns64 validator python iterator
dynlib cachedb iterator
dynlib dns64 cachedb iterator
dynlib dns64 iterator
dynlib dns64 validator cachedb iterator
dynlib dns64 validator iterator
dynlib dynlib dynlib iterator
dynlib dynlib dynlib validator iterator
dynlib dynlib iterator
dynlib dynlib validator iterator
dynlib ipsecmod iterator
dynlib ipsecmod respip iterator
dynlib ipsecmod respip validator iterator
dynlib ipsecmod validator iterator
dynlib iterator
dynlib respip cachedb iterator
dynlib respip iterator
dynlib respip subnetcache iterator
dynlib respip subnetcache validator iterator
dynlib respip validator cachedb iterator
dynlib respip validator iterator
dynlib subnetcache iterator
dynlib subnetcache validator iterator
dynlib validator cachedb iterator
dynlib validator iterator
ipsecmod dynlib iterator
ipsecmod dynlib respip iterator
ipsecmod dynlib respip validator iterator
ipsecmod dynlib validator iterator
ipsecmod iterator
ipsecmod python iterator
ipsecmod python respip iterator
ipsecmod python respip validator iterator
ipsecmod python validator iterator
ipsecmod respip iterator
ipsecmod respip validator dynlib iterator
ipsecmod respip validator iterator
ipsecmod respip validator python iterator
ipsecmod validator dynlib iterator
ipsecmod validator iterator
ipsecmod validator python iterator
ipset iterator
ipset respip iterator
iterator
python cachedb iterator
python dns64 cachedb iterator
python dns64 iterator
python dns64 validator cachedb iterator
python dns64 validator iterator
python dynlib dynlib dynlib iterator
python dynlib dynlib dynlib validator iterator
python dynlib dynlib iterator
python dynlib dynlib validator iterator
python dynlib iterator
python dynlib validator iterator
python ipsecmod iterator
python ipsecmod respip iterator
python ipsecmod respip validator iterator
python ipsecmod validator iterator
python iterator
python respip cachedb iterator
python respip iterator
python respip subnetcache iterator
python respip subnetcache validator iterator
python respip validator cachedb iterator
python respip validator iterator
python subnetcache iterator
python subnetcache validator iterator
python validator cachedb iterator
python validator iterator
respip cachedb dynlib iterator
respip cachedb iterator
respip cachedb python iterator
respip dns64 iterator
respip dns64 validator cachedb iterator
respip dns64 validator iterator
respip iterator
respip subnetcache dynlib iterator
respip subnetcache dynlib validator iterator
respip subnetcache iterator
respip subnetcache python iterator
respip subnetcache python validator iterator
respip subnetcache validator cachedb iterator
respip subnetcache validator dynlib iterator
respip subnetcache validator iterator
respip subnetcache validator python iterator
respip validator cachedb dynlib iterator
respip validator cachedb iterator
respip validator cachedb python iterator
respip validator dynlib cachedb iterator
respip validator iterator
respip validator python cachedb iterator
subnetcache dynlib iterator
subnetcache dynlib validator iterator
subnetcache iterator
subnetcache python iterator
subnetcache python validator iterator
subnetcache validator cachedb iterator
subnetcache validator dynlib iterator
subnetcache validator iterator
subnetcache validator python iterator
validator cachedb dynlib iterator
validator cachedb iterator
validator cachedb python iterator
validator dynlib cachedb iterator
validator dynlib iterator
validator ipset iterator
validator ipset respip iterator
validator iterator
validator python cachedb iterator
validator python iterator
`
