package records_test

import (
	"path/filepath"
	"testing"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// recursorTakes are programs of PowerDNS Recursor that name a policy zone, which answers for
// x.a.org with 10.0.0.1. With some of them it starts without that zone.
var recursorTakes = []string{
	"rpzFile('rpz.db')", "rpzFile('rpz.db', { policyName = 'x' })", "rpzFile('rpz.db', { policyName = 5 })", "rpzFile('rpz.db', { maxTTL = 5, zoneSizeHint = 10 })", "rpzFile('rpz.db', { maxTTL = 'x' })",
	"rpzFile('rpz.db', { tags = { 'x' } })", "rpzFile('rpz.db', { tags = 'x' })", "rpzFile('rpz.db', { ignoreDuplicates = true, includeSOA = true })",
	"rpzFile('rpz.db', { defpol = 'x' })", "rpzFile('rpz.db', { defpol = Policy.NODATA, defpolOverrideLocalData = false })", "rpzFile('rpz.db', { defpol = Policy.NXDOMAIN })", "rpzFile('rpz.db', 5)", "rpzFile(5)",
	"local name = 'rpz'\nrpzFile(name .. '.db')", "rpzFile(nosuch)",
}

// TestRecursorTakes: a policy zone that the Recursor does not have, or not as it is written, is told.
func TestRecursorTakes(t *testing.T) {
	public := peers.Public(t)
	for _, program := range recursorTakes {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{
				"recursor.conf": "lua-config-file=recursor.lua\n", "rpz.db": loadedSOA + loadedNS + "x.a.org A 10.0.0.1\n", "recursor.lua": program + "\n",
			}
			dir := t.TempDir()
			for name, text := range files {
				write(t, filepath.Join(dir, name), text)
			}
			part, err := existing.Options{}.Apart(filepath.Join(dir, "recursor.conf"))
			if err != nil {
				t.Fatal(err)
			}
			read := true
			for _, f := range part.Set.Faults([]string{"x.a.org."}, nil) {
				read = read && f.Kind != holdings.NotRead
			}
			if got := loads(t, peers.PowerDNSRecursor(peers.Resolving{Files: files, Upstream: public}), read); got != read {
				t.Errorf("it answers so %v, read %v, faults %v", got, read, part.Set.Faults(nil, nil))
			}
		})
	}
}
