package all_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// TestUnheard: a server that listens at loopback addresses alone is told to be asked by its own
// host's programs, whichever server it is. One that listens elsewhere as well is not.
func TestUnheard(t *testing.T) {
	const zone = "zone \"endpoints.neo4j.io\" { type primary; file \"none\"; };\n"
	tests := []struct{ name, kind, file, text, server, addresses string }{
		{"BIND", "bind", "f", "options { listen-on { 127.0.0.1; }; };\n" + zone, "f:1: BIND, by IPv4,", "127.0.0.1"},
		{"BIND, IPv6 alone", "bind", "f", "options { listen-on-v6 { ::1; }; };\n" + zone, "", ""},
		{"BIND, both families", "bind", "f", "options { listen-on port 53 { 127.0.0.1; };\n listen-on-v6 { ::1; }; };\n" + zone, "f:2: BIND", "127.0.0.1, ::1"},
		{"BIND, a list", "bind", "f", "acl own { 127.0.0.0/8; };\noptions { listen-on { own; }; listen-on-v6 { none; }; };\n" + zone, "f:2: BIND", "127.0.0.0/8"},
		{"BIND, all of the machine's", "bind", "f", "options { listen-on { localhost; }; };\n" + zone, "", ""},
		{"BIND, one that is negated", "bind", "f", "options { listen-on { !127.0.0.1; any; }; };\n" + zone, "", ""},
		{"BIND, as usual", "bind", "f", zone, "", ""},
		{"Unbound", "unbound", "f", "server:\n  interface: 127.0.0.1@53\n  ip-address: ::1\n", "f:3: Unbound", "127.0.0.1@53, ::1"},
		{"Unbound, the interface", "unbound", "f", "server:\n  interface: lo\n", "f:2: Unbound", "lo"},
		{"Unbound, as usual", "unbound", "f", "server:\n  access-control: 10.0.0.0/8 allow\n", "f:2: Unbound", "127.0.0.1, ::1"},
		{"Unbound, a part of another file", "unbound", "f", "server:\n  local-zone: \"endpoints.neo4j.io.\" transparent\n", "", ""},
		{"Unbound, all", "unbound", "f", "server:\n  interface: 127.0.0.1\n  interface: 10.0.0.53\n  access-control: 10.0.0.0/8 allow\n", "", ""},
		{"Unbound, by itself", "unbound", "f", "server:\n  interface-automatic: yes\n  access-control: 10.0.0.0/8 allow\n", "", ""},
		{"dnsmasq", "dnsmasq", "f", "listen-address=127.0.0.1,::1\nlocal-ttl=30\n", "f:1: dnsmasq", "127.0.0.1, ::1"},
		{"dnsmasq, the interface", "dnsmasq", "f", "interface=lo\n", "f:1: dnsmasq", "lo"},
		{"dnsmasq, another one", "dnsmasq", "f", "listen-address=127.0.0.1\ninterface=eth0\n", "", ""},
		{"CoreDNS", "coredns", "f", ".:53 {\n  bind 127.0.0.1 ::1\n  forward . 10.0.0.2\n}\n", "f:1: CoreDNS", "127.0.0.1, ::1"},
		{"CoreDNS, one block", "coredns", "f", "endpoints.neo4j.io:53 {\n  bind lo\n  hosts\n}\n.:53 {\n  forward . 10.0.0.2\n}\n", "", ""},
		{"NSD", "nsd", "f", "server:\n  ip-address: 127.0.0.1\n  interface: ::1@5353\nzone:\n  name: endpoints.neo4j.io\n", "f:3: NSD", "127.0.0.1, ::1@5353"},
		{"NSD, all", "nsd", "f", "server:\n  ip-address: 0.0.0.0\nzone:\n  name: endpoints.neo4j.io\n", "", ""},
		{"Knot", "knot", "f", "server:\n  listen: [ 127.0.0.1@53, ::1@53 ]\nzone:\n  - domain: endpoints.neo4j.io\n", "f:2: Knot", "127.0.0.1@53, ::1@53"},
		{"Knot, all", "knot", "f", "server:\n  listen: 127.0.0.1\n  listen: 10.0.0.53\nzone:\n  - domain: endpoints.neo4j.io\n", "", ""},
		{"Knot, nowhere", "knot", "f", "server:\n  identity: a\nzone:\n  - domain: endpoints.neo4j.io\n", "f:2: Knot", ""},
		{"Knot, by others", "knot", "f", "server:\n  listen-xdp: eth0\nzone:\n  - domain: endpoints.neo4j.io\n", "", ""},
		{"Knot, a part of another file", "knot", "f", "zone:\n  - domain: endpoints.neo4j.io\n", "", ""},
		{"PowerDNS", "pdns", "f", "launch=bind\nlocal-address=127.0.0.1:53, ::1\n", "f:2: PowerDNS", "127.0.0.1:53, ::1"},
		{"PowerDNS, as usual", "pdns", "f", "launch=bind\n", "", ""},
		{"the Recursor", "pdns-recursor", "f", "local-address=127.0.0.1\nforward-zones=a.example=10.0.0.2\n", "f:1: PowerDNS Recursor", "127.0.0.1"},
		{"the Recursor, as usual", "pdns-recursor", "recursor.conf", "forward-zones=a.example=10.0.0.2\n", "recursor.conf:1: PowerDNS Recursor", "127.0.0.1"},
		{"the Recursor, all", "pdns-recursor", "recursor.conf", "local-address=0.0.0.0\nforward-zones=a.example=10.0.0.2\n", "", ""},
		{"the Recursor in YAML", "pdns-recursor", "f", "incoming:\n  listen: ['127.0.0.1:53', '[::1]:53']\nrecursor: {}\n", "f:2: PowerDNS Recursor", "127.0.0.1:53, [::1]:53"},
		{"the Recursor in YAML, as usual", "pdns-recursor", "recursor.yml", "recursor: {}\n", "recursor.yml:1: PowerDNS Recursor", "127.0.0.1"},
		{"Knot Resolver", "kresd", "f", "net.listen('127.0.0.1', 53, { kind = 'dns' })\nnet.listen({'::1', '127.0.0.2'}, 853, { kind = 'tls' })\nnet.listen('10.0.0.53', 8453, { kind = 'webmgmt' })\n", "f:2: Knot Resolver", "127.0.0.1, ::1, 127.0.0.2"},
		{"Knot Resolver, an interface", "kresd", "f", "net.listen('127.0.0.1')\nnet.listen(net.eth0, 53)\n", "", ""},
		{"Knot Resolver, the interface", "kresd", "f", "net.listen(net.lo, 53)\n", "f:1: Knot Resolver", "lo"},
		{"gdnsd", "gdnsd", "f", "options => {\n  listen => [ 127.0.0.1, \"::1\" ]\n}\n", "f:2: gdnsd", "127.0.0.1, ::1"},
		{"gdnsd, all", "gdnsd", "f", "options => { listen => any }\n", "", ""},
		{"AdGuard Home", "adguard", "f", "dns:\n  bind_hosts:\n    - 127.0.0.1\n  upstream_dns: [10.0.0.2]\n", "f:2: AdGuard Home", "127.0.0.1"},
		{"AdGuard Home, all", "adguard", "f", "dns:\n  bind_host: 0.0.0.0\n", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := all.ReadableAs(tt.kind)
			if err != nil {
				t.Fatal(err)
			}
			b := holdings.NewBuilder()
			if err := all.ReadAs(f)(b, strings.NewReader(tt.text), formats.Input{Name: tt.file}); err != nil {
				t.Fatal(err)
			}
			var want []string
			switch {
			case tt.server != "" && tt.addresses == "":
				want = []string{tt.server + " listens at no address, for none is named here: nobody can ask it, unless another file names some"}
			case tt.server != "":
				want = []string{tt.server + " listens at loopback addresses alone (" + tt.addresses + "): none but the programs of its own host can ask it there"}
			}
			var got []string
			for _, n := range b.Set().Unheard() {
				got = append(got, n.String())
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
