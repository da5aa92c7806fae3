package all_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

var (
	gcloudCall = regexp.MustCompile(`\bgcloud ((?:dns (?:response-policies rules|record-sets|managed-zones|policies)|compute addresses) (?:"?\$?[a-z]+"?))`)
	azCall     = regexp.MustCompile(`\baz (network private-dns (?:zone|record-set|link vnet) [a-z]+)`)
)

const (
	imported = "dns.changes.create dns.changes.get dns.resourceRecordSets.create dns.resourceRecordSets.delete dns.resourceRecordSets.list dns.resourceRecordSets.update dns.managedZones.get"
	azImport = "privateDnsZones/read privateDnsZones/write privateDnsZones/A/read privateDnsZones/A/write privateDnsZones/AAAA/read privateDnsZones/AAAA/write privateDnsZones/SOA/read privateDnsZones/SOA/write privateDnsZones/all/read privateDnsOperationResults/read privateDnsOperationStatuses/read"
)

// needs are the permissions that a call takes, as the clouds document it.
var needs = map[string]string{
	"dns managed-zones describe":          "dns.managedZones.get",
	"dns managed-zones list":              "dns.managedZones.list",
	"dns managed-zones create":            "dns.managedZones.create dns.networks.bindPrivateDNSZone compute.networks.get",
	"dns managed-zones update":            "dns.managedZones.update dns.managedZones.get dns.networks.bindPrivateDNSZone compute.networks.get",
	"dns record-sets import":              imported,
	"dns response-policies rules list":    "dns.responsePolicyRules.list dns.responsePolicies.get",
	`dns response-policies rules "$verb"`: "dns.responsePolicyRules.create dns.responsePolicyRules.update dns.responsePolicyRules.get",
	"dns policies describe":               "dns.policies.get",
	"dns policies create":                 "dns.policies.create dns.networks.bindPrivateDNSPolicy compute.networks.get",
	"dns policies update":                 "dns.policies.update dns.policies.get dns.networks.bindPrivateDNSPolicy compute.networks.get",
	"compute addresses list":              "compute.addresses.list",

	"network private-dns zone list":        "privateDnsZones/read",
	"network private-dns zone import":      azImport,
	"network private-dns record-set list":  "privateDnsZones/all/read",
	"network private-dns link vnet list":   "privateDnsZones/virtualNetworkLinks/read",
	"network private-dns link vnet create": "privateDnsZones/virtualNetworkLinks/write virtualNetworks/join/action virtualNetworks/read privateDnsOperationStatuses/read",
}

// TestPermissionsOfScripts: what the scripts for Google Cloud and Azure call is in their
// policy documents, and nothing else.
func TestPermissionsOfScripts(t *testing.T) {
	view := model.ReadView(t, "testdata/002-two-regions.yaml")
	for name, calls := range map[string]*regexp.Regexp{"gcp-response-policy": gcloudCall, "gcp-record-sets": gcloudCall, "gcp-inbound": gcloudCall, "azure-zone": azCall} {
		format, _ := all.Named(name)
		files, err := format.Files(view, options(format, ""))
		if err != nil {
			t.Fatal(err)
		}
		var needed []string
		for file := range files {
			needed = append(needed, neededBy(t, file, calls)...)
		}
		granted := regexp.MustCompile(`"(?:Microsoft\.Network/)?((?:dns|compute)\.[A-Za-z.]+|(?:privateDns|virtualNetworks)[A-Za-z/]+)"`).FindAllStringSubmatch(format.Permissions, -1)
		var has []string
		for _, match := range granted {
			has = append(has, match[1])
		}
		for _, permission := range needed {
			if !slices.Contains(has, permission) {
				t.Errorf("%s needs %s, which is not in its permissions", name, permission)
			}
		}
		for _, permission := range has {
			if !slices.Contains(needed, permission) {
				t.Errorf("%s has the permission %s, and does not use it", name, permission)
			}
		}
	}
}

// neededBy returns the permissions that the calls of a file take.
func neededBy(t *testing.T, file formats.File, calls *regexp.Regexp) []string {
	t.Helper()
	var text strings.Builder
	if err := file.Write(&text, 1); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, call := range calls.FindAllStringSubmatch(text.String(), -1) {
		permissions, known := needs[call[1]]
		if !known {
			t.Errorf("%s calls %q, and it is not known what that takes", file.Name, call[1])
		}
		all = append(all, strings.Fields(permissions)...)
	}
	return all
}
