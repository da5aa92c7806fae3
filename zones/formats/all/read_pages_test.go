package all_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// Pages of three clouds: a zone's SOA, and a name in each of three pages.
func gcpPage(more, sets string) string {
	return fmt.Sprintf(`{"kind": "dns#resourceRecordSetsListResponse", %s "rrsets": [%s]}`, more, sets)
}

func gcpSet(name, kind, data string) string {
	return fmt.Sprintf(`{"kind": "dns#resourceRecordSet", "name": %q, "type": %q, "ttl": 60, "rrdatas": [%q]}`, name, kind, data)
}

func gcpYAML(more, name, kind, data string) string {
	return fmt.Sprintf("kind: dns#resourceRecordSetsListResponse\n%srrsets:\n- kind: dns#resourceRecordSet\n  name: %s\n  type: %s\n  ttl: 60\n  rrdatas: [%q]\n", more, name, kind, data)
}

func azurePage(more, kind, name, data string) string {
	const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/a.test"
	fqdn := strings.TrimPrefix(name+".a.test.", "@.")
	return fmt.Sprintf(`{%s "value": [{"id": "%s/%s/%s", "name": %[4]q, "type": "Microsoft.Network/privateDnsZones/%[3]s", "properties": {"fqdn": %[6]q, "ttl": 60, %[5]s}}]}`, more, id, kind, name, data, fqdn)
}

func awsPage(more, name, kind, data string) string {
	return fmt.Sprintf(`{%s "ResourceRecordSets": [{"Name": %q, "Type": %q, "TTL": 60, "ResourceRecords": [{"Value": %q}]}]}`, more, name, kind, data)
}

func azureLink(token string) string {
	return fmt.Sprintf(`"nextLink": "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/a.test/ALL?api-version=2018-09-01&$skiptoken=%s",`, token)
}

const soaData = "ns. h. 1 2 3 4 5"

// awsToken is a token of AWS's command line.
func awsToken(text string) string {
	return fmt.Sprintf(`"NextToken": %q,`, base64.StdEncoding.EncodeToString([]byte(text)))
}

// pagesOf are the three pages of a zone, as clouds and their tools list them.
func pagesOf() map[string][]string {
	const address = `"aRecords": [{"ipv4Address": "10.0.0.1"}]`
	named := base64.RawURLEncoding.EncodeToString([]byte("\x0a\x0bc.a.test.\x10\x01"))
	return map[string][]string{
		"Cloud DNS": {
			gcpPage(`"nextPageToken": "x",`, gcpSet("a.test.", "SOA", soaData)+","+gcpSet("b.a.test.", "A", "10.0.0.1")),
			gcpPage(`"nextPageToken": "y",`, gcpSet("c.a.test.", "A", "10.0.0.1")),
			gcpPage("", gcpSet("d.a.test.", "A", "10.0.0.1")),
		},
		"Cloud DNS, with names in its tokens": {
			gcpPage(fmt.Sprintf(`"nextPageToken": %q,`, named), gcpSet("a.test.", "SOA", soaData)+","+gcpSet("b.a.test.", "A", "10.0.0.1")),
			gcpPage(`"nextPageToken": "y",`, gcpSet("c.a.test.", "A", "10.0.0.1")),
			gcpPage("", gcpSet("d.a.test.", "A", "10.0.0.1")),
		},
		"Cloud DNS as YAML": {
			gcpYAML("nextPageToken: x\n", "a.test.", "SOA", soaData),
			gcpYAML("nextPageToken: y\n", "c.a.test.", "A", "10.0.0.1"),
			gcpYAML("", "d.a.test.", "A", "10.0.0.1"),
		},
		"Azure": {
			azurePage(azureLink("x"), "SOA", "@", `"soaRecord": {}`),
			azurePage(azureLink("y"), "A", "c", address),
			azurePage("", "A", "d", address),
		},
		"Route 53": {
			awsPage(`"IsTruncated": true, "NextRecordName": "c.a.test.", "NextRecordType": "A",`, "a.test.", "SOA", soaData),
			awsPage(`"IsTruncated": true, "NextRecordName": "d.a.test.", "NextRecordType": "A",`, "c.a.test.", "A", "10.0.0.1"),
			awsPage(`"IsTruncated": false,`, "d.a.test.", "A", "10.0.0.1"),
		},
		"Route 53, by AWS's command line": {
			awsPage(awsToken(`{"StartRecordName": null, "boto_truncate_amount": 1}`), "a.test.", "SOA", soaData),
			awsPage(awsToken(`{"StartRecordName": null, "boto_truncate_amount": 2}`), "c.a.test.", "A", "10.0.0.1"),
			awsPage("", "d.a.test.", "A", "10.0.0.1"),
		},
		"Route 53, whose apex has a page of its own before the SOA": {
			awsPage(`"IsTruncated": true, "NextRecordName": "a.test.", "NextRecordType": "SOA",`, "a.test.", "A", "10.0.0.1"),
			awsPage(`"IsTruncated": true, "NextRecordName": "d.a.test.", "NextRecordType": "A",`, "a.test.", "SOA", soaData),
			awsPage("", "d.a.test.", "A", "10.0.0.1"),
		},
	}
}

