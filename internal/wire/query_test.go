package wire_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/wire"
	"github.com/auralink/auralink/test/rawdns"
)

var header = rawdns.Header

const (
	name     = "\x03Foo\x09endpoints\x05Neo4j\x02io\x00"
	question = name + "\x00\x01\x00\x01" // type A, class IN
	rd       = 1 << 8
)

// opt makes an OPT record with a payload size of 1232 octets.
func opt(versionAndFlags, options string) string {
	length := binary.BigEndian.AppendUint16(nil, uint16(len(options)))
	return "\x00\x00\x29\x04\xd0" + versionAndFlags + string(length) + options
}

// option makes an EDNS option.
func option(code uint16, data string) string {
	octets := binary.BigEndian.AppendUint16(nil, code)
	return string(binary.BigEndian.AppendUint16(octets, uint16(len(data)))) + data
}

// plain is what Parse says of a packet; nil stands for a miss.
type plain struct {
	ID, Type, UDPSize, EDNSFlags uint16
	EDNS, Options                bool
	Name, Question               string
}

func parse(packet string) *plain {
	var q wire.Query
	if !q.Parse([]byte(packet)) {
		return nil
	}
	return &plain{
		ID: q.ID, Type: q.Type, UDPSize: q.UDPSize, EDNSFlags: q.EDNSFlags, EDNS: q.EDNS, Options: q.Options,
		Name: string(q.Name()), Question: string(q.Question),
	}
}

// lowered maps A to Z to lower case, octet by octet.
func lowered(text string) string {
	octets := []byte(text)
	for i, c := range octets {
		if 'A' <= c && c <= 'Z' {
			octets[i] += 'a' - 'A'
		}
	}
	return string(octets)
}

// padded makes a question of so many octets (RFC 7830).
func padded(octets int) string {
	const frame = 12 + len(question) + 11 + 4 // header, question, OPT record, option
	return header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x00\x00", option(12, strings.Repeat("p", octets-frame)))
}

