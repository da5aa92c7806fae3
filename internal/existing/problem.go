package existing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"

	"github.com/miekg/dns"
)

// Problem is the error of a question that was not answered as it should be.
type Problem struct {
	// Server is "host:port"; Question is what it was asked, in words.
	Server, Question string
	// Rcode is that of its answer, if there was one.
	Rcode int
	// Err is what happened instead of an answer.
	Err error
	// Signed says that the question was signed with a TSIG key.
	Signed bool
}

// Unwrap returns what happened instead of an answer.
func (p *Problem) Unwrap() error { return p.Err }

// Error says in a sentence what happened, and what it most likely means.
func (p *Problem) Error() string {
	return fmt.Sprintf("asking %s for %s: %s", p.Server, p.Question, p.sentence())
}

func (p *Problem) sentence() string {
	if p.Err == nil {
		return p.rcodeSentence()
	}
	var timeout net.Error
	var resolving *net.DNSError
	switch {
	case errors.Is(p.Err, context.Canceled):
		return "interrupted"
	case errors.As(p.Err, &resolving):
		return fmt.Sprintf("the host %q has no address: give the server's address itself", resolving.Name)
	case errors.Is(p.Err, os.ErrDeadlineExceeded), errors.As(p.Err, &timeout) && timeout.Timeout():
		return "no answer in time: is a DNS server there, and does every firewall between let UDP and TCP through?"
	case errors.Is(p.Err, syscall.ECONNREFUSED):
		return "nothing listens there: is it the right port?"
	case errors.Is(p.Err, syscall.EADDRNOTAVAIL):
		return "the address to ask from is not one of this machine's: --source takes one that is"
	case errors.Is(p.Err, syscall.EHOSTUNREACH), errors.Is(p.Err, syscall.ENETUNREACH):
		return "there is no route to it"
	case errors.Is(p.Err, syscall.ECONNRESET), errors.Is(p.Err, io.EOF), errors.Is(p.Err, io.ErrUnexpectedEOF):
		return "it closed the connection: does it serve this client?"
	case errors.Is(p.Err, dns.ErrTime):
		return "the clocks of the two are more than 5 minutes apart, so that the signature is not valid"
	case errors.Is(p.Err, dns.ErrSig):
		return "its signature does not fit the key: the secrets differ"
	case errors.Is(p.Err, dns.ErrAuth), errors.Is(p.Err, dns.ErrNoSig):
		return "it does not accept the key: are name, algorithm and secret the ones it has?"
	default:
		return p.Err.Error()
	}
}

// rcodeSentence explains a response code (RFC 1035, section 4.1.1).
func (p *Problem) rcodeSentence() string {
	code := dns.RcodeToString[p.Rcode]
	if code == "" {
		code = fmt.Sprintf("RCODE%d", p.Rcode)
	}
	switch p.Rcode {
	case dns.RcodeSuccess:
		return "it answers with something else: is it a DNS server?"
	case dns.RcodeServerFailure:
		return "the server could not answer (SERVFAIL): its log says why; most often it is an upstream that does not answer, or a zone that did not load"
	case dns.RcodeRefused:
		if p.Signed {
			return "the server refuses (REFUSED): it does not let this key have it"
		}
		return "the server refuses (REFUSED): it does not serve this client, or this name; --source chooses the address to ask from"
	case dns.RcodeNotAuth, dns.RcodeBadSig, dns.RcodeBadKey, dns.RcodeBadTime:
		if p.Signed {
			return fmt.Sprintf("the server does not accept the key (%s): are name, algorithm and secret the ones it has, and is the time right?", code)
		}
		return fmt.Sprintf("the server is not authoritative for it (%s)", code)
	default:
		return fmt.Sprintf("the server answers with the error %s", code)
	}
}
