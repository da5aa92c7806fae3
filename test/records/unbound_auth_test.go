package records_test

import (
	"fmt"
	"maps"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/test/peers"
)

// authFile is a zone in the file of an auth-zone.
const authFile = "$TTL 30\n@ SOA ns.x. host.x. 1 3600 600 86400 300\n@ NS ns.x.\nx A 10.0.0.1\nchild A 10.0.0.2\nx.child A 10.0.0.3\n"

// authZones are auth-zones beside clauses by which others are asked for the same, a higher or a
// lower name.
type authZones struct {
	text   strings.Builder
	public netip.AddrPort
	names  []string
}

var yesNo = map[bool]string{true: "yes", false: "no"}

func (a *authZones) zone(name string, down, up bool) {
	fmt.Fprintf(&a.text, "auth-zone:\n  name: %s\n  zonefile: zone.db\n  for-downstream: %s\n  for-upstream: %s\n", name, yesNo[down], yesNo[up])
}

func (a *authZones) ask(kind, name string) {
	fmt.Fprintf(&a.text, "%[1]s-zone:\n  name: %[2]s\n  %[1]s-addr: %[3]s@%[4]d\n", kind, name, a.public.Addr(), a.public.Port())
}

// add adds a zone, and clauses at the names that the bits of a number say.
func (a *authZones) add(name string, down, up bool, others int) {
	a.zone("zone."+name, down, up)
	for i, at := range []string{name, "zone." + name, "child.zone." + name} {
		if others>>i&1 == 1 {
			a.ask("forward", at)
		}
		if others>>(3+i)&1 == 1 {
			a.ask("stub", at)
		}
	}
	a.name(name)
}

func (a *authZones) name(name string) {
	for _, label := range []string{"", "zone.", "x.zone.", "y.zone.", "child.zone.", "x.child.zone.", "y.child.zone."} {
		a.names = append(a.names, label+name)
	}
}

// nested adds a zone below another one.
func (a *authZones) nested(name string, bits int) {
	a.zone("zone."+name, bits&1 == 1, bits&2 == 2)
	a.zone("child.zone."+name, bits&4 == 4, bits&8 == 8)
	if bits&16 == 16 {
		a.ask("forward", "zone."+name)
	}
	if bits&32 == 32 {
		a.ask("stub", "zone."+name)
	}
	a.name(name)
}

// TestUnboundAuthZones: from which of its zones Unbound answers clients, and for which names it
// asks others.
func TestUnboundAuthZones(t *testing.T) {
	for kind, highest := range map[string]string{"forward": ".", "stub": "org"} {
		t.Run(kind, func(t *testing.T) {
			a := &authZones{public: peers.Public(t)}
			a.ask(kind, highest)
			for others := range 64 {
				for own := range 4 {
					a.add(fmt.Sprintf("o%dz%d.org", others, own), own&1 == 1, own&2 == 2, others)
				}
			}
			for bits := range 64 {
				a.nested(fmt.Sprintf("n%d.org", bits), bits)
			}
			files := map[string]string{"unbound.conf": "server:\n  access-control: 127.0.0.0/8 allow\n" + a.text.String(), "zone.db": authFile}
			at := peers.Start(t, peers.Unbound(peers.Resolving{Files: files}))[0].Addr
			compareClient(t, at, "unbound.conf", files, netip.MustParseAddr("127.0.0.1"), a.names)
		})
	}
}

// TestForwardTwice: of two clauses of one kind and name Unbound asks the servers of the last one,
// "duplicate forward zone ignored", and of two kinds those of the forward-zone.
func TestForwardTwice(t *testing.T) {
	for text, want := range map[string]string{
		"forward-zone:\n name: a.org\n forward-addr: 10.9.9.1\nforward-zone:\n name: a.org\n forward-addr: 10.9.9.2": "10.9.9.2",
		"stub-zone:\n name: a.org\n stub-addr: 10.9.9.1\nstub-zone:\n name: a.org\n stub-addr: 10.9.9.2":             "10.9.9.2",
		"forward-zone:\n name: a.org\n forward-addr: 10.9.9.1\nstub-zone:\n name: a.org\n stub-addr: 10.9.9.2":       "10.9.9.1",
		"stub-zone:\n name: a.org\n stub-addr: 10.9.9.1\nforward-zone:\n name: a.org\n forward-addr: 10.9.9.2":       "10.9.9.2",
	} {
		file := filepath.Join(t.TempDir(), "unbound.conf")
		write(t, file, text+"\n")
		if got := readApart(t, "unbound", file).Resolve("x.a.org.", dns.TypeA).Referral.Servers; got != want {
			t.Errorf("%s: asked of %s, and not of %s", text, got, want)
		}
	}
}

// TestUnboundZonesTwice: of two auth-zones of one name the first counts, and of two options in a clause
// the last. Of two policy zones of one name it is not known what counts.
func TestUnboundZonesTwice(t *testing.T) {
	const head = loadedSOA + loadedNS
	files := map[string]string{"one": head + "r.org A 10.0.0.1\n", "two": head + "r.org A 10.0.0.2\ns.org A 10.0.0.2\n"}
	names := []string{"r.org", "s.org", "r.org.z.org", "s.org.z.org"}
	const server = "server:\n  access-control: 127.0.0.0/8 allow\n  define-tag: \"a b\"\n  access-control-tag: 127.0.0.0/8 \"a\"\n"
	const respip = server + "  module-config: \"respip iterator\"\n"
	for text, known := range map[string]bool{
		server + "auth-zone:\n  name: z.org\n  zonefile: one\nauth-zone:\n  name: Z.org.\n  zonefile: two\n":                                                              true,
		server + "auth-zone:\n  name: z.org\n  zonefile: one\n  for-downstream: no\n  for-upstream: no\nauth-zone:\n  name: z.org\n  zonefile: two\n":                     true,
		server + "auth-zone:\n  name: z.org\n  zonefile: two\n  zonefile: one\n  for-downstream: no\n  for-downstream: yes\n":                                             true,
		respip + "rpz:\n  name: p\n  zonefile: two\n  zonefile: one\n  tags: \"b\"\n  tags: \"a\"\n":                                                                      true,
		respip + "rpz:\n  name: p\n  zonefile: two\n  tags: \"a\"\n  tags: \"b\"\n":                                                                                       true,
		respip + "rpz:\n  name: p\n  zonefile: two\n  rpz-action-override: nxdomain\n  rpz-action-override: disabled\n":                                                   true,
		server + "  module-config: \"iterator\"\n  module-config: \"python iterator\"\nserver:\n  module-config: \"respip iterator\"\nrpz:\n  name: p\n  zonefile: two\n": true,
		respip + "rpz:\n  name: p\n  zonefile: one\nrpz:\n  name: P.\n  zonefile: two\n":                                                                                  false,
		respip + "rpz:\n  name: z.org\n  zonefile: two\nauth-zone:\n  name: z.org\n  zonefile: one\n":                                                                     false,
	} {
		t.Run(text, func(t *testing.T) {
			its := maps.Clone(files)
			its["unbound.conf"] = text
			dir := t.TempDir()
			for name, content := range its {
				write(t, filepath.Join(dir, name), content)
			}
			found, err := existing.Options{Clients: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}.Together(t.Context(), []string{filepath.Join(dir, "unbound.conf")}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if faults := found.Set.Faults([]string{"org."}, found.Clients); (len(faults) == 0) != known {
				t.Errorf("it is said: %v", faults)
			}
			if known {
				compareNames(t, found.Set, startUnbound(t, its), names, []uint16{dns.TypeA})
			}
		})
	}
}
