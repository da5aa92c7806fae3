package json

import (
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
)

// read reads a view in the format json.
func read(b *holdings.Builder, r io.Reader, in formats.Input) error {
	s := jsontext.NewStream(r, in.Name)
	ttl := uint32(holdings.NoTTL)
	err := s.Object(func(name string) error {
		switch name {
		case "version":
			var version int
			if err := s.Decode(&version); err != nil {
				return err
			}
			if version != Version {
				return fmt.Errorf("version %d of the format is not known, but %d is", version, Version)
			}
			return nil
		case "ttl":
			return s.Decode(&ttl)
		case "clients":
			var ranges []netip.Prefix
			if err := s.Decode(&ranges); err != nil {
				return err
			}
			b.AskedFrom(ranges)
			return nil
		case "zones":
			return s.Array(func() error { return readZone(b, s, ttl) })
		default:
			return s.Skip()
		}
	})
	return s.Wrap(err)
}

// readZone reads a zone. One without a wildcard has individual records, or a single
// name, and leaves what it lacks to others: as in [holdings.FromView].
func readZone(b *holdings.Builder, s *jsontext.Stream, ttl uint32) error {
	claim := holdings.Claim{Zone: true, Miss: holdings.Passthru}
	err := s.Object(func(name string) error {
		switch name {
		case "origin":
			var origin string
			at, err := s.Value(&origin)
			if err != nil {
				return err
			}
			canonical, err := holdings.CanonicalName(origin)
			if err != nil {
				return err
			}
			claim.Origin, claim.Place = canonical, at
			return nil
		case "names":
			return s.Array(func() error {
				wildcard, err := readOwner(b, s, ttl)
				if wildcard {
					claim.Miss = holdings.NXDomain
				}
				return err
			})
		default:
			return s.Skip()
		}
	})
	if err == nil && claim.Origin != "" {
		b.Claim(claim)
	}
	return err
}

// readOwner reads a name, and reports whether it is a wildcard.
func readOwner(b *holdings.Builder, s *jsontext.Stream, ttl uint32) (wildcard bool, err error) {
	var owner Owner
	at, err := s.Value(&owner)
	if err != nil {
		return false, err
	}
	name, err := holdings.CanonicalName(owner.Name)
	if err != nil {
		return false, err
	}
	if owner.Region != "" {
		b.Leads(owner.Addresses, owner.Region)
	}
	b.Add(name, holdings.Data{Addrs: holdings.SortedAddrs(owner.Addresses), TTL: ttl}, at)
	return strings.HasPrefix(name, "*."), nil
}

// detect knows a view by members that other documents may have as well.
func detect(head formats.Head) formats.Certainty {
	if head.Has("version") && head.Has("zones") {
		return formats.Likely
	}
	return formats.No
}
