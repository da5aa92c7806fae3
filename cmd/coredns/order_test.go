package main

import (
	"slices"
	"testing"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/google/go-cmp/cmp"
)

func TestOrder(t *testing.T) {
	for _, tc := range []struct {
		name     string
		standard []string
		want     []string
		wantErr  string
	}{
		{
			name:     "before the cache, after what precedes it",
			standard: []string{"errors", "acl", "cache", "forward"},
			want:     []string{"errors", "acl", "auralink", "cache", "forward"},
		},
		{
			name:     "the cache first",
			standard: []string{"cache", "forward"},
			want:     []string{"auralink", "cache", "forward"},
		},
		{
			name:     "no cache to go by",
			standard: []string{"errors", "forward"},
			wantErr:  `"cache" is not in the standard order`,
		},
		{
			name:     "there already, after the cache",
			standard: []string{"cache", "auralink"},
			wantErr:  `"auralink" is in the standard order already`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := order(tc.standard)
			if msg := message(err); msg != tc.wantErr {
				t.Fatalf("error %q, want %q", msg, tc.wantErr)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("order (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOrderLeavesItsInputAlone(t *testing.T) {
	standard := append(make([]string, 0, 8), "acl", "cache", "forward")
	if _, err := order(standard); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"acl", "cache", "forward", ""}, standard[:4]); diff != "" {
		t.Errorf("input (-want +got):\n%s", diff)
	}
}

func TestOrderOfCoreDNS(t *testing.T) {
	got, err := order(dnsserver.Directives)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(got, "auralink")

	t.Run("immediately before the cache", func(t *testing.T) {
		if next := got[at+1]; next != "cache" {
			t.Errorf("auralink is followed by %q, want %q", next, "cache")
		}
	})
	t.Run("what sees, refuses or changes a query comes first", func(t *testing.T) {
		for _, name := range []string{
			"metadata", "ready", "prometheus", "errors", "log", "any", "loadbalance", "tsig", "rewrite", "acl",
		} {
			if i := slices.Index(got, name); i < 0 || i > at {
				t.Errorf("%q is at %d, want ahead of auralink at %d", name, i, at)
			}
		}
	})
	t.Run("what answers in its stead comes after", func(t *testing.T) {
		for _, name := range []string{"template", "transfer", "hosts", "file", "auto", "secondary", "forward"} {
			if i := slices.Index(got, name); i < at {
				t.Errorf("%q is at %d, want after auralink at %d", name, i, at)
			}
		}
	})
	t.Run("the standard order is kept", func(t *testing.T) {
		if diff := cmp.Diff(dnsserver.Directives, slices.Delete(slices.Clone(got), at, at+1)); diff != "" {
			t.Errorf("order without auralink (-standard +ours):\n%s", diff)
		}
	})
	t.Run("no directive twice", func(t *testing.T) {
		seen := make(map[string]bool)
		for _, name := range got {
			if seen[name] {
				t.Errorf("%q is there twice", name)
			}
			seen[name] = true
		}
	})
}

// message is an error's text, "" for none.
func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
