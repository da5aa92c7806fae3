package all_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// text returns what a format writes for a view, without snippets.
func text(t *testing.T, format string, view zones.View, values map[string]string) (string, error) {
	t.Helper()
	f, _ := all.Named(format)
	all, err := f.Files(view, formats.Options{Values: values})
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	for file := range all {
		if file.Snippet {
			continue
		}
		if err := file.Write(&out, serial); err != nil {
			t.Fatal(err)
		}
	}
	return out.String(), nil
}

// TestPartialHosts: a hosts file without wildcards says so, and has nothing but
// names.
func TestPartialHosts(t *testing.T) {
	view := model.ReadView(t, "testdata/001-single-region.yaml")
	_, err := text(t, "hosts", view, nil)
	var refusal *formats.Refusal
	if !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, "*.production-orch-0000.neo4j.io") {
		t.Errorf("error %v, want a refusal that names the wildcards", err)
	}
	got, err := text(t, "hosts", view, map[string]string{"partial": "yes"})
	if err != nil {
		t.Fatal(err)
	}
	const want = `# Names for the clients of VPC apps. Written by auralink: do not edit.
# MISSING: *.endpoints.neo4j.io, a wildcard. Names below it are left to public DNS.
# MISSING: *.production-orch-0000.neo4j.io, a wildcard. Names below it are left to public DNS.
10.10.10.10 production-orch-0000.neo4j.io
10.10.11.10 production-orch-0000.neo4j.io
fd00:1::7 production-orch-0000.neo4j.io
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("hosts file (-want +got):\n%s", diff)
	}
}

// TestServerParameters: what ends up in a server's configuration cannot be
// anything else there than it is meant to be.
func TestServerParameters(t *testing.T) {
	tests := []struct {
		name, format, parameter, value string
		wrong                          string // in the error, or "" for none
	}{
		{"a policy zone", "rpz", "zone", "rpz.corp.example.", ""},
		{"a policy zone with a quote", "rpz", "zone", `rpz"; };`, "is not a domain name"},
		{"a policy zone with an empty label", "rpz", "zone", "rpz..example", "is not a domain name"},
		{"a policy zone with a long label", "rpz", "zone", strings.Repeat("l", 64), "is not a domain name"},
		{"a long policy zone", "rpz", "zone", strings.Repeat("lll.", 26), "is not a domain name"},
		{"the root as a policy zone", "rpz", "zone", ".", "is not a domain name"},
		{"a directory with a quote", "unbound", "directory", `/etc/"`, "has a quote"},
		{"neither yes nor no", "hosts", "partial", "maybe", "is neither yes nor no"},
		{"upstreams", "coredns", "upstream", "10.0.0.2 tls://9.9.9.9 [fd00::1]:53", ""},
		{"an upstream with a brace", "coredns", "upstream", "10.0.0.2 {", "is not a list of addresses"},
		{"an upstream with a line", "coredns", "upstream", "10.0.0.2\nlog", "is not a list of addresses"},
		{"blanks for an upstream", "coredns", "upstream", " ", "is not a list of addresses"},
		{"a port", "coredns", "port", "1053", ""},
		{"no port", "coredns", "port", "0", "is not a port"},
		{"a port that is too large", "coredns", "port", "65536", "is not a port"},
	}
	view := model.ReadView(t, "testdata/011-only-endpoints.yaml")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := text(t, tt.format, view, map[string]string{tt.parameter: tt.value})
			if tt.wrong == "" && err != nil || tt.wrong != "" && (err == nil || !strings.Contains(err.Error(), tt.wrong)) {
				t.Errorf("error %v, want %q", err, tt.wrong)
			}
		})
	}
}

// TestLongTTL: the plugin hosts takes no TTL of more than 16 bits.
func TestLongTTL(t *testing.T) {
	view := model.ReadView(t, "testdata/011-only-endpoints.yaml")
	view.TTL = 86400
	got, err := text(t, "coredns", view, nil)
	if err != nil || !strings.Contains(got, "\t\tttl 65535\n") {
		t.Errorf("error %v\n%s", err, got)
	}
}
