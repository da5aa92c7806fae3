package records_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/test/peers"
)

// chrootedNSD is an NSD that has its files below DIR/root.
const chrootedNSD = `server:
  ip-address: ADDR@PORT
  username: ""
  chroot: "DIR/root"
  zonesdir: "DIR/other"
  zonelistfile: "DIR/root/zone.list"
  xfrdfile: ""
  xfrdir: "DIR/root"
  pidfile: ""
  database: ""
server:
  zonesdir: "DIR/root/zones"
remote-control:
  control-enable: no
zone:
  name: relative.org
  zonefile: one
zone:
  name: above.org
  zonefile: ../two
zone:
  name: whole.org
  zonefile: DIR/root/zones/one
zone:
  name: inside.org
  zonefile: /two
zone:
  name: outside.org
  zonefile: DIR/other/one
`

// TestChroot: of a path that is not below the directory of chroot NSD takes the file of that path
// below it, and of several directories of zones the last one.
func TestChroot(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("NSD needs to be root for chroot")
	}
	dir := t.TempDir()
	below := filepath.Join("root", dir, "other", "one")
	for file, last := range map[string]string{"root/zones/one": "1", "root/two": "2", "other/one": "3", below: "4"} {
		path := filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, path, viewZone("10.0.0."+last))
	}
	conf := filepath.Join(dir, "nsd.conf")
	at := peers.Start(t, peers.Peer{Name: "NSD", Package: "nsd", Binary: "nsd", Configure: func(at netip.AddrPort) peers.Setup {
		write(t, conf, strings.NewReplacer("DIR", dir, "PORT", fmt.Sprint(at.Port()), "ADDR", at.Addr().String()).Replace(chrootedNSD))
		return peers.Setup{Args: []string{"-d", "-c", conf}}
	}})[0].Addr
	found, err := existing.Options{}.Apart(conf)
	if err != nil {
		t.Fatal(err)
	}
	for _, zone := range []string{"relative.org.", "above.org.", "whole.org.", "inside.org.", "outside.org."} {
		name := "x." + zone
		read := fmt.Sprint(found.Set.Resolve(name, dns.TypeA).Addrs)
		if answer := askedFrom(t, at.Addr(), at, name); answer != read || answer == "[]" {
			t.Errorf("%s: NSD answers %s, and %s was read", name, answer, read)
		}
		for _, f := range found.Set.Faults([]string{zone}, nil) {
			t.Errorf("%s: %v", zone, f)
		}
	}
}
