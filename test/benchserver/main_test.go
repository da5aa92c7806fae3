//go:build linux

package main

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const summary = `DNS Performance Testing Tool
Version 2.10.0

Statistics:

  Queries sent:         101
  Queries completed:    100 (99.01%)
  Queries lost:         1 (0.99%)

  Response codes:       NOERROR 100 (100.00%)
  Average packet size:  request 60, response 92
  Run time (s):         2.000000
  Queries per second:   50.000000
`

func TestParseDnsperf(t *testing.T) {
	tests := []struct {
		name, out string
		want      load
		wantErr   string
	}{
		{"a good run", summary, load{sent: 101, completed: 100, lost: 1, rate: 50}, ""},
		{
			"another response code", strings.Replace(summary, "NOERROR 100 (100.00%)", "NOERROR 99 (99.00%), NXDOMAIN 1 (1.00%)", 1),
			load{},
			`response codes "NOERROR 99 (99.00%), NXDOMAIN 1 (1.00%)", want NOERROR alone`,
		},
		{"no answers", strings.Replace(summary, "completed:    100", "completed:    0", 1), load{}, "no query was answered"},
		{"no summary", "Error: unable to open queries", load{}, "reading dnsperf's summary"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseDnsperf(tt.out)
			if tt.wantErr != "" {
				if err == nil || !strings.HasPrefix(err.Error(), tt.wantErr) {
					t.Fatalf("error %v, want %s", err, tt.wantErr)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("%+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

func TestParseStat(t *testing.T) {
	const stat = "4711 (a) name (x) S 1 2 3 4 5 6 7 8 9 10 250 75 0 0 20 0 8 0 100 0 0\n"
	got, err := parseStat(stat)
	want := processorTime{user: 2500 * time.Millisecond, system: 750 * time.Millisecond}
	if err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	for _, stat := range []string{"", "4711 (name) S 1 2", "4711 (name) S 1 2 3 4 5 6 7 8 9 10 x 75 0"} {
		if got, err := parseStat(stat); err == nil {
			t.Errorf("%q: %+v, want an error", stat, got)
		}
	}
}

func TestMiddle(t *testing.T) {
	for _, tt := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{7}, 7}, {[]float64{9, 1}, 5}, {[]float64{3, 100, 1}, 3},
	} {
		if got := middle(tt.values); got != tt.want {
			t.Errorf("median of %v: %v, want %v", tt.values, got, tt.want)
		}
	}
}

// TestFiles looks at what the servers are given: one small topology, and beside
// it the same names in each way's form.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	c, err := newContest(dir, options{endpoints: 2})
	if err != nil {
		t.Fatal(err)
	}
	owners := []string{"my-endpoint-aaaaaa-000000.endpoints.neo4j.io."}
	for _, prefix := range []string{"a-", "b-", "c-", "d-"} {
		owners = append(owners, prefix+owners[0])
	}
	want := names{owners: owners, addrs: []netip.Addr{netip.MustParseAddr("10.0.0.0"), netip.MustParseAddr("10.0.0.1")}}
	if diff := cmp.Diff(want, c.names, cmp.AllowUnexported(names{}), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	for file, part := range map[string]string{
		"Corefile.auralink": "\tauralink topology.yaml\n",
		"Corefile.template": `answer "{{ .Name }} 30 IN A 10.0.0.1"`,
		"hosts":             "10.0.0.1 d-my-endpoint-aaaaaa-000000.endpoints.neo4j.io\n",
		zoneFile:            "d-my-endpoint-aaaaaa-000000\tIN\tA\t10.0.0.1",
		"queries":           "d-my-endpoint-aaaaaa-000000.endpoints.neo4j.io A\n",
	} {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil || !strings.Contains(string(text), part) {
			t.Errorf("%s: %v\n%.500s\nwant in it: %s", file, err, text, part)
		}
	}
}
