package all_test

import (
	"strings"
	"testing"
)

// TestReadOddItems: an item of a list that is not as such items are is told, with what it is about;
// the others are read. Of a document in one line the line says nothing.
func TestReadOddItems(t *testing.T) {
	const rest = `{"ResourceRecordSets": [{"Name": "a.", "Type": "SOA"}, {"Name": "x.a.", "Type": "A", "ResourceRecords": [{"Value": "10.0.0.1"}]}, ODD]}`
	for odd, want := range map[string]string{
		`{"Name": "y.neo4j.io.", "Type": "A", "TTL": "soon"}`: `an item (y.neo4j.io) is not read: TTL "soon" is not a number of seconds`,
		`{"Name": 5}`:                 "an item is not read: a number stands at Name",
		`{"Name": "y.a.", "TTL": {}}`: "an item (y.a.) is not read: ",
	} {
		set := together(t, strings.Replace(rest, "ODD", odd, 1))
		if notes := strings.Join(told(set), "\n"); !strings.Contains(notes, want) || !strings.Contains(dump(set), "x.a. 10.0.0.1") {
			t.Errorf("%s: told %q, want %q; got:\n%s", odd, notes, want, dump(set))
		}
	}
	for name, text := range map[string]string{
		"Cloud DNS": gcpPage("", gcpSet("a.test.", "SOA", soaData)+`,{"foo": "x.endpoints.neo4j.io"}`),
		"Azure":     `[{"id": "/x/privateDnsZones/a.test/SOA/@", "name": "@", "fqdn": "a.test.", "type": "Microsoft.Network/privateDnsZones/SOA"}, {"name": "x.endpoints.neo4j.io", "ttl": "soon"}]`,
	} {
		if notes := strings.Join(told(together(t, text)), "\n"); !strings.Contains(notes, "(x.endpoints.neo4j.io)") {
			t.Errorf("%s: told %q", name, notes)
		}
	}
}
