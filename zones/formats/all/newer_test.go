package all_test

import (
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// TestNewerValues: what versions of BIND later than the one that is asked have is looked at by what
// their sources take (isccfg's check.c and kaspconf.c): a value that none takes is not-loaded.
func TestNewerValues(t *testing.T) {
	tests := []struct {
		text  string
		wrong bool
	}{
		{"options { send-report-channel example.com; };", false},
		{"options { send-report-channel example..com; };", true},
		{`tls a { cipher-suites "TLS_AES_128_GCM_SHA256"; };`, false},
		{`tls a { cipher-suites ""; };`, true},
		{"options { min-transfer-rate-in 10240 5; };", false},
		{"options { min-transfer-rate-in 0 5; };", true},
		{"options { min-transfer-rate-in 10240 0; };", true},
		{"options { min-transfer-rate-in 10240 40321; };", true},
		{`dnssec-policy "a" { keys { csk lifetime unlimited algorithm 13 tag-range 0 32767; }; };`, false},
		{`dnssec-policy "a" { keys { csk lifetime unlimited algorithm 13 tag-range 0 65536; }; };`, true},
	}
	for _, tt := range tests {
		b := holdings.NewBuilder()
		if err := all.ReadAny(b, strings.NewReader(tt.text+"\nzone \"a\" { type primary; file \"z\"; };\n"), formats.Input{Name: "named.conf"}); err != nil {
			t.Fatal(tt.text, err)
		}
		notes := strings.Join(told(b.Set()), "\n")
		if got := strings.Contains(notes, "BIND does not start"); got != tt.wrong {
			t.Errorf("%s: told %v: %s", tt.text, got, notes)
		}
	}
}
