package all_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// told says what was left out, a line for each: first what changes no answer.
func told(s *holdings.Set) []string {
	var all []string
	for _, n := range s.Notes() {
		all = append(all, n.String())
	}
	for _, f := range s.Faults(nil, nil) {
		all = append(all, strings.ReplaceAll(string(f.Kind), "-", " ")+": "+f.String())
	}
	return all
}

// dump says what a set has, a line for each entry and claim.
func dump(s *holdings.Set) string {
	var b strings.Builder
	for c := range s.Claims() {
		kind := "claim"
		if c.Zone {
			kind = "zone"
		}
		fmt.Fprintf(&b, "%s %s else %s, %s\n", kind, c.Origin, c.Miss, c.Place)
	}
	for e := range s.All() {
		d := e.Data()
		fmt.Fprintf(&b, "%s %s", e.Name(), d)
		if d.TTL != holdings.NoTTL {
			fmt.Fprintf(&b, " ttl %d", d.TTL)
		}
		if d.Partial {
			b.WriteString(" partial")
		}
		if d.Implied {
			b.WriteString(" implied")
		}
		fmt.Fprintf(&b, ", %s\n", e.Place())
	}
	return b.String()
}

// TestRead reads each kind of file, whose kind is found out from its content.
func TestRead(t *testing.T) {
	tests := []struct {
		name, text string
		origin     string
		kind       string
		want       string
		notes      []string
	}{
		{
			name: "a zone file", kind: "zone",
			text: `; a comment
$ORIGIN Endpoints.neo4j.IO.
$TTL 5m
@ IN SOA ns.example. root.example. (
    1 900
    300 86400 30 )
@ IN NS ns.example.
*       IN A 10.10.10.10 ; east
*       IN A 10.10.11.10
foo 60  IN AAAA fd00:0:0::1
\042.bar A 10.0.0.1
www CNAME foo
txt TXT "words"
away NS ns.away.example.
`,
			want: `zone endpoints.neo4j.io. else nxdomain, f:4
claim away.endpoints.neo4j.io. else refer, f:14
*.endpoints.neo4j.io. 10.10.10.10, 10.10.11.10 ttl 300, f:8
*.bar.endpoints.neo4j.io. 10.0.0.1 ttl 300, f:11
foo.endpoints.neo4j.io. fd00::1 ttl 60, f:10
txt.endpoints.neo4j.io. no address ttl 300, f:13
www.endpoints.neo4j.io. → foo.endpoints.neo4j.io ttl 300, f:12
`,
		},
		{
			name: "a zone file without its origin", kind: "zone", origin: "endpoints.neo4j.io.",
			text: "@ 60 IN SOA ns.example. root.example. 1 2 3 4 5\nfoo A 10.0.0.1\n@ NS ns.example.",
			want: `zone endpoints.neo4j.io. else nxdomain, f:1
foo.endpoints.neo4j.io. 10.0.0.1 ttl 60, f:2
`,
		},
		{
			name: "what dig prints of a transfer", kind: "zone",
			text: `
; <<>> DiG 9.18 <<>> axfr production-orch-0000.neo4j.io
production-orch-0000.neo4j.io. 30 IN SOA ns.example. root.example. 1 2 3 4 5
production-orch-0000.neo4j.io. 30 IN A 10.10.10.10
*.production-orch-0000.neo4j.io. 30 IN A 10.10.10.10
production-orch-0000.neo4j.io. 30 IN NS ns.example.
production-orch-0000.neo4j.io. 30 IN SOA ns.example. root.example. 1 2 3 4 5
`,
			want: `zone production-orch-0000.neo4j.io. else nxdomain, f:3
production-orch-0000.neo4j.io. 10.10.10.10 ttl 30, f:4
*.production-orch-0000.neo4j.io. 10.10.10.10 ttl 30, f:5
`,
		},
		{
			name: "a policy zone", kind: "rpz",
			text: `$TTL 30
@ SOA localhost. root.localhost. 1 2 3 4 5
@ NS localhost.
*.endpoints.neo4j.io     A 10.10.10.10
api.neo4j.io             CNAME rpz-passthru.
old.neo4j.io             CNAME .
*.old.neo4j.io           CNAME *.
gone.neo4j.io            CNAME rpz-drop.
tcp.neo4j.io             CNAME rpz-tcp-only.
walled.neo4j.io          CNAME garden.example.
32.1.2.3.10.rpz-ip       CNAME .
ns.example.rpz-nsdname   CNAME .
`,
			want: `api.neo4j.io. passthru, f:5
*.endpoints.neo4j.io. 10.10.10.10 ttl 30, f:4
gone.neo4j.io. drop, f:8
old.neo4j.io. nxdomain, f:6
*.old.neo4j.io. nodata, f:7
tcp.neo4j.io. passthru, f:9
walled.neo4j.io. → garden.example ttl 30, f:10
`,
			notes: []string{"not read: f:11: 2 rules are not about the name that was asked for, and left out"},
		},
		{
			name: "a policy zone with an origin", kind: "rpz",
			text: `$ORIGIN rpz.example.
@ 30 SOA localhost. root.localhost. 1 2 3 4 5
self.example 30 CNAME self.example.
foo.endpoints.neo4j.io AAAA fd00::1
`,
			want: `self.example. passthru, f:3
foo.endpoints.neo4j.io. fd00::1 ttl 30, f:4
`,
		},
		{
			name: "a hosts file", kind: "hosts",
			text: "127.0.0.1 localhost\n# comment\n10.0.0.1\tfoo.endpoints.neo4j.io A-foo.endpoints.neo4j.io # east\nfd00::1 foo.endpoints.neo4j.io\n10.0.0.9 *.x.example\r\n",
			want: `\*.x.example. 10.0.0.9 partial, f:5
a-foo.endpoints.neo4j.io. 10.0.0.1 partial, f:3
foo.endpoints.neo4j.io. 10.0.0.1, fd00::1 partial, f:3
localhost. 127.0.0.1 partial, f:1
`,
		},
		{
			name: "the records of a hosted zone", kind: "route53",
			text: `{
  "ResourceRecordSets": [
    {"Name": "endpoints.neo4j.io.", "Type": "NS", "TTL": 172800, "ResourceRecords": [{"Value": "ns-1.awsdns-00.co.uk."}]},
    {"Name": "endpoints.neo4j.io.", "Type": "SOA", "TTL": 900, "ResourceRecords": [{"Value": "ns-1.awsdns-00.co.uk. x. 1 7200 900 1209600 86400"}]},
    {
      "Name": "\\052.endpoints.neo4j.io.",
      "Type": "A",
      "AliasTarget": {
        "HostedZoneId": "Z7HUB22UULQXV",
        "DNSName": "vpce-0a1b.vpce-svc-0c2d.us-east-1.vpce.amazonaws.com.",
        "EvaluateTargetHealth": false
      }
    },
    {"Name": "foo.endpoints.neo4j.io.", "Type": "A", "TTL": 60,
     "ResourceRecords": [{"Value": "10.0.0.2"}, {"Value": "10.0.0.1"}]},
    {"Name": "bar.endpoints.neo4j.io.", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "foo.endpoints.neo4j.io"}]},
    {"Name": "baz.endpoints.neo4j.io.", "Type": "A", "SetIdentifier": "a", "Weight": 1, "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.1"}]},
    {"Name": "baz.endpoints.neo4j.io.", "Type": "A", "SetIdentifier": "b", "Weight": 1, "TTL": 30, "ResourceRecords": [{"Value": "10.0.0.9"}]},
    {"Name": "txt.endpoints.neo4j.io.", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": "\"x\""}]}
  ]
}
`,
			want: `zone endpoints.neo4j.io. else nxdomain, f:4
*.endpoints.neo4j.io. → vpce-0a1b.vpce-svc-0c2d.us-east-1.vpce.amazonaws.com, f:5
bar.endpoints.neo4j.io. → foo.endpoints.neo4j.io ttl 60, f:16
baz.endpoints.neo4j.io. 10.0.0.1, 10.0.0.9 ttl 30, f:17
foo.endpoints.neo4j.io. 10.0.0.1, 10.0.0.2 ttl 60, f:14
txt.endpoints.neo4j.io. no address ttl 60, f:19
`,
		},
		{
			name: "a change batch", kind: "route53",
			text: `{"HostedZoneId": "Z1", "ChangeBatch": {"Comment": "x", "Changes": [
  {"Action": "UPSERT", "ResourceRecordSet": {"Name": "foo.example.", "Type": "AAAA", "TTL": 30, "ResourceRecords": [{"Value": "fd00::1"}]}},
  {"Action": "DELETE", "ResourceRecordSet": {"Name": "old.example.", "Type": "A", "TTL": 30, "ResourceRecords": [{"Value": "10.0.0.1"}]}}
]}}`,
			want:  "foo.example. fd00::1 ttl 30, f:2\n",
			notes: []string{"not read: f:3: old.example is deleted here: whether what else is read of it is from before that, is not known"},
		},
		{
			name: "a hosted zone to be made", kind: "route53",
			text: `{"Name": "example.org", "VPC": {"VPCRegion": "us-east-1", "VPCId": "vpc-0a1b2c3d"}, "CallerReference": "x", "HostedZoneConfig": {"PrivateZone": true}}`,
			want: "zone example.org. else nxdomain, f:1\n",
		},
		{
			name: "our own JSON", kind: "json",
			text: `{
  "comment": "View",
  "version": 1,
  "vpc": "apps",
  "clients": [],
  "ttl": 30,
  "zones": [
    {"origin": "x.example.", "names": [
      {"name": "*.x.example.", "region": "east", "addresses": ["10.0.0.1", "fd00::1"]},
      {"name": "x.example.", "region": "east", "addresses": ["10.0.0.1"]}
    ]}
  ]
}`,
			want: `zone x.example. else nxdomain, f:8
x.example. 10.0.0.1 ttl 30, f:10
*.x.example. 10.0.0.1, fd00::1 ttl 30, f:9
`,
		},
		{
			name: "Unbound", kind: "unbound",
			text: `server:
	interface: 127.0.0.1
	local-zone: "production-orch-0000.neo4j.io." redirect # east
	local-data: "production-orch-0000.neo4j.io. 30 IN A 10.10.10.10" # east
	local-data: 'production-orch-0000.neo4j.io. AAAA fd00::1'
	# local-data: "commented.example. A 10.0.0.1"
	local-zone: "endpoints.neo4j.io." transparent
	local-data: "foo.endpoints.neo4j.io. 30 IN A 10.0.0.1"
	local-data: "*.endpoints.neo4j.io. 30 IN A 10.0.0.1"
	local-data: "noted.example.org. A 10.0.0.3"
	local-zone: t.example typetransparent
	local-data: "a.t.example 60 A 10.0.0.2"
	local-zone: s.example static
	local-data: "s.example. SOA ns. root. 1 2 3 4 5"
	local-zone: gone.example always_nxdomain
	local-zone: free.s.example always_transparent
	include: "more.conf"
`,
			want: `claim gone.example. else nxdomain, f:15
claim s.example. else nxdomain, f:13
claim free.s.example. else passthru, f:16
claim t.example. else passthru, f:11
claim endpoints.neo4j.io. else passthru, f:7
claim production-orch-0000.neo4j.io. else nxdomain, f:3
gone.example. nxdomain, f:15
*.gone.example. nxdomain, f:15
free.s.example. passthru, f:16
*.free.s.example. passthru, f:16
a.t.example. 10.0.0.2 ttl 60 partial, f:12
\*.endpoints.neo4j.io. 10.0.0.1 ttl 30, f:9
foo.endpoints.neo4j.io. 10.0.0.1 ttl 30, f:8
production-orch-0000.neo4j.io. 10.10.10.10, fd00::1 ttl 30 implied, f:4
*.production-orch-0000.neo4j.io. 10.10.10.10, fd00::1 ttl 30, f:4
noted.example.org. 10.0.0.3 ttl 3600, f:10
`,
			notes: []string{`not read: f:17: include "more.conf" is not read: give those files as well`},
		},
		{
			name: "dnsmasq", kind: "dnsmasq",
			text: `# Addresses
local-ttl=30
no-resolv
server=10.0.0.2
address=/production-orch-0000.neo4j.io/10.10.10.10 # east
address=/production-orch-0000.neo4j.io/fd00::1
local=/production-orch-0000.neo4j.io/
local=/endpoints.neo4j.io/
address=/*.endpoints.neo4j.io/10.0.0.1
local=/*.endpoints.neo4j.io/
address=/single.example/10.0.0.2
local=/single.example/
server=/*.single.example/#
address=/leaky.example/other.example/10.0.0.3
address=/null.example/#
server=/public.endpoints.neo4j.io/#
host-record=h.example,h2.example,10.0.0.4,fd00::4,60
local=/h.example/
conf-dir=/etc/dnsmasq.d
`,
			want: `claim . else refer, 
claim h.example. else nxdomain, f:18
claim leaky.example. else refer, f:14
claim null.example. else refer, f:15
claim other.example. else refer, f:14
claim single.example. else refer, f:13
claim endpoints.neo4j.io. else nxdomain, f:9
claim public.endpoints.neo4j.io. else refer, f:16
claim production-orch-0000.neo4j.io. else nxdomain, f:5
h.example. 10.0.0.4, fd00::4 ttl 60, f:17
h2.example. 10.0.0.4, fd00::4 ttl 60 partial, f:17
leaky.example. 10.0.0.3 ttl 30 partial implied, f:14
*.leaky.example. 10.0.0.3 ttl 30 partial, f:14
null.example. 0.0.0.0, :: ttl 30 partial implied, f:15
*.null.example. 0.0.0.0, :: ttl 30 partial, f:15
other.example. 10.0.0.3 ttl 30 partial implied, f:14
*.other.example. 10.0.0.3 ttl 30 partial, f:14
single.example. 10.0.0.2 ttl 30, f:11
endpoints.neo4j.io. nxdomain, f:8
*.endpoints.neo4j.io. 10.0.0.1 ttl 30, f:9
production-orch-0000.neo4j.io. 10.10.10.10, fd00::1 ttl 30 implied, f:5
*.production-orch-0000.neo4j.io. 10.10.10.10, fd00::1 ttl 30, f:5
`,
			notes: []string{`not read: f:19: conf-dir "/etc/dnsmasq.d" is not read: give those files as well`},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := all.Detect([]byte(tt.text)); got.Syntax() != tt.kind {
				t.Errorf("kind %q, want %q", got.Syntax(), tt.kind)
			}
			b := holdings.NewBuilder()
			if err := all.ReadAny(b, strings.NewReader(tt.text), formats.Input{Name: "f", Origin: tt.origin}); err != nil {
				t.Fatal(err)
			}
			set := b.Set()
			if d := cmp.Diff(tt.want, dump(set)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.notes, told(set)); d != "" {
				t.Errorf("notes (-want +got):\n%s", d)
			}
		})
	}
}

