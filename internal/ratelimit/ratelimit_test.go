package ratelimit_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/auralink/auralink/internal/ratelimit"
)

var (
	start  = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	client = netip.MustParseAddr("10.0.0.1")
)

func newLimiter(tb interface{ Fatal(...any) }, c ratelimit.Config) *ratelimit.Limiter {
	l, err := ratelimit.New(c)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// dispositions asks n times at once and writes the dispositions by their first letters.
func dispositions(l *ratelimit.Limiter, client netip.Addr, now time.Time, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(l.Judge(client, now).String()[:1])
	}
	return b.String()
}

func TestSlip(t *testing.T) {
	for slip, want := range map[int]string{
		0: "ppp" + "dddddd",
		1: "ppp" + "ssssss",
		2: "ppp" + "dsdsds",
		3: "ppp" + "ddsdds",
	} {
		c := ratelimit.Default(3)
		c.Slip = slip
		if got := dispositions(newLimiter(t, c), client, start, 9); got != want {
			t.Errorf("slip %d: %s, want %s", slip, got, want)
		}
	}
	c := ratelimit.Default(1)
	c.Slip = ratelimit.MaxSlip
	if got, want := dispositions(newLimiter(t, c), client, start, 21), "p"+strings.Repeat("dddddddddS", 2); got != strings.ToLower(want) {
		t.Errorf("the greatest slip: %s, want %s", got, want)
	}
}

// TestRefill: a limited source has its rate all the time, and a second's worth
// of it at once after a second without.
func TestRefill(t *testing.T) {
	l := newLimiter(t, ratelimit.Config{Rate: 4, Slip: 0, IPv4Bits: 24, IPv6Bits: 56})
	var got []string
	for _, after := range []time.Duration{
		0, 249 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond, 1000 * time.Millisecond, 2000 * time.Millisecond, time.Hour,
	} {
		got = append(got, fmt.Sprintf("%v: %s", after, dispositions(l, client, start.Add(after), 6)))
	}
	want := []string{
		"0s: ppppdd", "249ms: dddddd", "250ms: pddddd", "500ms: pddddd", "1s: ppdddd", "2s: ppppdd", "1h0m0s: ppppdd",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("dispositions (-want +got):\n%s", diff)
	}
}

