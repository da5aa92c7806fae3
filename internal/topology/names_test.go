package topology_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/topology"
)

// TestBaseLabels holds which endpoints a label can belong to.
func TestBaseLabels(t *testing.T) {
	for name, row := range map[string]struct{ label, self, behind string }{
		"a base name":             {"foo", "foo", ""},
		"each of the prefixes, a": {"a-foo", "a-foo", "foo"},
		"each of the prefixes, b": {"b-foo", "b-foo", "foo"},
		"each of the prefixes, c": {"c-foo", "c-foo", "foo"},
		"each of the prefixes, d": {"d-foo", "d-foo", "foo"},
		"no such prefix":          {"e-foo", "e-foo", ""},
		"one prefix at a time":    {"a-b-foo", "a-b-foo", "b-foo"},
		"a prefix alone":          {"a-", "a-", ""},
		"a prefix further on":     {"my-a-foo", "my-a-foo", ""},
	} {
		t.Run(name, func(t *testing.T) {
			self, behind := topology.BaseLabels(row.label)
			if diff := cmp.Diff([]string{row.self, row.behind}, []string{self, behind}); diff != "" {
				t.Errorf("of %q (-want +got):\n%s", row.label, diff)
			}
		})
	}
}

// TestAbridge holds how a list is cut.
func TestAbridge(t *testing.T) {
	eleven := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"}
	for name, row := range map[string]struct {
		names []string
		total int
		want  string
	}{
		"none":                {nil, 0, ""},
		"one":                 {eleven[:1], 1, "a"},
		"ten":                 {eleven[:10], 10, "a, b, c, d, e, f, g, h, i, j"},
		"eleven":              {eleven, 11, "a, b, c, d, e, f, g, h, i, j and 1 more"},
		"more than are given": {eleven[:2], 1000, "a, b and 998 more"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, topology.Abridge(row.names, row.total)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
