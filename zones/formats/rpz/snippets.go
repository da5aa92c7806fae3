package rpz

import (
	"fmt"
	"io"

	"github.com/auralink/auralink/zones/formats"
)

// snippets returns the files that tell resolvers to load the policy zone.
func (p policyZone) snippets(o formats.Options) []formats.File {
	path := o.InDirectory(p.file().Name)
	snippet := func(name, mark, text string, args ...any) formats.File {
		return formats.File{
			Name:    name,
			Snippet: true,
			Write: func(w io.Writer, _ uint32) error {
				_, err := fmt.Fprint(w, formats.Comment(mark, "Response policy", p.view)+fmt.Sprintf(text, args...))
				return err
			},
		}
	}
	return []formats.File{
		snippet("named-options.conf", "//", policyForBINDOptions, p.origin, p.view.TTL),
		snippet("named.conf", "//", policyForBIND, p.origin, path),
		snippet("unbound.conf", "#", policyForUnbound, p.origin, path),
		snippet("kresd.conf", "--", policyForKnotResolver, path),
		snippet("recursor.lua", "--", policyForPowerDNS, path, p.origin),
	}
}

// policyForBINDOptions: without max-policy-ttl BIND answers with 5 s. Without
// break-dnssec a client that asks for signatures gets the public answer of a
// signed domain; with it, and without waiting for recursion, the rules are the
// first thing that BIND looks at.
const policyForBINDOptions = `// Include it in "options", or in the "view" of these clients. A view can have one
// response-policy only: where there is one already, put the zone first into that.
response-policy {
	zone %q max-policy-ttl %d;
} break-dnssec yes qname-wait-recurse no recursive-only no;
`

// policyForBIND says master, as BIND 9.11 wants it and all later ones still take.
const policyForBIND = `// Include it beside the other zones; named-options.conf refers to it.
zone %q {
	type master;
	file %q;
	allow-query { none; };
	allow-transfer { none; };
	notify no;
};
`

const policyForUnbound = `# Include it in unbound.conf. Response policies need the module respip; where other
# modules are configured, add it to them in front of the validator.
server:
	module-config: "respip validator iterator"
rpz:
	name: %q
	zonefile: %q
`

const policyForKnotResolver = `-- For Knot Resolver 5. The first policy that matches counts: put it ahead of others.
modules.load('policy')
policy.add(policy.rpz(policy.DENY, %q))
`

const policyForPowerDNS = `-- For the setting lua-config-file (recursor.lua_config_file in YAML).
rpzFile(%q, {policyName=%q})
`
