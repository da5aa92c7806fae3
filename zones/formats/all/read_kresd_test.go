package all_test

import "testing"

// TestKnotResolver: what is not called with literals, or could matter otherwise, is told.
func TestKnotResolver(t *testing.T) {
	check(t, []odd{{
		name: "calls that are not read", kind: "kresd",
		text: `net.listen('127.0.0.1', 53)
modules = { 'hints > iterate', 'rebinding < iterate' }
modules.load('view')
internal = policy.todnames({'endpoints.neo4j.io'})
policy.add(policy.suffix(policy.STUB('10.0.0.2'), external))
policy.add(policy.suffix(policy.ANSWER({ [kres.type.A] = { rdata=addr } }), { todname('a.example') }))
view:addr('10.1.0.0/16', policy.suffix(policy.DENY, policy.todnames({'b.example'})))
policy.add(policy.suffix(policy.FORWARD({'10.0.0.2', '10.0.0.3@5353'}), policy.todnames({'c.example'})))
hints.root_file = 'x'
hints.add_hosts('names')
dofile('more.lua')
cache.size = 10 * MB
modules.unload('priming')
modules.unload("policy")
`,
		want: "claim c.example. else refer, f:8\n",
		notes: []string{
			`not read: f:2: "modules = { 'hints > iterate', 'rebinding < iterate' }" is not read: one of these modules changes answers`,
			`not read: f:5: "policy.add(policy.suffix(policy.STUB('10.0.0.2'), external))" is not read: it can change answers`,
			`not read: f:6: "policy.add(policy.suffix(policy.ANSWER({ [kres.type.A] = { r..." is not read: it can change answers`,
			`not read: f:7: "view:addr('10.1.0.0/16', policy.suffix(policy.DENY, policy.t..." is not read: it is for the clients 10.1.0.0/16 alone`,
			`not read: f:9: "hints.root_file = 'x'" is not read: it can change answers`,
			`not read: f:10: hints "names" is not read: give that file as well`,
			`not read: f:11: "dofile('more.lua')" is not read: it can change answers`,
			`not read: f:14: "modules.unload(\"policy\")" is not read: one of these modules changes answers`,
		},
	}})
}
