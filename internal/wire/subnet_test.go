package wire_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/wire"
)

// TestParseSubnet: what is not exactly a subnet of a query is none (RFC 7871, section 6).
func TestParseSubnet(t *testing.T) {
	tests := []struct{ name, data, want string }{
		{"IPv4", "\x00\x01\x18\x00\x0a\x01\x02", "10.1.2.0/24"},
		{"part of an octet", "\x00\x01\x0c\x00\x0a\x10", "10.16.0.0/12"},
		{"one address", "\x00\x01\x20\x00\x0a\x01\x02\x03", "10.1.2.3/32"},
		{"everybody", "\x00\x01\x00\x00", "0.0.0.0/0"},
		{"IPv6", "\x00\x02\x20\x00\xfd\x00\x00\x01", "fd00:1::/32"},
		{"no family", "\x00\x00\x00\x00", "invalid Prefix"},
		{"too few octets", "\x00\x01\x18\x00\x0a\x01", "none"},
		{"too many octets", "\x00\x01\x18\x00\x0a\x01\x02\x00", "none"},
		{"bits behind the prefix", "\x00\x01\x14\x00\x0a\x01\x0f", "none"},
		{"a scope", "\x00\x01\x18\x18\x0a\x01\x02", "none"},
		{"too long for IPv4", "\x00\x01\x21\x00\x0a\x01\x02\x03\x80", "none"},
		{"too long for IPv6", "\x00\x02\x81\x00\xfd\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80", "none"},
		{"no family and a prefix", "\x00\x00\x08\x00\x0a", "none"},
		{"another family", "\x00\x03\x00\x00", "none"},
		{"no head", "\x00\x01\x18", "none"},
		{"nothing", "", "none"},
	}
	for _, tt := range tests {
		got := "none"
		if subnet, ok := wire.ParseSubnet([]byte(tt.data)); ok {
			got = subnet.String()
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestScoped: the option of a reply is that of the query with a scope.
func TestScoped(t *testing.T) {
	m := new(dns.Msg).SetQuestion("example.org.", dns.TypeA).SetEdns0(1232, false)
	opt := m.IsEdns0()
	opt.Option = append(opt.Option, &dns.EDNS0_SUBNET{Code: dns.EDNS0SUBNET, Family: 1, SourceNetmask: 20, Address: []byte{10, 1, 16, 0}})
	packet, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	var q wire.Query
	if !q.Parse(packet) || q.Subnet == nil {
		t.Fatal("the query was not read")
	}
	var buf [wire.MaxScoped]byte
	for _, scope := range []uint8{0, 16} {
		q.For = wire.Scoped(buf[:], q.Subnet, scope)
		reply := make([]byte, q.FrameLen())
		n := q.Begin(reply, wire.Head{})
		n += q.End(reply[n:])
		got := new(dns.Msg)
		if err := got.Unpack(reply[:n]); err != nil || n != len(reply) {
			t.Fatalf("%d octets of %d: %v", n, len(reply), err)
		}
		want := fmt.Sprintf("10.1.16.0/20/%d", scope)
		if diff := cmp.Diff(want, got.IsEdns0().Option[0].String()); diff != "" || q.Tailored() != (scope > 0) {
			t.Errorf("tailored %t (-want +got):\n%s", q.Tailored(), diff)
		}
	}
	if !q.Parse(packet) || q.For != nil || q.Tailored() {
		t.Error("the next query has the option of the last reply")
	}
	opt.Option = append(opt.Option, opt.Option[0])
	if packet, err = m.Pack(); err != nil {
		t.Fatal(err)
	}
	if q.Parse(packet) {
		t.Error("a query with two subnets is a plain question")
	}
}
