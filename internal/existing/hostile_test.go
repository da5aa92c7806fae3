package existing_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones"
)

// serve starts a name server that answers as a test writes it, by UDP and TCP, and
// returns it as it is asked.
func serve(t *testing.T, answer dns.HandlerFunc) existing.Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	packets, err := net.ListenPacket("udp", listener.Addr().String())
	if err != nil {
		t.Skipf("the port is taken for UDP: %v", err)
	}
	for _, s := range []*dns.Server{{Listener: listener, Handler: answer}, {PacketConn: packets, Handler: answer}} {
		started := make(chan struct{})
		s.NotifyStartedFunc = func() { close(started) }
		go func() { _ = s.ActivateAndServe() }()
		<-started
		t.Cleanup(func() { _ = s.Shutdown() })
	}
	return existing.Server{Address: listener.Addr().String(), Timeout: 5 * time.Second}
}

// record is a record in zone-file form.
func record(t *testing.T, format string, args ...any) dns.RR {
	rr, err := dns.NewRR(fmt.Sprintf(format, args...))
	if err != nil {
		t.Error(err)
	}
	return rr
}

// replied returns a handler that replies with records of a server's own choice.
func replied(t *testing.T, choose func(q dns.Question, m *dns.Msg)) dns.HandlerFunc {
	return func(w dns.ResponseWriter, r *dns.Msg) {
		m := new(dns.Msg).SetReply(r)
		choose(r.Question[0], m)
		if err := w.WriteMsg(m); err != nil {
			t.Logf("reply: %v", err)
		}
	}
}

const (
	fine   = "fine.example."
	silent = "silent.example."
)

// answerFine answers the one name.
func answerFine(t *testing.T, q dns.Question, m *dns.Msg) bool {
	if q.Name != fine {
		return false
	}
	if q.Qtype == dns.TypeA {
		m.Answer = append(m.Answer, record(t, "%s 30 IN A 10.0.0.1", fine))
	}
	return true
}

// TestAskGoesOn: what is wrong with one answer is said, and no end of the others; what
// the name has is not known.
func TestAskGoesOn(t *testing.T) {
	many := func(q dns.Question, m *dns.Msg) {
		for i := range 65 {
			m.Answer = append(m.Answer, record(t, "%s 30 IN A 10.0.1.%d", q.Name, i))
		}
		m.Compress = true
	}
	tests := []struct {
		name  string
		reply func(q dns.Question, m *dns.Msg)
		want  string // the end of the problem
	}{
		{"SERVFAIL", func(_ dns.Question, m *dns.Msg) { m.Rcode = dns.RcodeServerFailure }, "or a zone that did not load"},
		{"another name asked", func(_ dns.Question, m *dns.Msg) { m.Question[0].Name = "other.example." }, "it answers another question than the one that was asked: is it a DNS server?"},
		{"another type asked", func(_ dns.Question, m *dns.Msg) { m.Question[0].Qtype = dns.TypeMX }, "it answers another question than the one that was asked: is it a DNS server?"},
		{"no question", func(_ dns.Question, m *dns.Msg) { m.Question = nil }, "it answers another question than the one that was asked: is it a DNS server?"},
		{"another owner", func(_ dns.Question, m *dns.Msg) {
			m.Answer = append(m.Answer, record(t, "other.example. 30 IN A 10.0.0.2"), record(t, "other.example. 30 IN AAAA fd00::2"))
		}, "it answers with the addresses of another name"},
		{"too many addresses", many, "it answers with more addresses than any private link has"},
		{"addresses of no name", func(q dns.Question, m *dns.Msg) {
			m.Rcode = dns.RcodeNameError
			m.Answer = append(m.Answer, record(t, "%s 30 IN A 10.0.0.2", q.Name))
		}, "it answers with addresses, and says that this is no answer: NXDOMAIN"},
		{"addresses that are refused", func(q dns.Question, m *dns.Msg) {
			m.Rcode = dns.RcodeRefused
			m.Answer = append(m.Answer, record(t, "%s 30 IN A 10.0.0.2", q.Name))
		}, "it answers with addresses, and says that this is no answer: REFUSED"},
		{"addresses beside a CNAME", func(q dns.Question, m *dns.Msg) {
			m.Answer = append(m.Answer, record(t, "%s 30 IN A 10.0.0.2", q.Name), record(t, "%s 30 IN CNAME other.example.", q.Name))
		}, "it answers with a CNAME beside other records of one name, of which clients take the one or the other"},
		{"two CNAMEs", func(q dns.Question, m *dns.Msg) {
			m.Answer = append(m.Answer, record(t, "%s 30 IN CNAME one.example.", q.Name), record(t, "%s 30 IN CNAME two.example.", q.Name),
				record(t, "one.example. 30 IN A 10.0.0.2"), record(t, "two.example. 30 IN A 10.0.0.3"))
		}, "it answers with a CNAME beside other records of one name, of which clients take the one or the other"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := serve(t, replied(t, func(q dns.Question, m *dns.Msg) {
				if !answerFine(t, q, m) {
					tt.reply(q, m)
				}
			}))
			found, err := existing.Ask(t.Context(), server, slices.Values([]string{silent, fine}), nil)
			if err != nil {
				t.Fatal(err)
			}
			if problem := found.Problem.Error(); !strings.HasSuffix(problem, tt.want) || len(problem) > 250 {
				t.Errorf("problem %q\n does not end in %q", problem, tt.want)
			}
			if !slices.Equal(found.Unanswered, []string{"silent.example"}) || found.UnansweredTotal != 1 || found.Cut != nil {
				t.Errorf("unanswered %q, %d, cut %v", found.Unanswered, found.UnansweredTotal, found.Cut)
			}
			if got := has(found.Set, silent); got != "unanswered" {
				t.Errorf("it has %s", got)
			}
			if got := has(found.Set, fine); got != "10.0.0.1" {
				t.Errorf("the other name has %s", got)
			}
			if _, err := existing.Ask(t.Context(), server, slices.Values([]string{silent}), nil); err == nil {
				t.Error("no answer at all is no error")
			}
		})
	}
}

