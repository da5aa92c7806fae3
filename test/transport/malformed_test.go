package transport_test

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/rawdns"
)

var header = rawdns.Header

const (
	fooName  = "\x03foo\x09endpoints\x05neo4j\x02io\x00"
	typeA    = "\x00\x01\x00\x01" // type A, class IN
	question = fooName + typeA
	optRR    = "\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00" // OPT, 1232 octets, nothing else
)

// TestMalformed: what no client should send is answered as such or not at all,
// and harms nobody.
func TestMalformed(t *testing.T) {
	longLabels := strings.Repeat("\x3f"+strings.Repeat("l", 63), 3)
	s := startServer(t)
	for _, tt := range []struct {
		name, packet string
		want         string // "" for no answer
	}{
		{"no octet", "", ""},
		{"one octet", "\x12", ""},
		{"most of a header", header(0, 1)[:11], ""},
		{"a header alone", header(0), "FORMERR"},
		{"no question where one is promised", header(0, 1), "SERVFAIL"}, // CoreDNS's own word for it
		{"two questions", header(0, 2) + question + question, "FORMERR"},
		{"65535 questions", header(0, 65535) + question, "FORMERR"},
		{"an answer", header(1<<15, 1) + question, ""},
		{"an answer with nothing in it", header(1 << 15), ""},
		{"a question without its class", header(0, 1) + fooName + "\x00\x01", "REFUSED"}, // as class 0
		{"a name without an end", header(0, 1) + strings.TrimSuffix(fooName, "\x00"), "FORMERR"},
		{"a label longer than the packet", header(0, 1) + "\x3ffoo", "FORMERR"},
		{"a label of the reserved kind 01", header(0, 1) + "\x41foo\x00" + typeA, "FORMERR"},
		{"a label of the reserved kind 10", header(0, 1) + "\x81foo\x00" + typeA, "FORMERR"},
		{"a pointer to itself", header(0, 1) + "\xc0\x0c" + typeA, "FORMERR"},
		{"a pointer ahead", header(0, 1) + "\xc0\x20" + typeA + strings.Repeat("\x00", 32), "NOERROR"},
		{"a pointer beyond the packet", header(0, 1) + "\xff\xff" + typeA, "FORMERR"},
		{"half a pointer", header(0, 1) + "\xc0", "FORMERR"},
		{"a label and a pointer to it, without end", header(0, 1) + "\x03foo\xc0\x0c" + typeA, "FORMERR"},
		{"a name of 256 octets", header(0, 1) + longLabels + "\x3e" + strings.Repeat("l", 62) + "\x00" + typeA, "FORMERR"},
		{"a name of 255 octets", header(0, 1) + longLabels + "\x3d" + strings.Repeat("l", 61) + "\x00" + typeA, "NOERROR"},
		{"128 labels", header(0, 1) + strings.Repeat("\x01l", 128) + "\x00" + typeA, "FORMERR"},
		{"127 labels", header(0, 1) + strings.Repeat("\x01l", 127) + "\x00" + typeA, "NOERROR"},
		{"octets behind the question", header(0, 1) + question + "garbage", "NOERROR aa"},
		{"an answer record that is not there", header(0, 1, 1) + question, "NOERROR aa"},
		{"two answer records", header(0, 1, 2) + question, "FORMERR"},
		{"an additional record without its end", header(0, 1, 0, 0, 1) + question + optRR[:7], "FORMERR"},
		{"65535 additional records", header(0, 1, 0, 0, 65535) + question, "FORMERR"},
		{"an OPT record whose options are longer than it", header(0, 1, 0, 0, 1) + question + optRR[:9] + "\x00\x04\x00\x0a\xff\xff", "FORMERR"},
		{"an OPT record that is longer than the packet", header(0, 1, 0, 0, 1) + question + optRR[:9] + "\xff\xff", "FORMERR"},
		{"opcode IQUERY", header(1<<11, 1) + question, "NOTIMP"},
		{"opcode STATUS", header(2<<11, 1) + question, "NOTIMP"},
		{"opcode NOTIFY", header(4<<11, 1) + question, "NOTIMP"},
		{"opcode UPDATE", header(5<<11, 1) + question, "NOTIMP"},
		{"opcode 15", header(15<<11, 1) + question, "NOTIMP"},
		{"class CHAOS", header(0, 1) + fooName + "\x00\x01\x00\x03", "REFUSED"},
		{"class NONE", header(0, 1) + fooName + "\x00\x01\x00\xfe", "REFUSED"},
		{"class 0", header(0, 1) + fooName + "\x00\x01\x00\x00", "REFUSED"},
		{"type 0", header(0, 1) + fooName + "\x00\x00\x00\x01", "NOERROR aa"},
		{"type OPT", header(0, 1) + fooName + "\x00\x29\x00\x01", "NOERROR aa"},
		{"all flags but QR", header(0x07ff&^0x7800, 1) + question, "NOERROR aa"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			patience := answerWithin
			if tt.want == "" {
				patience = 50 * time.Millisecond // as long as an answer might be late
			}
			got := throw(t, s, []byte(tt.packet), patience)
			if diff := cmp.Diff(tt.want, firstWords(got)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

// firstWords returns the rcode of a message and whether it has authority.
func firstWords(m *dns.Msg) string {
	if m == nil {
		return ""
	}
	words := dns.RcodeToString[m.Rcode]
	if m.Authoritative && m.Rcode == dns.RcodeSuccess && len(m.Answer) == 0 || len(m.Answer) > 0 && m.Answer[0].Header().Rrtype == dns.TypeA {
		words += " aa"
	}
	return words
}

// throw sends a packet over UDP and a good question behind it, from one socket,
// and checks that the good one is answered well. It returns the answer to the
// packet, or nil if there is none within patience after that.
func throw(tb testing.TB, s server, packet []byte, patience time.Duration) *dns.Msg {
	tb.Helper()
	conn, err := net.DialUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(appsClient, 0)), net.UDPAddrFromAddrPort(s.plain))
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close()
	good := new(dns.Msg).SetQuestion("a-foo.endpoints.neo4j.io.", dns.TypeA)
	good.Id = ^idOf(packet)
	packed, err := good.Pack()
	if err != nil {
		tb.Fatal(err)
	}
	for _, octets := range [][]byte{packet, packed} {
		if _, err := conn.Write(octets); err != nil {
			tb.Fatal(err)
		}
	}
	return awaitBoth(tb, conn, packet, good.Id, patience)
}

// idOf returns the ID of a message of which there may be little.
func idOf(packet []byte) uint16 {
	if len(packet) < 2 {
		return 0
	}
	return binary.BigEndian.Uint16(packet)
}

// awaitBoth receives the answers to the good question, which must come, and to
// the packet, which may.
func awaitBoth(tb testing.TB, conn *net.UDPConn, packet []byte, goodID uint16, patience time.Duration) *dns.Msg {
	tb.Helper()
	var answered *dns.Msg
	for goodAnswered := false; !goodAnswered || answered == nil && patience > 0; {
		within := answerWithin
		if goodAnswered {
			within = patience
		}
		m := receive(tb, conn, within)
		switch {
		case m == nil && goodAnswered:
			return nil
		case m == nil:
			tb.Fatalf("after %q the server answers no more", packet)
		case m.Id == goodID:
			goodAnswered = true
			want := []string{"NOERROR aa rd", "answer: a-foo.endpoints.neo4j.io. 30 IN A 10.0.0.1"}
			if diff := cmp.Diff(want, lines(m)); diff != "" {
				tb.Fatalf("after %q the answer is wrong (-want +got):\n%s", packet, diff)
			}
		case silent(packet):
			tb.Fatalf("%q is answered, by:\n%s", packet, m)
		case m.Id != idOf(packet) || !m.Response:
			tb.Fatalf("%q is answered by what is no answer to it:\n%s", packet, m)
		default:
			answered = m
		}
	}
	return answered
}

// silent reports whether nothing may be sent back: to what has no header there is
// no answer, and one to an answer would make servers talk without end.
func silent(packet []byte) bool { return len(packet) < 12 || packet[2]&0x80 != 0 }

// receive returns the next message, or nil if none comes in time.
func receive(tb testing.TB, conn *net.UDPConn, within time.Duration) *dns.Msg {
	tb.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(within)); err != nil {
		tb.Fatal(err)
	}
	var buf [dns.MaxMsgSize]byte
	n, err := conn.Read(buf[:])
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	if err != nil {
		tb.Fatal(err)
	}
	m := new(dns.Msg)
	if err := m.Unpack(buf[:n]); err != nil {
		tb.Fatalf("the server sent %q: %v", buf[:n], err)
	}
	return m
}

// TestMalformedStream: what is wrong with a TCP stream ends it at most.
func TestMalformedStream(t *testing.T) {
	s := startServer(t)
	good := header(0, 1) + question
	frame := func(message string) string {
		return string([]byte{byte(len(message) >> 8), byte(len(message))}) + message
	}
	for _, tt := range []struct {
		name    string
		writes  []string
		answers int // before the client closes its side
	}{
		{"nothing", nil, 0},
		{"half a length", []string{"\x00"}, 0},
		{"a length and nothing behind it", []string{"\x00\x20"}, 0},
		{"an empty message", []string{"\x00\x00"}, 0},
		{"less than the length says", []string{"\xff\xff" + good}, 0},
		{"one question", []string{frame(good)}, 1},
		{"two questions in one piece", []string{frame(good) + frame(good)}, 2},
		{"a question in single octets", strings.Split(frame(good), ""), 1},
		{"no TLS", []string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"}, 0},
		{"HTTP", []string{"GET / HTTP/1.1\r\nHost: x\r\n\r\n"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := stream(t, s, tt.writes); got != tt.answers {
				t.Errorf("%d answers, want %d", got, tt.answers)
			}
			throw(t, s, nil, 0)
		})
	}
}

// stream writes to a TCP connection, closes its own side of it, and returns how
// many messages came back.
func stream(t *testing.T, s server, writes []string) int {
	t.Helper()
	conn, err := net.DialTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(appsClient, 0)), net.TCPAddrFromAddrPort(s.plain))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(answerWithin)); err != nil {
		t.Fatal(err)
	}
	for _, octets := range writes {
		if _, err := io.WriteString(conn, octets); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answers := 0
	for framed := (&dns.Conn{Conn: conn}); ; answers++ {
		if _, err := framed.ReadMsg(); err != nil {
			return answers
		}
	}
}

// TestMalformedHTTP: what is no DNS message in a DoH request is an error of HTTP.
func TestMalformedHTTP(t *testing.T) {
	s := startServer(t)
	for _, tt := range []struct {
		name, method, path, body string
	}{
		{"another path", http.MethodGet, "/", ""},
		{"no message", http.MethodGet, "/dns-query", ""},
		{"no base64", http.MethodGet, "/dns-query?dns=%21", ""},
		{"base64 of no message", http.MethodGet, "/dns-query?dns=AAAA", ""},
		{"a body that is no message", http.MethodPost, "/dns-query", "garbage"},
		{"a body of 64 KiB and more", http.MethodPost, "/dns-query", strings.Repeat("x", 1<<17)},
		{"another method", http.MethodPut, "/dns-query", header(0, 1) + question},
	} {
		t.Run(tt.name, func(t *testing.T) {
			request, err := http.NewRequest(tt.method, "https://"+s.https.String()+tt.path, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", dohType)
			if _, err := exchangeHTTP(s, appsClient, request); err == nil || !strings.HasPrefix(err.Error(), "status 4") {
				t.Errorf("error %v, want a status of 400 to 499", err)
			}
			throw(t, s, nil, 0)
		})
	}
}