// readNumbered reads files whose names have numbers.
func readNumbered(t *testing.T, files []string, numbers ...int) *holdings.Set {
	t.Helper()
	b := holdings.NewBuilder()
	for _, n := range numbers {
		if err := all.ReadAny(b, strings.NewReader(files[n]), formats.Input{Name: fmt.Sprintf("page-%d.json", n+1)}); err != nil {
			t.Fatal(err)
		}
	}
	return b.Set()
}

// TestReadPages: pages that are files of their own are one listing, in whichever order they are
// given; and a page that is missing is told, whichever one it is.
func TestReadPages(t *testing.T) {
	for name, pages := range pagesOf() {
		t.Run(name, func(t *testing.T) {
			for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 0, 2}, {1, 2, 0}} {
				set := readNumbered(t, pages, order...)
				if notes := strings.Join(told(set), "\n"); strings.Contains(notes, "not read: ") {
					t.Errorf("pages %v: told %s", order, notes)
				}
				if got := dump(set); !strings.Contains(got, "zone a.test. else nxdomain") || !strings.Contains(got, "d.a.test. 10.0.0.1") {
					t.Errorf("pages %v: got:\n%s", order, got)
				}
			}
			for _, some := range [][]int{{0}, {1}, {2}, {0, 1}, {1, 0}, {0, 2}, {2, 0}, {1, 2}, {2, 1}} {
				if strings.HasSuffix(name, "before the SOA") && some[0] != 0 && some[len(some)-1] != 0 {
					continue // nothing tells that the zone's apex has more
				}
				if notes := told(readNumbered(t, pages, some...)); !strings.Contains(strings.Join(notes, "\n"), "not read: ") {
					t.Errorf("pages %v: told %q, want that one is missing", some, notes)
				}
			}
		})
	}
}

// TestReadPagesOfOneFile: pages that stand one behind the other are one listing.
func TestReadPagesOfOneFile(t *testing.T) {
	for name, pages := range pagesOf() {
		between := "\n"
		if strings.HasSuffix(name, "YAML") {
			between = "---\n"
		}
		if notes := strings.Join(told(together(t, strings.Join(pages, between))), "\n"); strings.Contains(notes, "not read: ") {
			t.Errorf("%s: told %s", name, notes)
		}
	}
}

