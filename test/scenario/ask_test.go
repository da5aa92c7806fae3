//go:build linux

package scenario_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/miekg/dns"
	"github.com/rogpeppe/go-internal/testscript"
)

// query is a question from an address to an address.
type query struct {
	from, server string
	port         int
	tcp          bool
	name         string
	qtype        uint16 // 0 for A
	qclass       uint16 // 0 for IN
}

// exchange asks and waits for at most 2 seconds.
func exchange(q query) (*dns.Msg, error) {
	m, client, addr := q.prepare()
	reply, _, err := client.Exchange(m, addr)
	return reply, err
}

// answerPatience is how long an answer may take on a busy machine. A question that
// has none by then is lost.
const answerPatience = 10 * time.Second

// exchangeTwice asks one server and then another, over UDP, in the same octets and
// from the same port. It returns the first one's reply, and what each replied,
// without serials: these are the times at which each loaded its topology.
func exchangeTwice(q query, other int) (reply *dns.Msg, octets [2][]byte, err error) {
	m, _, _ := q.prepare()
	packet, err := m.Pack()
	if err != nil {
		return nil, octets, err
	}
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(q.from)})
	if err != nil {
		return nil, octets, err
	}
	defer conn.Close()
	for i, port := range []int{q.port, other} {
		if _, err := conn.WriteTo(packet, &net.UDPAddr{IP: net.ParseIP(q.server), Port: port}); err != nil {
			return nil, octets, err
		}
		_ = conn.SetReadDeadline(time.Now().Add(answerPatience))
		buf := make([]byte, dns.MaxMsgSize)
		n, err := conn.Read(buf)
		if err != nil {
			return nil, octets, err
		}
		got := new(dns.Msg)
		if err := got.Unpack(buf[:n]); err != nil {
			return nil, octets, err
		}
		if i == 0 {
			reply = got
		}
		octets[i] = withoutSerials(buf[:n], got)
	}
	return reply, octets, nil
}

// withoutSerials clears the serials of SOA records in a packet.
func withoutSerials(packet []byte, m *dns.Msg) []byte {
	for _, rr := range slices.Concat(m.Answer, m.Ns) {
		if soa, ok := rr.(*dns.SOA); ok {
			serial := binary.BigEndian.AppendUint32(nil, soa.Serial)
			packet = bytes.ReplaceAll(packet, serial, make([]byte, len(serial)))
		}
	}
	return packet
}

// askBoth asks the server, and its twin without the fast path if there is one. An
// authoritative answer must have the same octets from both, before long: each
// loads its topology when it sees that it has changed.
func askBoth(ts *testscript.TestScript, q query) (*dns.Msg, error) {
	w := worldOf(ts)
	if w.twin == nil || q.tcp {
		return exchange(q)
	}
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		reply, octets, err := exchangeTwice(q, w.twinPort)
		if err != nil || !reply.Authoritative || bytes.Equal(octets[0], octets[1]) {
			return reply, err
		}
		if time.Now().After(end) {
			ts.Fatalf("with and without the fast path, the replies differ:\n%s%s", hex.Dump(octets[0]), hex.Dump(octets[1]))
		}
	}
}

func (q query) prepare() (*dns.Msg, *dns.Client, string) {
	m := new(dns.Msg).SetQuestion(q.name, max(q.qtype, dns.TypeA))
	m.Question[0].Qclass = max(q.qclass, dns.ClassINET)
	m.SetEdns0(1232, false)
	client := &dns.Client{Net: "udp", Timeout: answerPatience, Dialer: &net.Dialer{
		LocalAddr: &net.UDPAddr{IP: net.ParseIP(q.from)}, Timeout: answerPatience,
	}}
	if q.tcp {
		client.Net = "tcp"
		client.Dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(q.from)}
	}
	return m, client, net.JoinHostPort(q.server, strconv.Itoa(q.port))
}

