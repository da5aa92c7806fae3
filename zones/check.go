package zones

import (
	"errors"
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// Check returns what a view is not that every view must be, or nil: what is said
// above its fields holds, names are those of hosts, and labels are words. A view
// of a plan is all of that; one that is made by hand need not be. What ends up in a
// script or a server's configuration is nothing else there than a name.
func (v View) Check() error {
	if !isWord(v.Name) {
		return fmt.Errorf("view %q: its name has more in it than letters, digits, hyphens, underscores and dots", v.Name)
	}
	for i, zone := range v.Zones {
		if i > 0 && v.Zones[i-1].Origin >= zone.Origin {
			return fmt.Errorf("view %q: zone %q is not in order", v.Name, zone.Origin)
		}
		if err := zone.check(); err != nil {
			return fmt.Errorf("view %q: zone %q: %w", v.Name, zone.Origin, err)
		}
	}
	return nil
}

func (z Zone) check() error {
	if !isHost(z.Origin) {
		return errors.New("its origin is not an absolute, lower-case name of a host")
	}
	for i, owner := range z.Owners {
		if i > 0 && z.Owners[i-1].Name >= owner.Name {
			return fmt.Errorf("owner %q is not in order", owner.Name)
		}
		if err := owner.check(z.Origin); err != nil {
			return fmt.Errorf("owner %q: %w", owner.Name, err)
		}
	}
	if z.Endpoints == nil {
		return nil
	}
	return z.Endpoints.check()
}

func (o Owner) check(origin string) error {
	host := strings.TrimPrefix(o.Name, "*.")
	switch {
	case !isHost(host):
		return errors.New("it is neither an absolute, lower-case name of a host nor a wildcard above one")
	case !dnsname.AtOrBelow(host, origin):
		return errors.New("it is not in the zone")
	case len(o.Name) > maxName:
		return fmt.Errorf("it has more than %d octets", maxName)
	case len(o.Addrs) == 0:
		return errors.New("it has no address")
	}
	return o.Addresses.check()
}

func (a Addresses) check() error {
	if a.Region != "" && !isWord(a.Region) {
		return fmt.Errorf("region %q has more in it than letters, digits, hyphens, underscores and dots", a.Region)
	}
	for i, addr := range a.Addrs {
		switch {
		case !addr.IsValid() || addr.Is4In6() || addr.Zone() != "":
			return fmt.Errorf("%s is not an address of a record", addr)
		case i > 0 && a.Addrs[i-1].Compare(addr) >= 0:
			return fmt.Errorf("address %s is not in order", addr)
		}
	}
	return nil
}

func (i *Individual) check() error {
	if i.Table == nil {
		return errors.New("it has individual records without a table of custom endpoints")
	}
	for _, link := range i.Links {
		if err := link.check(); err != nil {
			return err
		}
	}
	for at, e := range i.Table.Endpoints {
		switch {
		case !isLabel(e.Label):
			return fmt.Errorf("custom endpoint %q is not a lower-case label of a host", e.Label)
		case at > 0 && i.Table.Endpoints[at-1].Label >= e.Label:
			return fmt.Errorf("custom endpoint %q is not in order", e.Label)
		case e.Region < 0 || int(e.Region) >= len(i.Links):
			return fmt.Errorf("custom endpoint %q is in region %d of %d", e.Label, e.Region, len(i.Links))
		}
	}
	return nil
}

const (
	maxLabel = 63  // octets (RFC 1035, section 2.3.4)
	maxName  = 254 // octets of an absolute name: 255 less the first length octet
)

// isHost reports whether a name is absolute, and all its labels are of hosts.
func isHost(name string) bool {
	rest, absolute := strings.CutSuffix(name, ".")
	if !absolute || len(name) > maxName {
		return false
	}
	for label := range strings.SplitSeq(rest, ".") {
		if !isLabel(label) {
			return false
		}
	}
	return true
}

// isLabel reports whether a label has lower-case letters, digits, hyphens, and
// underscores, which some names have that are none of hosts.
func isLabel(label string) bool {
	if label == "" || len(label) > maxLabel {
		return false
	}
	for i := range len(label) {
		if c := label[i]; (c < 'a' || 'z' < c) && (c < '0' || '9' < c) && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// isWord reports whether text is what a user may call a VPC or a region.
func isWord(text string) bool {
	if text == "" {
		return false
	}
	for i := range len(text) {
		c := text[i] | 0x20 // in lower case, if it is a letter
		if (c < 'a' || 'z' < c) && (text[i] < '0' || '9' < text[i]) && !strings.ContainsRune("-_.", rune(text[i])) {
			return false
		}
	}
	return true
}
