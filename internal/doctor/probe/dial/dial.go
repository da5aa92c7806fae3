// Package dial opens the connections of probes: within bounds, so that a private
// ingress that others use as well is not flooded, and with an outcome that tells
// apart why one did not come about.
package dial

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/auralink/auralink/internal/doctor"
)

// Dialer opens connections through a gate.
type Dialer struct {
	// Gate bounds them; nil for no bounds.
	Gate doctor.Gate
	// Patience is how long one connection may take to come about, and then each
	// exchange on it, if ctx does not end before. Waiting for the gate does not count.
	Patience time.Duration
}

// TCP connects to an address. The error is that of the gate, or of the connection;
// [Outcome] tells what it means. The connection leaves the gate when it is closed.
func (d Dialer) TCP(ctx context.Context, at netip.AddrPort) (*Conn, error) {
	leave, err := d.Enter(ctx, at.Addr().String())
	if err != nil {
		return nil, err
	}
	start := time.Now()
	dialing, cancel := context.WithTimeout(ctx, d.Patience)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(dialing, "tcp", at.String())
	if err != nil {
		leave()
		return nil, err
	}
	c := &Conn{Conn: conn, Took: time.Since(start), leave: leave}
	_ = conn.SetDeadline(deadline(ctx, d.Patience)) // it fails on closed connections only
	c.stop = context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	return c, nil
}

// Enter waits until there is room for one more connection to a host, an address as
// text. The error is a [WaitError]. The connection is over when leave is called.
func (d Dialer) Enter(ctx context.Context, host string) (leave func(), err error) {
	if d.Gate == nil {
		return func() {}, nil
	}
	if leave, err = d.Gate.Enter(ctx, host); err != nil {
		return nil, &WaitError{Err: err}
	}
	return leave, nil
}

// WaitError is the error of a connection that was not even tried, since the time was
// over before there was room for it.
type WaitError struct{ Err error }

// Error implements error.
func (e *WaitError) Error() string {
	return "waiting for room for one more connection: " + e.Err.Error()
}

// Unwrap returns the error of the context.
func (e *WaitError) Unwrap() error { return e.Err }

// deadline returns the end of the time that an exchange has.
func deadline(ctx context.Context, patience time.Duration) time.Time {
	end := time.Now().Add(patience)
	if of, has := ctx.Deadline(); has && of.Before(end) {
		return of
	}
	return end
}

// Conn is a connection of a probe. Reads and writes end when the context does with
// which it was opened.
type Conn struct {
	net.Conn
	// Took is how long it took to come about.
	Took time.Duration

	once  sync.Once
	leave func()
	stop  func() bool
}

// Close closes the connection and leaves the gate.
func (c *Conn) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() {
		c.stop()
		c.leave()
	})
	return err
}

// Source returns the address of this machine that the connection comes from.
func (c *Conn) Source() netip.Addr {
	at, ok := c.LocalAddr().(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return at.AddrPort().Addr().Unmap()
}

// TLS connects to an address and shakes hands there as this machine's own stack does
// it, whatever the certificate.
func (d Dialer) TLS(ctx context.Context, spot doctor.Spot) (*tls.Conn, error) {
	conn, err := d.TCP(ctx, netip.AddrPortFrom(spot.Addr, spot.Port))
	if err != nil {
		return nil, err
	}
	return Secure(ctx, conn, spot.Name)
}

// Secure shakes hands on a connection with a name. It closes the connection if that
// fails.
func Secure(ctx context.Context, conn net.Conn, name string) (*tls.Conn, error) {
	// Probes look at what a server says, and tell nobody's secrets; whether the
	// certificate is good is a probe of its own.
	secure := tls.Client(conn, &tls.Config{ServerName: name, InsecureSkipVerify: true})
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close() // the first error is the one to tell
		return nil, err
	}
	return secure, nil
}
