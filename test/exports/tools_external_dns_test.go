package exports_test

import (
	"bufio"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/yaml"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/model"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// dnsEndpoint is the custom resource DNSEndpoint of externaldns.k8s.io/v1alpha1,
// with those of its documented fields that a user may set.
type dnsEndpoint struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Endpoints []dnsRecord `json:"endpoints"`
	} `json:"spec"`
}

// dnsRecord is an item of its list.
type dnsRecord struct {
	DNSName          string              `json:"dnsName"`
	Targets          []string            `json:"targets"`
	RecordType       string              `json:"recordType"`
	SetIdentifier    string              `json:"setIdentifier"`
	RecordTTL        int64               `json:"recordTTL"`
	Labels           map[string]string   `json:"labels"`
	ProviderSpecific []map[string]string `json:"providerSpecific"`
}

// DeepCopyObject implements runtime.Object. Decoding does not copy.
func (e *dnsEndpoint) DeepCopyObject() runtime.Object {
	c := *e
	return &c
}

// recordName is the pattern of dnsName in the resource's schema; it has at most
// 253 characters, and a resource has at most 1000 records.
var recordName = regexp.MustCompile(`^(\*\.)?([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)

// readDNSEndpoints decodes resources as the Kubernetes API server does with
// fieldValidation=Strict, and checks what it would check.
func readDNSEndpoints(tb rapid.TB, text string) []*dnsEndpoint {
	tb.Helper()
	scheme := runtime.NewScheme()
	scheme.AddKnownTypeWithName(schema.GroupVersionKind{Group: "externaldns.k8s.io", Version: "v1alpha1", Kind: "DNSEndpoint"}, &dnsEndpoint{})
	decoder := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme, scheme, json.SerializerOptions{Yaml: true, Strict: true})
	reader := yaml.NewYAMLReader(bufio.NewReader(strings.NewReader(text)))
	seen := make(map[string]bool)
	var all []*dnsEndpoint
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			tb.Fatal(err)
		}
		if isComment(document) {
			continue
		}
		object, _, err := decoder.Decode(document, nil, nil)
		if err != nil {
			tb.Fatalf("decoding:\n%s\n%v", document, err)
		}
		endpoint := object.(*dnsEndpoint)
		if endpoint.Namespace == "" {
			endpoint.Namespace = "default" // as kubectl does
		}
		checkObject(tb, endpoint)
		if seen[endpoint.Name] {
			tb.Fatalf("%s is there twice", endpoint.Name)
		}
		seen[endpoint.Name] = true
		all = append(all, endpoint)
	}
}

// isComment reports whether a document has nothing but comments.
func isComment(document []byte) bool {
	for line := range strings.Lines(string(document)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' && line != "---" {
			return false
		}
	}
	return true
}

// checkObject checks a resource by the rules for all objects, and by those of its
// own schema.
func checkObject(tb rapid.TB, endpoint *dnsEndpoint) {
	tb.Helper()
	wrong := validation.ValidateObjectMeta(&endpoint.ObjectMeta, true, validation.NameIsDNSSubdomain, field.NewPath("metadata"))
	wrong = append(wrong, metav1validation.ValidateLabels(endpoint.Labels, field.NewPath("metadata", "labels"))...)
	if len(wrong) > 0 {
		tb.Fatalf("%s: %v", endpoint.Name, wrong.ToAggregate())
	}
	if n := len(endpoint.Spec.Endpoints); n == 0 || n > 1000 {
		tb.Fatalf("%s has %d records", endpoint.Name, n)
	}
	for _, record := range endpoint.Spec.Endpoints {
		if !recordName.MatchString(record.DNSName) || len(record.DNSName) > 253 {
			tb.Fatalf("%s has a record for %q", endpoint.Name, record.DNSName)
		}
		if record.RecordTTL < 0 || record.RecordTTL > 1<<31-1 || len(record.Targets) > 1000 {
			tb.Fatalf("%s has the record %+v", endpoint.Name, record)
		}
	}
}

// namespaced are options with a namespace.
var namespaced = formats.Options{Values: map[string]string{"namespace": "dns"}}

// TestExternalDNS: what ExternalDNS is told is the view; written into zones that
// are one for each name, or one for each of the view's, it leads no name astray.
func TestExternalDNS(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, p := model.DrawPlan(t)
		for i, view := range p.Views() {
			got := make(records)
			for _, endpoint := range readDNSEndpoints(t, writeExport(t, "external-dns", view, namespaced)[0].text) {
				if endpoint.Namespace != "dns" || endpoint.Labels["app.kubernetes.io/instance"] != view.Name {
					t.Fatalf("%s is in %q with the labels %v", endpoint.Name, endpoint.Namespace, endpoint.Labels)
				}
				for _, record := range endpoint.Spec.Endpoints {
					key := rrsetKey{Name: record.DNSName + ".", Type: record.RecordType}
					got.add(t, key, rrset{TTL: record.RecordTTL, Addrs: record.Targets})
				}
			}
			checkFlat(t, view, got)
			for _, shape := range []zones.Shape{zones.ShapePerName, zones.ShapeOneZone} {
				d := distribute(view, shape, got)
				checkRule(t, m, m.VPCs[i], d)
				checkSiblings(t, m, view, shape, d)
			}
		}
	})
}

// distribute puts records into the zones of a shape as ExternalDNS does: each
// into the longest above it.
func distribute(view zones.View, shape zones.Shape, all records) deployment {
	d := deployment{Zones: make(map[string]records)}
	for zone := range view.Shaped(shape) {
		d.zone(zone.Origin)
	}
	for key, set := range all {
		if origin, zone, ok := d.nearest(key.Name); ok {
			d.Zones[origin] = zone
			zone[key] = set
		}
	}
	return d
}

// TestDNSEndpointsOfTopologies decodes those of the numbered topologies.
func TestDNSEndpointsOfTopologies(t *testing.T) {
	eachTopology(t, func(t *testing.T, view zones.View) {
		count := 0
		for _, endpoint := range readDNSEndpoints(t, writeExport(t, "external-dns", view, formats.Options{})[0].text) {
			count += len(endpoint.Spec.Endpoints)
		}
		if want := len(flat(view)); count != want {
			t.Errorf("%d records, want %d", count, want)
		}
	})
}

// TestManyDNSEndpoints: no resource has more records than the schema allows.
func TestManyDNSEndpoints(t *testing.T) {
	table := &zones.EndpointTable{Prefixes: []string{"a-", "b-", "c-", "d-"}}
	for i := range 1001 {
		table.Endpoints = append(table.Endpoints, zones.Endpoint{Label: "e" + strings.Repeat("x", i%50) + string(rune('a'+i/50))})
	}
	slices.SortFunc(table.Endpoints, func(a, b zones.Endpoint) int { return strings.Compare(a.Label, b.Label) })
	link := zones.Addresses{Region: "r", Addrs: bothServers}
	view := zones.View{Name: "apps", TTL: 30, Zones: []zones.Zone{{
		Origin:    "endpoints.neo4j.io.",
		Endpoints: &zones.Individual{Table: table, Links: []zones.Addresses{link}},
	}}}
	endpoints := readDNSEndpoints(t, writeExport(t, "external-dns", view, formats.Options{})[0].text)
	if len(endpoints) != 11 { // 1001 endpoints × 5 names × 2 types
		t.Errorf("%d resources", len(endpoints))
	}
}

// TestExternalDNSRegistry: with the recommended options the TXT record that
// ExternalDNS keeps for a record is in the zone of its name, and is itself none
// of the names that Aura has. By default it would be one of them.
func TestExternalDNSRegistry(t *testing.T) {
	const want = "--txt-prefix=%{record_type}-external-dns. --txt-wildcard-replacement=any"
	view := readTopology(t, "../../zones/formats/all/testdata/003-unlinked.yaml")
	if text := writeExport(t, "external-dns", view, formats.Options{})[0].text; !strings.Contains(text, want) {
		t.Fatalf("the file does not recommend %s", want)
	}
	all := flat(view)
	collisions := 0
	for key := range all {
		registered := registryName("%{record_type}-external-dns.", "any", key)
		parent := strings.Replace(key.Name, "*", "any", 1)
		if !strings.HasSuffix(registered, "."+parent) || all.has(registered) {
			t.Errorf("%s is registered at %s", key.Name, registered)
		}
		if all.has(registryName("", "", key)) {
			collisions++
		}
	}
	if collisions == 0 {
		t.Error("by default there would be no collision either")
	}
}

// registryName returns where ExternalDNS keeps the TXT record for a record: its
// documentation has the rules (docs/registry/txt.md).
func registryName(prefix, wildcard string, key rrsetKey) string {
	name, kind := key.Name, strings.ToLower(key.Type)
	if wildcard != "" {
		name = strings.Replace(name, "*", wildcard, 1)
	}
	if strings.Contains(prefix, "%{record_type}") {
		return strings.ReplaceAll(prefix, "%{record_type}", kind) + name
	}
	return prefix + kind + "-" + name
}
