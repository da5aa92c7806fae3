package existing_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/existing"
)

// nestedLists are lists of clients of which each names the one before four times.
func nestedLists(first string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "acl a0 { %s; };\n", first)
	for i := 1; i < 60; i++ {
		fmt.Fprintf(&b, "acl a%d { a%d; !a%[2]d; a%[2]d; a%[2]d; };\n", i, i-1)
	}
	return b.String() + "options { allow-query { a59; }; };\nzone \"zone.org\" { type master; file \"zone.db\"; };\n"
}

// nestedSnippets are snippets of which each imports the one before twice.
func nestedSnippets() string {
	var b strings.Builder
	b.WriteString("(s0) {\n}\n")
	for i := 1; i < 45; i++ {
		fmt.Fprintf(&b, "(s%d) {\nimport s%d\nimport s%[2]d\n}\n", i, i-1)
	}
	return b.String() + ".:53 {\nimport s44\nforward . 1.1.1.1\n}\n"
}

// TestBounds: what is small where it is written, and large as it is meant, is read up to a bound,
// and what is beyond is told.
func TestBounds(t *testing.T) {
	const (
		zone = "$ORIGIN zone.org.\n$TTL 30\n@ SOA a. b. 1 2 3 4 5\n@ NS a.\n"
		many = "more than 20000 files are included, or more than 4 MiB of them again"
	)
	part := strings.Repeat("host A 10.0.0.1\n", 10_000)
	for _, tt := range []struct {
		name, main string
		files      map[string]string
		want       string // of a fault or an error; "" for none
	}{
		{"lists of clients", "named.conf", map[string]string{"named.conf": nestedLists("any"), "zone.db": zone}, "it has more than 65536 items"},
		{"lists that have nobody", "named.conf", map[string]string{"named.conf": nestedLists("10.9.0.0/16"), "zone.db": zone}, "it has more than 65536 items"},
		{"lists to listen at", "named.conf", map[string]string{"named.conf": strings.Replace(nestedLists("none"), "allow-query", "listen-on", 1), "zone.db": zone}, ""},
		{"lists that name each other", "named.conf", map[string]string{
			"named.conf": "acl a { b; };\nacl b { A; };\noptions { allow-query { a; }; };\nzone \"zone.org\" { type master; file \"zone.db\"; };\n", "zone.db": zone,
		}, `acl loop detected: "a"`},
		{"snippets", "Corefile", map[string]string{"Corefile": nestedSnippets()}, "it has more than 100000 imports"},
		{"files of a zone", "zone.db", map[string]string{
			"zone.db": zone + strings.Repeat("$INCLUDE b.db\n", 10), "b.db": strings.Repeat("$INCLUDE c.db\n", 10), "c.db": part,
		}, many},
		{"files of a configuration", "unbound.conf", map[string]string{
			"unbound.conf": "server:\n" + strings.Repeat("include: \"b*.inc\"\n", 100), "b.inc": strings.Repeat("verbosity: 1\n", 1000), "b2.inc": strings.Repeat("verbosity: 1\n", 10_000),
		}, many},
		{"files without anything", "unbound.conf", map[string]string{
			"unbound.conf": "server:\n" + strings.Repeat("include: b.inc\n", 200), "b.inc": strings.Repeat("include: c.inc\n", 200), "c.inc": "",
		}, many},
		{"a large file that is included twice", "zone.db", map[string]string{"zone.db": zone + strings.Repeat("$INCLUDE c.db\n", 2), "c.db": part}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range tt.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			found, err := existing.Options{}.Together(t.Context(), []string{filepath.Join(dir, tt.main)}, maps.Keys(map[string]bool{}))
			faults := fmt.Sprint(err)
			if err == nil {
				faults = fmt.Sprint(found.Set.Faults([]string{"host.zone.org."}, nil))
			}
			if !strings.Contains(faults, tt.want) || tt.want == "" && faults != "[]" {
				t.Errorf("faults %.500s, want %q", faults, tt.want)
			}
		})
	}
}
