package all_test

import "testing"

// TestAdGuardHome: rewrites count as AdGuard Home's own code has it (internal/filtering/rewrites.go), and
// what is not read is told.
func TestAdGuardHome(t *testing.T) {
	check(t, []odd{
		{
			name: "rewrites", kind: "adguard",
			text: `dns:
  bind_hosts: [0.0.0.0]
  upstream_dns:
    - '[/fwd.example/]10.0.0.53'
    - '[/*.below.example/]10.0.0.54'
    - '# a comment'
    - 8.8.8.8
filtering:
  rewrites:
    - {domain: '*.wild.example', answer: 10.0.0.1}
    - {domain: '*.wild.example', answer: 10.0.0.2}
    - {domain: one.wild.example, answer: 10.0.0.3}
    - {domain: one.wild.example, answer: 10.0.0.4}
    - {domain: off.example, answer: 10.0.0.5, enabled: false}
    - {domain: alias.example, answer: one.wild.example}
    - {domain: away.example, answer: other.example}
    - {domain: kept.wild.example, answer: kept.wild.example}
    - {domain: six.wild.example, answer: AAAA}
    - {domain: six.wild.example, answer: 10.0.0.6}
`,
			want: `claim . else passthru, f:1
alias.example. 10.0.0.3, 10.0.0.4, f:15
*.alias.example. passthru, f:1
away.example. → other.example, f:16
*.away.example. passthru, f:1
below.example. passthru, f:1
*.below.example. asked of 10.0.0.54, f:5
fwd.example. asked of 10.0.0.53, f:4
*.fwd.example. asked of 10.0.0.53, f:4
wild.example. passthru, f:1
*.wild.example. 10.0.0.1, f:10
kept.wild.example. passthru, f:17
*.kept.wild.example. 10.0.0.1, f:10
one.wild.example. 10.0.0.3, 10.0.0.4, f:13
*.one.wild.example. 10.0.0.1, f:10
six.wild.example. 10.0.0.6 partial, f:18
*.six.wild.example. 10.0.0.1, f:10
`,
		},
		{
			name: "what is not read", kind: "adguard",
			text: `dns:
  bind_hosts: [0.0.0.0]
  upstream_dns: ['[/a.example/]', 8.8.8.8]
  upstream_dns_file: servers
  use_dns64: true
  blocked_hosts: [version.bind, '||b.example^']
  allowed_clients: [10.0.0.0/8, phone]
  rewrites:
    - {domain: c.example, answer: 10.0.0.300 x}
user_rules:
  - '! a comment'
  - '||d.example^$dnsrewrite=10.0.0.1'
  - 10.0.0.1 e.example
  - /f.*/
clients:
  persistent:
    - name: g
      use_global_settings: false
      upstreams: [10.0.0.2]
`,
			want: "claim . else passthru, f:1\n",
			notes: []string{
				`not loaded: f:3: AdGuard Home does not start: the upstream "[/a.example/]" is none`,
				`not read: f:4: upstream_dns_file is not read: the servers of "servers" are asked, and not those of upstream_dns`,
				"not read: f:5: use_dns64 is not read: it makes addresses of others",
				`not read: f:6: blocked_hosts "version.bind" is not read`,
				`not read: f:6: blocked_hosts "||b.example^" is not read`,
				`not read: f:7: allowed_clients is not read: "phone" is no address range`,
				`not loaded: f:9: AdGuard Home does not start: the rewrite of "c.example" to "10.0.0.300 x" is none`,
				`not read: f:12: the rule "||d.example^$dnsrewrite=10.0.0.1" is not read`,
				`not read: f:13: the rule "10.0.0.1 e.example" is not read`,
				`not read: f:14: the rule "/f.*/" is not read: it may be for any name`,
				"not read: f:18: use_global_settings of a client is not read: it has settings of its own",
				"not read: f:19: upstreams of a client is not read: it has settings of its own",
			},
		},
	})
}
