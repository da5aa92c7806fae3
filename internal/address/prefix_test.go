package address_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/address"
)

func TestLast(t *testing.T) {
	for prefix, want := range map[string]string{
		"10.0.0.0/8": "10.255.255.255", "10.1.2.3/32": "10.1.2.3", "10.1.2.3/16": "10.1.255.255",
		"0.0.0.0/0": "255.255.255.255", "fd00::/126": "fd00::3",
	} {
		if got := address.Last(netip.MustParsePrefix(prefix)); got.String() != want {
			t.Errorf("last of %s: %s, want %s", prefix, got, want)
		}
	}
}

func TestParseRange(t *testing.T) {
	for text, want := range map[string]string{
		"10.0.0.0/8": "10.0.0.0/8", "10.1.2.3/8": "10.0.0.0/8", "10.1.2.3": "10.1.2.3/32", "fd00::1": "fd00::1/128", "fd00::1/8": "fd00::/8",
		"any": "", "10.0.0.0/33": "", "": "",
	} {
		got, err := address.ParseRange(text)
		if (err == nil) != (want != "") || err == nil && got.String() != want {
			t.Errorf("%q: %s, %v, want %q", text, got, err, want)
		}
	}
}

func TestComparePrefixes(t *testing.T) {
	want := []string{"10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "fd00::/8"}
	var prefixes []netip.Prefix
	for _, text := range want {
		prefixes = append(prefixes, netip.MustParsePrefix(text))
	}
	slices.Reverse(prefixes)
	slices.SortFunc(prefixes, address.ComparePrefixes)
	var got []string
	for _, p := range prefixes {
		got = append(got, p.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
