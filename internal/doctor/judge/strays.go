package judge

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/spell"
)

// fault is what is wrong with one answer; the zero fault is nothing.
type fault struct {
	code Code
	// to is where the name goes, or who says that it is not there.
	to string
	// line is the evidence.
	line string
}

// strays says what is wrong with the addresses of a name.
func (j *judge) strays(n doctor.Name, h hearing) fault {
	for _, addr := range h.addrs {
		regions := j.Subject.LeadsTo(addr)
		own := n.Expect == doctor.ExpectLink && slices.Contains(regions, n.Region)
		if len(regions) > 0 && !own {
			return fault{code: strayCode(n), to: strings.Join(regions, ", "), line: answers(h, n.Name, addr, j.wants(n))}
		}
	}
	if n.Role == doctor.RoleRouting && n.Expect != doctor.ExpectLink {
		return fault{code: CodeRoutingHost, line: answers(h, n.Name, h.addrs[0], "an address of a link")}
	}
	for _, addr := range h.addrs {
		if code := j.strangeAddress(n, addr); code != "" {
			return fault{code: code, line: answers(h, n.Name, addr, j.wants(n))}
		}
	}
	return fault{}
}

// strayCode is the code of a name that leads to a link that is not its own.
func strayCode(n doctor.Name) Code {
	switch {
	case n.Role == doctor.RoleNobody:
		return CodeWildcardAcrossRegions
	case n.Role == doctor.RoleControl, n.Role == doctor.RoleUnlinked && n.Region == "":
		return CodeHides
	default:
		return CodeWrongRegion
	}
}

// strangeAddress says what is wrong with an address that no link but the name's own
// has, or "".
func (j *judge) strangeAddress(n doctor.Name, addr netip.Addr) Code {
	link, _ := j.Subject.Link(n.Region)
	switch {
	case n.Expect == doctor.ExpectLink && slices.Contains(link.Addrs, addr):
		return ""
	case n.Expect == doctor.ExpectNoLink:
		return ""
	case n.Expect == doctor.ExpectPublic && (address.Private(addr) || address.Sinkhole(addr)):
		return CodeHides
	case n.Expect == doctor.ExpectPublic:
		return ""
	case address.Sinkhole(addr):
		return CodeFiltered
	case address.Private(addr):
		return CodeUnknownAddress
	case addr.Is6() && slices.ContainsFunc(link.Addrs, netip.Addr.Is4):
		return "" // it leaks beside the right one, or there is a public IPv4 address too
	default:
		return CodeLeaks
	}
}

// wants says in words where a name must lead.
func (j *judge) wants(n doctor.Name) string {
	link, linked := j.Subject.Link(n.Region)
	switch {
	case n.Expect == doctor.ExpectLink && linked:
		return texts(link.Addrs)
	case n.Expect == doctor.ExpectPublic:
		return "what public DNS has"
	default:
		return "no address of a link"
	}
}

// besides are the faults that a name may have beside the right addresses.
func (j *judge) besides(n doctor.Name, h hearing, r *doctor.Resolution) []fault {
	link, linked := j.Subject.Link(n.Region)
	if n.Expect != doctor.ExpectLink || !linked || h.fault.code != "" {
		return nil
	}
	faults := slices.Concat(lacking(n, h, r, link), leaking6(n, h, link))
	for _, a := range r.Answers {
		switch {
		case a.Type == "HTTPS" && a.Records > 0:
			faults = append(faults, fault{
				code: CodeLeaksType, to: "HTTPS",
				line: fmt.Sprintf("%s: %s has %s (wanted: none)", h.via, n.Name, spell.Count(a.Records, "HTTPS record")),
			})
		case len(a.Addrs) > 0 && !h.system && j.Subject.TTL > 0 && a.TTL > j.Subject.TTL:
			faults = append(faults, fault{
				code: CodeLongTTL,
				line: fmt.Sprintf("%s: %s %s has a TTL of %d s (wanted: %d)", h.via, n.Name, a.Type, a.TTL, j.Subject.TTL),
			})
		}
	}
	return faults
}

// lacking is the fault of a name that has only some of its link's addresses.
func lacking(n doctor.Name, h hearing, r *doctor.Resolution, link doctor.Link) []fault {
	var lacks []netip.Addr
	for _, addr := range link.Addrs {
		if !slices.Contains(h.addrs, addr) && answered(r, addr) {
			lacks = append(lacks, addr)
		}
	}
	if len(lacks) == 0 || len(lacks) == len(link.Addrs) {
		return nil
	}
	return []fault{{
		code: CodeIncomplete, to: texts(lacks),
		line: fmt.Sprintf("%s: %s has %s, and lacks %s", h.via, n.Name, texts(h.addrs), texts(lacks)),
	}}
}

// leaking6 is the fault of a name that has an IPv6 address which its link has not.
func leaking6(n doctor.Name, h hearing, link doctor.Link) []fault {
	for _, addr := range h.addrs {
		if addr.Is6() && !slices.Contains(link.Addrs, addr) {
			return []fault{{code: CodeLeaksType, to: "AAAA", line: answers(h, n.Name, addr, "no AAAA")}}
		}
	}
	return nil
}

// answered reports whether the question for an address's family was answered.
func answered(r *doctor.Resolution, addr netip.Addr) bool {
	want := "A"
	if addr.Is6() {
		want = "AAAA"
	}
	return slices.ContainsFunc(r.Answers, func(a doctor.Answer) bool { return a.Type == want && usable(a) })
}

// negative says what is wrong with a name that has no address.
func negative(n doctor.Name, h hearing, a doctor.Answer) fault {
	line := fmt.Sprintf("%s: %s does not exist (NXDOMAIN)", h.via, n.Name)
	if a.Rcode != "NXDOMAIN" {
		line = fmt.Sprintf("%s: %s has no address (NODATA)", h.via, n.Name)
	}
	if a.SOA != nil {
		line += fmt.Sprintf(", says the zone %s of %s", zone(a.SOA.Zone), a.SOA.MName)
	}
	switch {
	case n.Role == doctor.RoleRouting && n.Expect != doctor.ExpectLink:
		return fault{code: CodeRoutingHost, line: line}
	case n.Expect == doctor.ExpectNoLink:
		if n.Role == doctor.RoleEndpoint && a.AA { // it is there, in a region that is not linked
			return fault{code: CodeHides, line: line}
		}
		return fault{}
	case n.Expect == doctor.ExpectPublic:
		if n.Name == auraname.Host && a.Rcode != "NXDOMAIN" {
			return fault{} // which may have no address in public either
		}
		return fault{code: CodeHides, line: line}
	case a.SOA != nil:
		return fault{code: CodeShadowed, to: zone(a.SOA.Zone), line: line}
	case !h.system && a.Rcode == "NOERROR": // also with AA: dnsmasq leaves that bit as it came
		return fault{code: CodeStripped, line: line + ", and no zone says so"}
	default:
		return fault{code: CodeMissing, line: line}
	}
}

func zone(name string) string {
	if name == "" {
		return "."
	}
	return name
}
