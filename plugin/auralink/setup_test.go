package auralink

import (
	"strings"
	"testing"
	"time"

	"github.com/coredns/caddy"
	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/serve"
)

func TestParse(t *testing.T) {
	tests := []struct {
		name, corefile, err string
		topology, vpc       string
		fall                []string
	}{
		{name: "a file", corefile: "auralink t.yaml", topology: "t.yaml"},
		{name: "an empty block", corefile: "auralink t.yaml {\n}", topology: "t.yaml"},
		{name: "a VPC", corefile: "auralink t.yaml {\n vpc apps\n}", topology: "t.yaml", vpc: "apps"},
		{name: "fallthrough for all zones", corefile: "auralink t.yaml {\n fallthrough\n}", topology: "t.yaml", fall: []string{"."}},
		{
			name:     "fallthrough for some zones",
			corefile: "auralink t.yaml {\n fallthrough Endpoints.neo4j.io example.org\n}",
			topology: "t.yaml", fall: []string{"endpoints.neo4j.io.", "example.org."},
		},
		{
			name:     "everything",
			corefile: "auralink t.yaml {\n vpc apps\n fallthrough\n}",
			topology: "t.yaml", vpc: "apps", fall: []string{"."},
		},
		{name: "a rate limit", corefile: "auralink t.yaml {\n ratelimit 100\n}", topology: "t.yaml"},
		{name: "a rate limit with everything", corefile: "auralink t.yaml {\n ratelimit 100 ipv6 64 slip 0 ipv4 32\n}", topology: "t.yaml"},
		{name: "no rate", corefile: "auralink t.yaml {\n ratelimit\n}", err: `ratelimit takes a rate, and pairs of slip, ipv4 or ipv6 and a number, got []`},
		{name: "half a pair", corefile: "auralink t.yaml {\n ratelimit 100 slip\n}", err: `got ["100" "slip"]`},
		{name: "a rate that is no number", corefile: "auralink t.yaml {\n ratelimit 10/s\n}", err: `ratelimit: rate "10/s" is no number`},
		{name: "a slip that is no number", corefile: "auralink t.yaml {\n ratelimit 10 slip x\n}", err: `ratelimit: slip "x" is no number`},
		{name: "an unknown limit", corefile: "auralink t.yaml {\n ratelimit 10 burst 5\n}", err: `ratelimit: "burst" is unknown or stands twice`},
		{name: "a slip twice", corefile: "auralink t.yaml {\n ratelimit 10 slip 1 slip 1\n}", err: `ratelimit: "slip" is unknown or stands twice`},
		{name: "a rate of none", corefile: "auralink t.yaml {\n ratelimit 0\n}", err: `ratelimit: rate 0 is not between 1 and 1000000`},
		{name: "the fast path", corefile: "auralink t.yaml {\n fastpath\n}", topology: "t.yaml"},
		{name: "as many sockets as there can be", corefile: "auralink t.yaml {\n fastpath 64\n}", topology: "t.yaml"},
		{name: "no socket", corefile: "auralink t.yaml {\n fastpath 0\n}", err: `fastpath takes 1 to 64 sockets or off, got "0"`},
		{name: "too many sockets", corefile: "auralink t.yaml {\n fastpath 65\n}", err: `fastpath takes 1 to 64 sockets or off, got "65"`},
		{name: "sockets that are no number", corefile: "auralink t.yaml {\n fastpath on\n}", err: `fastpath takes 1 to 64 sockets or off, got "on"`},
		{name: "two numbers of sockets", corefile: "auralink t.yaml {\n fastpath 1 2\n}", err: `fastpath takes a number of sockets or off, got ["1" "2"]`},
		{name: "no file", corefile: "auralink", err: "Wrong argument count"},
		{name: "two files", corefile: "auralink a.yaml b.yaml", err: "Wrong argument count"},
		{name: "a fleet, without what reads it", corefile: "auralink etcd://a/p", err: `this build reads no topology from etcd:// URLs: build one that does, "go build -tags fleet`},
		{name: "a URL of nobody", corefile: "auralink https://a/p {\n tls a b c\n}", err: `no build reads a topology from https:// URLs: name a file`},
		{name: "a fleet, with a slip", corefile: "auralink etcd:/a/p", err: `a fleet is named as etcd://HOST[:PORT],.../PREFIX`},
		{name: "a fleet, in capitals", corefile: "auralink ETCD://a/p", err: `this build reads no topology from etcd:// URLs`},
		{name: "a property with a slip", corefile: "auralink t.yaml {\n falthrough\n}", err: `unknown property "falthrough": did you mean "fallthrough"?`},
		{name: "a property of fleets", corefile: "auralink t.yaml {\n tls a b c\n}", err: `unknown property "tls"`},
		{name: "two directives", corefile: "auralink a.yaml\nauralink b.yaml", err: "only be used once"},
		{name: "no VPC", corefile: "auralink t.yaml {\n vpc\n}", err: `vpc takes one name, got []`},
		{name: "two VPCs", corefile: "auralink t.yaml {\n vpc a b\n}", err: `vpc takes one name, got ["a" "b"]`},
		{name: "a property twice", corefile: "auralink t.yaml {\n vpc a\n vpc b\n}", err: `property "vpc" stands twice`},
		{name: "strangers", corefile: "auralink t.yaml {\n strangers refuse\n}", topology: "t.yaml"},
		{name: "strangers of no kind", corefile: "auralink t.yaml {\n strangers\n}", err: `strangers takes refuse, refuse-public or pass, got []`},
		{name: "strangers of another kind", corefile: "auralink t.yaml {\n strangers drop\n}", err: `strangers takes refuse, refuse-public or pass, got "drop"`},
		{name: "no way around", corefile: "auralink t.yaml {\n nobypass\n}", topology: "t.yaml"},
		{name: "no way around, with a name", corefile: "auralink t.yaml {\n nobypass dns.example.org\n}", topology: "t.yaml"},
		{name: "a wildcard for a name", corefile: "auralink t.yaml {\n nobypass *.example.org\n}", err: `nobypass takes the host name of this server's certificate, or nothing, got ["*.example.org"]`},
		{name: "an address for a name", corefile: "auralink t.yaml {\n nobypass 10.8.0.1\n}", err: `or nothing, got ["10.8.0.1"]`},
		{name: "two names", corefile: "auralink t.yaml {\n nobypass a.example.org b.example.org\n}", err: `or nothing, got ["a.example.org" "b.example.org"]`},
		{name: "a status on loopback", corefile: "auralink t.yaml {\n status 8053\n}", topology: "t.yaml"},
		{name: "a status nowhere", corefile: "auralink t.yaml {\n status\n}", err: "status takes one address, such as 127.0.0.1:8053, got []"},
		{name: "a status at a name", corefile: "auralink t.yaml {\n status example.org:8053\n}", err: `status takes an address, such as 127.0.0.1:8053: "example.org" is no IP address`},
		{name: "forwarders", corefile: "auralink t.yaml {\n trust_ecs 10.0.0.53 10.1.0.0/28 fd00::53/128\n}", topology: "t.yaml"},
		{name: "no forwarders", corefile: "auralink t.yaml {\n trust_ecs\n}", err: "trust_ecs takes addresses and prefixes of forwarders, got none"},
		{name: "everybody as a forwarder", corefile: "auralink t.yaml {\n trust_ecs 0.0.0.0/0\n}", err: `trust_ecs: "0.0.0.0/0" is everybody, and so anybody could choose a VPC; list the forwarders`},
		{name: "a forwarder that is none", corefile: "auralink t.yaml {\n trust_ecs resolver\n}", err: `trust_ecs: "resolver" is no address and no prefix, such as 10.0.0.53 or 10.0.0.0/28`},
		{name: "a forwarder within a prefix", corefile: "auralink t.yaml {\n trust_ecs 10.0.0.53/24\n}", err: `trust_ecs: "10.0.0.53/24" has an address within the prefix, write 10.0.0.0/24, or 10.0.0.53 for that address alone`},
		{name: "a forwarder twice", corefile: "auralink t.yaml {\n trust_ecs 10.0.0.53 10.0.0.53/32\n}", err: "trust_ecs: 10.0.0.53/32 stands twice"},
		{name: "a mapped forwarder", corefile: "auralink t.yaml {\n trust_ecs ::ffff:10.0.0.53\n}", err: `is IPv4 in the form of IPv6, write 10.0.0.53`},
		{name: "forwarders and one view", corefile: "auralink t.yaml {\n vpc apps\n trust_ecs 10.0.0.53\n}", err: "trust_ecs has no meaning beside vpc"},
		{name: "secondaries", corefile: "auralink t.yaml {\n notify 10.0.0.4 [fd00::4]:5353\n notify 10.0.0.5:53 source 10.0.0.53 key transfer hmac-sha512\n}", topology: "t.yaml"},
		{name: "no secondaries", corefile: "auralink t.yaml {\n notify key transfer\n}", err: "notify takes the addresses of secondaries, and then, if need be, key NAME [ALGORITHM] and source IP"},
		{name: "a secondary that is none", corefile: "auralink t.yaml {\n notify there\n}", err: `notify: "there" is not an address`},
		{name: "a key without a name", corefile: "auralink t.yaml {\n notify 10.0.0.4 key\n}", err: `notify takes addresses, key NAME [ALGORITHM] and source IP, got "key"`},
		{name: "an algorithm that is broken", corefile: "auralink t.yaml {\n notify 10.0.0.4 key transfer hmac-md5\n}", err: `notify: the algorithm is hmac-sha256, hmac-sha384 or hmac-sha512, got "hmac-md5"`},
		{name: "a source that is none", corefile: "auralink t.yaml {\n notify 10.0.0.4 source eth0\n}", err: `notify: source takes an address, got "eth0"`},
		{name: "a secondary behind the key", corefile: "auralink t.yaml {\n notify 10.0.0.4 key transfer hmac-sha256 10.0.0.5\n}", err: `got "10.0.0.5"`},
		{name: "an unknown property", corefile: "auralink t.yaml {\n ttl 5\n}", err: `unknown property "ttl"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := parse(caddy.NewTestController("dns", tt.corefile))
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("error is %v, want one with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := []any{a.topology, a.options.VPC, a.Fall.Zones}
			if diff := cmp.Diff([]any{tt.topology, tt.vpc, tt.fall}, got); diff != "" {
				t.Errorf("topology, VPC, fallthrough (-want +got):\n%s", diff)
			}
		})
	}
}

const oneLink = `
regions: {east: {orchestras: ["0000"], extra_names: [db.example.org]}}
vpcs: {apps: {links: {east: [10.0.0.1]}}}
`

// start is when the plugins under test loaded their topology.
var start = time.Unix(1_700_000_000, 0)

// newLoaded returns a plugin that serves a topology, which nobody follows.
func newLoaded(t *testing.T, text string) *Auralink {
	t.Helper()
	a := newAuralink()
	a.topology = "topology.yaml"
	a.served.Store(read(t, text))
	return a
}

func read(t *testing.T, text string) *serve.Snapshot {
	t.Helper()
	s, err := serve.Read([]byte(text), nil, start)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
