package topology

import (
	"strings"
	"testing"
)

// TestRelated: a path is related to what it is in and to what is in it, and not to one
// that only begins alike.
func TestRelated(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"vpcs.app", "vpcs.app", true},
		{"vpcs.app", "vpcs", true},
		{"vpcs.app", "vpcs.app.links", true},
		{"vpcs.app.links.east", "vpcs.app.links.east[1]", true},
		{"", "vpcs.app", true},
		{"vpcs.app", "vpcs.apps", false},
		{"vpcs.app.links.east", "vpcs.app.links.east-2", false},
		{"vpcs.app", "regions.app", false},
	} {
		if related(tt.a, tt.b) != tt.want || related(tt.b, tt.a) != tt.want {
			t.Errorf("%q and %q: related: %v", tt.a, tt.b, !tt.want)
		}
	}
}

// TestSections: they are the keys that begin a line, but for the acceptance.
func TestSections(t *testing.T) {
	want := "regions vpcs custom_endpoints serial ttl"
	if got := strings.Join(Sections(), " "); got != want {
		t.Errorf("got %q", got)
	}
}