// TestReadErrors: an error has its place, and says what is wrong there.
func TestReadErrors(t *testing.T) {
	tests := []struct {
		name       string
		kind       string
		text, want string
	}{
		{
			"a relative name in a zone of unknown name", "zone", "$TTL 30\n@ SOA a. b. 1 2 3 4 5\n",
			"f:2: the name is relative, and the file does not say for which zone it is",
		},
		{"half a document", "route53", "{\n\"ResourceRecordSets\": [\n", "f:2: it ends in the middle: was the output cut, or was it not written whole?"},
		{"another document", "route53", "{\n\"ResourceRecordSets\": {}}", "f:2: { is not what is expected there"},
		{"an unknown action", "route53", `{"Changes": [{"Action": "MOVE"}]}`, `f:1: unknown action "MOVE"`},
		{"a later version", "json", "{\n\"version\": 2}", "f:2: version 2 of the format is not known, but 1 is"},
		{"a bad name in JSON", "json", "{\"zones\": [{\"origin\": \"a..\"}]}", `f:1: "a.." is not a domain name`},
		{"a control character in a name", "json", `{"zones": [{"origin": "a\u0000b."}]}`, `f:1: "a\x00b." is not a domain name`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := all.ReadableAs(tt.kind)
			if err != nil {
				t.Fatal(err)
			}
			err = f.Read(holdings.NewBuilder(), strings.NewReader(tt.text), formats.Input{Name: "f"})
			if err == nil || err.Error() != tt.want {
				t.Errorf("error %v\n want %s", err, tt.want)
			}
		})
	}
}

