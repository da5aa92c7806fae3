package records_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// dnsmasqKept are configurations of dnsmasq with an alias, alias.neo4j.io, whose target has one address.
var dnsmasqKept = map[string]string{
	"others are asked":     "host-record=one.neo4j.io,10.0.0.1\ncname=alias.neo4j.io,one.neo4j.io\n",
	"an IPv6 address":      "host-record=one.neo4j.io,fd00::1\ncname=alias.neo4j.io,one.neo4j.io\n",
	"an alias of an alias": "host-record=one.neo4j.io,10.0.0.1\ncname=alias.neo4j.io,next.neo4j.io\ncname=next.neo4j.io,one.neo4j.io\n",
	"one is asked":         "host-record=one.neo4j.io,10.0.0.1\ncname=alias.neo4j.io,one.neo4j.io\nserver=/one.neo4j.io/UPSTREAM\n",
	"nobody is asked":      "host-record=one.neo4j.io,10.0.0.1\ncname=alias.neo4j.io,one.neo4j.io\nlocal=/one.neo4j.io/\n",
	"no cache":             "host-record=one.neo4j.io,10.0.0.1\ncname=alias.neo4j.io,one.neo4j.io\ncache-size=0\n",
	"a filter":             "host-record=one.neo4j.io,10.0.0.1\ncname=alias.neo4j.io,one.neo4j.io\nfilter-AAAA\n",
	"both families":        "host-record=one.neo4j.io,10.0.0.1,fd00::1\ncname=alias.neo4j.io,one.neo4j.io\n",
	"a name of one's own":  "host-record=one.example,10.0.0.1\ncname=alias.neo4j.io,one.example\n",
	"a rule":               "host-record=one.neo4j.io,10.0.0.1\ncname=alias.neo4j.io,one.neo4j.io\naddress=/one.neo4j.io/fd00::1\n",
}

// TestDnsmasqKept: what others answered for the target of an alias is given for the alias while dnsmasq
// keeps it, and where that may be the alias is not read.
func TestDnsmasqKept(t *testing.T) {
	public := peers.Public(t)
	for name, text := range dnsmasqKept {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"dnsmasq.conf": "no-hosts\n" + strings.ReplaceAll(text, "UPSTREAM", fmt.Sprintf("%s#%d", public.Addr(), public.Port()))}
			path := filepath.Join(t.TempDir(), "dnsmasq.conf")
			write(t, path, files["dnsmasq.conf"])
			found, err := existing.Options{}.Together(t.Context(), []string{path}, nil)
			if err != nil {
				t.Fatal(err)
			}
			read := true
			for _, f := range found.Set.Faults([]string{"alias.neo4j.io."}, nil) {
				read = read && f.Kind != holdings.NotRead
			}
			server := peers.Start(t, peers.Dnsmasq(peers.Resolving{Upstream: public, Files: files}))[0]
			types := []uint16{dns.TypeA, dns.TypeAAAA}
			before := make(map[uint16]string)
			for _, qtype := range types {
				before[qtype] = answered(t, server.Addr, "alias.neo4j.io.", qtype)
			}
			alike := true
			for _, qtype := range types {
				answered(t, server.Addr, "one.neo4j.io.", qtype)
				alike = alike && answered(t, server.Addr, "alias.neo4j.io.", qtype) == before[qtype]
			}
			if own := strings.Contains(name, "own"); alike != read && !own || own && !read {
				t.Errorf("the alias is answered alike %v, and was read %v", alike, read)
			}
		})
	}
}
