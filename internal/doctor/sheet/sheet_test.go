package sheet_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/doctortest"
	"github.com/auralink/auralink/internal/doctor/sheet"
)

// troubled is a network in which the wildcard is there, and a firewall drops Bolt.
func troubled() doctor.Record {
	r := doctortest.Well()
	for _, e := range r.Evidence {
		if e.Resolve != nil && strings.HasSuffix(e.Resolve.Name, ".endpoints.neo4j.io") {
			a := &e.Resolve.Answers[0]
			a.Rcode, a.SOA, a.Addrs = "NOERROR", nil, []netip.Addr{netip.MustParseAddr("10.10.10.10")}
		}
		if e.TCP != nil && e.TCP.Port == doctor.PortBolt {
			e.TCP.Outcome = doctor.TimedOut
		}
		if e.Machine != nil {
			e.Machine.Search, e.Machine.Ndots = []string{"svc.cluster.local"}, 5
		}
	}
	return *r
}

func document(t *testing.T) sheet.Document {
	t.Helper()
	return sheet.New(troubled())
}

// golden compares what is written with the golden of that name.
func golden(t *testing.T, name string, write func(io.Writer) error) string {
	t.Helper()
	var got bytes.Buffer
	if err := write(&got); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
	return got.String()
}

//go:generate go test . -run ^TestOutputs$ -update

// TestOutputs: what is printed of a network in which all is well, of one in trouble, and
// of both together.
func TestOutputs(t *testing.T) {
	well, ill := *doctortest.Well(), troubled()
	well.Network, ill.Network = "well", "ill"
	for name, d := range map[string]sheet.Document{
		"well": sheet.New(*doctortest.Well()), "troubled": document(t), "both": sheet.New(well, ill),
	} {
		text := golden(t, name+".txt", func(w io.Writer) error { return d.WriteText(w, false) })
		for line := range strings.Lines(text) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 {
				t.Errorf("%s: %d columns: %s", name, n, line)
			}
		}
		golden(t, name+".md", d.WriteMarkdown)
		junit := golden(t, name+".xml", d.WriteJUnit)
		if err := xml.Unmarshal([]byte(junit), new(any)); err != nil && !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestColours: only the signs are coloured, and the text is the same.
func TestColours(t *testing.T) {
	var plain, coloured bytes.Buffer
	if err := document(t).WriteText(&plain, false); err != nil {
		t.Fatal(err)
	}
	if err := document(t).WriteText(&coloured, true); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(coloured.String(), "\x1b[1;31m✗\x1b[0m") {
		t.Error("no error is red")
	}
	text := coloured.String()
	for {
		before, after, found := strings.Cut(text, "\x1b[")
		if !found {
			break
		}
		_, after, _ = strings.Cut(after, "m")
		text = before + after
	}
	if diff := cmp.Diff(plain.String(), text); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestReadBack: what is saved is judged again as it was.
func TestReadBack(t *testing.T) {
	d := document(t)
	var saved bytes.Buffer
	if err := d.WriteJSON(&saved); err != nil {
		t.Fatal(err)
	}
	records, err := sheet.Read(&saved)
	if err != nil {
		t.Fatal(err)
	}
	same := cmp.Options{cmpopts.EquateEmpty(), cmpopts.EquateComparable(netip.Addr{}, netip.Prefix{}, netip.AddrPort{})}
	if diff := cmp.Diff(d, sheet.New(records...), same); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestJSON: it is the document, with each piece of evidence on a line.
func TestJSON(t *testing.T) {
	for name, d := range map[string]sheet.Document{
		"one": document(t), "two": sheet.New(*doctortest.Well(), troubled()), "none": sheet.New(),
	} {
		var written bytes.Buffer
		if err := d.WriteJSON(&written); err != nil {
			t.Fatal(err)
		}
		whole, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var want, got any
		if err := errors.Join(json.Unmarshal(whole, &want), json.Unmarshal(written.Bytes(), &got)); err != nil {
			t.Fatal(err)
		}
		if want.(map[string]any)["records"] == nil {
			want.(map[string]any)["records"] = []any{}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		evidence := 0
		for _, r := range d.Records {
			evidence += len(r.Evidence)
		}
		if lines := strings.Count(written.String(), "\n        {\"probe\":"); lines != evidence {
			t.Errorf("%s: %d pieces of evidence on %d lines", name, evidence, lines)
		}
	}
}

// TestReadRefuses: what is something else, or newer, or has members that are not known,
// is not judged.
func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "not what doctor -o json prints",
		"regions: {}":                  "not what doctor -o json prints",
		"{}":                           "not what doctor -o json prints",
		`{"version":1,"records":[]}`:   "not what doctor -o json prints",
		`{"version":9,"records":[{}]}`: "its version is 9",
		`{"version":1,"records":[{"evidence":[{"dns_over_smoke":1}]}]}`: "unknown field",
	} {
		if _, err := sheet.Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
