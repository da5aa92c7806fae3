package plist_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/zones/formats/internal/plist"
)

func TestWrite(t *testing.T) {
	var got strings.Builder
	err := plist.Write(&got, plist.Dict{
		{Key: "a & b", Value: "<x>"},
		{Key: "list", Value: plist.Strings([]string{"one", "two"})},
		{Key: "none", Value: plist.Array{}},
		{Key: "nested", Value: plist.Dict{{Key: "yes", Value: true}, {Key: "no", Value: false}, {Key: "seven", Value: 7}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>a &amp; b</key>
	<string>&lt;x&gt;</string>
	<key>list</key>
	<array>
		<string>one</string>
		<string>two</string>
	</array>
	<key>none</key>
	<array/>
	<key>nested</key>
	<dict>
		<key>yes</key>
		<true/>
		<key>no</key>
		<false/>
		<key>seven</key>
		<integer>7</integer>
	</dict>
</dict>
</plist>
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestUUID: a name has one UUID, of version 5, and another name another.
func TestUUID(t *testing.T) {
	one, two := plist.UUID("one"), plist.UUID("two")
	if one == two || one != plist.UUID("one") {
		t.Errorf("%s and %s", one, two)
	}
	if len(one) != 36 || one[14] != '5' || !strings.ContainsRune("89AB", rune(one[19])) {
		t.Errorf("%s is no UUID of version 5", one)
	}
}
