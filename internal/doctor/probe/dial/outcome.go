package dial

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"reflect"
	"slices"
	"strings"
	"syscall"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/tlsprobe"
)

// Outcome says what became of an attempt from its error, which may be nil.
func Outcome(err error) doctor.Outcome {
	var timeout net.Error
	var resolving *net.DNSError
	switch {
	case err == nil:
		return doctor.Connected
	case errors.As(err, &resolving):
		return ofResolving(resolving)
	case errors.Is(err, context.Canceled):
		return doctor.Failed
	case is(err, refusals):
		return doctor.Refused
	case is(err, dead), errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return doctor.TimedOut
	case is(err, noWay):
		return doctor.Unreachable
	case errors.As(err, &timeout) && timeout.Timeout():
		return doctor.TimedOut
	case is(err, resets), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return doctor.Reset
	default:
		return doctor.Failed
	}
}

// ofResolving is the outcome of a name that had to be resolved first.
func ofResolving(err *net.DNSError) doctor.Outcome {
	if err.IsTimeout {
		return doctor.TimedOut
	}
	return doctor.Unresolved
}

// is reports whether an error is one of the numbers.
func is(err error, numbers []syscall.Errno) bool {
	return slices.ContainsFunc(numbers, func(number syscall.Errno) bool { return errors.Is(err, number) })
}

// Text returns an error in words, without what the evidence has beside it: which
// address it was, and which call.
func Text(err error) string {
	if err == nil {
		return ""
	}
	if alert, is := Alert(err); is {
		return "the server ended it: " + alert.String()
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		err = op.Err
	}
	return strings.TrimPrefix(err.Error(), "connect: ")
}

// Alert returns the alert by which the other side ended a handshake of crypto/tls,
// whose type for alerts cannot be named.
func Alert(err error) (tlsprobe.Alert, bool) {
	var own *tlsprobe.AlertError
	if errors.As(err, &own) {
		return own.Alert, true
	}
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" || op.Err == nil {
		return 0, false
	}
	value := reflect.ValueOf(op.Err)
	if value.Kind() != reflect.Uint8 {
		return 0, false
	}
	return tlsprobe.Alert(value.Uint()), true
}
