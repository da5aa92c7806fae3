//go:build linux

package matrix_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
)

// bindViews is a BIND that has a view for each range of clients, the longest first, and
// one without zones for all others.
func bindViews() peers.Peer {
	prefixes, owner := rangesOf()
	files := make(map[string]string)
	var views strings.Builder
	for i, prefix := range prefixes {
		fmt.Fprintf(&views, "view \"v%d\" {\n  match-clients { %s; };\n", i, prefix)
		for j, zone := range owner[prefix].zones() {
			name := fmt.Sprintf("%d-%d.zone", i, j)
			files[name] = zone.text
			fmt.Fprintf(&views, "  zone %q { type primary; file %q; };\n", zone.origin, name)
		}
		views.WriteString("};\n")
	}
	views.WriteString("view \"nobody\" { match-clients { any; }; };\n")
	const options = `options {
  directory "."; listen-on port %d { %s; }; listen-on-v6 { none; };
  recursion no; allow-query { any; }; empty-zones-enable no; dnssec-validation no; notify no;
  pid-file none; session-keyfile none; lock-file none;
};
controls {};
`
	return peers.Peer{
		Name: "BIND with views", Package: "bind9", Binary: "named", OnInterface: true,
		Configure: func(at netip.AddrPort) peers.Setup {
			files["named.conf"] = fmt.Sprintf(options, at.Port(), at.Addr()) + views.String()
			return peers.Setup{Files: files, Args: []string{"-g", "-c", "named.conf", "-n", "1"}}
		},
	}
}

// answers has by client and name the addresses that are right.
type answers map[netip.Addr]map[string]string

// oracle has BIND asked by each of the clients for each name.
func oracle(t *testing.T, clients []netip.Addr) answers {
	t.Helper()
	bind := peers.Start(t, bindViews())[0]
	right := make(answers)
	for _, client := range clients {
		right[client] = make(map[string]string)
		conn, err := peers.Dial(bind.Addr, "udp", client)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			reply, err := conn.Ask(question(name, dns.TypeA))
			if err != nil {
				t.Fatal(err)
			}
			right[client][name] = addressesOf(reply)
		}
		conn.Close()
	}
	return right
}

func question(name string, qtype uint16) *dns.Msg {
	return new(dns.Msg).SetQuestion(name, qtype).SetEdns0(1232, false)
}

// addressesOf returns the addresses of an answer, sorted, or "none".
func addressesOf(reply *dns.Msg) string {
	var addrs []string
	for _, rr := range reply.Answer {
		switch rr := rr.(type) {
		case *dns.A:
			addrs = append(addrs, rr.A.String())
		case *dns.AAAA:
			addrs = append(addrs, rr.AAAA.String())
		}
	}
	if len(addrs) == 0 {
		return "none"
	}
	slices.Sort(addrs)
	return strings.Join(addrs, " ")
}
