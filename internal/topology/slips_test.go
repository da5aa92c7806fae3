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
