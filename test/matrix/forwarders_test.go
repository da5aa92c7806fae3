//go:build linux

package matrix_test

import (
	"fmt"
	"net/netip"
	"os/exec"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
)

// unboundECS is an Unbound that keeps answers by client subnets, as the plugin's README
// has it, and that asks from the listed forwarder's address.
func unboundECS(server netip.AddrPort) peers.Peer {
	const config = `server:
  interface: %s@%d
  port: %d
  outgoing-interface: %s
  access-control: 127.0.0.0/8 allow
  do-daemonize: no
  do-not-query-localhost: no
  module-config: "subnetcache iterator"
  send-client-subnet: %s
  max-client-subnet-ipv4: 32
  max-client-subnet-ipv6: 128
  client-subnet-always-forward: yes
  num-threads: 1
  username: ""
  chroot: ""
  pidfile: ""
  directory: ""
  use-syslog: no
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-addr: %s@%d
`
	return peers.Peer{
		Name: "Unbound with subnetcache", Package: "unbound", Binary: "unbound",
		Configure: func(at netip.AddrPort) peers.Setup {
			text := fmt.Sprintf(config, at.Addr(), at.Port(), at.Port(), forwarder, server.Addr(), server.Addr(), server.Port())
			return peers.Setup{Files: map[string]string{"unbound.conf": text}, Args: []string{"-d", "-c", "unbound.conf"}}
		},
	}
}

// dnsmasqECS is a dnsmasq that says for whom it asks.
func dnsmasqECS(server netip.AddrPort) peers.Peer {
	return peers.Peer{
		Name: "dnsmasq with add-subnet", Package: "dnsmasq-base", Binary: "dnsmasq",
		Configure: func(at netip.AddrPort) peers.Setup {
			return peers.Setup{Args: []string{
				"--keep-in-foreground", "--conf-file=/dev/null", "--pid-file", "--user=root", "--group=root", "--no-resolv", "--no-hosts",
				"--bind-interfaces", "--listen-address=" + at.Addr().String(), fmt.Sprintf("--port=%d", at.Port()),
				"--add-subnet=32,128", fmt.Sprintf("--server=%s#%d@%s", server.Addr(), server.Port(), forwarder),
			}}
		},
	}
}

// TestForwarders: behind real forwarders that keep answers, each client has its own,
// whoever has asked before.
func TestForwarders(t *testing.T) {
	askers := clients()
	right := oracle(t, askers)
	s := start(t)
	for _, peer := range []peers.Peer{unboundECS(s.fast.plain), dnsmasqECS(s.fast.plain)} {
		t.Run(peer.Name, func(t *testing.T) {
			server := peers.Start(t, peer)[0]
			asked := 0
			for round := range 2 { // the second one of what is kept
				for _, client := range askers {
					conn, err := peers.Dial(server.Addr, "udp", client)
					if err != nil {
						t.Fatal(err)
					}
					for _, name := range names {
						reply, err := conn.Ask(new(dns.Msg).SetQuestion(name, dns.TypeA))
						if err != nil {
							t.Fatal(err)
						}
						asked++
						if got, want := addressesOf(reply), right[client][name]; got != want {
							t.Errorf("round %d: %s asks for %s: %s, want %s (VPC %q)", round, client, name, got, want, vpcOf(client))
						}
					}
					conn.Close()
				}
			}
			t.Logf("%d questions", asked)
		})
	}
}

// TestTools: dig and kdig send subnets of their own making, and print what holds for
// which clients.
func TestTools(t *testing.T) {
	s := start(t)
	for _, tool := range []struct{ name, in string }{{"dig", "bind9-dnsutils"}, {"kdig", "knot-dnsutils"}} {
		program := peers.Find(t, tool.name, tool.in)
		for _, tt := range []struct {
			from         netip.Addr
			subnet, want string
		}{
			{forwarder, "127.40.9.0/24", "10.1.0.1 10.1.0.2 /24"},
			{forwarder, "127.41.9.7/32", "10.2.0.1 /24"},
			{forwarder, "127.41.0.0/16", "/21"},
			{outsiders[0], "127.40.9.0/24", "10.4.0.1"},
			{outsiders[2], "127.40.9.0/24", ""},
		} {
			out, err := exec.CommandContext(t.Context(), program, "@"+s.fast.plain.Addr().String(), "-p", fmt.Sprint(s.fast.plain.Port()),
				"-b", tt.from.String(), "+subnet="+tt.subnet, "foo.endpoints.neo4j.io", "A").CombinedOutput()
			if err != nil {
				t.Fatalf("%s: %v\n%s", tool.name, err, out)
			}
			if got := printed(string(out)); got != tt.want {
				t.Errorf("%s of %s for %s: %q, want %q\n%s", tool.name, tt.from, tt.subnet, got, tt.want, out)
			}
		}
	}
}

// printed returns the addresses of the answer that dig or kdig prints, and the scope.
func printed(out string) string {
	var parts []string
	scope := ""
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		switch {
		case strings.Contains(line, "CLIENT-SUBNET:") || strings.Contains(line, "CLIENT SUBNET:"): // 127.40.9.0/24/24
			last := fields[len(fields)-1]
			scope = last[strings.LastIndex(last, "/"):]
		case len(fields) == 5 && fields[3] == "A" && !strings.HasPrefix(line, ";"):
			parts = append(parts, fields[4])
		}
	}
	if scope != "" {
		parts = append(parts, scope)
	}
	if len(parts) == 3 && parts[0] > parts[1] {
		parts[0], parts[1] = parts[1], parts[0]
	}
	return strings.Join(parts, " ")
}