// transfer asks for a whole zone.
func transfer(q query) ([]dns.RR, error) {
	m := new(dns.Msg).SetAxfr(q.name)
	_, _, addr := q.prepare()
	envelopes, err := new(dns.Transfer).In(m, addr)
	if err != nil {
		return nil, err
	}
	var rrs []dns.RR
	for envelope := range envelopes {
		if envelope.Error != nil {
			return nil, envelope.Error
		}
		rrs = append(rrs, envelope.RR...)
	}
	return rrs, nil
}

// ask implements: ask [-from IP] [-tcp] [-class CLASS] [-until REGEXP] NAME [TYPE].
//
// It prints a line with the response code and "aa" if the answer is
// authoritative, then the records, sorted; "; " stands before those of the
// authority section, and serials are printed as SERIAL; then extended errors, with
// "EDE: " ahead. With -until it asks
// again, for at most two seconds, until the print matches.
func ask(ts *testscript.TestScript, neg bool, args []string) {
	w := worldOf(ts)
	flags := flag.NewFlagSet("ask", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	from := flags.String("from", "127.0.0.1", "")
	tcp := flags.Bool("tcp", false, "")
	class := flags.String("class", "IN", "")
	until := flags.String("until", "", "")
	if err := flags.Parse(args); err != nil || neg || flags.NArg() < 1 || flags.NArg() > 2 {
		ts.Fatalf("usage: ask [-from IP] [-tcp] [-class CLASS] [-until REGEXP] NAME [TYPE]")
	}
	q := query{from: *from, server: "127.0.0.1", port: w.port, tcp: *tcp, name: dns.Fqdn(flags.Arg(0)), qtype: dns.TypeA}
	q.qclass = dns.StringToClass[*class]
	if flags.NArg() == 2 {
		q.qtype = dns.StringToType[flags.Arg(1)]
	}
	re, err := regexp.Compile(*until)
	ts.Check(err)
	var text string
	eventually(ts, patience, fmt.Sprintf("no answer matched %q", *until), func() bool {
		text = answerTo(ts, q)
		return re.MatchString(text)
	})
	fmt.Fprint(ts.Stdout(), text)
}

func answerTo(ts *testscript.TestScript, q query) string {
	if q.qtype == dns.TypeAXFR {
		rrs, err := transfer(q)
		if err != nil {
			return "error: " + err.Error() + "\n"
		}
		return recordLines("", rrs)
	}
	reply, err := askBoth(ts, q)
	if err != nil {
		ts.Fatalf("asking: %v", err)
	}
	status := dns.RcodeToString[reply.Rcode]
	if reply.Authoritative {
		status += " aa"
	}
	if reply.Question[0].Name != q.name {
		ts.Fatalf("the question came back as %q", reply.Question[0].Name)
	}
	return status + "\n" + recordLines("", reply.Answer) + recordLines("; ", reply.Ns) + extendedErrors(reply)
}

// extendedErrors returns a line for each extended error of a reply (RFC 8914).
func extendedErrors(reply *dns.Msg) string {
	var lines strings.Builder
	if opt := reply.IsEdns0(); opt != nil {
		for _, option := range opt.Option {
			if ede, ok := option.(*dns.EDNS0_EDE); ok {
				fmt.Fprintf(&lines, "EDE: %d %s\n", ede.InfoCode, ede.ExtraText)
			}
		}
	}
	return lines.String()
}

func recordLines(prefix string, rrs []dns.RR) string {
	lines := make([]string, len(rrs))
	for i, rr := range rrs {
		if soa, ok := rr.(*dns.SOA); ok {
			lines[i] = strings.Replace(soa.String(), fmt.Sprintf(" %d ", soa.Serial), " SERIAL ", 1)
		} else {
			lines[i] = rr.String()
		}
		lines[i] = prefix + strings.ReplaceAll(lines[i], "\t", " ") + "\n"
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}
