package dnsmasq

import (
	"errors"
	"net/netip"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// suffix is a domain that is put behind plain names of hosts files, where expand-hosts is
// set: for those with an address from first to last, or for all others.
type suffix struct {
	domain      string
	first, last netip.Addr // invalid for all others
}

// plainHost is a name of a hosts file that has no dot.
type plainHost struct {
	name string // absolute
	data holdings.Data
	addr netip.Addr
	at   holdings.Place
}

var (
	errSuffix = errors.New("it is not a domain, and maybe a range of addresses")
	errSearch = errors.New("# stands for the domain that the machine searches, which is not known here")
)

// suffix reads a domain=. With "local" its names are kept from other servers.
func (f *dnsmasqFile) suffix(value string, at holdings.Place) error {
	fields := strings.Split(value, ",")
	if fields[0] == "#" {
		return errSearch
	}
	domain, err := holdings.CanonicalName(fields[0])
	if err != nil {
		return errSuffix
	}
	s := suffix{domain: domain}
	rest := fields[1:]
	if len(rest) > 0 && rest[len(rest)-1] == "local" {
		rest = rest[:len(rest)-1]
		if err := f.domain("local", "/"+dnsname.TrimDot(domain)+"/", at); err != nil {
			return err
		}
	}
	switch len(rest) {
	case 0:
	case 1:
		prefix, err := netip.ParsePrefix(rest[0])
		if err != nil {
			return errSuffix
		}
		s.first, s.last = prefix.Masked().Addr(), address.Last(prefix)
	default:
		first, err := netip.ParseAddr(rest[0])
		last, errLast := netip.ParseAddr(rest[1])
		if err != nil || errLast != nil {
			return errSuffix
		}
		s.first, s.last = first, last
	}
	f.suffixes = append(f.suffixes, s)
	return nil
}

// suffixFor returns the domain for a plain name with that address, or "": a range goes
// before what is for all others, and of several without a range the last one counts.
func (f *dnsmasqFile) suffixFor(addr netip.Addr) string {
	others := ""
	for _, s := range f.suffixes {
		switch {
		case !s.first.IsValid():
			others = s.domain
		case s.first.Is4() == addr.Is4() && s.first.Compare(addr) <= 0 && addr.Compare(s.last) <= 0:
			return s.domain
		}
	}
	return others
}

// expand adds the plain names of hosts files with the domain behind them.
func (f *dnsmasqFile) expand() {
	if !f.expands {
		return
	}
	for _, h := range f.plain {
		if domain := f.suffixFor(h.addr); domain != "" {
			f.addHost(h.name+domain, h.data, h.at)
		}
	}
}
