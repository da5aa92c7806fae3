//go:build linux

package main

import (
	"net/netip"
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
		want      outcome
		wantErr   string
	}{
		{"a good run", summary, outcome{sent: 101, completed: 100, lost: 1, rate: 50}, ""},
		{
			"another response code", strings.Replace(summary, "NOERROR 100 (100.00%)", "NOERROR 99 (99.00%), NXDOMAIN 1 (1.00%)", 1),
			outcome{},
			`response codes "NOERROR 99 (99.00%), NXDOMAIN 1 (1.00%)", want NOERROR alone`,
		},
		{"no answers", strings.Replace(summary, "completed:    100", "completed:    0", 1), outcome{}, "no query was answered"},
		{"no summary", "Error: unable to open queries", outcome{}, "reading dnsperf's summary"},
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

func TestLoadArgs(t *testing.T) {
	l := load{to: netip.MustParseAddrPort("127.0.0.1:5300"), queries: "q", edns: true, duration: 3500 * time.Millisecond, limit: 700}
	want := "-s 127.0.0.1 -p 5300 -d q -l 3.5 -t 2 -c 4 -q 100 -Q 700 -e"
	if diff := cmp.Diff(want, strings.Join(l.args(options{clients: 4, queries: 100}), " ")); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
}