// TestDetectNothing: what is none of the kinds is not taken for one.
func TestDetectNothing(t *testing.T) {
	for _, text := range []string{
		"", "\n\n# comment\n", "#!/bin/sh\nset -eu\n", "regions:\n  east: {}\n", "{}", `{"version": 1}`, "\x00\x01\x02",
		"zone:\n  - name: x\n", "server { listen 80; }", "options are words;", "listen: [a]\n",
	} {
		if f, found := all.Detect([]byte(text)); found {
			t.Errorf("%q is taken for %s", text, f.Syntax())
		}
	}
	err := all.ReadAny(holdings.NewBuilder(), strings.NewReader("words"), formats.Input{Name: "f"})
	if !errors.Is(err, all.ErrUnknown) {
		t.Errorf("error %v", err)
	}
}

// TestReadableAs: a file can be called by its syntax, or by the format that it is
// written in. The first counts where both have a name: bind is a named.conf, and what the
// format bind writes is a zone.
func TestReadableAs(t *testing.T) {
	for name, want := range map[string]string{"zone": "zone", "bind": "bind", "rpz": "rpz", "powerdns": "powerdns"} {
		if f, err := all.ReadableAs(name); err != nil || f.Syntax() != want {
			t.Errorf("%q is read as %q, error %v", name, f.Syntax(), err)
		}
	}
	if _, err := all.ReadableAs("exe"); err == nil || err.Error() != `unknown kind of file "exe"` {
		t.Errorf("error %v", err)
	}
	if _, err := all.ReadableAs("tailscale"); err == nil {
		t.Error("no error for a format that cannot be read")
	}
}
