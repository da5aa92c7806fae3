// Package fleet keeps the topology of many servers in etcd: one writer pushes whole
// revisions, and each server reads the one that is meant for it.
//
// A revision is never half seen: its text is in pieces that are named by their
// digests, and one small pointer is swapped last. The layout of the keys, and why it
// is so, is in docs/adr/0025-a-fleet-on-etcd.md.
//
// What a text means, and whether to push or to serve it, is not decided here.
package fleet

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/hint"
)

// Scheme is that of a fleet's URL.
const Scheme = "etcd"

// defaultPort is where etcd listens for clients.
const defaultPort = "2379"

// Address is where a fleet is: etcd://HOST[:PORT],…/PREFIX.
type Address struct {
	// Endpoints are the nodes of one etcd, as HOST:PORT.
	Endpoints []string
	// Prefix is what all keys of the fleet begin with: /PREFIX, without a final slash.
	Prefix string
}

// urlHint says how a URL is written.
const urlHint = "etcd://HOST[:PORT],.../PREFIX, such as etcd://etcd-a,etcd-b,etcd-c/auralink/prod"

// prefixPath finds what can be a prefix: words between single slashes.
var prefixPath = regexp.MustCompile(`^(/[A-Za-z0-9._-]+)+$`)

// ParseAddress reads a URL. A URL with a user or a password is refused: it would stand
// in the list of processes, and in logs. The error does not repeat it.
func ParseAddress(text string) (Address, error) {
	scheme, rest, found := strings.Cut(text, "://")
	if !found || !strings.EqualFold(scheme, Scheme) {
		return Address{}, hint.Add(fmt.Errorf("%q is not the URL of a fleet", withoutSecret(text)), urlHint)
	}
	if strings.ContainsAny(rest, "?#") {
		return Address{}, hint.Add(errors.New("the URL of a fleet takes no parameters"),
			"leave out what begins with the question mark or #; certificates and a user are named by --tls-cert, --tls-key, --tls-ca and --user-file, or in the Corefile by tls and user")
	}
	hosts, path, _ := strings.Cut(rest, "/")
	if strings.Contains(hosts, "@") {
		return Address{}, hint.Add(fmt.Errorf("the URL of a fleet has a user in it"),
			"name and password go into a file, which user (in the Corefile) or --user-file names")
	}
	a := Address{Prefix: "/" + strings.TrimSuffix(path, "/")}
	if !prefixPath.MatchString(a.Prefix) {
		return Address{}, hint.Add(fmt.Errorf("%q has no prefix that can be", withoutSecret(text)), urlHint)
	}
	for host := range strings.SplitSeq(hosts, ",") {
		endpoint, err := parseEndpoint(host)
		if err != nil {
			return Address{}, hint.Add(fmt.Errorf("%q: %w", withoutSecret(text), err), urlHint)
		}
		a.Endpoints = append(a.Endpoints, endpoint)
	}
	return a, nil
}

// withoutSecret returns a URL as it may be shown: without what stands ahead of an "@",
// where a user and a password stand, and without a query.
func withoutSecret(text string) string {
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		text = "…" + text[at:]
	}
	if query := strings.IndexAny(text, "?#"); query >= 0 {
		text = text[:query] + "…"
	}
	return text
}

// parseEndpoint reads HOST or HOST:PORT; an IPv6 address with a port is in brackets.
func parseEndpoint(text string) (string, error) {
	bare, open := strings.CutPrefix(text, "[")
	bare, closed := strings.CutSuffix(bare, "]")
	if addr, err := netip.ParseAddr(bare); err == nil && open == closed {
		return net.JoinHostPort(addr.String(), defaultPort), nil
	}
	if !strings.Contains(text, ":") {
		text += ":" + defaultPort
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return "", fmt.Errorf("%q is not HOST[:PORT]", text)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 {
		return "", fmt.Errorf("%q is no port", port)
	}
	if host == "" || strings.ContainsAny(host, " /?#") {
		return "", fmt.Errorf("%q is not HOST[:PORT]", text)
	}
	return text, nil
}

// Key is the same for all ways to write one fleet's URL.
func (a Address) Key() string {
	return Scheme + "://" + strings.Join(slices.Sorted(slices.Values(a.Endpoints)), ",") + a.Prefix
}
