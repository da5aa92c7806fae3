// Package live reads what a running DNS server has: name by name, as its clients
// would ask, or by zone transfer.
//
// It only reads. What a server has is returned as a [records.Set]; what is wrong
// with that is for packages diff and audit to say.
package live

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// Server is a DNS server and how it is asked.
type Server struct {
	// Address is "host:port".
	Address string
	// From is the address to ask from; the zero Addr leaves it to the kernel.
	From netip.Addr
	// Key signs questions and transfers; nil for none.
	Key *Key
	// Timeout bounds the wait for one answer.
	Timeout time.Duration
}

// DefaultTimeout is how long one answer is waited for.
const DefaultTimeout = 2 * time.Second

// Target is what the URL of a server says.
type Target struct {
	// Transfer says that zones are transferred; else names are asked for.
	Transfer bool
	// Address is "host:port".
	Address string
	// TSIG is the value of that parameter, as [ParseKey] takes it, or "@" and the
	// name of a file that has it.
	TSIG string
}

// IsURL reports whether text is meant as the URL of a server.
func IsURL(text string) bool {
	return strings.HasPrefix(text, "dns://") || strings.HasPrefix(text, "axfr://")
}

// ParseURL reads "dns://host[:port]" or "axfr://host[:port][?tsig=...]". In the
// parameter a plus sign is one, as in base64.
func ParseURL(text string) (Target, error) {
	address, query, _ := strings.Cut(text, "?")
	u, err := url.Parse(address)
	if err != nil {
		return Target{}, fmt.Errorf("%q is not the URL of a DNS server: %w", address, err)
	}
	if u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" {
		return Target{}, fmt.Errorf("%q is not the URL of a DNS server: it is %s://HOST:PORT", address, u.Scheme)
	}
	port := u.Port()
	if port == "" {
		port = "53"
	}
	t := Target{Transfer: u.Scheme == "axfr", Address: net.JoinHostPort(u.Hostname(), port)}
	if query == "" {
		return t, nil
	}
	value, ok := strings.CutPrefix(query, "tsig=")
	if !ok || !t.Transfer {
		return Target{}, fmt.Errorf("%s takes no parameter %q", u.Scheme, strings.SplitN(query, "=", 2)[0])
	}
	if t.TSIG, err = url.PathUnescape(value); err != nil {
		return Target{}, fmt.Errorf("the parameter tsig of %q: %w", address, err)
	}
	return t, nil
}

// client returns a client by "udp" or "tcp".
func (s Server) client(network string) *dns.Client {
	c := &dns.Client{Net: network, Timeout: s.Timeout, UDPSize: udpSize, Dialer: s.dialer(network)}
	if s.Key != nil {
		c.TsigSecret = s.Key.secrets()
	}
	return c
}

// udpSize is the largest answer over UDP that is sure not to be fragmented, in
// octets.
const udpSize = 1232

func (s Server) dialer(network string) *net.Dialer {
	d := &net.Dialer{Timeout: s.Timeout}
	if !s.From.IsValid() {
		return d
	}
	from := netip.AddrPortFrom(s.From, 0)
	if network == "udp" {
		d.LocalAddr = net.UDPAddrFromAddrPort(from)
	} else {
		d.LocalAddr = net.TCPAddrFromAddrPort(from)
	}
	return d
}

// sign signs a message, if there is a key.
func (s Server) sign(m *dns.Msg) *dns.Msg {
	if s.Key != nil {
		m.SetTsig(s.Key.Name, s.Key.Algorithm, fudge, time.Now().Unix())
	}
	return m
}

// fudge is how far the two clocks may be apart, in seconds (RFC 8945, section 10).
const fudge = 300