// TestAskFurther: what a name has that answers other questions than those for its addresses as if
// it had none, or sends browsers elsewhere, is known, and a fault of the set.
func TestAskFurther(t *testing.T) {
	https := func(format string) func(q dns.Question, m *dns.Msg) {
		return func(q dns.Question, m *dns.Msg) {
			if q.Qtype == dns.TypeHTTPS {
				m.Answer = append(m.Answer, record(t, format, q.Name))
			}
		}
	}
	fails := func(qtype uint16, rcode int) func(q dns.Question, m *dns.Msg) {
		return func(q dns.Question, m *dns.Msg) {
			if q.Qtype == qtype {
				m.Rcode = rcode
			}
		}
	}
	const denies = "it says that there is no such name, of one that has addresses: resolvers then have none of either family"
	tests := []struct {
		name  string
		reply func(q dns.Question, m *dns.Msg)
		want  string // the end of the fault; "" for none
	}{
		{"no such name for AAAA", fails(dns.TypeAAAA, dns.RcodeNameError), "the AAAA record of fine.example: " + denies},
		{"AAAA refused", fails(dns.TypeAAAA, dns.RcodeRefused), "--source chooses the address to ask from"},
		{"no such name for HTTPS", fails(dns.TypeHTTPS, dns.RcodeNameError), "the HTTPS record of fine.example: " + denies},
		{"SERVFAIL for HTTPS", fails(dns.TypeHTTPS, dns.RcodeServerFailure), "or a zone that did not load"},
		{"another address for browsers", https("%s 30 IN HTTPS 1 . ipv4hint=10.0.0.1,10.0.0.2"), "it sends browsers elsewhere: to 10.0.0.2"},
		{"another IPv6 address for browsers", https("%s 30 IN HTTPS 1 . ipv6hint=2001:db8::1"), "it sends browsers elsewhere: to 2001:db8::1"},
		{"another name for browsers", https("%s 30 IN HTTPS 0 cdn.example."), "it sends browsers elsewhere: to cdn.example"},
		{"the same for browsers", https("%s 30 IN HTTPS 1 . alpn=h2 ipv4hint=10.0.0.1"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := serve(t, replied(t, func(q dns.Question, m *dns.Msg) {
				answerFine(t, q, m)
				tt.reply(q, m)
			}))
			found, err := existing.Ask(t.Context(), server, slices.Values([]string{fine}), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := has(found.Set, fine); got != "10.0.0.1" {
				t.Errorf("it has %s", got)
			}
			switch faults := found.Set.Faults(nil, nil); {
			case tt.want == "" && len(faults) > 0:
				t.Errorf("faults %v", faults)
			case tt.want != "" && (len(faults) != 1 || !strings.HasSuffix(faults[0].Message, tt.want) || faults[0].Kind != holdings.NotRead):
				t.Errorf("faults %v\nwant one that ends in %q", faults, tt.want)
			}
		})
	}
}

// TestAskBrowsersOfOthers: how public DNS sends browsers to a public name is no fault.
func TestAskBrowsersOfOthers(t *testing.T) {
	server := serve(t, replied(t, func(q dns.Question, m *dns.Msg) {
		switch q.Qtype {
		case dns.TypeA:
			m.Answer = append(m.Answer, record(t, "%s 30 IN A 192.0.2.1", q.Name))
		case dns.TypeHTTPS:
			m.Answer = append(m.Answer, record(t, "%s 30 IN HTTPS 0 cdn.example.", q.Name))
		}
	}))
	found, err := existing.Ask(t.Context(), server, slices.Values([]string{fine}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if faults := found.Set.Faults(nil, nil); len(faults) > 0 {
		t.Errorf("faults %v", faults)
	}
}

// TestAskCutShort: a message that ends between two of its records is no answer, by UDP and
// by TCP; nor are records of another class.
func TestAskCutShort(t *testing.T) {
	tests := []struct {
		name  string
		reply func(m *dns.Msg) (octets []byte, err error)
		want  string // what the name has, or the end of the problem
	}{
		{"a record less", func(m *dns.Msg) ([]byte, error) {
			octets, err := m.Pack()
			octets[7]++ // the low octet of ANCOUNT
			return octets, err
		}, "its message has fewer records than it says, and clients take none of them"},
		{"another class", func(m *dns.Msg) ([]byte, error) {
			m.Answer[0].Header().Class = dns.ClassCHAOS
			return m.Pack()
		}, "nodata"},
	}
	for _, tt := range tests {
		for _, over := range []string{"udp", "tcp"} {
			t.Run(tt.name+" over "+over, func(t *testing.T) {
				server := serve(t, func(w dns.ResponseWriter, r *dns.Msg) {
					m := new(dns.Msg).SetReply(r)
					if r.Question[0].Name == silent {
						m.Answer = append(m.Answer, record(t, "%s 30 IN A 10.0.0.2", silent))
						if over == "tcp" && w.RemoteAddr().Network() == "udp" {
							m.Answer, m.Truncated = nil, true
							_ = w.WriteMsg(m)
							return
						}
						octets, err := tt.reply(m)
						if err != nil {
							t.Error(err)
						}
						_, _ = w.Write(octets)
						return
					}
					answerFine(t, r.Question[0], m)
					_ = w.WriteMsg(m)
				})
				found, err := existing.Ask(t.Context(), server, slices.Values([]string{silent, fine}), nil)
				if err != nil {
					t.Fatal(err)
				}
				got := has(found.Set, silent)
				if found.Problem != nil {
					got = found.Problem.Error()
				}
				if !strings.HasSuffix(got, tt.want) {
					t.Errorf("%q, want %q at the end", got, tt.want)
				}
			})
		}
	}
}

func has(s *holdings.Set, name string) string {
	e, there := s.Entry(name)
	if !there {
		return "no entry"
	}
	return e.Data().String()
}

// TestAskFollows: a CNAME is followed in the answer, and nothing else.
func TestAskFollows(t *testing.T) {
	server := serve(t, replied(t, func(q dns.Question, m *dns.Msg) {
		m.Answer = append(m.Answer, record(t, "end.example. 30 IN A 10.0.0.1"), record(t, "Fine.example. 30 IN CNAME END.example."),
			record(t, "other.example. 30 IN A 10.0.0.9"))
	}))
	found, err := existing.Ask(t.Context(), server, slices.Values([]string{fine}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := has(found.Set, fine); got != "10.0.0.1" {
		t.Errorf("it has %s", got)
	}
}

// TestAskHopeless: a server that answers nothing is not asked for all of a million
// names; nor is one that answers next to nothing.
func TestAskHopeless(t *testing.T) {
	for _, answersOne := range []bool{false, true} {
		var asked atomic.Int64
		known := make(chan struct{})
		server := serve(t, replied(t, func(q dns.Question, m *dns.Msg) {
			asked.Add(1)
			if answersOne && answerFine(t, q, m) {
				return
			}
			if answersOne {
				<-known
			}
			m.Rcode = dns.RcodeServerFailure
		}))
		server.Progress = func(int) {
			select {
			case <-known:
			default:
				close(known)
			}
		}
		found, err := existing.Ask(t.Context(), server, func(yield func(string) bool) {
			if !yield(fine) {
				return
			}
			for i := range 20_000 {
				if !yield(fmt.Sprintf("n%d.example.", i)) {
					return
				}
			}
		}, nil)
		switch {
		case asked.Load() > 1_000:
			t.Errorf("%d questions were asked", asked.Load())
		case !answersOne && err == nil:
			t.Error("no error")
		case answersOne && (err != nil || found.Cut == nil || has(found.Set, "n19999.example.") != "unanswered"):
			t.Errorf("cut %v, error %v", found, err)
		}
	}
}

// TestAskInterrupted: what is known by then is kept, and what is not asked for is not
// taken for something that is not there.
func TestAskInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	server := serve(t, func(w dns.ResponseWriter, r *dns.Msg) {
		m := new(dns.Msg).SetReply(r)
		if answerFine(t, r.Question[0], m) {
			_ = w.WriteMsg(m)
		}
	})
	server.Timeout = time.Minute
	server.Progress = func(int) { interrupt() } // when fine is known
	found, err := existing.Ask(ctx, server, slices.Values([]string{fine, silent}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !errors.Is(found.Cut, context.Canceled) || has(found.Set, fine) != "10.0.0.1" || has(found.Set, silent) != "unanswered" {
		t.Errorf("cut %v; %s; %s", found.Cut, has(found.Set, fine), has(found.Set, silent))
	}
}

// oneZone is a view with one zone.
func oneZone(names ...string) zones.View {
	v := zones.View{Name: "apps", Zones: []zones.Zone{{Origin: "example."}}}
	for _, name := range names {
		v.Zones[0].Owners = append(v.Zones[0].Owners, zones.Owner{Name: name, Addresses: zones.Addresses{Addrs: []netip.Addr{netip.MustParseAddr("10.0.0.1")}}})
	}
	return v
}

const soa = "example. 30 IN SOA ns.example. hostmaster.example. 1 3600 600 86400 30"

// transferred returns the handler of a server that has the zone "example.", and gives
// what more says, message by message, until it says nil.
func transferred(t *testing.T, more func(i int) []dns.RR) dns.HandlerFunc {
	return func(w dns.ResponseWriter, r *dns.Msg) {
		m := new(dns.Msg).SetReply(r)
		m.Authoritative = true
		switch q := r.Question[0]; {
		case q.Name != "example.":
			m.Rcode = dns.RcodeRefused
		case q.Qtype == dns.TypeSOA:
			m.Answer = append(m.Answer, record(t, soa))
		case q.Qtype == dns.TypeAXFR:
			for i := 0; ; i++ {
				m.Answer = more(i)
				if i == 0 {
					m.Answer = append([]dns.RR{record(t, soa)}, m.Answer...)
				}
				if w.WriteMsg(m) != nil || len(m.Answer) == 0 {
					return
				}
			}
		}
		_ = w.WriteMsg(m)
	}
}

// TestTransferBounds: a transfer ends, whatever the server gives.
func TestTransferBounds(t *testing.T) {
	long := strings.Repeat("x", 250)
	tests := []struct {
		name   string
		limits existing.Limits
		more   func(i int) []dns.RR
		want   string
	}{
		{"endless records", existing.Limits{Records: 1000, Octets: 1 << 30, Time: time.Hour}, func(i int) []dns.RR {
			return []dns.RR{record(t, "n%d.example. 30 IN A 10.0.0.1", i)}
		}, "it gives far more records than the view has names: is it the right zone?"},
		{"endless octets", existing.Limits{Records: 1 << 30, Octets: 1 << 16, Time: time.Hour}, func(int) []dns.RR {
			return []dns.RR{record(t, "n.example. 30 IN TXT %q %q %q %q", long, long, long, long)}
		}, "it gives far more octets than the view has names: is it the right zone?"},
		{"no end in sight", existing.Limits{Records: 1 << 30, Octets: 1 << 40, Time: 300 * time.Millisecond}, func(i int) []dns.RR {
			time.Sleep(10 * time.Millisecond)
			return []dns.RR{record(t, "n%d.example. 30 IN A 10.0.0.1", i)}
		}, "the transfer takes too long"},
		{"another zone's records", existing.Limits{Records: 1000, Octets: 1 << 30, Time: time.Hour}, func(int) []dns.RR {
			return []dns.RR{record(t, "other.test. 30 IN A 10.0.0.1"), record(t, soa)}
		}, "it gives records of names outside of the zone"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := serve(t, transferred(t, tt.more))
			server.Limits = tt.limits
			_, err := existing.Transfer(t.Context(), server, oneZone("n.example."))
			want := fmt.Sprintf("asking %s for the transfer of zone example: %s", server.Address, tt.want)
			if message(err) != want {
				t.Errorf("error %v\nwant  %s", err, want)
			}
		})
	}
}

// TestTransferInterrupted: what was given by then is kept, and what was not is not
// taken for something that is not there.
func TestTransferInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	server := serve(t, transferred(t, func(i int) []dns.RR {
		if i > 0 {
			<-ctx.Done()
		}
		return []dns.RR{record(t, "%s 30 IN A 10.0.0.1", fine)}
	}))
	server.Progress = func(int) { interrupt() }
	found, err := existing.Transfer(ctx, server, oneZone(fine, silent))
	if err != nil {
		t.Fatal(err)
	}
	if !errors.Is(found.Cut, context.Canceled) || has(found.Set, fine) != "10.0.0.1" || has(found.Set, silent) != "unanswered" {
		t.Errorf("cut %v; %s; %s", found.Cut, has(found.Set, fine), has(found.Set, silent))
	}
}
