package topology

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/hint"
)

// Orchestra returns the orchestra that a person says, as a topology has it: the id, or
// the host name where that is none of Aura's usual ones. The text is an id, a host name, a
// URI, or what else a console shows. What a topology would be warned of is an error, but
// for a whole host name: a person may have said a word instead. The error says what is
// wrong with it.
func Orchestra(text string) (string, error) {
	s := readOrchestra(dnsname.Lower(strings.TrimSpace(text)))
	switch {
	case s.wrong != "":
		return "", saidWrong(text, s.wrong, s.hint)
	case s.doubt != "" && !strings.Contains(text, "."):
		return "", saidWrong(text, s.doubt, "if it is one, write its whole host name: "+s.name)
	}
	id, usual := strings.CutPrefix(s.name, orchestraPrefix)
	if id, ours := strings.CutSuffix(id, "."+orchestraParent); usual && ours {
		return id, nil
	}
	return s.name, nil
}

// EndpointLabel returns the label of the custom endpoint that a text can only mean: the
// label itself, its name, or a URI. The error says what is wrong with it.
func EndpointLabel(text string) (string, error) {
	s := readEndpoint(dnsname.Lower(strings.TrimSpace(text)))
	if s.wrong != "" {
		return "", saidWrong(text, s.wrong, s.hint)
	}
	return s.name, nil
}

// RegionLabel returns the label of a region that a person says. It is one that a topology
// can have, and none that is something else: an address, a host name, an orchestra. The
// error says what is wrong with it.
func RegionLabel(text string) (string, error) {
	const such = "such as aws-us-east-1, as Aura's console calls the region of its instances"
	if wrong := CheckWord(text); wrong != "" {
		return "", saidWrong(text, wrong, such)
	}
	lower := dnsname.Lower(text)
	_, isAddr := netip.ParseAddr(text)
	switch {
	case isAddr == nil:
		return "", saidWrong(text, "is an address, and no region", such)
	case strings.Contains(lower, "-orch-"), strings.HasSuffix(lower, orchestraParent):
		return "", saidWrong(text, "is a name of Aura's, and no region", such)
	case strings.Trim(text, "0123456789") == "":
		return "", saidWrong(text, "is a number, and no region", such)
	}
	return text, nil
}

// ClientRange returns the range that a person says, which is one that clients of a VPC can
// have. The error says what is wrong with it.
func ClientRange(text string) (netip.Prefix, error) {
	return said(text, parseRange, rangeIn)
}

// LinkAddr returns the address that a person says, which is one that a private endpoint
// can have. The error says what is wrong with it.
func LinkAddr(text string) (netip.Addr, error) {
	return said(text, parseLinkAddr, addrIn)
}

// said reads a value as a topology does or, where that is wrong, the one that is in the text.
func said[T fmt.Stringer](text string, parse func(string) (T, string, string), in func(string) (T, bool)) (T, error) {
	value, wrong, remedy := parse(text)
	if meant, ok := in(text); ok && wrong != "" {
		value, wrong, remedy = parse(meant.String())
	}
	if wrong != "" {
		return value, saidWrong(text, wrong, remedy)
	}
	return value, nil
}

func saidWrong(text, wrong, remedy string) error {
	err := fmt.Errorf("%q %s", text, wrong)
	if remedy == "" {
		return err
	}
	return hint.Add(err, remedy)
}
