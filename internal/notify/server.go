package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/miekg/dns"
)

// answersWithin is how long a secondary has to answer.
const answersWithin = 2 * time.Second

// Server is a secondary that is told over UDP.
type Server struct {
	Addr netip.AddrPort
	// Source is the address to tell it from; the zero Addr leaves that to the system.
	Source netip.Addr
	// Key signs what it is told (RFC 8945); nil for no signature.
	Key *Key
}

// Key is a TSIG key.
type Key struct {
	// Name and Algorithm are absolute, lower-case names.
	Name, Algorithm string
	// Secret is in Base64.
	Secret string
}

// Name implements Secondary.
func (s Server) Name() string { return s.Addr.String() }

// RefusedError is for a secondary that has answered, but not confirmed.
type RefusedError struct {
	Zone  string
	Rcode int
}

// Error implements error.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("it answers %s for the zone %s", dns.RcodeToString[e.Rcode], e.Zone)
}

// UnknownError is for secondaries of which one, nobody can say which, has not confirmed.
// It keeps no other zone from being told.
type UnknownError struct{ Err error }

// Error implements error.
func (e *UnknownError) Error() string { return e.Err.Error() }

// Unwrap returns what is known.
func (e *UnknownError) Unwrap() error { return e.Err }

// Notify implements Secondary. With a key only a signed reply counts.
func (s Server) Notify(ctx context.Context, zone string) error {
	client := &dns.Client{Timeout: answersWithin}
	if s.Source.IsValid() {
		client.Dialer = &net.Dialer{Timeout: answersWithin, LocalAddr: net.UDPAddrFromAddrPort(netip.AddrPortFrom(s.Source, 0))}
	}
	m := new(dns.Msg).SetNotify(zone)
	if s.Key != nil {
		m.SetTsig(s.Key.Name, s.Key.Algorithm, fudge, time.Now().Unix())
		client.TsigSecret = map[string]string{s.Key.Name: s.Key.Secret}
	}
	reply, _, err := client.ExchangeContext(ctx, m, s.Addr.String())
	switch {
	case reply != nil && reply.Rcode != dns.RcodeSuccess: // a refusal need not be signed
		return &RefusedError{Zone: zone, Rcode: reply.Rcode}
	case err != nil:
		return fmt.Errorf("zone %s: %w", zone, err)
	case s.Key != nil && reply.IsTsig() == nil:
		return fmt.Errorf("zone %s: %w", zone, errUnsigned)
	}
	return nil
}

// fudge is by how many seconds the clocks may differ (RFC 8945, section 10).
const fudge = 300

var errUnsigned = errors.New("the reply is not signed: give the secondary the key, too")
