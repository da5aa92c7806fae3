package records_test

import (
	"net/netip"
	"path/filepath"
	"slices"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// TestUnboundModules: Unbound starts with modules in an order that unbound-checkconf refuses. Where it
// answers as in another order that is no finding; else what it answers is not known.
func TestUnboundModules(t *testing.T) {
	public := peers.Public(t)
	for modules, known := range map[string]bool{
		"respip iterator": true, "validator respip iterator": true, "iterator respip": true, "subnetcache validator respip iterator": true, "validator iterator respip": true,
		"respip validator": false, "respip iterator validator": false,
	} {
		t.Run(modules, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			files := map[string]string{
				"rpz":          loadedSOA + loadedNS + "rule.org A 10.0.0.3\n",
				"unbound.conf": "server:\n  access-control: 127.0.0.0/8 allow\n  module-config: \"" + modules + "\"\n  local-data: \"local.org A 10.0.0.1\"\nrpz:\n  name: rpz.test\n  zonefile: rpz\n",
			}
			for name, text := range files {
				write(t, filepath.Join(dir, name), text)
			}
			clients := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
			found, err := existing.Options{Clients: clients}.Together(t.Context(), []string{filepath.Join(dir, "unbound.conf")}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if faults := found.Set.Faults(nil, clients); (len(faults) == 0) != known || slices.ContainsFunc(faults, func(f holdings.Fault) bool { return f.Kind == holdings.NotLoaded }) {
				t.Errorf("of %s it is said: %v", modules, faults)
			}
			at := peers.Start(t, peers.Unbound(peers.Resolving{Files: files, Upstream: public}))[0].Addr
			names := []string{"local.org"}
			if known {
				names = append(names, "rule.org", "public.org")
			}
			compareNames(t, found.Set, at, names, []uint16{dns.TypeA})
		})
	}
}
