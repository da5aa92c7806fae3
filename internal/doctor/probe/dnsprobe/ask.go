package dnsprobe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/dial"
)

// Payload is the size of UDP answers that is offered, in octets: no network splits it
// (RFC 9715).
const Payload = 1232

// tries is how often a question is asked over UDP, which may lose it.
const tries = 3

// Types are the questions for a name.
var Types = []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeHTTPS}

// Ask asks a server for all types of a name, at the same time, each for patience at
// most.
func Ask(ctx context.Context, s Server, name string, patience time.Duration) doctor.Resolution {
	r := doctor.Resolution{Name: name, Via: doctor.Via{Way: doctor.WayServer, Server: s.String()}, Answers: make([]doctor.Answer, len(Types))}
	done := make(chan struct{})
	for i, qtype := range Types {
		go func() {
			r.Answers[i] = AskType(ctx, s, name, qtype, patience)
			done <- struct{}{}
		}()
	}
	for range Types {
		<-done
	}
	return r
}

// AskType asks a server one question about a name, for patience at most.
func AskType(ctx context.Context, s Server, name string, qtype uint16, patience time.Duration) doctor.Answer {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	question := new(dns.Msg).SetQuestion(dns.Fqdn(name), qtype)
	question.SetEdns0(Payload, false)
	start := time.Now()
	reply, err := s.Exchange(ctx, question)
	answer := Describe(reply, qtype, err)
	answer.Took = float64(time.Since(start).Microseconds()) / 1000
	return answer
}

// Exchange sends a question and returns the reply. Over UDP it asks several times, and
// then over TCP if the reply does not fit.
func (s Server) Exchange(ctx context.Context, question *dns.Msg) (*dns.Msg, error) {
	switch s.Transport {
	case TLS:
		client := &dns.Client{Net: "tcp-tls", TLSConfig: s.tlsConfig(), Dialer: new(net.Dialer)}
		return s.once(ctx, client, question)
	case HTTPS:
		return s.overHTTPS(ctx, question)
	default:
		reply, err := s.overUDP(ctx, question)
		if err == nil && reply.Truncated {
			return s.once(ctx, &dns.Client{Net: "tcp"}, question)
		}
		return reply, err
	}
}

// ExchangeOver sends a question over "udp" or "tcp" alone, and returns the reply even
// if it is truncated.
func (s Server) ExchangeOver(ctx context.Context, question *dns.Msg, network string) (*dns.Msg, error) {
	if network == "udp" {
		return s.overUDP(ctx, question)
	}
	return s.once(ctx, &dns.Client{Net: network}, question)
}

// sizeOf returns how large an answer over UDP may be.
func sizeOf(question *dns.Msg) uint16 {
	if edns := question.IsEdns0(); edns != nil {
		return max(edns.UDPSize(), dns.MinMsgSize)
	}
	return dns.MinMsgSize
}

// overUDP asks several times, each time for longer, within the time that ctx has.
func (s Server) overUDP(ctx context.Context, question *dns.Msg) (reply *dns.Msg, err error) {
	end, has := ctx.Deadline()
	if !has {
		end = time.Now().Add(5 * time.Second)
	}
	for left := tries; left > 0; left-- {
		wait := time.Until(end) / time.Duration(left)
		client := &dns.Client{Net: "udp", UDPSize: sizeOf(question), Timeout: wait}
		reply, err = s.once(ctx, client, question)
		if err == nil || ctx.Err() != nil || !errors.Is(err, os.ErrDeadlineExceeded) {
			return reply, err
		}
	}
	return nil, err
}

// once asks once. The reply must be one to the question.
func (s Server) once(ctx context.Context, client *dns.Client, question *dns.Msg) (*dns.Msg, error) {
	if end, has := ctx.Deadline(); has && client.Timeout == 0 {
		client.Timeout = time.Until(end)
	}
	reply, _, err := client.ExchangeContext(ctx, question, s.Address)
	if err != nil {
		return nil, err
	}
	return reply, answers(reply, question)
}

