package topology_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// many joins n entries made by format from their numbers.
func many(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// hostile are files that would take time or memory out of proportion if some
// pass over them took a pass for each entry: minutes, where they take a part of
// a second.
var hostile = map[string]string{
	"addresses in one link":          region + "vpcs: {apps: {links: {east: [" + many(60_000, "fd00::%x, ") + "]}}}\n",
	"client ranges of one VPC":       region + "vpcs: {apps: {clients: [" + many(60_000, "fd00::%x, ") + "]}}\n",
	"endpoints in unknown regions":   "regions: {" + many(30_000, "r%d: , ") + "}\nvpcs: {a: }\ncustom_endpoints: {" + many(30_000, "e%d: s, ") + "}\n",
	"regions with endpoints only":    "regions: {" + many(30_000, "r%d: , ") + "}\nvpcs: {a: }\ncustom_endpoints: {" + many(30_000, "e%d: r%[1]d, ") + "}\n",
	"links by one address":           "regions: {" + many(30_000, "r%d: , ") + "}\nvpcs: {a: {links: {" + many(30_000, "r%d: [10.0.0.1], ") + "}}}\n",
	"one endpoint again and again":   region + vpc + "custom_endpoints:\n" + strings.Repeat("  foo: east\n", 40_000),
	"each endpoint twice":            region + vpc + "custom_endpoints:\n" + strings.Repeat(many(20_000, "  e%d: east\n"), 2),
	"endpoints in conflict":          "regions: {e: , w: }\nvpcs: {a: }\ncustom_endpoints: {" + many(20_000, "f%d: e, a-f%[1]d: w, ") + "}\n",
	"one orchestra again and again":  "regions: {e: {orchestras: [" + strings.Repeat(`"0", `, 40_000) + "]}}\nvpcs: {a: }\n",
	"names of many labels":           "regions: {e: {orchestras: [a.a], extra_names: [" + many(2_000, strings.Repeat("a.", 120)+"b%d, ") + "]}}\nvpcs: {a: }\n",
	"VPCs without clients":           region + "vpcs: {" + many(30_000, "v%d: , ") + "}\n",
	"VPCs in one line":               region + "vpcs: {" + many(30_000, "v%d: {clients: [\"fd00::%[1]x\"]}, ") + "} # é\n",
	"VPCs in one line, modes":        region + "vpcs: {é: , " + many(10_000, "v%d: {clients: [\"fd00::%[1]x\"], mode: x}, ") + "}\n",
	"unknown keys":                   many(40_000, "k%d: v\n"),
	"unknown keys of unknown length": strings.Repeat("k", 400_000) + ": v\n" + strings.Repeat("l", 400_000) + ": v\n",
	"a long name":                    "regions: {\"" + strings.Repeat(`\e`, 400_000) + "\": }\nvpcs: {a: }\n",
	"values of the wrong type":       "regions: {e: {orchestras: [" + strings.Repeat("0, ", 60_000) + "]}}\n",
	"aliases":                        "regions: &a {}\nvpcs: {a: {clients: [" + strings.Repeat("*a, ", 60_000) + "]}}\n",
	"aliases of aliases":             "a: &a [x,x,x,x,x,x,x,x]\n" + many(9, "a%[1]d: &a%[1]d [") + strings.Repeat("*a, ", 9) + "]]]]]]]]]\n",
	"an alias in what it stands for": "regions: &r\n  r1: *r\nvpcs: &v {a: {links: &l [*l, *v]}}\n",
	"anchors":                        "regions: {e: {orchestras: [" + many(40_000, "&a%d x, ") + "]}}\n",
	"directives":                     many(40_000, "%%TAG !a%d! tag:x\n") + "---\nregions: {}\n",
	"directives of a document":       "regions: {}\n...\n" + many(40_000, "%%TAG !a%d! tag:x\n") + "---\nregions: {}\n",
	"documents":                      strings.Repeat("---\n", 100_000),
	"comments":                       strings.Repeat("# comment\n\n", 40_000) + region + vpc,
	"comments between entries":       "regions:\n" + many(20_000, "  # comment\n\n  r%d: # comment\n") + "vpcs: {a: }\n",
	"an open bracket":                "regions: " + strings.Repeat("[", 400_000),
	"dashes":                         strings.Repeat("- ", 200_000),
	"question marks":                 strings.Repeat("? ", 200_000),
	"empty keys":                     strings.Repeat(":\n", 100_000),
	"indentation that grows":         many(800, strings.Repeat(" ", 800)+"%d:\n"),
	"blank lines in a string":        "ttl: \"" + strings.Repeat("\n", 400_000) + "\"\n",
	"lines of a string":              "ttl: |\n" + strings.Repeat("  x\n", 100_000),
	"digits":                         region + vpc + "ttl: " + strings.Repeat("9", 400_000) + "\n",
}

// TestParseHostile holds that what a file costs grows with its length only.
func TestParseHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("large files")
	}
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			_, findings := parse(t, text)
			if took := time.Since(begin); took > 20*time.Second {
				t.Errorf("%d octets took %v", len(text), took)
			}
			checkFindings(t, findings, []byte(text))
		})
	}
}
