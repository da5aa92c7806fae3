package serve_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/wire"
)

// TestUDPSize: a reply over UDP is no longer than the client takes, nor than we send.
func TestUDPSize(t *testing.T) {
	for _, tt := range []struct{ limit, takes, want uint16 }{
		{0, 0, 0},
		{0, 512, 512},
		{0, 1232, 1232},
		{0, 4096, 1232},
		{0, 65535, 1232},
		{4096, 65535, 4096},
		{4096, 1400, 1400},
		{512, 1232, 512},
	} {
		m := serve.Manner{MaxUDP: tt.limit}
		if got := m.UDPSize(tt.takes); got != tt.want {
			t.Errorf("limit %d, client takes %d: %d, want %d", tt.limit, tt.takes, got, tt.want)
		}
	}
}

// TestFrame: CoreDNS gives back what stands in the request's OPT record then.
func TestFrame(t *testing.T) {
	for _, tt := range []struct {
		name  string
		size  uint16
		flags uint32
		udp   bool
		want  string
	}{
		{"over UDP", 4096, 0x8000, true, "1232 8000"},
		{"over UDP, and less", 600, 0, true, "600 0"},
		{"over TCP", 4096, 0x8000, false, "4096 8000"},
		{"reserved flags", 1232, 0xffff, true, "1232 8000"},
		{"reserved flags without DO", 4096, 0x7fff, false, "4096 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := new(dns.Msg).SetQuestion("example.org.", dns.TypeA).SetEdns0(tt.size, false)
			r.IsEdns0().Hdr.Ttl = tt.flags
			(&serve.Manner{}).Frame(r, tt.udp)
			if got := fmt.Sprintf("%d %x", r.IsEdns0().UDPSize(), r.IsEdns0().Hdr.Ttl); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
	plain := new(dns.Msg).SetQuestion("example.org.", dns.TypeA)
	before := plain.String()
	(&serve.Manner{}).Frame(plain, true)
	if diff := cmp.Diff(before, plain.String()); diff != "" {
		t.Errorf("without an OPT record (-before +after):\n%s", diff)
	}
}

// TestMark: a message gets the flags that octets get.
func TestMark(t *testing.T) {
	flags := []uint16{0, wire.FlagAA, wire.FlagRD, wire.FlagRA, wire.FlagAA | wire.FlagRA, wire.FlagAA | wire.FlagRD | wire.FlagRA}
	for _, recursive := range []bool{false, true} {
		for _, on := range flags {
			for _, off := range flags {
				if on&off != 0 {
					continue
				}
				for _, before := range flags {
					m := serve.Manner{Flags: wire.Flags{Recursive: recursive, Set: on, Clear: off}}
					reply := &dns.Msg{MsgHdr: dns.MsgHdr{
						Authoritative: before&wire.FlagAA != 0, RecursionDesired: before&wire.FlagRD != 0, RecursionAvailable: before&wire.FlagRA != 0,
					}}
					m.Mark(reply)
					packet, err := reply.Pack()
					if err != nil {
						t.Fatal(err)
					}
					if got, want := uint16(packet[2])<<8|uint16(packet[3]), m.Flags.Apply(before); got != want {
						t.Errorf("%+v of %x: %x, want %x", m.Flags, before, got, want)
					}
				}
			}
		}
	}
}

// TestWellFormed: an OPT record has its place.
func TestWellFormed(t *testing.T) {
	opt := &dns.OPT{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeOPT}}
	owned := &dns.OPT{Hdr: dns.RR_Header{Name: "x.", Rrtype: dns.TypeOPT}}
	other := &dns.TXT{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeTXT}}
	for _, tt := range []struct {
		name    string
		request dns.Msg
		want    bool
	}{
		{"none", dns.Msg{}, true},
		{"one", dns.Msg{Extra: []dns.RR{opt}}, true},
		{"one behind another record", dns.Msg{Extra: []dns.RR{other, opt}}, true},
		{"one before another record", dns.Msg{Extra: []dns.RR{opt, other}}, true},
		{"two", dns.Msg{Extra: []dns.RR{opt, opt}}, false},
		{"two around another record", dns.Msg{Extra: []dns.RR{opt, other, opt}}, false},
		{"one with an owner", dns.Msg{Extra: []dns.RR{owned}}, false},
		{"one in the answer section", dns.Msg{Answer: []dns.RR{opt}}, false},
		{"one in the authority section", dns.Msg{Ns: []dns.RR{opt}}, false},
		{"an IXFR's SOA", dns.Msg{Ns: []dns.RR{other}, Extra: []dns.RR{opt}}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := serve.WellFormed(&tt.request); got != tt.want {
				t.Errorf("%t, want %t", got, tt.want)
			}
		})
	}
}
