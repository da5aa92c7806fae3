package auralink

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin/pkg/transport"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/ratelimit"
)

// forgeable reports whether a query came over plain UDP, where a client's address may
// be forged. QUIC has UDP addresses, too, and has made sure of them. What we ask
// ourselves is no query: the response that it is for is another plugin's.
func forgeable(ctx context.Context, client net.Addr) bool {
	if transitOf(ctx).asks > 0 {
		return false
	}
	if wrapped, ok := client.(interface{ Unwrap() net.Addr }); ok {
		client = wrapped.Unwrap()
	}
	if _, udp := client.(*net.UDPAddr); !udp {
		return false
	}
	server, known := ctx.Value(dnsserver.Key{}).(*dnsserver.Server)
	return !known || strings.HasPrefix(server.Addr, transport.DNS+"://")
}

// truncated makes the message that goes out in place of a limited one: it sends
// whoever is real to TCP.
func truncated(r *dns.Msg) *dns.Msg {
	m := new(dns.Msg).SetReply(r)
	m.Authoritative, m.Truncated = true, true
	return m
}

// parseRateLimit reads the rate and what may follow it, each with a number:
// slip, ipv4 and ipv6.
func (a *Auralink) parseRateLimit(args []string) error {
	if len(args) == 0 || len(args)%2 == 0 {
		return fmt.Errorf("ratelimit takes a rate, and pairs of slip, ipv4 or ipv6 and a number, got %q", args)
	}
	rate, err := strconv.Atoi(args[0])
	if err != nil {
		return fmt.Errorf("ratelimit: rate %q is no number", args[0])
	}
	config := ratelimit.Default(rate)
	fields := map[string]*int{"slip": &config.Slip, "ipv4": &config.IPv4Bits, "ipv6": &config.IPv6Bits}
	for rest := args[1:]; len(rest) > 0; rest = rest[2:] {
		field, known := fields[rest[0]]
		if !known {
			return fmt.Errorf("ratelimit: %q is unknown or stands twice", rest[0])
		}
		delete(fields, rest[0])
		if *field, err = strconv.Atoi(rest[1]); err != nil {
			return fmt.Errorf("ratelimit: %s %q is no number", rest[0], rest[1])
		}
	}
	if a.options.Limiter, err = ratelimit.New(config); err != nil {
		return fmt.Errorf("ratelimit: %w", err)
	}
	return nil
}
