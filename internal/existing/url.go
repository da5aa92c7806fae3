package existing

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

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
