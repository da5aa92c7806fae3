package all

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/spell"
)

// otherNames are what people call formats that have another name here, in lower case and
// without hyphens and the like: what is written, and what is read.
var otherNames = map[string][]string{
	"bind9": {"bind", "zone"}, "named": {"bind", "zone"}, "isc": {"bind", "zone"}, "zonefile": {"bind", "zone"}, "zonefiles": {"bind", "zone"},
	"zones": {"bind", "zone"}, "master": {"bind", "zone"}, "nsd": {"bind"}, "knot": {"bind"}, "knotdns": {"bind", "knot"}, "axfr": {"bind", "zone"},
	"rfc1035": {"bind", "zone"}, "db": {"bind", "zone"},
	"responsepolicyzone": {"rpz"}, "policyzone": {"rpz"}, "kresd": {"rpz"}, "knotresolver": {"rpz", "kresd"}, "adguardhome": {"adguard"}, "recursor": {"rpz"}, "pdnsrecursor": {"rpz"},
	"aws": {"route53", "terraform-aws", "cloudformation"}, "amazon": {"route53", "terraform-aws", "cloudformation"}, "r53": {"route53"},
	"awsroute53": {"route53"}, "hostedzone": {"route53"}, "privatehostedzone": {"route53"}, "cfn": {"cloudformation"}, "cdk": {"cloudformation"},
	"gcp": {"gcp-record-sets", "gcp-response-policy", "terraform-google"}, "google": {"gcp-record-sets", "gcp-response-policy", "terraform-google"},
	"gcloud": {"gcp-record-sets", "gcp-response-policy"}, "googlecloud": {"gcp-record-sets", "gcp-response-policy"},
	"clouddns": {"gcp-record-sets", "gcp-response-policy"}, "googleclouddns": {"gcp-record-sets", "gcp-response-policy"},
	"googledns": {"gcp-record-sets", "gcp-response-policy"}, "gcpdns": {"gcp-record-sets", "gcp-response-policy"},
	"gcpclouddns": {"gcp-record-sets", "gcp-response-policy"}, "managedzone": {"gcp-record-sets"}, "terraformgcp": {"terraform-google"},
	"azure": {"azure-zone", "azure-record-sets", "azure-arm", "terraform-azure"}, "az": {"azure-zone", "azure-record-sets"},
	"azuredns": {"azure-zone", "azure-record-sets"}, "azureprivatedns": {"azure-zone", "azure-record-sets"}, "privatedns": {"azure-zone", "azure-record-sets"},
	"azuread": {"azure-zone"}, "microsoft": {"windows-dns", "windows", "azure-zone"}, "arm": {"azure-arm"}, "armtemplate": {"azure-arm"}, "bicep": {"azure-arm"},
	"azurerm": {"terraform-azure"}, "terraformazurerm": {"terraform-azure"},
	"terraform": {"terraform-aws", "terraform-google", "terraform-azure"}, "tf": {"terraform-aws", "terraform-google", "terraform-azure"},
	"opentofu": {"terraform-aws", "terraform-google", "terraform-azure"}, "tofu": {"terraform-aws", "terraform-google", "terraform-azure"},
	"hcl": {"terraform-aws", "terraform-google", "terraform-azure"}, "tfstate": {"terraform-aws", "terraform-google", "terraform-azure"},
	"pulumi":  {"terraform-aws", "terraform-google", "terraform-azure"},
	"windows": {"windows-dns", "windows-nrpt"}, "windowsserver": {"windows-dns", "windows"}, "microsoftdns": {"windows-dns", "windows"},
	"activedirectory": {"windows-dns", "windows"}, "ad": {"windows-dns", "windows"}, "addns": {"windows-dns", "windows"}, "msdns": {"windows-dns", "windows"},
	"powershell": {"windows-dns", "windows"}, "ps1": {"windows-dns", "windows"}, "nrpt": {"windows-nrpt"}, "windowsclient": {"windows-nrpt"},
	"pdns": {"powerdns", "pdns-server", "pdns-recursor"}, "powerdnsapi": {"powerdns"}, "octo": {"octodns"}, "dnscontrol": {"octodns", "bind"},
	"externaldns": {"external-dns"}, "kubernetes": {"external-dns", "coredns"}, "k8s": {"external-dns", "coredns"}, "dnsendpoint": {"external-dns"}, "crd": {"external-dns"},
	"corefile": {"coredns"}, "hostsfile": {"hosts"}, "etchosts": {"hosts"}, "resolved": {"systemd-resolved"}, "systemd": {"systemd-resolved"}, "linux": {"systemd-resolved"},
	"mac": {"macos-resolver", "mobileconfig"}, "macos": {"macos-resolver", "mobileconfig"}, "osx": {"macos-resolver", "mobileconfig"}, "apple": {"mobileconfig", "macos-resolver"},
	"ios": {"mobileconfig"}, "iphone": {"mobileconfig"}, "mdm": {"mobileconfig", "browser-policy"}, "chrome": {"browser-policy"}, "chromium": {"browser-policy"},
	"edge": {"browser-policy"}, "firefox": {"browser-policy"}, "browser": {"browser-policy"}, "wg": {"wireguard"}, "ovpn": {"openvpn"}, "vpn": {"openvpn", "wireguard", "aws-client-vpn"},
	"clientvpn": {"aws-client-vpn"}, "awsvpn": {"aws-client-vpn"}, "resolver": {"route53-resolver", "azure-resolver"}, "resolverrules": {"route53-resolver"},
	"awsresolver": {"route53-resolver"}, "forwarder": {"bind-forward", "windows-dns"}, "forward": {"bind-forward", "unbound-forward", "dnsmasq-forward"},
	"conditionalforwarder": {"windows-dns"}, "list": {"names"}, "text": {"names"}, "txt": {"names"}, "csv": {"names"}, "domains": {"names"}, "yaml": {"octodns", "json"},
}

// Meant returns those of the known names that are most likely meant by a name that is none
// of them, at most three: what people call the same thing, or what is spelled nearly so.
func Meant(name string, known []string) []string {
	plain := strings.Map(func(c rune) rune {
		if strings.ContainsRune("-_. /", c) {
			return -1
		}
		return c
	}, strings.ToLower(name))
	var meant []string
	for _, k := range known {
		if strings.ReplaceAll(k, "-", "") == plain {
			return []string{k}
		}
	}
	for _, other := range otherNames[plain] {
		if slices.Contains(known, other) && len(meant) < 3 {
			meant = append(meant, other)
		}
	}
	if len(meant) > 0 {
		return meant
	}
	return spell.Near(name, known)
}
