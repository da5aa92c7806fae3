package auralink

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/pkg/transport"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/canary"
	"github.com/auralink/auralink/internal/corefast"
	"github.com/auralink/auralink/internal/dnsname"
)

// nobypass is what the Corefile says of the property, and what follows from it.
type nobypass struct {
	on bool
	// name is the host name of the encrypted ways to this server; "" for that of their
	// certificate.
	name string
}

// parseNoBypass reads that canaries are answered, and the server's host name.
func (a *Auralink) parseNoBypass(args []string) error {
	a.nobypass.on = true
	if len(args) == 0 {
		return nil
	}
	name, err := hostName(args[0])
	if err != nil || len(args) > 1 {
		return fmt.Errorf("nobypass takes the host name of this server's certificate, or nothing, got %q", args)
	}
	a.nobypass.name = name
	return nil
}

// hostName returns a text as an absolute name, if it is that of a host.
func hostName(text string) (string, error) {
	name := dnsname.Absolute(dnsname.Lower(text))
	_, isAddr := netip.ParseAddr(text)
	if _, ok := dns.IsDomainName(name); !ok || isAddr == nil || strings.ContainsAny(name, `*\_`) || dns.CountLabel(name) < 2 {
		return "", errors.New("no host name")
	}
	return name, nil
}

// protocols are the transports of CoreDNS that are designated, in the order of
// preference.
var protocols = []struct {
	transport string
	protocol  canary.Protocol
}{
	{transport.TLS, canary.DoT},
	{transport.HTTPS, canary.DoH},
	{transport.QUIC, canary.DoQ},
	{transport.HTTPS3, canary.DoH3},
}

// designate returns the encrypted ways to this server, and what a person is to be told
// of them. The configurations are those of all server blocks, our own among them.
func (a *Auralink) designate(own *dnsserver.Config, all []*dnsserver.Config) (resolvers []canary.Resolver, told []string) {
	for _, p := range protocols {
		for _, config := range all {
			if config.Transport != p.transport || !a.answersAlike(config, own) {
				continue
			}
			where := fmt.Sprintf("%s://%s:%s", p.transport, config.Zone, config.Port)
			r, problem := a.resolver(config)
			if problem != "" {
				told = append(told, where+" is not among them: "+problem)
				continue
			}
			r.Protocol = p.protocol
			resolvers = append(resolvers, r)
			if lacks := unverified(leafOf(config.TLSConfig), r.Addrs); len(lacks) > 0 {
				told = append(told, fmt.Sprintf("the certificate of %s is not for the address %s, without which not all clients take it", where, lacks[0]))
			}
		}
	}
	return resolvers, told
}

// answersAlike reports whether the clients of a server block may ask another one
// instead: it answers all names, from the same topology, at an address of the first.
func (a *Auralink) answersAlike(config, own *dnsserver.Config) bool {
	other, ok := config.Handler(pluginName).(*Auralink)
	if !ok || config.Zone != "." || config.TLSConfig == nil {
		return false
	}
	return other.topology == a.topology && other.options.VPC == a.options.VPC && meets(config.ListenHosts, own.ListenHosts)
}

// meets reports whether two lists of hosts to listen on have an address in common.
func meets(hosts, others []string) bool {
	return slices.ContainsFunc(hosts, func(host string) bool {
		return everywhere(host) || slices.Contains(others, host) || slices.ContainsFunc(others, everywhere)
	})
}

// everywhere reports whether a host to listen on is all of this machine's addresses.
func everywhere(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "" || err == nil && addr.IsUnspecified()
}

// resolver returns the way to a server block but for its protocol, or why clients would
// not take it: its certificate must vouch for the name (RFC 9461, section 3).
func (a *Auralink) resolver(config *dnsserver.Config) (canary.Resolver, string) {
	port, err := strconv.ParseUint(config.Port, 10, 16)
	if err != nil || port == 0 {
		return canary.Resolver{}, "its port is chosen when the server starts"
	}
	r := canary.Resolver{Name: a.nobypass.name, Port: uint16(port)}
	certificate := leafOf(config.TLSConfig)
	switch {
	case r.Name == "" && certificate == nil:
		return r, "its certificate is not known yet; say nobypass NAME"
	case r.Name == "":
		if r.Name = hostOf(certificate); r.Name == "" {
			return r, "its certificate has no host name; have one issued that has, or say nobypass NAME if another certificate has"
		}
	case certificate != nil && certificate.VerifyHostname(dnsname.TrimDot(r.Name)) != nil:
		return r, fmt.Sprintf("its certificate is not for %s, but for %s", dnsname.TrimDot(r.Name), strings.Join(certificate.DNSNames, ", "))
	}
	for _, host := range config.ListenHosts {
		if addr, err := netip.ParseAddr(host); err == nil && !addr.IsUnspecified() && addr.Zone() == "" {
			r.Addrs = append(r.Addrs, addr)
		}
	}
	return r, ""
}

// unverified returns the addresses that a certificate does not vouch for: clients that
// verify who designates look for the address that they have asked (RFC 9462, section 4.2).
func unverified(certificate *x509.Certificate, addrs []netip.Addr) []netip.Addr {
	if certificate == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(addrs), func(addr netip.Addr) bool {
		return certificate.VerifyHostname(addr.String()) == nil
	})
}

// leafOf returns the certificate that a server shows, or nil if that is not known.
func leafOf(config *tls.Config) *x509.Certificate {
	if config == nil || len(config.Certificates) == 0 || len(config.Certificates[0].Certificate) == 0 {
		return nil
	}
	leaf, err := x509.ParseCertificate(config.Certificates[0].Certificate[0])
	if err != nil {
		return nil
	}
	return leaf
}

// hostOf returns the first host name of a certificate that is no wildcard, or "".
func hostOf(certificate *x509.Certificate) string {
	for _, text := range certificate.DNSNames {
		if name, err := hostName(text); err == nil {
			return name
		}
	}
	return ""
}

// lookAtWays finds what canaries are answered with. It must not be called before
// CoreDNS has made its servers.
func (a *Auralink) lookAtWays(b *corefast.Block) {
	if !a.nobypass.on {
		return
	}
	resolvers, told := a.designate(b.Own[0], b.All)
	a.options.Canaries = canary.New(resolvers)
	ways := "none, for no server block answers the same over TLS, HTTPS or QUIC"
	if len(resolvers) > 0 {
		var list []string
		for _, r := range resolvers {
			list = append(list, fmt.Sprintf("%s by %s on port %d", dnsname.TrimDot(r.Name), r.Protocol, r.Port))
		}
		ways = strings.Join(list, ", ")
	}
	log.Infof("nobypass: encrypted ways to this server that clients are told of: %s", strings.Join(append([]string{ways}, told...), "; "))
}
