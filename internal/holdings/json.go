package holdings

import (
	"fmt"
	"io"

	"github.com/auralink/auralink/zones/formats/json"
)

// readJSON reads a view in the format json.
func (b *Builder) readJSON(r io.Reader, in Input) error {
	s := newJSONStream(r, in)
	ttl := uint32(NoTTL)
	err := s.object(func(name string) error {
		switch name {
		case "version":
			var version int
			if err := s.Decode(&version); err != nil {
				return err
			}
			if version != json.Version {
				return fmt.Errorf("version %d of the format is not known, but %d is", version, json.Version)
			}
			return nil
		case "ttl":
			return s.Decode(&ttl)
		case "zones":
			return s.array(func() error { return b.readJSONZone(s, ttl) })
		default:
			return s.skip()
		}
	})
	return s.wrap(err)
}

// readJSONZone reads a zone, which says its origin before its names.
func (b *Builder) readJSONZone(s *jsonStream, ttl uint32) error {
	return s.object(func(name string) error {
		switch name {
		case "origin":
			var origin string
			at, err := s.value(&origin)
			if err != nil {
				return err
			}
			canonical, err := canonicalName(origin)
			if err != nil {
				return err
			}
			b.Claim(Claim{Origin: canonical, Zone: true, Miss: NXDomain, Place: at})
			return nil
		case "names":
			return s.array(func() error { return b.readJSONOwner(s, ttl) })
		default:
			return s.skip()
		}
	})
}

func (b *Builder) readJSONOwner(s *jsonStream, ttl uint32) error {
	var owner json.Owner
	at, err := s.value(&owner)
	if err != nil {
		return err
	}
	name, err := canonicalName(owner.Name)
	if err != nil {
		return err
	}
	b.Add(name, Data{Addrs: sortedAddrs(owner.Addresses), TTL: ttl}, at)
	return nil
}
