package existing_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/existing"
)

// repeated returns a text for each of the numbers up to n. Its verbs are given the number, and the
// one behind it.
func repeated(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i, i+1)
	}
	return b.String()
}

// TestGrowth: four times as much of anything takes about four times the space to read.
func TestGrowth(t *testing.T) {
	const n = 500
	for _, tt := range []struct {
		name, main string
		text       func(n int) string
	}{
		{"addresses of a name", "unbound.conf", func(n int) string {
			return "server:\n local-zone: \"one.neo4j.io\" redirect\n" + repeated(n, " local-data: \"one.neo4j.io AAAA fd00::%[1]x\"\n")
		}},
		{"lists that name the next one", "named.conf", func(n int) string {
			return repeated(n, "acl A%d { A%d; };\n") + fmt.Sprintf("acl A%d { any; };\noptions { allow-query { A0; }; };\n", n)
		}},
		{"views", "named.conf", func(n int) string {
			return repeated(n, "view V%d { match-clients { fd00:%[1]x::/32; }; zone \"endpoints.neo4j.io\" { type forward; forwarders { 10.0.0.1; }; }; };\n")
		}},
		{"aliases that lead to the next one", "dnsmasq.conf", func(n int) string { return repeated(n, "cname=a%d.neo4j.io,a%d.neo4j.io\n") }},
		{"records that lead to the next one", "zone.db", func(n int) string {
			return "$ORIGIN neo4j.io.\n$TTL 30\n@ SOA a. b. 1 2 3 4 5\n@ NS a.\n" + repeated(n, "n%d CNAME n%d\n")
		}},
		{"zones", "knot.conf", func(n int) string { return "zone:\n" + repeated(n, "  - domain: n%d.neo4j.io\n    file: z%d\n") }},
		{"rules of rewrite", "Corefile", func(n int) string {
			return "neo4j.io {\n" + repeated(n, "rewrite name exact a%d.neo4j.io b%[1]d.example.org\n") + "forward . 10.0.0.1\n}\n"
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			read := func(n int) uint64 {
				path := filepath.Join(t.TempDir(), tt.main)
				if err := os.WriteFile(path, []byte(tt.text(n)), 0o600); err != nil {
					t.Fatal(err)
				}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				found, err := existing.Options{}.Together(t.Context(), []string{path}, maps.Keys(map[string]bool{}))
				if err == nil {
					found.Set.Faults([]string{"neo4j.io."}, nil)
				}
				runtime.ReadMemStats(&after)
				if err != nil {
					t.Fatal(err)
				}
				return after.TotalAlloc - before.TotalAlloc
			}
			read(n) // what is made once
			once, more := read(n), read(4*n)
			if more > 6*once {
				t.Errorf("%d octets for %d, and %d for four times as many", once, n, more)
			}
		})
	}
}
