//go:build linux

package main

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/test/peers"
)

var update = flag.Bool("update", false, "write the golden files anew")

// measured is a contest of which all is known.
func measured() *contest {
	of := func(name string, user, system, rate float64, p99 time.Duration) *entrant {
		e := &entrant{contestant: contestant{peer: peers.Peer{Name: name}}}
		for _, noise := range []float64{1, 1.5, 0.5} { // as many rounds
			e.samples = append(e.samples, sample{
				user: user * noise, system: system * noise,
				full: outcome{sent: 1001, completed: 1000, lost: 1, rate: rate},
				half: halfLoad{outcome: outcome{sent: 500, completed: 500, rate: rate / 2}, probes: 10, p50: p99 / 2, p99: p99},
			})
		}
		return e
	}
	return &contest{
		options: options{rounds: 3, seconds: 5, edns: true},
		entrants: []*entrant{
			of(oursFast, 0.5, 4.5, 100_000, 50*time.Microsecond),
			of(oursSlow, 7, 8, 60_000, 80*time.Microsecond),
			of(file, 12, 13, 40_000, 100*time.Microsecond),
			of("NSD", 2, 4, 90_000, 60*time.Microsecond),
			of("gdnsd", 1, 3, 110_000, 40*time.Microsecond),
			of("A & B", 3, 4, 70_000, 70*time.Microsecond),
		},
		skipped: []string{"C echo is skipped: cc is not there: install the Debian package gcc with libc6-dev"},
	}
}

var somewhere = machine{
	processor: "Fast <9000>", kernel: "6.1.0", system: "Debian GNU/Linux 12 (bookworm)", processors: 2,
	date: time.Date(2026, time.November, 3, 12, 0, 0, 0, time.UTC),
}

func TestPrint(t *testing.T) {
	var text strings.Builder
	if err := measured().print(&text, fields["peers"], somewhere, disturbance{others: 0.034, stolen: 0.01}); err != nil {
		t.Fatal(err)
	}
	golden(t, "table.golden", text.String())
}

func TestDraw(t *testing.T) {
	var chart strings.Builder
	if err := measured().draw(&chart, somewhere); err != nil {
		t.Fatal(err)
	}
	golden(t, "chart.golden.svg", chart.String())
	for decoder := xml.NewDecoder(strings.NewReader(chart.String())); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("the chart is no XML: %v", err)
		}
	}
}

// golden compares with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
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

func TestPercentile(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(i + 1)
	}
	for _, tt := range []struct {
		sorted  []time.Duration
		percent int
		want    time.Duration
	}{
		{hundred, 50, 50}, {hundred, 99, 99}, {hundred, 100, 100}, {hundred[:1], 50, 1}, {hundred[:3], 50, 2}, {hundred[:10], 99, 10},
	} {
		if got := percentile(tt.sorted, tt.percent); got != tt.want {
			t.Errorf("percentile %d of %d values: %d, want %d", tt.percent, len(tt.sorted), got, tt.want)
		}
	}
}
