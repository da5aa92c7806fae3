package existing

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/spell"
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

// The schemes of URLs.
const (
	schemeAsk      = "dns"
	schemeTransfer = "axfr"
)

// scheme returns the scheme of a text that is meant as the URL of a server, and what
// follows it; else "".
func scheme(text string) (scheme, rest string) {
	scheme, rest, _ = strings.Cut(text, ":")
	switch scheme = dnsname.Lower(scheme); scheme {
	case schemeAsk, schemeTransfer:
		return scheme, rest
	default:
		return "", text
	}
}

// other finds the scheme of a URL that is none of a server.
var other = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+)://`)

// IsURL reports whether text is meant as the URL of a server, or of anything else: whatever
// has a scheme is no file.
func IsURL(text string) bool {
	s, rest := scheme(text)
	return s != "" && rest != "" || other.MatchString(text)
}

// errTSIG says what the one parameter of a transfer is.
var errTSIG = errors.New("axfr takes one parameter, tsig, the key")

// ParseURL reads "dns://host[:port]" or "axfr://host[:port][?tsig=...]". In the
// parameter a plus sign is one, as in base64. No error has any part of the text in it
// that may be a secret.
func ParseURL(text string) (Target, error) {
	address, query, _ := strings.Cut(text, "?")
	scheme, rest := scheme(address)
	if scheme == "" {
		return Target{}, fmt.Errorf("%q is not the URL of a DNS server: it is %s://HOST[:PORT] or %s://HOST[:PORT], and a file is named by its path",
			Shown(text), schemeAsk, schemeTransfer)
	}
	hostPort, err := parseHostPort(strings.TrimSuffix(strings.TrimPrefix(rest, "//"), "/"))
	switch {
	case err != nil:
		return Target{}, fmt.Errorf("%q is not the URL of a DNS server: it is %s://HOST:PORT, %w", Shown(text), scheme, err)
	case !strings.HasPrefix(rest, "//"):
		return Target{}, hint.Add(fmt.Errorf("%q is not the URL of a DNS server: it is %s://HOST:PORT", Shown(text), scheme),
			fmt.Sprintf("did you mean \"%s://%s\"?", scheme, strings.TrimLeft(rest, "/")))
	}
	t := Target{Transfer: scheme == schemeTransfer, Address: hostPort}
	if query == "" {
		return t, nil
	}
	if !t.Transfer {
		return Target{}, hint.Add(errors.New("dns takes no parameters"), "leave out what begins with the question mark; a key is for transfers, "+keyed)
	}
	t.TSIG, err = tsigIn(query, Shown(text))
	if err != nil {
		return Target{}, err
	}
	return t, nil
}

// keyed says how a transfer is given its key.
const keyed = schemeTransfer + "://HOST[:PORT]?" + paramTSIG + "=@FILE, where FILE has ALGORITHM:NAME:SECRET"

// paramTSIG is the one parameter of a transfer.
const paramTSIG = "tsig"

// tsigIn returns the value of the one parameter of a transfer. No error has any part of the
// parameters in it: what is taken for a name may be the secret.
func tsigIn(query, shown string) (string, error) {
	name, value, _ := strings.Cut(query, "=")
	if name != paramTSIG {
		question := ""
		if len(spell.Near(name, []string{paramTSIG})) > 0 {
			question = fmt.Sprintf("did you mean %q? ", paramTSIG)
		}
		return "", hint.Add(errTSIG, question+keyed)
	}
	if value == "" {
		return "", hint.Add(fmt.Errorf("the parameter tsig of %q is empty", shown), keyed)
	}
	if strings.Contains(value, "&") && !strings.HasPrefix(value, "@") {
		return "", hint.Add(errTSIG, "leave out what begins with the ampersand; "+keyed)
	}
	tsig, err := url.PathUnescape(value)
	if err != nil {
		return "", fmt.Errorf("the parameter tsig of %q has a %% that begins no escape", shown)
	}
	return tsig, nil
}

// ServerMeant asks whether a server is meant by what is the path of no file; else it is "".
func ServerMeant(path string) string {
	address := strings.TrimLeft(strings.TrimPrefix(path, schemeAsk), ":/")
	hostPort, err := parseHostPort(address)
	if err != nil {
		return ""
	}
	if _, err := netip.ParseAddrPort(hostPort); err != nil && address == path {
		return ""
	}
	return fmt.Sprintf("did you mean \"%s://%s\"?", schemeAsk, address)
}

// parseHostPort returns "host:port" of a text in which the port may be left out. The
// error does not have the text in it.
func parseHostPort(text string) (string, error) {
	host, port := text, "53"
	if _, err := netip.ParseAddr(text); err != nil || !strings.Contains(text, ":") {
		if at := strings.LastIndexByte(text, ':'); at > strings.LastIndexByte(text, ']') {
			host, port = text[:at], text[at+1:]
		}
		host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	number, err := strconv.ParseUint(port, 10, 16)
	switch {
	case host == "":
		return "", errors.New("with a host")
	case strings.Contains(text, "@"):
		return "", errors.New("without a user: a key is ?tsig=ALGORITHM:NAME:SECRET")
	case strings.Contains(host, "/"):
		return "", errors.New("without a path")
	case strings.ContainsFunc(host, isOdd):
		return "", errors.New("with nothing behind it but ?tsig=KEY")
	case strings.Contains(host, ":") && !isAddr(host):
		return "", errors.New("with one port, or an IPv6 address in brackets")
	case nobodyAt(host) != "":
		return "", fmt.Errorf("and that address is %s", nobodyAt(host))
	case err != nil || number == 0:
		return "", errors.New("with a port from 1 to 65535")
	default:
		return net.JoinHostPort(host, port), nil
	}
}

// isOdd reports whether a character is in no host.
func isOdd(c rune) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return false
	default:
		return !strings.ContainsRune("-._:%", c)
	}
}

// nobodyAt says why no server is at a host that is an address; else it is "".
func nobodyAt(host string) string {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return ""
	}
	return address.Nobody(addr)
}

func isAddr(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}

// Shown returns the URL of a server as it may be shown: without its parameters, and
// without whatever may be a key that stands in the wrong place. Other text stays as it
// is.
func Shown(text string) string {
	s, _ := scheme(text)
	if match := other.FindStringSubmatch(text); s == "" && match != nil {
		return match[1] + "://…" // wherever its secret may stand
	}
	if s == "" {
		return text
	}
	address, _, _ := strings.Cut(text, "?")
	_, rest := scheme(address)
	host := strings.TrimPrefix(rest, "//")
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = "…" + host[at:]
	}
	if hostPort, err := parseHostPort(strings.TrimSuffix(host, "/")); err == nil && !strings.HasPrefix(host, "…") {
		if len(hostPort) > maxShown {
			return s + "://…"
		}
		return address
	}
	if before, after, two := strings.Cut(host, ":"); two && !isNumber(after) {
		host = before + ":…"
	}
	if at := strings.IndexFunc(host, func(c rune) bool { return isOdd(c) && !strings.ContainsRune("…@[]/", c) }); at >= 0 {
		host = host[:at] + "…"
	}
	if len(host) > maxShown {
		host = "…"
	}
	return s + "://" + host
}

// maxShown bounds the host of a URL that is shown, in octets: no name is longer.
const maxShown = 255

func isNumber(text string) bool {
	_, err := strconv.ParseUint(strings.TrimSuffix(text, "/"), 10, 16)
	return err == nil
}
