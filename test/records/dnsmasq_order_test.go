package records_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// dnsmasqSays is what dnsmasq can be told of NAME, by a letter.
var dnsmasqSays = map[rune]string{
	'c': "cname=NAME,target.net", 'h': "host-record=NAME,10.0.0.1", '6': "host-record=NAME,fd00::6", 'a': "address=/NAME/10.0.0.2", 'l': "local=/NAME/",
	's': "server=/NAME/#", 't': `txt-record=NAME,"words"`, 'i': "interface-name=NAME,lo", 'y': "dynamic-host=NAME,0.0.0.9,lo",
}

// dnsmasqOrders returns all pairs of those, and some more of them, each in all its orders.
func dnsmasqOrders() []string {
	all := []string{"chal", "lahc", "h6a", "6ah", "chi", "ich", "hcit", "y6l", "a6hl"}
	for one := range dnsmasqSays {
		for two := range dnsmasqSays {
			if one != two {
				all = append(all, string(one)+string(two))
			}
		}
	}
	slices.Sort(all)
	return all
}

// TestDnsmasqOrder: of several things that dnsmasq is told of one name that one is read which it answers,
// in whatever order they stand. What it has from the machine is not known.
func TestDnsmasqOrder(t *testing.T) {
	text := "no-hosts\nlocal-ttl=30\nhost-record=target.net,10.0.0.9\nhost-record=six.net,fd00::9\naddress=/wide.net/10.0.0.8\n" +
		"cname=tosix.net,six.net\ncname=towide.net,wide.net\ncname=topublic.net,public.example\ncname=toself.net,x.toself.net\ncname=toif.net,if.net\ninterface-name=if.net,lo\n" +
		"address=/null4.net/#\naddress=/null4.net/10.0.0.3\naddress=/null6.net/fd00::3\naddress=/null6.net/#\naddress=/zero.net/0.0.0.0\naddress=/zero.net/10.0.0.4\n" +
		"cname=toic.net,ic.org\ncname=tohc.net,hc.org\ncname=wide.wide.net,target.net\ncname=chain0.net,chain1.net\nhost-record=chain5.net,10.0.0.5\nhost-record=chain12.net,10.0.0.12\n"
	for i := 1; i < 12; i++ {
		text += fmt.Sprintf("cname=chain%d.net,chain%d.net\n", i, i+1)
	}
	names := strings.Fields("tosix.net towide.net topublic.net toself.net toif.net toic.net tohc.net wide.wide.net a.wide.net chain0.net null4.net a.null4.net null6.net zero.net")
	for _, order := range dnsmasqOrders() {
		for _, r := range order {
			text += strings.ReplaceAll(dnsmasqSays[r], "NAME", order+".org") + "\n"
		}
		names = append(names, order+".org")
	}
	compareDnsmasq(t, map[string]string{"dnsmasq.conf": text}, names, map[string]bool{"toif.net": true})
}

// compareDnsmasq compares what dnsmasq answers with what was read, but for names with addresses that the
// machine has, or leases: what these have is not known. So are those below org by their letters.
func compareDnsmasq(t *testing.T, files map[string]string, names []string, unknown map[string]bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dnsmasq.conf")
	write(t, path, files["dnsmasq.conf"])
	found, err := existing.Options{}.Together(t.Context(), []string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	server := peers.Start(t, peers.Dnsmasq(peers.Resolving{Upstream: peers.Public(t), Files: files}))[0]
	for _, name := range names {
		label, _, _ := strings.Cut(name, ".")
		its := unknown[name] || strings.HasSuffix(name, ".org") && !strings.Contains(label, "c") && strings.ContainsAny(label, "iy")
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
			a, want := found.Set.Resolve(name+".", qtype), answered(t, server.Addr, name+".", qtype)
			switch got := meant(a); {
			case its && (a.Referral.Record == "" || qtype == dns.TypeA && !strings.HasPrefix(want, "[127.0.0.")):
				t.Errorf("%s %s: dnsmasq has %s, which it has from elsewhere, and the file was read as %s", name, dns.Type(qtype), want, got)
			case !its && got != want:
				t.Errorf("%s %s: dnsmasq has %s, the file was read as %s", name, dns.Type(qtype), want, got)
			}
		}
	}
	for _, f := range found.Set.Faults(nil, nil) {
		if f.Kind == holdings.NotLoaded {
			t.Errorf("said of what is right: %v", f)
		}
	}
}

// TestDnsmasqLeases: a host that has an address by DHCP has it before an address= of its name, and
// after a host-record. What it has is not known.
func TestDnsmasqLeases(t *testing.T) {
	port := peers.FreePort(t, peers.Loopback()).Port()
	text := fmt.Sprintf("no-hosts\ndhcp-alternate-port=%d,%d\ndhcp-leasefile=leases\ndhcp-range=127.0.0.50,127.0.0.200\n", port, port+1) +
		"domain=corp.net\ndomain=apart.net,127.0.0.70,127.0.0.79\nhost-record=host.corp.net,10.0.0.1\nhost-record=six.corp.net,fd00::6\naddress=/addr.corp.net/10.0.0.2\nlocal=/addr.corp.net/\n" +
		"cname=alias.corp.net,host.corp.net\ncname=to.corp.net,plain.corp.net\naddress=/away.apart.net/10.0.0.3\naddress=/away.corp.net/10.0.0.4\n"
	leases := ""
	hosts := map[string]string{"plain": "127.0.0.61", "host": "127.0.0.62", "six": "127.0.0.63", "addr": "127.0.0.64", "alias": "127.0.0.65", "away": "127.0.0.71"}
	for host, addr := range hosts {
		mac := "11:22:33:44:55:" + addr[len(addr)-2:]
		text += fmt.Sprintf("dhcp-host=%s,%s,%s,12h\n", mac, addr, host)
		leases += fmt.Sprintf("2000000000 %s %s %s *\n", mac, addr, host)
	}
	names := strings.Fields("alias.corp.net plain.corp.net host.corp.net six.corp.net addr.corp.net to.corp.net away.apart.net away.corp.net")
	unknown := map[string]bool{"plain.corp.net": true, "six.corp.net": true, "addr.corp.net": true, "to.corp.net": true, "away.apart.net": true}
	compareDnsmasq(t, map[string]string{"dnsmasq.conf": text, "leases": leases}, names, unknown)
}
