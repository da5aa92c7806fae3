package topology_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/plan"
)

// slipped is a topology whose every key and value is mistyped in turn.
const slipped = `regions:
  aws-us-east-1:
    orchestras: ["0000"]
  aws-us-west-1:
    orchestras: ["0042"]
    extra_names: ["*.graph.example.org"]
vpcs:
  apps:
    clients: [10.0.0.0/16, 10.8.0.0/24]
    links:
      aws-us-east-1: [10.10.10.10, 10.10.11.10]
      aws-us-west-1: [10.20.10.10]
  batch:
    clients: [10.1.0.0/16]
    links:
      aws-us-east-1: [10.1.7.7, "fd00:1::7"]
custom_endpoints:
  my-endpoint-abcdef-123456: aws-us-east-1
ttl: 30
`

// TestSlips: what keyboards, editors and chats make of a topology is understood, or mended
// by what the hints say, to the letter.
func TestSlips(t *testing.T) {
	wide := strings.NewReplacer("0", "０", "1", "１", "2", "２", "3", "３", "4", "４", "5", "５", "6", "６", "7", "７", "8", "８", "9", "９")
	slips := []struct {
		name string
		do   func(line string) string
	}{
		{"typographic quotes", func(l string) string { return strings.NewReplacer(`["`, "[“", `"]`, "”]").Replace(l) }},
		{"single typographic quotes", func(l string) string { return strings.NewReplacer(`["`, "[‘", `"]`, "’]").Replace(l) }},
		{"a no-break space behind the colon", func(l string) string { return strings.Replace(l, ": ", ":\u00a0", 1) }},
		{"a no-break space in a list", func(l string) string { return strings.Replace(l, ", ", ",\u00a0", 1) }},
		{"no-break spaces before it", func(l string) string { return strings.Replace(l, "  ", "\u00a0\u00a0", 1) }},
		{"a tab before it", func(l string) string { return strings.Replace(l, "  ", "\t", 1) }},
		{"a tab behind it", func(l string) string { return l + "\t" }},
		{"a tab behind the colon", func(l string) string { return strings.Replace(l, ": ", ":\t", 1) }},
		{"full-width digits", func(l string) string { return wide.Replace(l) }},
		{"a full-width comma", func(l string) string { return strings.Replace(l, ",", "，", 1) }},
		{"a zero-width space", func(l string) string { return strings.Replace(l, ": ", ": \u200b", 1) }},
		{"a soft hyphen", func(l string) string { return strings.Replace(l, "-", "-\u00ad", 1) }},
		{"a dash for a hyphen", func(l string) string { return strings.Replace(l, "-", "–", 1) }},
		{"capitals", strings.ToUpper},
		{"no brackets", func(l string) string { return strings.NewReplacer("[", "", "]", "").Replace(l) }},
		{"braces for brackets", func(l string) string { return strings.NewReplacer("[", "{", "]", "}").Replace(l) }},
		{"parentheses for brackets", func(l string) string { return strings.NewReplacer("[", "(", "]", ")").Replace(l) }},
		{"no bracket at the end", func(l string) string { return strings.Replace(l, "]", "", 1) }},
		{"semicolons", func(l string) string { return strings.ReplaceAll(l, ", ", "; ") }},
		{"no comma", func(l string) string { return strings.Replace(l, ", ", " ", 1) }},
		{"an equals sign", func(l string) string { return strings.Replace(l, ": ", " = ", 1) }},
		{"a space before the colon", func(l string) string { return strings.Replace(l, ":", " :", 1) }},
		{"a comma at the end", func(l string) string { return l + "," }},
		{"a full-width colon", func(l string) string { return strings.Replace(l, ":", "：", 1) }},
		{"a full-width colon, and no space", func(l string) string { return strings.Replace(l, ": ", "：", 1) }},
		{"no colon", func(l string) string { return strings.Replace(l, ":", "", 1) }},
		{"no space behind the colon", func(l string) string { return strings.Replace(l, ": ", ":", 1) }},
		{"one space more before it", func(l string) string { return " " + l }},
		{"two spaces before a key of the file", func(l string) string { return strings.Repeat("  ", 1-min(1, len(l)-len(strings.TrimLeft(l, " ")))) + l }},
		{"one space less before it", func(l string) string { return strings.TrimPrefix(l, " ") }},
		{"two spaces fewer before it", func(l string) string { return strings.TrimPrefix(l, "  ") }},
		{"two spaces more before it", func(l string) string { return "  " + l }},
		{"three spaces more before it", func(l string) string { return "   " + l }},
		{"four spaces more before it", func(l string) string { return "    " + l }},
		{"no spaces before it", func(l string) string { return strings.TrimLeft(l, " ") }},
		{"a dash before it", func(l string) string { n := len(l) - len(strings.TrimLeft(l, " ")); return l[:n] + "- " + l[n:] }},
		{"no quotes", func(l string) string { return strings.ReplaceAll(l, `"`, "") }},
		{"no quote at the end", func(l string) string {
			if i := strings.LastIndex(l, `"`); i >= 0 {
				return l[:i] + l[i+1:]
			}
			return l
		}},
		{"no quote at the beginning", func(l string) string { return strings.Replace(l, `"`, "", 1) }},
		{"single quotes", func(l string) string { return strings.ReplaceAll(l, `"`, "'") }},
		{"no bracket at the beginning", func(l string) string { return strings.Replace(l, "[", "", 1) }},
		{"hyphens for underscores", func(l string) string { return strings.ReplaceAll(l, "_", "-") }},
		{"blanks for underscores", func(l string) string { return strings.ReplaceAll(l, "_", " ") }},
		{"no underscore", func(l string) string { return strings.ReplaceAll(l, "_", "") }},
		{"camel case", func(l string) string {
			return strings.NewReplacer("_names", "Names", "_endpoints", "Endpoints").Replace(l)
		}},
		{"a semicolon at the end", func(l string) string { return l + ";" }},
		{"a comment of another language", func(l string) string { return l + " // ours" }},
		{"a comment without a space", func(l string) string { return l + "#ours" }},
		{"two colons", func(l string) string { return strings.Replace(l, ":", "::", 1) }},
		{"an arrow for the colon", func(l string) string { return strings.Replace(l, ": ", " => ", 1) }},
		{"quotes around the key", func(l string) string {
			n := len(l) - len(strings.TrimLeft(l, " "))
			key, rest, _ := strings.Cut(l[n:], ":")
			return l[:n] + `"` + key + `":` + rest
		}},
		{"a letter dropped", func(l string) string { n := len(l) - len(strings.TrimLeft(l, " ")); return l[:n] + l[n+1:] }},
		{"a letter changed", func(l string) string { n := len(l) - len(strings.TrimLeft(l, " ")) + 2; return l[:n] + "q" + l[n+1:] }},
		{"a letter too many", func(l string) string { n := len(l) - len(strings.TrimLeft(l, " ")) + 1; return l[:n] + "x" + l[n:] }},
		{"the line twice", func(l string) string { return l + "\n" + l }},
		{"a comma too many", func(l string) string { return strings.Replace(l, ", ", ",, ", 1) }},
		{"a comma at the end of a list", func(l string) string { return strings.Replace(l, "]", ",]", 1) }},
		{"a full stop for a comma", func(l string) string { return strings.Replace(l, ", ", ". ", 1) }},
		{"two brackets", func(l string) string { return strings.NewReplacer("[", "[[", "]", "]]").Replace(l) }},
		{"a backslash at the end", func(l string) string { return l + " \\" }},
		{"the sign of a patch", func(l string) string { return "+" + l }},
		{"a sign of a quotation", func(l string) string { return "> " + l }},
		{"ports", func(l string) string {
			return strings.NewReplacer("10.10.10.10", "10.10.10.10:7687", "10.1.7.7", "10.1.7.7:7687", "10.20.10.10", "10.20.10.10:7687").Replace(l)
		}},
		{"ranges for addresses", func(l string) string {
			return strings.NewReplacer("10.10.10.10", "10.10.10.10/24", "10.1.7.7", "10.1.7.7/16").Replace(l)
		}},
		{"addresses for ranges", func(l string) string { return strings.NewReplacer("/16", "", "/24", "").Replace(l) }},
		{"a netmask", func(l string) string {
			return strings.NewReplacer("/16", "/255.255.0.0", "/24", "/255.255.255.0").Replace(l)
		}},
		{"bits of a host", func(l string) string { return strings.Replace(l, "10.8.0.0/24", "10.8.0.7/24", 1) }},
		{"an octet too large", func(l string) string { return strings.Replace(l, "10.20.10.10", "10.20.10.310", 1) }},
		{"an octet too few", func(l string) string { return strings.Replace(l, "10.1.0.0/16", "10.1/16", 1) }},
		{"zeros before", func(l string) string { return strings.Replace(l, "10.1.7.7", "10.01.07.007", 1) }},
		{"a unit", func(l string) string { return strings.Replace(l, "ttl: 30", "ttl: 30s", 1) }},
		{"a whole host for a label", func(l string) string {
			return strings.Replace(l, "my-endpoint-abcdef-123456", "my-endpoint-abcdef-123456.endpoints.neo4j.io", 1)
		}},
		{"a URI for a label", func(l string) string {
			return strings.Replace(l, "my-endpoint-abcdef-123456", "neo4j+s://my-endpoint-abcdef-123456.endpoints.neo4j.io:7687", 1)
		}},
		{"a region without its cloud", func(l string) string { return strings.Replace(l, ": aws-us-east-1", ": us-east-1", 1) }},
		{"a region of another spelling", func(l string) string { return strings.Replace(l, ": aws-us-east-1", ": aws_us_east_1", 1) }},
		{"a list for a region", func(l string) string { return strings.Replace(l, ": aws-us-east-1", ": [aws-us-east-1]", 1) }},
		{"a backslash before a quote that opens", func(l string) string { return strings.Replace(l, `["`, `[\"`, 1) }},
		{"a backslash before a quote that closes", func(l string) string { return strings.Replace(l, `"]`, `\"]`, 1) }},
		{"a backslash and a letter", func(l string) string { return strings.Replace(l, `["`, `["\d`, 1) }},
		{"a backslash and a dot", func(l string) string { return strings.Replace(l, `graph.`, `graph\.`, 1) }},
		{"backticks", func(l string) string { return strings.ReplaceAll(l, `"`, "`") }},
		{"a backtick for the value", func(l string) string { return strings.NewReplacer("[10", "[`10", "0]", "0`]").Replace(l) }},
		{"an at sign before a value", func(l string) string { return strings.Replace(l, ": ", ": @", 1) }},
		{"a percent sign in a list", func(l string) string { return strings.Replace(l, "[1", "[%1", 1) }},
		{"a sign of comments in a list", func(l string) string { return strings.Replace(l, "[1", "[#1", 1) }},
		{"an ampersand", func(l string) string { return strings.Replace(l, ": ", ": & ", 1) }},
		{"an exclamation mark", func(l string) string { return strings.Replace(l, ": ", ": !a!b ", 1) }},
		{"a bar", func(l string) string { return strings.Replace(l, ": ", ": | ", 1) }},
		{"a question mark", func(l string) string { return strings.Replace(l, ": ", ": ? ", 1) }},
		{"a comma before the value", func(l string) string { return strings.Replace(l, ": ", ": , ", 1) }},
		{"a comma before the items", func(l string) string { return strings.Replace(l, "[", "[, ", 1) }},
		{"a dash before the value", func(l string) string { return strings.Replace(l, ": ", ": - ", 1) }},
		{"a dash in a list", func(l string) string { return strings.Replace(l, "[", "[- ", 1) }},
		{"a dash at the end of a list", func(l string) string { return strings.Replace(l, "]", ", -]", 1) }},
		{"a word behind quotes", func(l string) string { return strings.Replace(l, `"]`, `" ours]`, 1) }},
		{"a word behind brackets", func(l string) string { return strings.Replace(l, "]", "] ours", 1) }},
		{"an apostrophe", func(l string) string {
			return strings.NewReplacer(`["*.graph`, `['graph's`, `org"]`, `org']`).Replace(l)
		}},
		{"a mark of documents before it", func(l string) string { return "--- " + l }},
		{"a word doubled", func(l string) string { return strings.Replace(l, ":", "s:", 1) }},
	}
	lines := strings.Split(strings.TrimSuffix(slipped, "\n"), "\n")
	for _, slip := range slips {
		t.Run(slip.name, func(t *testing.T) {
			for i, line := range lines {
				changed := slip.do(line)
				if changed == line {
					continue
				}
				all := append(append(append([]string{}, lines[:i]...), changed), lines[i+1:]...)
				t.Run(fmt.Sprint(i+1), func(t *testing.T) { mendAll(t, strings.Join(all, "\n")+"\n") })
			}
		})
	}
	for name, text := range map[string]string{
		"a mark of its encoding": "\ufeff" + slipped,
		"Windows":                strings.ReplaceAll(slipped, "\n", "\r\n"),
		"both":                   "\ufeff" + strings.ReplaceAll(slipped, "\n", "\r\n"),
	} {
		if _, _, findings, err := plan.ReadTopology(strings.NewReader(text)); err != nil {
			t.Errorf("%s: %v\n%s", name, err, findings.Report())
		}
	}
}
