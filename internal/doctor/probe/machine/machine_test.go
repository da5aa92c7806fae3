package machine_test

import (
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/machine"
)

var comparers = cmp.Options{cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{}), cmpopts.EquateEmpty()}

func TestParseResolvConf(t *testing.T) {
	tests := []struct {
		name, text string
		want       machine.Resolver
	}{
		{"as it comes", "nameserver 10.0.0.2\n", machine.Resolver{Servers: []string{"10.0.0.2:53"}, Ndots: 1}},
		{
			"a pod's", "search a.svc.cluster.local svc.cluster.local.\nnameserver 10.96.0.10\noptions ndots:5\n",
			machine.Resolver{Servers: []string{"10.96.0.10:53"}, Search: []string{"a.svc.cluster.local", "svc.cluster.local"}, Ndots: 5},
		},
		{"IPv6 with a zone", "nameserver fe80::1%eth0\n", machine.Resolver{Servers: []string{"[fe80::1%eth0]:53"}, Ndots: 1}},
		{
			"glibc takes three", "nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nnameserver 10.0.0.4\n",
			machine.Resolver{Servers: []string{"10.0.0.1:53", "10.0.0.2:53", "10.0.0.3:53"}, Ndots: 1},
		},
		{"the last list counts", "domain a.example\nsearch b.example c.example\n", machine.Resolver{Search: []string{"b.example", "c.example"}, Ndots: 1}},
		{"too many dots", "options ndots:99 timeout:1\n", machine.Resolver{Ndots: 15}},
		{"what means nothing", "# nameserver 10.0.0.1\n; nameserver 10.0.0.2\nnameserver x\nnameserver\noptions ndots:x\n", machine.Resolver{Ndots: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := machine.ParseResolvConf(strings.NewReader(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, comparers); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseSwitch(t *testing.T) {
	tests := map[string][]string{
		"passwd: files\nhosts: files dns\n":                                  {"files", "dns"},
		"hosts:\tfiles mymachines resolve [!UNAVAIL=return] dns # and so on": {"files", "mymachines", "resolve", "dns"},
		"hosts: mdns4_minimal[NOTFOUND=return]dns":                           {"mdns4_minimal", "dns"},
		"passwd: files\n": nil,
	}
	for text, want := range tests {
		got, err := machine.ParseSwitch(strings.NewReader(text))
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, got, comparers); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// pod is a machine with something of everything.
var pod = fstest.MapFS{
	"etc/resolv.conf":                 {Data: []byte("nameserver 127.0.0.53\nsearch example.org\noptions ndots:5\n")},
	"run/systemd/resolve/resolv.conf": {Data: []byte("nameserver 10.0.0.2\nnameserver 10.0.0.3\n")},
	"etc/nsswitch.conf":               {Data: []byte("hosts: files dns\n")},
	"etc/hosts": {Data: []byte("127.0.0.1 localhost\n" +
		"10.10.10.10 ABCD1234.production-orch-0000.neo4j.io. other.example # for now\nfd00::1 other.example\n")},
}

func TestRead(t *testing.T) {
	environment := map[string]string{
		"HTTPS_PROXY": "http://user:secret@proxy.example:3128", "all_proxy": "proxy.example:1080", "no_proxy": "localhost,.example.org",
	}
	source := machine.Source{Files: pod, Getenv: func(name string) string { return environment[name] }}
	got := source.Read(func(name string) bool { return strings.HasSuffix(name, ".neo4j.io") })
	want := &doctor.Machine{
		Servers: []string{"127.0.0.53:53"}, Search: []string{"example.org"}, Ndots: 5, Switch: []string{"files", "dns"},
		Stub: "systemd-resolved", Upstreams: []string{"10.0.0.2:53", "10.0.0.3:53"},
		Hosts: []doctor.HostsEntry{{File: "/etc/hosts", Line: 2, Name: "abcd1234.production-orch-0000.neo4j.io", Addr: netip.MustParseAddr("10.10.10.10")}},
		Proxies: []doctor.Proxy{
			{Variable: "HTTPS_PROXY", URL: "http://proxy.example:3128", Exempt: "localhost,.example.org"},
			{Variable: "all_proxy", URL: "http://proxy.example:1080", Exempt: "localhost,.example.org"},
		},
	}
	if diff := cmp.Diff(want, got, comparers, cmpopts.IgnoreFields(doctor.Machine{}, "OS", "Arch", "Addrs")); diff != "" {
		t.Error(diff)
	}
}

func TestStubs(t *testing.T) {
	tests := map[string]string{
		"169.254.20.10": "NodeLocal DNSCache", "127.0.0.11": "Docker's resolver", "127.0.0.1": "a resolver on this machine",
		"::1": "a resolver on this machine", "100.100.100.100": "Tailscale's MagicDNS", "10.0.0.2": "",
	}
	for server, want := range tests {
		files := fstest.MapFS{"etc/resolv.conf": {Data: []byte("nameserver " + server + "\n")}}
		got := machine.Source{Files: files, Getenv: func(string) string { return "" }}.Read(func(string) bool { return false })
		if got.Stub != want {
			t.Errorf("%s is %q, want %q", server, got.Stub, want)
		}
	}
}

// TestReadNothing: a machine without all of these files has no errors but that it has
// no name servers.
func TestReadNothing(t *testing.T) {
	got := machine.Source{Files: fstest.MapFS{}, Getenv: func(string) string { return "" }}.Read(func(string) bool { return true })
	if len(got.Errors) != 1 || len(got.Hosts) > 0 {
		t.Errorf("%+v", got)
	}
}

func TestParseScutil(t *testing.T) {
	const out = `DNS configuration

resolver #1
  search domain[0] : Example.org
  nameserver[0] : 10.0.0.2
  nameserver[1] : fd00::2
  if_index : 14 (en0)
  flags    : Request A records, Request AAAA records
  reach    : 0x00000002 (Reachable)

resolver #2
  domain   : local
  options  : mdns
  timeout  : 5

resolver #3
  domain   : corp.example
  nameserver[0] : 10.9.9.9

DNS configuration (for scoped queries)

resolver #1
  nameserver[0] : 10.0.0.7
`
	want := machine.Resolver{Servers: []string{"10.0.0.2:53", "[fd00::2]:53"}, Search: []string{"example.org"}, Ndots: 1}
	if diff := cmp.Diff(want, machine.ParseScutil(out), comparers); diff != "" {
		t.Error(diff)
	}
}
