package exports_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// powerDNSDocument is a zone that PowerDNS's API takes.
const powerDNSDocument = `{"name": "e.example.", "kind": "Native", "nameservers": [], "rrsets": [
 {"name": "e.example.", "type": "SOA", "ttl": 30, "records": [{"content": "ns.example. host.example. 1 900 300 86400 30", "disabled": false}]},
 {"name": "e.example.", "type": "NS", "ttl": 30, "records": [{"content": "ns.example.", "disabled": false}]},
 {"name": "x.e.example.", "type": "A", "ttl": 30, "records": [{"content": "10.0.0.1", "disabled": false}]}]}
`

// TestPowerDNSRefuses: of documents that PowerDNS's API refuses that is told, and of those that it
// takes it is not.
func TestPowerDNSRefuses(t *testing.T) {
	server := startPowerDNS(t)
	format, _ := all.Named("powerdns")
	for _, change := range [][2]string{
		{"", ""},
		{`"e.example.", "kind"`, `"e.example", "kind"`},
		{`"name": "e.example.", "kind"`, `"kind"`},
		{`"kind": "Native", `, ""},
		{`"Native"`, `"native"`},
		{`"Native"`, `"Master"`},
		{`"Native"`, `"None"`},
		{`"nameservers": []`, `"nameservers": ["ns.example."]`},
		{`"x.e.example."`, `"x.e.example"`},
		{`"x.e.example."`, `"X.E.example."`},
		{`"x.e.example."`, `"x.f.example."`},
		{`"x.e.example.", "type": "A", "ttl": 30`, `"x.e.example.", "type": "A"`},
		{`"x.e.example.", "type": "A", "ttl": 30`, `"x.e.example.", "type": "A", "ttl": 0`},
		{`"type": "A"`, `"type": "a"`},
		{`"type": "A"`, `"type": "AX"`},
		{`"type": "A"`, `"type": "TYPE731"`},
		{`{"content": "10.0.0.1", "disabled": false}`, `{"content": "10.0.0.1", "disabled": false}, {"content": "10.0.0.1", "disabled": false}`},
		{`{"content": "10.0.0.1", "disabled": false}`, `{"content": "10.0.0.1", "disabled": false}, {"content": "10.0.0.2", "disabled": false}`},
		{`{"name": "x.e`, `{"name": "x.e.example.", "type": "A", "ttl": 30, "records": [{"content": "10.0.0.1", "disabled": false}]}, {"name": "x.e`},
		{`{"name": "x.e`, `{"name": "x.e.example.", "type": "A", "ttl": 30, "records": [{"content": "10.0.0.2", "disabled": false}]}, {"name": "x.e`},
		{`"content": "ns.example."`, `"content": "ns.example"`},
		{`"content": "ns.example. host`, `"content": "ns.example host`},
		{`"content": "ns.example. host.example. 1 900 300 86400 30"`, `"content": ""`},
		{`"content": "ns.example. host.example. 1 900 300 86400 30"`, `"content": "ns.example. host.example. 1 900 300"`},
		{`"type": "A", "ttl": 30, "records": [{"content": "10.0.0.1"`, `"type": "CNAME", "ttl": 30, "records": [{"content": "y.e.example."`},
		{`"type": "A", "ttl": 30, "records": [{"content": "10.0.0.1"`, `"type": "CNAME", "ttl": 30, "records": [{"content": "y"`},
	} {
		document := strings.Replace(powerDNSDocument, change[0], change[1], 1)
		t.Run(change[1], func(t *testing.T) {
			b := holdings.NewBuilder()
			if err := format.Read(b, strings.NewReader(document), formats.Input{Name: "e.json"}); err != nil {
				t.Fatal(err)
			}
			var told []string
			for _, f := range b.Set().Faults(nil, nil) {
				told = append(told, f.String())
			}
			status, answer := server.post(t, document)
			if taken := status == http.StatusCreated; taken != (len(told) == 0) {
				t.Errorf("the API answers %d %s, told %q", status, answer, told)
			}
			if status == http.StatusCreated {
				var zone struct{ Name string }
				if err := json.Unmarshal([]byte(document), &zone); err != nil {
					t.Fatal(err)
				}
				server.remove(t, []string{zone.Name})
			}
		})
	}
}

// post sends a zone that is to be made, and returns what the API says.
func (p powerDNS) post(t *testing.T, document string) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, p.api, strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-API-Key", powerDNSKey)
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode, string(text)
}