// answers says why a reply is none to the question.
func answers(reply, question *dns.Msg) error {
	if len(reply.Question) == 0 && reply.Rcode != dns.RcodeSuccess {
		return nil // some leave it out of errors
	}
	asked := question.Question[0]
	if !reply.Response || len(reply.Question) != 1 || reply.Question[0].Qtype != asked.Qtype ||
		dnsname.Lower(reply.Question[0].Name) != dnsname.Lower(asked.Name) {
		return errors.New("the reply is to another question")
	}
	return nil
}

// mediaType is that of messages over HTTPS (RFC 8484, section 6).
const mediaType = "application/dns-message"

// overHTTPS asks by POST, on a connection of its own and through no proxy.
func (s Server) overHTTPS(ctx context.Context, question *dns.Msg) (*dns.Msg, error) {
	wire, err := question.Pack()
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(wire))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", mediaType)
	request.Header.Set("Accept", mediaType)
	transport := &http.Transport{TLSClientConfig: s.tlsConfig(), ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	response, err := transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answers with the HTTP status %d", response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, dns.MaxMsgSize))
	if err != nil {
		return nil, err
	}
	reply := new(dns.Msg)
	if err := reply.Unpack(body); err != nil {
		return nil, fmt.Errorf("what it answers is no DNS: %w", err)
	}
	return reply, answers(reply, question)
}

// Describe returns what a reply says, or why there was none.
func Describe(reply *dns.Msg, qtype uint16, err error) doctor.Answer {
	a := doctor.Answer{Type: dns.TypeToString[qtype], Outcome: dial.Outcome(err), Error: dial.Text(err)}
	if err != nil || reply == nil {
		return a
	}
	a.Rcode = rcode(reply.Rcode)
	a.AA, a.RA = reply.Authoritative, reply.RecursionAvailable
	for i, rr := range reply.Answer {
		if ttl := rr.Header().Ttl; i == 0 || ttl < a.TTL {
			a.TTL = ttl
		}
		gather(&a, rr, qtype)
	}
	for _, rr := range reply.Ns {
		if soa, is := rr.(*dns.SOA); is && len(a.Addrs) == 0 {
			a.SOA = &doctor.SOA{Zone: plain(soa.Hdr.Name), MName: plain(soa.Ns), TTL: soa.Hdr.Ttl}
		}
	}
	return a
}

// rcode returns a response code as its name.
func rcode(code int) string {
	if name, known := dns.RcodeToString[code]; known {
		return name
	}
	return fmt.Sprintf("RCODE%d", code)
}

// gather notes what one record of an answer says.
func gather(a *doctor.Answer, rr dns.RR, qtype uint16) {
	if cname, is := rr.(*dns.CNAME); is {
		a.Chain = append(a.Chain, plain(cname.Target))
	}
	if rr.Header().Rrtype != qtype {
		return
	}
	a.Records++
	switch rr := rr.(type) {
	case *dns.A:
		addAddr(a, rr.A.To4())
	case *dns.AAAA:
		addAddr(a, rr.AAAA)
	case *dns.HTTPS:
		for _, value := range rr.Value {
			addHints(a, value)
		}
	}
}

func addHints(a *doctor.Answer, value dns.SVCBKeyValue) {
	switch value := value.(type) {
	case *dns.SVCBIPv4Hint:
		for _, ip := range value.Hint {
			addAddr(a, ip.To4())
		}
	case *dns.SVCBIPv6Hint:
		for _, ip := range value.Hint {
			addAddr(a, ip)
		}
	}
}

func addAddr(a *doctor.Answer, ip net.IP) {
	if addr, ok := netip.AddrFromSlice(ip); ok {
		a.Addrs = append(a.Addrs, addr)
	}
}

// plain returns a name as evidence has it.
func plain(name string) string { return dnsname.TrimDot(dnsname.Lower(name)) }
