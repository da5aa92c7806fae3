package transport_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers/coredns"
)

// TestSizes: over UDP no answer is longer than the client takes (RFC 1035, section
// 4.2.1, and RFC 6891, section 6.2.3), and none has more than 1232 octets unless the
// plugin bufsize says so: one that would is marked, and whole over everything else.
func TestSizes(t *testing.T) {
	sizes(t, coredns.Upstream, 1232, []sizeTest{
		{0, 20, false},
		{0, 40, true}, // 12 + 30 + 40·16 octets = 682
		{100, 20, false},
		{100, 40, true}, // less than 512 is taken as 512
		{512, 20, false},
		{512, 40, true},
		{1232, 40, false},
		{1232, 100, true}, // 1643
		{1233, 100, true},
		{4096, 40, false},
		{4096, 100, true},
		{65535, 100, true},
	})
	sizes(t, "bufsize 4096\n"+coredns.Upstream, 4096, []sizeTest{
		{1232, 100, true},
		{1643, 100, true},
		{1654, 100, false}, // with an OPT record
		{65535, 100, false},
	})
	sizes(t, "bufsize 600\n"+coredns.Upstream, 600, []sizeTest{
		{0, 20, false},
		{4096, 20, false},
		{4096, 40, true},
	})
}

// sizeTest is a question whose answer may be too long.
type sizeTest struct {
	size      uint16 // in the OPT record; 0 for none of it
	region    int    // the number of addresses
	truncated bool
}

// sizes asks a server that has further lines in its server blocks, and sends so many
// octets over UDP.
func sizes(t *testing.T, further string, most int, tests []sizeTest) {
	s := startServerBeside(t, further)
	for _, tt := range tests {
		query := new(dns.Msg).SetQuestion(fmt.Sprintf("a-n%d.endpoints.neo4j.io.", tt.region), dns.TypeA)
		if tt.size > 0 {
			query.SetEdns0(tt.size, false)
		}
		for _, tr := range transports {
			t.Run(fmt.Sprintf("at most %d, %d addresses, EDNS %d, %s", most, tt.region, tt.size, tr.name), func(t *testing.T) {
				reply, octets := tr.ask(t, s, manyClient, query)
				if (reply.IsEdns0() != nil) != (tt.size > 0) {
					t.Errorf("there is an OPT record in the answer or in the question, and not in the other")
				}
				if want := tt.truncated && !tr.stream; reply.Truncated != want {
					t.Errorf("TC is %t, want %t, in %d octets", reply.Truncated, want, octets)
				}
				if !tr.stream && octets > min(max(512, int(tt.size)), most) {
					t.Errorf("%d octets, more than the client takes or than is sent", octets)
				}
				if got := len(reply.Answer); !reply.Truncated && got != tt.region {
					t.Errorf("%d addresses, want %d", got, tt.region)
				}
			})
		}
	}
}

// TestRotation: of several addresses another one comes first with another ID, and
// on another connection where the ID is always the same, as it is over DoH (RFC
// 8484, section 4.1).
func TestRotation(t *testing.T) {
	s := startServer(t)
	for name, id := range map[string]func(i uint16) uint16{
		"IDs that count up": func(i uint16) uint16 { return i },
		"ID 0":              func(uint16) uint16 { return 0 },
	} {
		for _, tr := range transports {
			firsts := make(map[string]int)
			for i := range uint16(40) {
				query := new(dns.Msg).SetQuestion("bar.endpoints.neo4j.io.", dns.TypeA)
				query.Id = id(i)
				reply, _ := tr.ask(t, s, appsClient, query)
				firsts[reply.Answer[0].String()]++
			}
			// One of two addresses comes first in fewer than 5 of 40 fair draws once in
			// ten million.
			for first, n := range firsts {
				if n < 5 || n > 35 {
					t.Errorf("%s over %s: %d of 40 answers begin with %s", name, tr.name, n, first)
				}
			}
		}
	}
}

