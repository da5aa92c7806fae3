package existing

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/dnsname"
)

// hasZone asks for the start of a zone. A server that is not authoritative for it
// refuses, or answers from elsewhere, or as the zone above.
func (s Server) hasZone(ctx context.Context, origin string) (has, refused bool, err error) {
	m := s.sign(new(dns.Msg).SetQuestion(origin, dns.TypeSOA))
	m.RecursionDesired = false
	reply, err := s.once(ctx, "tcp", m)
	if err != nil {
		return false, false, s.problem("the start of zone "+origin, reply, err)
	}
	switch reply.Rcode {
	case dns.RcodeSuccess, dns.RcodeNameError:
	case dns.RcodeRefused:
		return false, true, nil
	case dns.RcodeNotAuth:
		if s.Key == nil {
			return false, true, nil
		}
		return false, false, s.problem("the start of zone "+origin, reply, nil)
	default:
		return false, false, s.problem("the start of zone "+origin, reply, nil)
	}
	for _, rr := range reply.Answer {
		if _, ok := rr.(*dns.SOA); ok && reply.Authoritative && dnsname.Absolute(rr.Header().Name) == origin {
			return true, false, nil
		}
	}
	return false, false, nil
}

// transfer calls add for all records of a zone, message by message; the SOA comes
// at the end once more.
func (s Server) transfer(ctx context.Context, origin string, add func([]dns.RR) error) error {
	what := "the transfer of zone " + origin
	ctx, cancel := context.WithTimeoutCause(ctx, s.Limits.Time, errLongTransfer)
	defer cancel()
	conn, err := s.dialer("tcp").DialContext(ctx, "tcp", s.Address)
	if err != nil {
		return s.problem(what, nil, err)
	}
	defer closeWith(ctx, conn)()
	bounded := &boundedConn{Conn: conn, left: s.Limits.Octets}
	t := &dns.Transfer{
		Conn:        &dns.Conn{Conn: bounded},
		ReadTimeout: s.Timeout, WriteTimeout: s.Timeout,
	}
	if s.Key != nil {
		t.TsigSecret = s.Key.secrets()
	}
	envelopes, err := t.In(s.sign(new(dns.Msg).SetAxfr(origin)), s.Address)
	if err != nil {
		_ = conn.Close() // the first error is the one to tell
		return s.problem(what, nil, err)
	}
	if err := s.drain(envelopes, conn, add); err != nil {
		// What ended the reading is told, and not what that did to the last message.
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		} else if bounded.left <= 0 {
			err = errManyOctets
		}
		return s.problem(what, nil, err)
	}
	return nil
}

// drain calls add for what a transfer brings, within the limits. After an error the
// connection is closed, and what is on its way is left.
func (s Server) drain(envelopes <-chan *dns.Envelope, conn net.Conn, add func([]dns.RR) error) error {
	var err error
	records := 0
	for envelope := range envelopes { // to the end, or whoever fills it waits for ever
		if err != nil {
			continue
		}
		records += len(envelope.RR)
		switch {
		case envelope.Error != nil:
			err = envelope.Error
		case records > s.Limits.Records:
			err = errManyRecords
		default:
			err = add(envelope.RR)
		}
		if err != nil {
			_ = conn.Close() // it ends whoever fills
		}
	}
	return err
}

// problem returns the error of what was not answered as it should be.
func (s Server) problem(what string, reply *dns.Msg, err error) error {
	var known *Problem
	if errors.As(err, &known) {
		return known
	}
	p := &Problem{Server: s.Address, Question: dnsname.TrimDot(what), Err: transferError(err), Signed: s.Key != nil}
	if reply != nil {
		p.Rcode = reply.Rcode
		if reply.Rcode != dns.RcodeSuccess {
			p.Err = nil // an error that is signed by nobody says what is wrong
		}
	}
	var code rcodeError
	if errors.As(p.Err, &code) {
		p.Err, p.Rcode = nil, int(code)
	}
	return p
}

// rcodeError is the response code of a transfer.
type rcodeError int

// Error implements the error interface.
func (e rcodeError) Error() string { return dns.RcodeToString[int(e)] }

// transferError returns the response code that the error of a transfer has in its
// text.
func transferError(err error) error {
	if err == nil {
		return nil
	}
	var code int
	if n, _ := fmt.Sscanf(err.Error(), "dns: bad xfr rcode: %d", &code); n == 1 {
		return rcodeError(code)
	}
	return err
}
