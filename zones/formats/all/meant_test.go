package all_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/zones/formats/all"
)

// TestMeant: what people call a format leads to its name here.
func TestMeant(t *testing.T) {
	var known []string
	for _, f := range all.Formats() {
		known = append(known, f.Name)
	}
	for name, want := range map[string][]string{
		"cloud-dns":            {"gcp-record-sets", "gcp-response-policy"},
		"Google Cloud DNS":     {"gcp-record-sets", "gcp-response-policy"},
		"route-53":             {"route53"},
		"Route 53":             {"route53"},
		"bind9":                {"bind"},
		"zone-file":            {"bind"},
		"windows":              {"windows-dns", "windows-nrpt"},
		"power_dns":            {"powerdns"},
		"pdns":                 {"powerdns"},
		"cloud-formation":      {"cloudformation"},
		"CFN":                  {"cloudformation"},
		"terraform":            {"terraform-aws", "terraform-google", "terraform-azure"},
		"terraform-gcp":        {"terraform-google"},
		"azure-private-dns":    {"azure-zone"},
		"systemd":              {"systemd-resolved"},
		"external_dns":         {"external-dns"},
		"open-vpn":             {"openvpn"},
		"dnsmaq":               {"dnsmasq"},
		"nothing of that kind": nil,
	} {
		if d := cmp.Diff(want, all.Meant(name, known)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	if got, want := all.Meant("azure", all.Syntaxes()), []string{"azure-record-sets", "azure-arm", "terraform-azure"}; !slices.Equal(got, want) {
		t.Errorf("azure, to be read: %q, want %q", got, want)
	}
	if got, want := all.Meant("bind9", all.Syntaxes()), []string{"bind", "zone"}; !slices.Equal(got, want) {
		t.Errorf("bind9, to be read: %q, want %q", got, want)
	}
}
