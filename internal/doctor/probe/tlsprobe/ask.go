// Package tlsprobe finds out which versions and cipher suites of TLS a server
// accepts. It writes each ClientHello itself: crypto/tls neither has all suites nor
// offers one alone. A handshake ends with the server's first message, in which the
// server has chosen, or said by an alert that it will not; no key is agreed on.
package tlsprobe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"syscall"
	"time"
)

// Dial opens a connection to the server that is probed.
type Dial func(ctx context.Context) (net.Conn, error)

// Reaction is what a server makes of an offer.
type Reaction string

// The reactions.
const (
	// Accepted: the server chose from the offer.
	Accepted Reaction = "accepted"
	// Declined: it sent an alert, chose an older version, or closed the connection.
	Declined Reaction = "declined"
	// Unanswered: nothing came, or no connection came about, or what came is not TLS.
	Unanswered Reaction = "unanswered"
)

// Response is what became of an offer.
type Response struct {
	Reaction Reaction
	// Version and Suite are what the server chose, if it did.
	Version Version
	Suite   Suite
	// Err is why it chose nothing, such as an [AlertError].
	Err error
}

// spoke reports whether the server has said something in TLS.
func (a Response) spoke() bool {
	var alert *AlertError
	return a.Version != 0 || errors.As(a.Err, &alert)
}

// Ask makes one offer on a new connection, and closes it. It takes patience at
// most, and ends with ctx.
func Ask(ctx context.Context, dial Dial, offer Offer, patience time.Duration) Response {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := dial(ctx)
	if err != nil {
		return Response{Reaction: Unanswered, Err: &DialError{Err: err}}
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	hello, err := exchange(conn, offer)
	if err != nil {
		return failed(err)
	}
	response := Response{Version: hello.version, Suite: hello.suite}
	switch {
	case !slices.Contains(offer.Suites, hello.suite):
		response.Reaction = Unanswered
		response.Err = fmt.Errorf("it chose %s, which was not on offer: %w", hello.suite, errNotTLS)
	case hello.version != offer.Version:
		response.Reaction = Declined
		response.Err = fmt.Errorf("it chose %s instead of %s", hello.version, offer.Version)
	default:
		response.Reaction = Accepted
	}
	return response
}

// DialError is the error of an offer for which there was no connection.
type DialError struct{ Err error }

// Error implements error.
func (e *DialError) Error() string { return e.Err.Error() }

// Unwrap returns why there was none.
func (e *DialError) Unwrap() error { return e.Err }

func exchange(conn net.Conn, offer Offer) (serverHello, error) {
	record, err := offer.record()
	if err != nil {
		return serverHello{}, err
	}
	if _, err := conn.Write(record); err != nil {
		return serverHello{}, err
	}
	return readReply(conn)
}

// failed returns the response for an exchange that brought no ServerHello.
func failed(err error) Response {
	var alert *AlertError
	switch {
	case errors.As(err, &alert):
		return Response{Reaction: Declined, Err: err}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return Response{Reaction: Declined, Err: err}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return Response{Reaction: Unanswered, Err: context.DeadlineExceeded}
	default:
		return Response{Reaction: Unanswered, Err: err}
	}
}
