package records_test

import (
	"fmt"
	"maps"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// localKinds are types of local zones; "" is no zone, but data all the same.
var localKinds = []string{"", "static", "refuse", "redirect", "transparent", "typetransparent", "inform", "always_transparent", "always_nxdomain", "always_null", "noview"}

// layered are local zones of a view and of the server beside each other, of all types: the
// lines of both, and the names that are told apart.
type layered struct {
	view, server strings.Builder
	names        []string
}

// add adds a zone of a view and one of the server, each at its name, with data at and below
// another name.
func (l *layered) add(viewKind, serverKind, viewZone, serverZone, data string) {
	local(&l.view, viewKind, viewZone, map[string]string{"both." + data: "10.1.0.1", "x." + data: "10.1.0.2", "e.f." + data: "10.1.0.3"})
	local(&l.server, serverKind, serverZone, map[string]string{"both." + data: "10.2.0.1", "y." + data: "10.2.0.2", "f." + data: "10.2.0.3"})
	l.addAliases(viewKind, serverKind, data)
	if serverKind != "redirect" {
		fmt.Fprintf(&l.server, "  local-data: \"both.%s 30 AAAA fd00::2\"\n", data)
	}
	for _, name := range []string{viewZone, serverZone, data} {
		l.names = append(l.names, name, "z."+name)
	}
	for _, label := range []string{"both", "x", "y", "f", "q.both"} {
		l.names = append(l.names, label+"."+data)
	}
}

// addAliases adds names with a CNAME and addresses, in all orders.
func (l *layered) addAliases(viewKind, serverKind, data string) {
	for order := range strings.SplitSeq(aliasOrders, " ") {
		for i, r := range order {
			record := map[rune]string{'c': "CNAME host.public.example.", 'a': fmt.Sprintf("A 10.3.0.%d", i), '6': "AAAA fd00::3", 't': "TXT words"}[r]
			if viewKind != "redirect" {
				fmt.Fprintf(&l.view, "  local-data: \"v%s.%s 30 %s\"\n", order, data, record)
			}
			if serverKind != "redirect" {
				fmt.Fprintf(&l.server, "  local-data: \"s%s.%s 30 %s\"\n", order, data, record)
			}
		}
		if serverKind != "redirect" {
			fmt.Fprintf(&l.server, "  local-data: \"v%s.%s 30 A 10.2.0.4\"\n", order, data)
		}
		l.names = append(l.names, "v"+order+"."+data, "s"+order+"."+data)
	}
}

// aliasOrders are orders of a CNAME and of addresses.
const aliasOrders = "ca ac aca 6ca tc"

// local writes a local zone, with data of its own if it answers all names the same.
func local(b *strings.Builder, kind, zone string, data map[string]string) {
	if kind != "" {
		fmt.Fprintf(b, "  local-zone: \"%s\" %s\n", zone, kind)
	}
	for _, name := range slices.Sorted(maps.Keys(data)) {
		addr := data[name]
		if kind == "redirect" {
			name = zone
		}
		fmt.Fprintf(b, "  local-data: \"%s 30 A %s\"\n", name, addr)
	}
}

// TestUnboundLayers: what a view of Unbound has goes before what is local to all, which counts
// for its clients where the view says view-first. A client whose longest range has no view has
// none.
func TestUnboundLayers(t *testing.T) {
	var l layered
	for i, viewKind := range localKinds {
		for j, serverKind := range localKinds {
			name := fmt.Sprintf("v%ds%d.org", i, j)
			l.add(viewKind, serverKind, "same."+name, "same."+name, "same."+name)
			l.add(viewKind, serverKind, "wide."+name, "sub.wide."+name, "sub.wide."+name)
			l.add(viewKind, serverKind, "sub.deep."+name, "deep."+name, "sub.deep."+name)
		}
	}
	text := "server:\n  access-control: 127.0.0.0/8 allow\n  access-control-view: 127.0.0.0/29 plain\n  access-control: 127.0.0.4/32 allow\n  access-control-view: 127.0.0.8/32 first\n" + l.server.String() +
		"view:\n  name: plain\n" + l.view.String() + "view:\n  name: first\n  view-first: yes\n" + l.view.String()
	at := startUnbound(t, map[string]string{"unbound.conf": text})
	for _, last := range []byte{2, 4, 8, 9} {
		compareClient(t, at, "unbound.conf", map[string]string{"unbound.conf": text}, netip.AddrFrom4([4]byte{127, 0, 0, last}), l.names)
	}
}

// startUnbound starts an Unbound before public DNS.
func startUnbound(t *testing.T, files map[string]string) netip.AddrPort {
	t.Helper()
	return peers.Start(t, peers.Unbound(peers.Resolving{Files: files, Upstream: peers.Public(t)}))[0].Addr
}

// compareClient compares what a client is answered with what was read for it.
func compareClient(t *testing.T, at netip.AddrPort, main string, files map[string]string, client netip.Addr, names []string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	o := existing.Options{Clients: []netip.Prefix{netip.PrefixFrom(client, client.BitLen())}}
	found, err := o.Together(t.Context(), []string{filepath.Join(dir, main)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range found.Set.Faults(nil, found.Clients) {
		if fault.Kind == holdings.Refused || strings.Contains(fault.Message, "for the clients") {
			t.Errorf("client %s: %v", client, fault)
		}
	}
	for _, name := range names {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
			got, want := meant(found.Set.Resolve(name+".", qtype)), answeredTo(t, client, at, name+".", qtype)
			if got != want {
				t.Errorf("client %s: %s %s: the server has %s, the files were read as %s", client, name, dns.Type(qtype), want, got)
			}
		}
	}
}

// TestUnboundTags: a local zone with tags is there for clients that have one of them, as the
// first tag that both have says.
func TestUnboundTags(t *testing.T) {
	files := map[string]string{"unbound.conf": `server:
  define-tag: "a b c"
  access-control: 127.0.0.0/8 allow
  access-control-tag: 127.0.0.0/29 "b a"
  access-control-tag: 127.0.0.2/32 "c"
  access-control-tag: 127.0.0.3/32 "b"
  access-control: 127.0.0.4/32 allow
  access-control-tag: 127.0.0.8/29 "a"
  access-control-tag-action: 127.0.0.8/29 a redirect
  access-control-tag-data: 127.0.0.8/29 a "A 10.0.0.8"
  access-control-tag-action: 127.0.0.9/32 a redirect
  access-control-tag: 127.0.0.10/32 "b a"
  access-control-tag-action: 127.0.0.10/32 b always_nxdomain
  access-control-tag-data: 127.0.0.10/32 b "A 10.0.0.9"
  local-zone: "one.org." static
  local-data: "one.org. 30 A 10.0.0.1"
  local-data: "x.one.org. 30 A 10.0.0.2"
  local-zone-tag: "one.org." "a"
  local-zone: "two.org." redirect
  local-data: "two.org. 30 A 10.0.0.3"
  local-zone-tag: "two.org." "c b"
  local-zone: "sub.two.org." redirect
  local-data: "sub.two.org. 30 A 10.0.0.4"
  local-zone-tag: "sub.two.org." "a b"
  local-zone: "over.org." redirect
  local-data: "over.org. 30 A 10.0.0.5"
  local-zone-tag: "over.org." "a b"
  local-zone-override: "over.org." 127.0.0.0/24 static
  local-zone-override: "over.org." 127.0.0.2/31 always_transparent
  local-zone: "free.org." redirect
  local-data: "free.org. 30 A 10.0.0.6"
  local-zone-override: "free.org." 127.0.0.8/32 always_nxdomain
`}
	names := []string{"one.org", "x.one.org", "y.one.org", "two.org", "x.two.org", "sub.two.org", "x.sub.two.org", "over.org", "x.over.org", "free.org", "x.free.org"}
	at := startUnbound(t, files)
	for _, last := range []byte{1, 2, 3, 4, 8, 9, 10, 16} {
		compareClient(t, at, "unbound.conf", files, netip.AddrFrom4([4]byte{127, 0, 0, last}), names)
	}
}
