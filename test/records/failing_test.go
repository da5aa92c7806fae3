package records_test

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/test/peers/coredns"
)

// failing are server blocks for v.org, in which ALL stands for an address of all names.
var failing = []string{
	"ALL",
	"ALL\ntemplate ANY ANY {\nrcode NOERROR\n}",
	"ALL\ntemplate IN AAAA {\nrcode NOERROR\n}",
	"ALL\ntemplate IN AAAA {\n}\ntemplate IN HTTPS {\n}",
	"ALL\ntemplate IN AAAA {\nrcode NXDOMAIN\n}\ntemplate ANY ANY {\nrcode NOERROR\n}",
	"ALL\ntemplate IN AAAA {\nrcode SERVFAIL\n}\ntemplate ANY ANY {\nrcode NOERROR\n}",
	"ALL\ntemplate IN HTTPS {\nrcode REFUSED\n}\ntemplate ANY ANY {\nrcode NOERROR\n}",
	"ALL\ntemplate IN TXT {\nrcode NXDOMAIN\n}\ntemplate ANY ANY {\nrcode NOERROR\n}",
	"ALL\ntemplate IN TXT {\nrcode REFUSED\n}\ntemplate ANY ANY {\nrcode NOERROR\n}",
	"ALL\ntemplate ANY ANY {\nrcode NXDOMAIN\n}",
	"ALL\ntemplate ANY ANY {\nmatch ^y[.]\nrcode NOERROR\n}",
	"hosts /dev/null {\n10.0.0.1 x.v.org\n}",
	"hosts /dev/null {\n10.0.0.1 x.v.org\nfallthrough\n}",
	"file z",
	"hosts /dev/null {\n10.0.0.1%eth0 x.v.org\n}",
	"rewrite name x.v.org y.v.org\nhosts /dev/null {\n10.0.0.1 y.v.org\n}",
	"rewrite name x.v.org y.v.org\ntemplate IN A {\nmatch ^y\nanswer \"{{ .Name }} 30 IN A 10.0.0.1\"\n}",
	"acl {\nblock type AAAA net *\n}\nALL\ntemplate ANY ANY {\nrcode NOERROR\n}",
	"acl {\nfilter type AAAA net *\n}\nALL\ntemplate ANY ANY {\nrcode NOERROR\n}",
	"acl {\nblock type HTTPS\n}\nALL\ntemplate ANY ANY {\nrcode NOERROR\n}",
	"acl {\nblock type AAAA net 192.168.0.0/16\n}\nALL\ntemplate ANY ANY {\nrcode NOERROR\n}",
	"acl {\nallow type A\nblock\n}\nALL\ntemplate ANY ANY {\nrcode NOERROR\n}",
	"acl {\nallow type A AAAA HTTPS\nblock\n}\nALL\ntemplate ANY ANY {\nrcode NOERROR\n}",
	"acl {\nallow net 127.0.0.0/8\nblock type AAAA\n}\nALL\ntemplate ANY ANY {\nrcode NOERROR\n}",
	"acl {\nfilter type HTTPS\n}\nALL\ntemplate ANY ANY {\nrcode NOERROR\n}",
}

// TestFailing: where CoreDNS has the address of a name, and an error for other types, that is told.
func TestFailing(t *testing.T) {
	for _, text := range failing {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(text, "ALL", "template IN A {\nanswer \"{{ .Name }} 30 IN A 10.0.0.1\"\n}", 1)
			at := peers.FreePort(t, peers.Loopback())
			dir := t.TempDir()
			main := filepath.Join(dir, "Corefile")
			corefile := fmt.Sprintf("v.org:%d {\nbind %s\nroot %s\n%s\n}\n", at.Port(), at.Addr(), dir, text)
			write(t, filepath.Join(dir, "z"), "$ORIGIN v.org.\n"+viewZone("10.0.0.1"))
			write(t, main, corefile)
			coredns.StartAs(t, main, corefile)
			clients := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
			found, err := existing.Options{Clients: clients}.Together(t.Context(), []string{main}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := askedFrom(t, clients[0].Addr(), at, "x.v.org."); got != "[10.0.0.1]" {
				t.Fatalf("answered %s", got)
			}
			fails := codeOf(t, at, dns.TypeAAAA) != dns.RcodeSuccess || codeOf(t, at, dns.TypeHTTPS) != dns.RcodeSuccess || codeOf(t, at, dns.TypeTXT) == dns.RcodeNameError
			if faults := found.Set.Faults([]string{"x.v.org."}, clients); fails != (len(faults) > 0) {
				t.Errorf("fails %v, told %v", fails, faults)
			}
		})
	}
}

// codeOf returns with which response code a server answers a question.
func codeOf(t *testing.T, at netip.AddrPort, qtype uint16) int {
	t.Helper()
	client, err := peers.Dial(at, "udp", netip.Addr{})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	reply, err := client.Ask(new(dns.Msg).SetQuestion("x.v.org.", qtype))
	if err != nil {
		t.Fatal(err)
	}
	return reply.Rcode
}

// unstartable are server blocks beside that of a name, with a file that CoreDNS does not start with, or does.
var unstartable = map[string]string{
	"file z w.org":           "$ORIGIN w.org.\n" + viewZone("10.0.0.1"),
	"file z w.org sub.w.org": "$ORIGIN w.org.\n" + viewZone("10.0.0.1"),
	"file z x.w.org":         "$ORIGIN w.org.\n" + viewZone("10.0.0.1"),
	"file z":                 viewZone("10.0.0.1"),
	"file  z":                "* 30 IN A 10.0.0.1\n",
	"file z org":             "$ORIGIN w.org.\n" + viewZone("10.0.0.1"),
	"auto {\ndirectory .\n}": "$ORIGIN x.org.\n" + viewZone("10.0.0.1"),
}

// TestFilesThatStop: a zone that CoreDNS does not load in the plugin file keeps it from starting.
func TestFilesThatStop(t *testing.T) {
	for text, zone := range unstartable {
		t.Run(text, func(t *testing.T) {
			dir := t.TempDir()
			main := filepath.Join(dir, "Corefile")
			at := peers.FreePort(t, peers.Loopback())
			corefile := fmt.Sprintf("v.org:%d {\nbind %s\nhosts /dev/null {\n10.0.0.1 x.v.org\n}\n}\nw.org:%[1]d {\nbind %[2]s\nroot %s\n%s\n}\n", at.Port(), at.Addr(), dir, text)
			for _, name := range []string{"z", "db.w.org"} {
				write(t, filepath.Join(dir, name), zone)
			}
			write(t, main, corefile)
			found, err := existing.Options{}.Together(t.Context(), []string{main}, nil)
			if err != nil {
				t.Fatal(err)
			}
			fails := coredns.Check(main, corefile)
			if faults := found.Set.Faults([]string{"x.v.org."}, nil); (fails != nil) != (len(faults) > 0) {
				t.Errorf("starting: %v, told %v", fails, faults)
			}
		})
	}
}
