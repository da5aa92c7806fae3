package dnsprobe_test

import (
	"testing"

	"github.com/auralink/auralink/internal/doctor/probe/dnsprobe"
)

func TestParseServer(t *testing.T) {
	tests := []struct{ text, want, host string }{
		{"10.0.0.2", "10.0.0.2:53", "10.0.0.2"},
		{"10.0.0.2:5353", "10.0.0.2:5353", "10.0.0.2"},
		{"fd00::2", "[fd00::2]:53", "fd00::2"},
		{"[fd00::2]", "[fd00::2]:53", "fd00::2"},
		{"[fd00::2]:5353", "[fd00::2]:5353", "fd00::2"},
		{"dns.example", "dns.example:53", "dns.example"},
		{"dns://10.0.0.2", "10.0.0.2:53", "10.0.0.2"},
		{"tls://10.0.0.2", "tls://10.0.0.2:853", "10.0.0.2"},
		{"tls://dns.example:8853/", "tls://dns.example:8853", "dns.example"},
		{"https://dns.example/dns-query", "https://dns.example/dns-query", "dns.example"},
		{"https://[fd00::2]:8443/q", "https://[fd00::2]:8443/q", "fd00::2"},
		{"127.0.0.1", "127.0.0.1:53", "127.0.0.1"},
		{"0.0.0.1", "", ""},
		{"0.0.0.0:53", "", ""},
		{"tls://224.0.0.1", "", ""},
		{"https://[ff02::fb]/dns-query", "", ""},
		{"", "", ""},
		{"quic://10.0.0.2", "", ""},
		{"10.0.0.2:x", "", ""},
		{"10.0.0.300", "", ""},
		{"10.0.2:53", "", ""},
		{"a b", "", ""},
		{"https://user:secret@dns.example/dns-query", "", ""},
		{"https:///dns-query", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := dnsprobe.ParseServer(tt.text)
			if tt.want == "" {
				if err == nil {
					t.Errorf("it is taken for %s", got)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != tt.want || got.Host() != tt.host {
				t.Errorf("%s with the host %s, want %s with %s", got, got.Host(), tt.want, tt.host)
			}
		})
	}
}