// TestEDNS: what an OPT record can ask for (RFC 6891).
func TestEDNS(t *testing.T) {
	s := startServer(t)
	positive := []string{"NOERROR aa rd", "answer: foo.endpoints.neo4j.io. 30 IN A 10.0.0.1"}
	for _, tt := range []struct {
		name    string
		opt     func(*dns.OPT)
		want    []string
		wantOPT string
	}{
		{
			name: "nothing", opt: func(*dns.OPT) {},
			want: positive, wantOPT: "version 0, do false, no options",
		},
		{
			name: "DO", opt: func(o *dns.OPT) { o.SetDo() }, // there are no signatures
			want: positive, wantOPT: "version 0, do true, no options",
		},
		{
			name: "version 1", opt: func(o *dns.OPT) { o.SetVersion(1) }, // section 6.1.3
			want: []string{"BADVERS rd"}, wantOPT: "version 0, do false, no options",
		},
		{
			name: "version 255", opt: func(o *dns.OPT) { o.SetVersion(255) },
			want: []string{"BADVERS rd"}, wantOPT: "version 0, do false, no options",
		},
		{
			name: "an unknown option", // section 6.1.2: ignored
			opt:  func(o *dns.OPT) { o.Option = append(o.Option, &dns.EDNS0_LOCAL{Code: 65001, Data: []byte("x")}) },
			want: positive, wantOPT: "version 0, do false, no options",
		},
		{
			name: "a cookie", // RFC 7873, section 5.2: a server without cookies ignores it
			opt: func(o *dns.OPT) {
				o.Option = append(o.Option, &dns.EDNS0_COOKIE{Code: dns.EDNS0COOKIE, Cookie: "0123456789abcdef"})
			},
			want: positive, wantOPT: "version 0, do false, no options",
		},
		{
			name: "a cookie that is too short",
			opt: func(o *dns.OPT) {
				o.Option = append(o.Option, &dns.EDNS0_COOKIE{Code: dns.EDNS0COOKIE, Cookie: "01"})
			},
			want: positive, wantOPT: "version 0, do false, no options",
		},
		{
			name: "a client subnet of another VPC", // not believed: the view goes by who asks
			opt: func(o *dns.OPT) {
				o.Option = append(o.Option, &dns.EDNS0_SUBNET{Code: dns.EDNS0SUBNET, Family: 1, SourceNetmask: 32, Address: batchClient.AsSlice()})
			},
			want: positive, wantOPT: "version 0, do false, no options",
		},
		{
			name: "reserved flags", opt: func(o *dns.OPT) { o.SetZ(0x7fff) }, // section 6.1.4
			want: positive, wantOPT: "version 0, do false, no options",
		},
		{
			name: "reserved flags and DO", opt: func(o *dns.OPT) { o.SetZ(0x7fff); o.SetDo() },
			want: positive, wantOPT: "version 0, do true, no options",
		},
		{
			name: "padding",
			opt: func(o *dns.OPT) {
				o.Option = append(o.Option, &dns.EDNS0_PADDING{Padding: make([]byte, 100)})
			},
			want: positive, wantOPT: "version 0, do false, no options",
		},
	} {
		for _, tr := range transports {
			t.Run(tt.name+" over "+tr.name, func(t *testing.T) {
				query := new(dns.Msg).SetQuestion("foo.endpoints.neo4j.io.", dns.TypeA)
				tt.opt(query.SetEdns0(1232, false).IsEdns0())
				reply, _ := tr.ask(t, s, appsClient, query)
				if diff := cmp.Diff(tt.want, lines(reply)); diff != "" {
					t.Errorf("answer (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.wantOPT, describeOPT(reply.IsEdns0())); diff != "" {
					t.Errorf("OPT record (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestExplained: whoever has EDNS is told why a name does not exist that is no custom
// endpoint of the topology, over every transport, and nobody else (RFC 8914, section 3).
func TestExplained(t *testing.T) {
	s := startServer(t)
	for _, tr := range transports {
		query := new(dns.Msg).SetQuestion("nobody.endpoints.neo4j.io.", dns.TypeA)
		reply, _ := tr.ask(t, s, appsClient, query)
		if got := describeOPT(reply.IsEdns0()); got != "none" {
			t.Errorf("over %s, without EDNS: OPT record: %s", tr.name, got)
		}
		reply, _ = tr.ask(t, s, appsClient, query.SetEdns0(1232, true))
		if diff := cmp.Diff("version 0, do true, [0 (Other): (custom endpoint not in the topology)]", describeOPT(reply.IsEdns0())); diff != "" {
			t.Errorf("over %s: OPT record (-want +got):\n%s", tr.name, diff)
		}
	}
}

func describeOPT(opt *dns.OPT) string {
	if opt == nil {
		return "none"
	}
	options := "no options"
	if len(opt.Option) > 0 {
		options = fmt.Sprint(opt.Option)
	}
	reserved := ""
	if opt.Z() != 0 {
		reserved = fmt.Sprintf("reserved flags %x, ", opt.Z())
	}
	return fmt.Sprintf("version %d, do %t, %s%s", opt.Version(), opt.Do(), reserved, options)
}

// TestMisplacedOPT: a request has at most one OPT record, in the additional section, and
// the root owns it (RFC 6891, sections 6.1.1 and 6.1.2). BIND, NSD and Unbound say so of
// all of these; Knot takes one with an owner.
func TestMisplacedOPT(t *testing.T) {
	s := startServer(t)
	for _, tt := range []struct{ name, packet string }{
		{"two", header(rd, 1, 0, 0, 2) + question + optRR + optRR},
		{"two, of two sizes", header(rd, 1, 0, 0, 2) + question + optRR + strings.Replace(optRR, "\x04\xd0", "\x10\x00", 1)},
		{"one with an owner", header(rd, 1, 0, 0, 1) + question + "\x01x" + optRR},
		{"one in the answer section", header(rd, 1, 1) + question + optRR},
		{"one in the authority section", header(rd, 1, 0, 1) + question + optRR},
		{"two, for a name that is not ours", header(rd, 1, 0, 0, 2) + "\x07example\x03com\x00" + typeA + optRR + optRR},
	} {
		for _, tr := range transports {
			t.Run(tt.name+" over "+tr.name, func(t *testing.T) {
				raw, err := tr.exchange(s, appsClient, []byte(tt.packet))
				if err != nil {
					t.Fatal(err)
				}
				reply := new(dns.Msg)
				if err := reply.Unpack(raw); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]string{"FORMERR rd"}, lines(reply)); diff != "" {
					t.Errorf("answer (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// rd is the flag RD in a header.
const rd = 1 << 8

// TestLongQueries: what a reply invites to is answered, over UDP as far as it can be
// read: CoreDNS's own server reads 512 octets, and the fast path 1232.
func TestLongQueries(t *testing.T) {
	longestUDP := 512
	if runtime.GOOS == "linux" {
		longestUDP = 1232
	}
	s := startServer(t)
	for _, name := range []string{"foo.endpoints.neo4j.io.", "example.com."} {
		for _, octets := range []int{512, 513, 1000, 1232, 1233, 4000} {
			query := new(dns.Msg).SetQuestion(name, dns.TypeA).SetEdns0(1232, false)
			padding := &dns.EDNS0_PADDING{}
			query.IsEdns0().Option = []dns.EDNS0{padding}
			padding.Padding = make([]byte, octets-query.Len())
			for _, tr := range transports {
				if tr.name == "DoH GET" && octets > 1232 {
					continue // a long URL is another matter
				}
				want := []string{"NOERROR aa rd", "answer: foo.endpoints.neo4j.io. 30 IN A 10.0.0.1"}
				switch {
				case !tr.stream && octets > longestUDP:
					want = []string{"FORMERR rd"}
				case name == "example.com.":
					want = []string{"went on"}
				}
				reply, _ := tr.ask(t, s, appsClient, query)
				if diff := cmp.Diff(want, lines(reply)); diff != "" {
					t.Errorf("%s, %d octets over %s (-want +got):\n%s", name, octets, tr.name, diff)
				}
			}
		}
	}
}