func TestParse(t *testing.T) {
	asked := plain{ID: 0x1234, Type: dns.TypeA, Name: strings.ToLower(name), Question: question}
	of := func(qtype uint16, q string) plain {
		return plain{ID: 0x1234, Type: qtype, Name: lowered(q[:len(q)-4]), Question: q}
	}
	edns := func(flags uint16, options bool) plain {
		p := asked
		p.EDNS, p.UDPSize, p.EDNSFlags, p.Options = true, 1232, flags, options
		return p
	}
	labels := strings.Repeat("\x01L", 127)
	tests := []struct {
		what, packet string
		want         plain
	}{
		{"a question", header(rd, 1) + question, asked},
		{"without RD", header(0, 1) + question, asked},
		{"513 octets", padded(513), edns(0, true)},
		{"1232 octets", padded(1232), edns(0, true)},
		{"CD and AD", header(rd|0x30, 1) + question, asked},
		{"flags and rcode that mean nothing in a query", header(0x87ff&^0x8000, 1) + question, asked},
		{"the root", header(rd, 1) + "\x00\x00\x02\x00\x01", of(dns.TypeNS, "\x00\x00\x02\x00\x01")},
		{"type 0", header(rd, 1) + name + "\x00\x00\x00\x01", of(0, name+"\x00\x00\x00\x01")},
		{"type 65535", header(rd, 1) + name + "\xff\xff\x00\x01", of(65535, name+"\xff\xff\x00\x01")},
		{"type ANY", header(rd, 1) + name + "\x00\xff\x00\x01", of(dns.TypeANY, name+"\x00\xff\x00\x01")},
		{"127 labels, 255 octets", header(rd, 1) + labels + "\x00\x00\x01\x00\x01", of(dns.TypeA, labels+"\x00\x00\x01\x00\x01")},
		{"octets that are no letters", header(rd, 1) + "\x05\x00@[\xc1\xff\x00\x00\x01\x00\x01", of(dns.TypeA, "\x05\x00@[\xc1\xff\x00\x00\x01\x00\x01")},
		{"an OPT record", header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x00\x00", ""), edns(0, false)},
		{"DO", header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x80\x00", ""), edns(0x8000, false)},
		{"flags that nobody knows", header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x7f\xff", ""), edns(0x7fff, false)},
		{"an extended rcode", header(rd, 1, 0, 0, 1) + question + opt("\xff\x00\x00\x00", ""), edns(0, false)},
		{"a cookie", header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x00\x00", option(10, "12345678")), edns(0, true)},
		{"an empty cookie", header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x00\x00", option(10, "")), edns(0, true)},
		{"padding and NSID", header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x00\x00", option(12, strings.Repeat("\x00", 99))+option(3, "")), edns(0, true)},
		{"an option that nobody knows", header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x00\x00", option(65001, "x")), edns(0, true)},
		{"a client subnet", header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x00\x00", option(8, "\x00\x01\x18\x00\x0a\x00\x00")), edns(0, true)},
		{"a client subnet of no address", header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x00\x00", option(8, "\x00\x00\x00\x00")), edns(0, true)},
		{"512 octets", header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x00\x00", option(12, strings.Repeat("p", 512-12-len(question)-11-4))), edns(0, true)},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			if diff := cmp.Diff(&tt.want, parse(tt.packet)); diff != "" {
				t.Errorf("query (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseMisses(t *testing.T) {
	long := strings.Repeat("\x3f"+strings.Repeat("l", 63), 3)
	typeA := "\x00\x01\x00\x01"
	plainOPT := opt("\x00\x00\x00\x00", "")
	withOption := func(code uint16, data string) string {
		return header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x00\x00", option(code, data))
	}
	for what, packet := range map[string]string{
		"no octet":                            "",
		"most of a header":                    header(rd, 1)[:11],
		"a header alone":                      header(rd, 1),
		"a response":                          header(1<<15, 1) + question, // or servers talk without end
		"opcode IQUERY":                       header(1<<11, 1) + question,
		"opcode NOTIFY":                       header(4<<11, 1) + question,
		"opcode UPDATE":                       header(5<<11, 1) + question,
		"no question":                         header(rd, 0) + question, // RFC 7873, section 5.4, would have the cookie answered
		"two questions":                       header(rd, 2) + question + question,
		"257 questions":                       header(rd, 257) + question,
		"an answer":                           header(rd, 1, 1) + question + "\x00" + typeA + "\x00\x00\x00\x00\x00\x00",
		"an IXFR's SOA (RFC 1995, section 3)": header(rd, 1, 0, 1) + question + "\x00\x00\x06\x00\x01\x00\x00\x00\x00\x00\x00",
		"class CHAOS":                         header(rd, 1) + name + "\x00\x10\x00\x03",
		"class ANY":                           header(rd, 1) + name + "\x00\x01\x00\xff",
		"type AXFR (RFC 5936, section 4.2)":   header(rd, 1) + name + "\x00\xfc\x00\x01",
		"type IXFR (RFC 1995, section 2)":     header(rd, 1) + name + "\x00\xfb\x00\x01",
		"a name without an end":               header(rd, 1) + strings.TrimSuffix(name, "\x00"),
		"a question without its class":        header(rd, 1) + name + "\x00\x01",
		"a label longer than the packet":      header(rd, 1) + "\x3ffoo",
		"a pointer":                           header(rd, 1) + "\xc0\x0c" + typeA,
		"a label and a pointer (RFC 1035, section 4.1.4)":   header(rd, 1) + "\x03foo\xc0\x0c" + typeA,
		"an extended label (RFC 6891, section 5)":           header(rd, 1) + "\x41foo\x00" + typeA,
		"a label of the reserved kind 10":                   header(rd, 1) + "\x81foo\x00" + typeA,
		"a name of 256 octets":                              header(rd, 1) + long + "\x3e" + strings.Repeat("l", 62) + "\x00" + typeA,
		"128 labels":                                        header(rd, 1) + strings.Repeat("\x01l", 128) + "\x00" + typeA,
		"an octet behind the question":                      header(rd, 1) + question + "\x00",
		"an OPT record that is not counted":                 header(rd, 1) + question + plainOPT,
		"no OPT record where one is counted":                header(rd, 1, 0, 0, 1) + question,
		"two OPT records (RFC 6891, section 6.1.1)":         header(rd, 1, 0, 0, 2) + question + plainOPT + plainOPT,
		"an octet behind the OPT record":                    header(rd, 1, 0, 0, 1) + question + plainOPT + "\x00",
		"most of an OPT record":                             header(rd, 1, 0, 0, 1) + question + plainOPT[:10],
		"an OPT record with an owner":                       header(rd, 1, 0, 0, 1) + question + "\x01x" + plainOPT,
		"a TSIG (RFC 8945, section 5.2)":                    header(rd, 1, 0, 0, 1) + question + "\x00\x00\xfa\x00\xff\x00\x00\x00\x00\x00\x00",
		"a SIG(0) (RFC 2931, section 3.2)":                  header(rd, 1, 0, 0, 1) + question + "\x00\x00\x18\x00\xff\x00\x00\x00\x00\x00\x00",
		"EDNS version 1 (RFC 6891, section 6.1.3)":          header(rd, 1, 0, 0, 1) + question + opt("\x00\x01\x00\x00", ""),
		"options longer than the packet":                    header(rd, 1, 0, 0, 1) + question + plainOPT[:9] + "\x00\x01",
		"half an option":                                    header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x00\x00", "\x00\x0a\x00"),
		"an option longer than the record":                  header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x00\x00", "\x00\x0a\x00\x02x"),
		"half a client subnet (RFC 7871, section 6)":        withOption(8, "\x00\x01\x18"),
		"a client subnet of a family that is none":          withOption(8, "\x00\x03\x18\x00\x0a"),
		"a client subnet of /33":                            withOption(8, "\x00\x01\x21\x00\x0a\x00\x00\x00"),
		"a client subnet with the scope /33":                withOption(8, "\x00\x01\x18\x21\x0a\x00\x00"),
		"a client subnet of /129":                           withOption(8, "\x00\x02\x81\x00\xfd"),
		"a client subnet of /1 of no address":               withOption(8, "\x00\x00\x01\x00"),
		"keepalive (RFC 7828, section 3.2.1: not over UDP)": withOption(11, ""),
		"1233 octets":                                       padded(1233),
	} {
		t.Run(what, func(t *testing.T) {
			if got := parse(packet); got != nil {
				t.Errorf("not missed: %+v", got)
			}
		})
	}
}

// FuzzParse: whatever octets come, nothing panics; and what is a plain question
// is one for the library of the slow path, too, and says the same there.
func FuzzParse(f *testing.F) {
	f.Add([]byte(header(rd, 1) + question))
	f.Add([]byte(header(0x07ff, 1) + "\x05\x00.\\\xc1\xff\x00\xff\xff\x00\x01"))
	f.Add([]byte(header(rd, 1, 0, 0, 1) + question + opt("\xff\x00\xff\xff", option(10, "12345678")+option(8, "\x00\x01\x18\x00\x0a\x00\x00"))))
	f.Add([]byte(header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x00\x00", option(19, "")+option(1, ""))))
	f.Fuzz(func(t *testing.T, packet []byte) {
		got := parse(string(packet))
		if got == nil {
			return
		}
		m := new(dns.Msg)
		if err := m.Unpack(packet); err != nil {
			t.Fatalf("the library refuses %q: %v", packet, err)
		}
		if diff := cmp.Diff(unpacked(t, m), got); diff != "" {
			t.Errorf("query %q (-library +ours):\n%s", packet, diff)
		}
	})
}

// unpacked puts what the library says of a message in our terms.
func unpacked(t *testing.T, m *dns.Msg) *plain {
	t.Helper()
	if m.Response || m.Opcode != dns.OpcodeQuery || len(m.Question) != 1 || len(m.Answer)+len(m.Ns) > 0 || len(m.Extra) > 1 {
		t.Fatalf("no plain question:\n%s", m)
	}
	asked := m.Question[0]
	if asked.Qclass != dns.ClassINET {
		t.Fatalf("class %d", asked.Qclass)
	}
	buf := make([]byte, wire.MaxName)
	n, err := dns.PackDomainName(asked.Name, buf, 0, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	spelled := binary.BigEndian.AppendUint16(buf[:n:n], asked.Qtype)
	p := &plain{ID: m.Id, Type: asked.Qtype, Name: lowered(string(buf[:n])), Question: string(binary.BigEndian.AppendUint16(spelled, asked.Qclass))}
	if opt := m.IsEdns0(); opt != nil {
		if opt.Version() != 0 || opt.Hdr.Name != "." {
			t.Fatalf("no plain OPT record: %s", opt)
		}
		p.EDNS, p.UDPSize, p.EDNSFlags, p.Options = true, opt.UDPSize(), uint16(opt.Hdr.Ttl), len(opt.Option) > 0
	}
	if p.EDNS != (len(m.Extra) == 1) {
		t.Fatalf("a record that is no OPT:\n%s", m)
	}
	return p
}

// TestParseAgain: nothing is left of the query before.
func TestParseAgain(t *testing.T) {
	var q wire.Query
	if !q.Parse([]byte(header(rd, 1, 0, 0, 1)+question+opt("\x00\x00\x80\x00", option(10, "12345678")))) ||
		!q.Parse([]byte(header(0, 1)+"\x00\x00\x02\x00\x01")) {
		t.Fatal("missed")
	}
	got := []any{q.EDNS, q.UDPSize, q.EDNSFlags, q.Options, string(q.Name()), q.Limit(), q.FrameLen()}
	want := []any{false, uint16(0), uint16(0), false, "\x00", 512, 12 + 5}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("second query (-want +got):\n%s", diff)
	}
}

var packets = map[string]string{
	"plain": header(rd, 1) + "\x19My-endpoint-abcdef-123456\x09endpoints\x05neo4j\x02io\x00\x00\x01\x00\x01",
	"EDNS":  header(rd, 1, 0, 0, 1) + question + opt("\x00\x00\x80\x00", option(10, "12345678")),
	"miss":  header(rd, 1, 1) + question,
}

func TestParseAllocatesNothing(t *testing.T) {
	for what, text := range packets {
		packet := []byte(text)
		var buf [512]byte
		allocs := testing.AllocsPerRun(100, func() {
			var q wire.Query
			if q.Parse(packet) {
				q.PutTruncated(buf[:])
			}
		})
		if allocs != 0 {
			t.Errorf("%s: %v allocations", what, allocs)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for what, text := range packets {
		b.Run(what, func(b *testing.B) {
			packet := []byte(text)
			var q wire.Query
			for b.Loop() {
				q.Parse(packet)
			}
		})
	}
}