// TestReadPagesOfOthers: a page of another zone, or of none that is known, is not the one that is
// missing.
func TestReadPagesOfOthers(t *testing.T) {
	const next = `"nextPageToken": "x",`
	first := gcpPage(next, gcpSet("a.test.", "SOA", soaData))
	for name, tt := range map[string]struct {
		files []string
		want  string // a record that is read
		lacks string // what is told; "" if nothing is
	}{
		"another zone":    {[]string{first, gcpPage("", gcpSet("b.test.", "SOA", soaData)+","+gcpSet("c.b.test.", "A", "10.0.0.2"))}, "c.b.test. 10.0.0.2", "one page of several"},
		"no zone":         {[]string{first, gcpPage("", gcpSet("c.b.test.", "A", "10.0.0.2"))}, "c.b.test. 10.0.0.2", "one page of several"},
		"one of two":      {[]string{first, gcpPage(next, gcpSet("c.a.test.", "SOA", soaData)), gcpPage("", gcpSet("d.c.a.test.", "A", "10.0.0.2"))}, "d.c.a.test. 10.0.0.2", "one page of several"},
		"two of two":      {[]string{first, gcpPage(next, gcpSet("b.test.", "SOA", soaData)), gcpPage("", gcpSet("c.a.test.", "A", "10.0.0.2")), gcpPage("", gcpSet("c.b.test.", "A", "10.0.0.2"))}, "c.b.test. 10.0.0.2", ""},
		"two last pages":  {[]string{first, gcpPage("", gcpSet("b.a.test.", "A", "10.0.0.2")), gcpPage("", gcpSet("c.a.test.", "A", "10.0.0.2"))}, "c.a.test. 10.0.0.2", "one page of several"},
		"rules":           {[]string{gcpRules(next, "r.test."), gcpRules("", "s.test.")}, "r.test. 10.0.0.1", ""},
		"rules, reversed": {[]string{gcpRules("", "s.test."), gcpRules(next, "r.test.")}, "r.test. 10.0.0.1", ""},
		"rules, one page": {[]string{gcpRules(next, "r.test.")}, "r.test. 10.0.0.1", "one page of several"},
		"a count": {[]string{
			awsPage("", "a.test.", "SOA", soaData),
			`{"HostedZone": {"Id": "/hostedzone/Z1", "Name": "a.test.", "ResourceRecordSetCount": 3, "Config": {"PrivateZone": true}}, "VPCs": [{"VPCId": "vpc-1", "VPCRegion": "r"}]}`,
		}, "zone a.test.", "zone a.test has 3 record sets, and 1 are read"},
		"Azure's count": {[]string{
			azurePage("", "SOA", "@", `"soaRecord": {}`),
			`[{"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/a.test", "name": "a.test", "type": "Microsoft.Network/privateDnsZones", "numberOfRecordSets": 2}]`,
		}, "zone a.test.", "zone a.test has 2 record sets, and 1 are read"},
		"hosted zones, reversed":          {[]string{accountSets, hostedPage("Z2", "Z2", "", "e."), hostedPage("", "Z1", "Z2", "a.")}, "x.a. 10.0.0.1", ""},
		"hosted zones without the middle": {[]string{accountSets, hostedPage("Z3", "Z3", "", "e."), hostedPage("", "Z1", "Z2", "a.")}, "x.a. 10.0.0.1", "one page of several of HostedZones"},
	} {
		t.Run(name, func(t *testing.T) {
			set := together(t, tt.files...)
			got, notes := dump(set), strings.Join(told(set), "\n")
			if !strings.Contains(got, tt.want) {
				t.Errorf("got:\n%s\nwant %s", got, tt.want)
			}
			if !strings.Contains(notes, tt.lacks) || tt.lacks == "" && strings.Contains(notes, "not read: ") {
				t.Errorf("told %q, want %q", notes, tt.lacks)
			}
		})
	}
}

func gcpRules(more, name string) string {
	return fmt.Sprintf(`{%s "responsePolicyRules": [{"ruleName": "r", "dnsName": %q, "localData": {"localDatas": [%s]}}]}`, more, name, gcpSet(name, "A", "10.0.0.1"))
}

// hostedPage is a page of list-hosted-zones with one zone.
func hostedPage(marker, id, next, name string) string {
	return fmt.Sprintf(`{"HostedZones": [{"Id": "/hostedzone/%s", "Name": %q, "CallerReference": "x", "Config": {"PrivateZone": true}}], "Marker": %q, "IsTruncated": %t, "NextMarker": %q}`, id, name, marker, next != "", next)
}
