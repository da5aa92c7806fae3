package resource_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats/internal/resource"
)

// TestName spells out what a name becomes: it stays what it was when it was first
// written, or what is there would be made once more under another name.
func TestName(t *testing.T) {
	tests := []struct{ vpc, name, want string }{
		{"apps", "*.production-orch-0000.neo4j.io.", "auralink-d56f63-any-production-orch-0000-neo4j-faffe373308b5d37"},
		{"apps", "a.b.example.", "auralink-d56f63-a-b-example-61aa93a26f812568"},
		{"apps", strings.Repeat("long-", 12) + ".example.", "auralink-d56f63-long-long-long-long-long-long-414673f7c7f890b7"},
		{"batch", "a.b.example.", "auralink-4bb24e-a-b-example-510c5290188e47e9"},
	}
	for _, tt := range tests {
		if got := resource.Name(zones.View{Name: tt.vpc}, tt.name); got != tt.want {
			t.Errorf("%s in VPC %s is called %s, want %s", tt.name, tt.vpc, got, tt.want)
		}
	}
}

// TestNamesAreLabels: no name is too long, or ends in a hyphen before its digest.
func TestNamesAreLabels(t *testing.T) {
	label := regexp.MustCompile(`^auralink-[0-9a-f]{6}-[a-z0-9-]*[a-z0-9]-[0-9a-f]{16}$`)
	for n := 1; n < 63; n++ {
		for _, name := range []string{strings.Repeat("x", n) + ".", strings.Repeat("x", n) + ".y.", "*." + strings.Repeat("x", n) + "."} {
			if got := resource.Name(zones.View{Name: "apps"}, name); len(got) > 63 || !label.MatchString(got) {
				t.Errorf("%s is called %s", name, got)
			}
		}
	}
}

func BenchmarkName(b *testing.B) {
	view := zones.View{Name: "apps"}
	names := make([]string, 1000)
	for i := range names {
		names[i] = fmt.Sprintf("a-endpoint-%07d.endpoints.neo4j.io.", i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		resource.Name(view, names[i%len(names)])
	}
}
