package records_test

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/test/peers"
)

// countedZones are zones of a BIND with many records at a name, and what their statements say of
// how many there may be.
var countedZones = []struct{ name, record, options string }{
	{"enough.org", addresses(100), ""},
	{"toomany.org", addresses(101), ""},
	{"twice.org", addresses(60) + addresses(60), ""},
	{"apart.org", addresses(60) + "between A 10.0.0.1\n" + strings.ReplaceAll(addresses(60), "10.0.1.", "10.0.2."), ""},
	{"both.org", addresses(60) + strings.NewReplacer(" A ", " AAAA ", "10.0.1.", "fd00::").Replace(addresses(60)), ""},
	{"more.org", addresses(101), "max-records-per-type 101;"},
	{"any.org", addresses(101), "max-records-per-type 0;"},
	{"thrice.org", "many A 10.0.1.1\nmany A 10.0.1.1\nmany A 10.0.1.1\n", "max-records-per-type 2;"},
	{"pair.org", "many A 10.0.1.1\nmany A 10.0.1.1\n", "max-records-per-type 2;"},
	{"again.org", "many A 10.0.1.1\nbetween A 10.0.1.1\nmany A 10.0.1.1\nbetween A 10.0.1.1\nmany A 10.0.1.1\n", "max-records-per-type 2;"},
	{"added.org", addresses(2) + "between A 10.0.1.1\nmany A 10.0.1.1\n", "max-records-per-type 2;"},
	{"addedmore.org", addresses(2) + "between A 10.0.1.1\nmany A 10.0.1.1\n", "max-records-per-type 3;"},
	{"bothtypes.org", "many A 10.0.1.1\nmany AAAA fd00::1\nmany A 10.0.1.1\nmany AAAA fd00::1\n", "max-records-per-type 2;"},
	{"fewer.org", addresses(11), "max-records-per-type 10;"},
	{"types.org", types(100), ""},
	{"toomanytypes.org", types(101), ""},
	{"texts.org", strings.ReplaceAll(addresses(101), " A ", " TXT "), ""},
}

// addresses are so many records of a name, and types so many types of it.
func addresses(n int) (text string) {
	for i := range n {
		text += fmt.Sprintf("many A 10.0.1.%d\n", i+1)
	}
	return text
}

func types(n int) (text string) {
	for i := range n {
		text += fmt.Sprintf("many TYPE%d \\# 1 00\n", 1000+i)
	}
	return text
}

// TestCounted: which zones a BIND does not load for the number of their records is told, also
// where nothing is said of how many there may be. Its checks look at no such number.
func TestCounted(t *testing.T) {
	t.Parallel()
	conf := "options { directory \".\"; listen-on port PORT { ADDR; }; listen-on-v6 { none; }; pid-file none; recursion no; };\ncontrols { };\n"
	files := make(map[string]string)
	for _, z := range countedZones {
		conf += fmt.Sprintf("zone %q { type primary; file %q; %s };\n", z.name, z.name, z.options)
		files[z.name] = plainZone + z.record
	}
	files["named.conf"] = conf
	dir, filled := filledIn(t, files)
	at := peers.Start(t, peers.Peer{Name: "BIND", Package: "bind9", Binary: "named", OnInterface: true, Configure: func(at netip.AddrPort) peers.Setup {
		return peers.Setup{Files: filled(at), Args: []string{"-g", "-c", "named.conf", "-n", "1"}}
	}})[0].Addr
	found, err := existing.Options{}.Apart(filepath.Join(dir, "named.conf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, z := range countedZones {
		code := askedFrom(t, at.Addr(), at, "host."+z.name+".")
		if told := found.Set.Faults([]string{z.name + "."}, nil); (code == "SERVFAIL") != (len(told) > 0) {
			t.Errorf("%s: BIND answers %s, told %q", z.name, code, told)
		}
	}
}