// TestPrefixes: who shares an account with 10.1.2.3 and fd00:1:2:3::1.
func TestPrefixes(t *testing.T) {
	tests := []struct {
		name        string
		ipv4, ipv6  int
		first       string
		same, other []string
	}{
		{"subnets", 24, 56, "10.1.2.3", []string{"10.1.2.255", "::ffff:10.1.2.9"}, []string{"10.1.3.3", "11.1.2.3", "::10.1.2.3"}},
		{"addresses", 32, 128, "10.1.2.3", []string{"::ffff:10.1.2.3"}, []string{"10.1.2.2"}},
		{"half of all", 1, 1, "10.1.2.3", []string{"127.255.255.255"}, []string{"128.0.0.0", "::1"}},
		{"sites", 24, 56, "fd00:1:2:3::1", []string{"fd00:1:2:ff:ffff::", "fd00:1:2:3::1%eth0"}, []string{"fd00:1:2:100::1", "10.1.2.3"}},
		{"networks", 24, 64, "fd00:1:2:3::1", []string{"fd00:1:2:3:ffff::"}, []string{"fd00:1:2:4::1"}},
		{"parts of networks", 24, 65, "fd00:1:2:3::1", []string{"fd00:1:2:3:7fff::"}, []string{"fd00:1:2:3:8000::1"}},
		{"IPv6 addresses", 24, 128, "fd00:1:2:3::1", nil, []string{"fd00:1:2:3::2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLimiter(t, ratelimit.Config{Rate: 1, Slip: 0, IPv4Bits: tt.ipv4, IPv6Bits: tt.ipv6})
			if v := l.Judge(netip.MustParseAddr(tt.first), start); v != ratelimit.Pass {
				t.Fatalf("the first: %s", v)
			}
			for _, addr := range tt.same {
				if v := l.Judge(netip.MustParseAddr(addr), start); v != ratelimit.Drop {
					t.Errorf("%s has an account of its own: %s", addr, v)
				}
			}
			for _, addr := range tt.other {
				if v := l.Judge(netip.MustParseAddr(addr), start); v != ratelimit.Pass {
					t.Errorf("%s shares the account: %s", addr, v)
				}
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	for want, c := range map[string]ratelimit.Config{
		"rate 0 is not between 1 and 1000000":             {Rate: 0, IPv4Bits: 24, IPv6Bits: 56},
		"rate 1000001 is not between 1 and 1000000":       {Rate: 1_000_001, IPv4Bits: 24, IPv6Bits: 56},
		"slip -1 is not between 0 and 10":                 {Rate: 1, Slip: -1, IPv4Bits: 24, IPv6Bits: 56},
		"slip 11 is not between 0 and 10":                 {Rate: 1, Slip: 11, IPv4Bits: 24, IPv6Bits: 56},
		"IPv4 prefix length 0 is not between 1 and 32":    {Rate: 1, IPv6Bits: 56},
		"IPv4 prefix length 33 is not between 1 and 32":   {Rate: 1, IPv4Bits: 33, IPv6Bits: 56},
		"IPv6 prefix length 0 is not between 1 and 128":   {Rate: 1, IPv4Bits: 24},
		"IPv6 prefix length 129 is not between 1 and 128": {Rate: 1, IPv4Bits: 24, IPv6Bits: 129},
	} {
		if _, err := ratelimit.New(c); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// TestUnderRate: whoever asks no more often than the rate in any second is never
// limited, whatever others do; and nobody gets more than that and a second's
// worth on top.
func TestUnderRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.OneOf(rapid.IntRange(1, 20), rapid.SampledFrom([]int{100, 333, 1000})).Draw(t, "rate")
		l := newLimiter(t, ratelimit.Default(rate))
		noisy := netip.MustParseAddr("192.0.2.1")
		var asked []time.Time // by the client
		passed, now := 0, start
		for range rapid.IntRange(1, 300).Draw(t, "events") {
			now = now.Add(time.Duration(rapid.IntRange(0, int(3*time.Second)/rate).Draw(t, "pause")))
			if l.Judge(noisy, now) == ratelimit.Pass {
				passed++
			}
			if n := len(asked); n >= rate && now.Sub(asked[n-rate]) < time.Second {
				continue
			}
			asked = append(asked, now)
			if v := l.Judge(client, now); v != ratelimit.Pass {
				t.Fatalf("%s after %d questions in %v", v, len(asked), now.Sub(start))
			}
		}
		if most := float64(rate) * (1.001*now.Sub(start).Seconds() + 1); float64(passed) > most {
			t.Fatalf("%d responses in %v, at a rate of %d", passed, now.Sub(start), rate)
		}
	})
}

// TestFlood: while a million others ask once each, in a second, a client that
// keeps its rate is never limited, and one that does not is.
func TestFlood(t *testing.T) {
	l := newLimiter(t, ratelimit.Default(10))
	noisy := netip.MustParseAddr("192.0.2.1")
	passed := 0
	for i := range 1_000_000 {
		now := start.Add(time.Duration(i) * time.Microsecond)
		l.Judge(forged(i), now)
		if l.Judge(noisy, now) == ratelimit.Pass {
			passed++
		}
		if i%100_000 == 0 {
			if v := l.Judge(client, now); v != ratelimit.Pass {
				t.Fatalf("%s after %v", v, now.Sub(start))
			}
		}
	}
	if passed < 19 || passed > 21 {
		t.Errorf("%d responses in a second for the one that asks most, want 10 and 10", passed)
	}
}

// forged returns one of 2^32 addresses, each of another prefix.
func forged(i int) netip.Addr {
	octets := [16]byte{0x20, 0x01}
	binary.BigEndian.PutUint32(octets[2:], uint32(i))
	return netip.AddrFrom16(octets)
}

// TestTimes: calls come in nearly the order of their times, clocks are set, and
// the time of an account comes round after 19 hours and a half.
func TestTimes(t *testing.T) {
	l := newLimiter(t, ratelimit.Config{Rate: 2, Slip: 0, IPv4Bits: 24, IPv6Bits: 56})
	var got []string
	for _, after := range []time.Duration{0, -time.Millisecond, -900 * time.Millisecond, -time.Hour, 0} {
		got = append(got, fmt.Sprintf("%v: %s", after, dispositions(l, client, start.Add(after), 3)))
	}
	want := []string{"0s: ppd", "-1ms: ddd", "-900ms: ddd", "-1h0m0s: ppd", "0s: ppd"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("dispositions (-want +got):\n%s", diff)
	}
	round := time.Duration(64 << 40)
	for _, after := range []time.Duration{time.Hour, round / 2, round - 3*time.Second, round, 100*round + time.Second} {
		l := newLimiter(t, ratelimit.Default(1))
		l.Judge(client, start)
		if v := l.Judge(client, start.Add(after+time.Second)); v != ratelimit.Pass {
			t.Errorf("%s after %v", v, after)
		}
	}
}

// TestConcurrent: of those who ask at once, just as many get a response as the
// rate says.
func TestConcurrent(t *testing.T) {
	const rate = 1000
	l := newLimiter(t, ratelimit.Default(rate))
	var passed atomic.Int64
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 2 * rate {
				if l.Judge(client, start) == ratelimit.Pass {
					passed.Add(1)
				}
			}
		})
	}
	all.Wait()
	if got := passed.Load(); got != rate {
		t.Errorf("%d responses, want %d", got, rate)
	}
}

// TestNeverGrows: however many sources there are.
func TestNeverGrows(t *testing.T) {
	l := newLimiter(t, ratelimit.Default(1))
	i := 0
	allocs := testing.AllocsPerRun(100_000, func() {
		l.Judge(forged(i), start)
		i++
	})
	if allocs != 0 {
		t.Errorf("%v allocations for a judgement", allocs)
	}
}

func BenchmarkJudge(b *testing.B) {
	for _, sources := range []int{1, 1000, 1_000_000} {
		b.Run(fmt.Sprintf("sources=%d", sources), func(b *testing.B) {
			l := newLimiter(b, ratelimit.Default(100))
			clients := make([]netip.Addr, sources)
			for i := range clients {
				clients[i] = forged(i)
			}
			slices.Reverse(clients)
			i, now := 0, start
			for b.Loop() {
				l.Judge(clients[i], now)
				if i++; i == sources {
					i = 0
				}
				now = now.Add(time.Microsecond)
			}
		})
	}
}
