package auralink

import (
	"context"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"sync/atomic"
	"time"

	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/request"
	"github.com/miekg/dns"
)

// internalLookup reports whether a question is one that the server asks itself on
// behalf of a client, such as for the target of an alias. Each time that CoreDNS's
// server takes a question it wraps the writer in the same way.
func internalLookup(ctx context.Context, w dns.ResponseWriter) bool {
	if depth, _ := ctx.Value(dnsserver.LoopKey{}).(int); depth > 0 {
		return true
	}
	taken := 0
	for ; w != nil; w = wrappedBy(reflect.ValueOf(w)) {
		if _, ok := w.(*request.ScrubWriter); ok {
			taken++
		}
	}
	return taken > 1
}

// wrappedBy returns the writer that another one hands on to, or nil.
func wrappedBy(w reflect.Value) dns.ResponseWriter {
	w = reflect.Indirect(w)
	if w.Kind() != reflect.Struct {
		return nil
	}
	for i := range w.NumField() {
		field := w.Field(i)
		if field.CanInterface() {
			if inner, ok := field.Interface().(dns.ResponseWriter); ok {
				return inner
			}
		}
		if !w.Type().Field(i).Anonymous {
			continue
		}
		if inner := wrappedBy(field); inner != nil {
			return inner
		}
	}
	return nil
}

// hostAddresses are the addresses of this host, as of a short time ago.
type hostAddresses struct{ known atomic.Pointer[addressesAt] }

type addressesAt struct {
	list []netip.Addr
	at   time.Duration // as elapsed has it
}

// ownAddresses are those of the host that the process is on.
var ownAddresses hostAddresses

// staleAfter is when addresses are looked up again, if anybody asks.
const staleAfter = 10 * time.Second

func (h *hostAddresses) has(client netip.Addr) bool {
	known, now := h.known.Load(), elapsed()
	if known == nil || now-known.at >= staleAfter {
		known = &addressesAt{list: lookUpAddresses(), at: now}
		h.known.Store(known)
	}
	return slices.Contains(known.list, client)
}

func lookUpAddresses() []netip.Addr {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var list []netip.Addr
	for _, addr := range addrs {
		if prefix, err := netip.ParsePrefix(addr.String()); err == nil {
			list = append(list, prefix.Addr().Unmap())
		}
	}
	return list
}
