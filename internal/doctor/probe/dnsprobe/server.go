// Package dnsprobe asks for names: at a name server, over UDP, TCP, TLS or HTTPS, and
// as an application of this machine would.
package dnsprobe

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/hint"
)

// Transport is how a server is spoken to.
type Transport string

// The transports.
const (
	Plain Transport = ""      // UDP, and TCP for what does not fit
	TLS   Transport = "tls"   // RFC 7858
	HTTPS Transport = "https" // RFC 8484
)

// Server is a name server.
type Server struct {
	Transport Transport
	// Address is its "host:port"; the host may be a name where the transport is
	// encrypted.
	Address string
	// URL is that of a server over HTTPS.
	URL string
	// Roots vouch for its certificate; nil for the system's.
	Roots *x509.CertPool
}

// String returns the server as it is written: "10.0.0.2:53", "tls://10.0.0.2:853" or
// a URL.
func (s Server) String() string {
	switch s.Transport {
	case TLS:
		return "tls://" + s.Address
	case HTTPS:
		return s.URL
	default:
		return s.Address
	}
}

// Host returns the host that is connected to.
func (s Server) Host() string {
	host, _, err := net.SplitHostPort(s.Address)
	if err != nil {
		return s.Address
	}
	return host
}

// At returns a server at an address, spoken to in plain.
func At(at netip.AddrPort) Server { return Server{Address: at.String()} }

// howToWrite is the hint of an error of [ParseServer].
const howToWrite = `write 10.0.0.2, 10.0.0.2:5353, [fd00::2]:53, tls://dns.example or https://dns.example/dns-query`

// ParseServer reads "HOST[:PORT]", "tls://HOST[:PORT]" or "https://HOST[:PORT]/PATH".
func ParseServer(text string) (Server, error) {
	scheme, rest, has := strings.Cut(text, "://")
	if !has {
		address, err := withPort(text, "53")
		return Server{Address: address}, err
	}
	switch scheme {
	case "tls":
		address, err := withPort(strings.TrimSuffix(rest, "/"), "853")
		return Server{Transport: TLS, Address: address}, err
	case "https":
		u, err := url.Parse(text)
		if err != nil || u.Hostname() == "" || u.User != nil {
			return Server{}, hint.Add(fmt.Errorf("server %q is no URL of a host", text), howToWrite)
		}
		address, err := withPort(u.Host, "443")
		return Server{Transport: HTTPS, Address: address, URL: text}, err
	case "dns":
		address, err := withPort(strings.TrimSuffix(rest, "/"), "53")
		return Server{Address: address}, err
	default:
		return Server{}, hint.Add(fmt.Errorf("server %q: %q is no way to ask a name server", text, scheme), howToWrite)
	}
}

// withPort adds a port to a host that has none.
func withPort(text, port string) (string, error) {
	host, own, err := net.SplitHostPort(text)
	if err != nil {
		host, own = text, port
	}
	if addr, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		host, own = addr.String(), port
	}
	if addr, err := netip.ParseAddr(host); err == nil && address.Nobody(addr) != "" {
		return "", hint.Add(fmt.Errorf("server %q is %s", text, address.Nobody(addr)), howToWrite)
	}
	if host == "" || strings.ContainsAny(host, " /@[]") || isNoAddress(host) {
		return "", hint.Add(fmt.Errorf("server %q is no host", text), howToWrite)
	}
	if _, err := net.LookupPort("tcp", own); err != nil {
		return "", hint.Add(fmt.Errorf("server %q: %q is no port", text, own), howToWrite)
	}
	return net.JoinHostPort(host, own), nil
}

// isNoAddress reports whether a host is written as an IPv4 address and is none.
func isNoAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err != nil && strings.Trim(host, "0123456789.") == ""
}

// tlsConfig is how the server's certificate is judged.
func (s Server) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.Host(), RootCAs: s.Roots}
}
