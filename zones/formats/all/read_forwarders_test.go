package all_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/auralink/auralink/zones/formats/windows"
)

// TestReadForwarders: our own script for a Windows DNS server is read by its servers and domains,
// however many these are. One that was edited elsewhere is not.
func TestReadForwarders(t *testing.T) {
	written := func(servers string, domains ...string) string {
		return strings.NewReplacer("@WRITTEN@", "The conditional forwarders for the clients of VPC apps. Written by auralink: do not edit.",
			"@SERVERS@", servers, "@DOMAINS@\n", strings.Join(domains, "")).Replace(windows.Forwarders)
	}
	var many []string
	for i := range 5000 {
		many = append(many, fmt.Sprintf("\t'd%d.a.test'\n", i))
	}
	two := written("'10.0.0.53', 'fd00::53'", "\t'a.test'\n", "\t'b.test'\n")
	for name, tt := range map[string]struct {
		text, want string
		edited     bool
	}{
		"two domains":          {two, "claim a.test. else refer, f:8\nclaim b.test. else refer, f:9\n", false},
		"as Windows writes it": {strings.ReplaceAll(two, "\n", "\r\n"), "claim a.test. else refer, f:8\nclaim b.test. else refer, f:9\n", false},
		"none":                 {written("'10.0.0.53'"), "", false},
		"many":                 {written("'10.0.0.53'", many...), "claim d4999.a.test. else refer", false},
		"another loop":         {strings.Replace(two, "-UseRecursion $false", "-UseRecursion $true", 1), "", true},
		"a line more":          {two + "Remove-DnsServerZone -Name a.test\n", "", true},
		"domains of a command": {strings.Replace(two, "\t'b.test'\n", "\t(Get-Content domains)\n", 1), "", true},
	} {
		t.Run(name, func(t *testing.T) {
			set := together(t, tt.text)
			got := dump(set)
			if !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("got:\n%.500s\nwant %s", got, tt.want)
			}
			if notes := strings.Join(told(set), "\n"); strings.Contains(notes, "and then edited") != tt.edited || !tt.edited && strings.Contains(notes, "not read: ") {
				t.Errorf("told %q", notes)
			}
		})
	}
}
