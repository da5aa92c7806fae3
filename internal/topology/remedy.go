package topology

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/pattern"
)

// This file says what to write instead of a name, an address or a range that cannot
// be used, as far as that can be told from what stands there.

// wordHint says how a label of the user's could be written.
func wordHint(text string) string {
	word := wordFor(text)
	if word == "" {
		return "write a word of letters, digits and hyphens, such as aws-us-east-1"
	}
	return "write " + word
}

// wordFor returns a text as a label of the user's could be written, or "": without what is in
// parentheses behind it, as consoles have "us-east-1 (N. Virginia)".
func wordFor(text string) string {
	if before, _, found := strings.Cut(text, " ("); found && strings.HasSuffix(text, ")") {
		text = before
	}
	word := strings.Trim(strings.Map(func(c rune) rune {
		if c < 0x80 && (isLetterDigit(c|0x20) || isLetterDigit(c) || c == '_' || c == '.') {
			return c
		}
		return '-'
	}, shorten(text, maxLabel-1)), "-_.")
	if CheckWord(word) != "" {
		return ""
	}
	return word
}

// hostLabels returns a text with what no host name has in it left out, or made a
// hyphen.
func hostLabels(text string) string {
	labels := strings.Split(strings.Trim(text, `"'“”‘’ .`), ".")
	for i, label := range labels {
		labels[i] = strings.Trim(strings.Map(func(c rune) rune {
			if isLetterDigit(c) {
				return c
			}
			return '-'
		}, label), "-")
	}
	return strings.Join(labels, ".")
}

// orchestraID finds the id of an orchestra in a text.
var orchestraID = pattern.Lazily(`(?:^|[^a-z0-9])([0-9]{4})(?:[^a-z0-9]|$)`)

// severalNames returns the hint for the text of one item in which there are several, each
// of which write returns as it is to be written; "" if one of them is none.
func severalNames(text string, write func(part string) string) string {
	parts := slices.DeleteFunc(split(text), func(part string) bool { return part == "and" || part == "&" })
	if len(parts) < 2 || len(text) > maxRight {
		return ""
	}
	for i, part := range parts {
		if parts[i] = write(part); parts[i] == "" {
			return ""
		}
	}
	return "write an item for each: " + strings.Join(parts, ", ")
}

// orchestraRemedy returns the hint for a text that is no orchestra.
func orchestraRemedy(text string) string {
	if several := severalNames(text, func(part string) string {
		if s := readOrchestra(part); s.wrong == "" && s.doubt == "" {
			return written(s.name)
		}
		return ""
	}); several != "" {
		return several
	}
	if id := orchestraID().FindStringSubmatch(text); id != nil {
		return fmt.Sprintf("write %q", id[1])
	}
	return orchestraHint
}

// extraNameRemedy returns the hint for a text that is neither a name nor a wildcard.
func extraNameRemedy(text string) string {
	const otherwise = `write a host name, or a wildcard such as "*.graph.example.org"`
	if several := severalNames(text, func(part string) string {
		if read := readHost(hostIn(part)); read.wrong == "" && strings.Contains(read.name, ".") {
			return strconv.Quote(hostIn(part))
		}
		return ""
	}); several != "" {
		return several
	}
	name := hostLabels(strings.TrimLeft(text, "*."))
	if strings.HasPrefix(text, "*") && strings.Contains(name, ".") {
		name = "*." + name
	}
	if read := readHost(name); !strings.Contains(name, ".") || read.wrong != "" {
		return otherwise
	}
	return fmt.Sprintf("did you mean %q?", name)
}

// endpointRemedy returns the hint for a text that is no label of a custom endpoint.
func endpointRemedy(text string) string {
	label, _, _ := strings.Cut(hostLabels(text), ".")
	switch {
	case strings.HasPrefix(text, "*"):
		return "leave it out: whether there is a wildcard is for the plan to decide"
	case text == endpointsParent:
		return "leave it out: it is the domain of all custom endpoints"
	case sharedBelow(text):
		return "leave it out: it is the public name of an instance; " + orchestraHint
	case label != "" && checkLabel(label, maxEndpointLabel) == "":
		return fmt.Sprintf("did you mean %q? it is the label that the Aura console shows, without %s", label, endpointsParent)
	default:
		return "write the label that the Aura console shows, such as my-endpoint-abcdef-123456, without " + endpointsParent
	}
}

// sharedBelow reports whether a text is the public name of an instance.
func sharedBelow(text string) bool {
	return slices.ContainsFunc(sharedNames, func(shared string) bool { return dnsname.Below(dnsname.Absolute(text), shared) })
}

// v4Like matches what looks like an IPv4 address.
var v4Like = pattern.Lazily(`[0-9]+[.,][0-9]+[.,][0-9]+[.,][0-9]+`)

// spanned matches what looks like the first and the last of several addresses.
var spanned = pattern.Lazily(`[0-9] *[-–] *[0-9]`)

// addressesIn returns the IPv4 addresses in a text, without zeros ahead.
func addressesIn(text string) []netip.Addr {
	var found []netip.Addr
	for _, match := range v4Like().FindAllString(text, -1) {
		octets := strings.FieldsFunc(match, func(c rune) bool { return c == '.' || c == ',' })
		for i, octet := range octets {
			if n, err := strconv.Atoi(octet); err == nil {
				octets[i] = strconv.Itoa(n)
			}
		}
		if addr, err := netip.ParseAddr(strings.Join(octets, ".")); err == nil {
			found = append(found, addr)
		}
	}
	return found
}

// addressRemedy returns the hint for a text with addresses that is none itself: the
// addresses, if they are all that it can mean.
func addressRemedy(text, otherwise string) string {
	found := addressesIn(text)
	switch {
	case len(found) == 0, spanned().MatchString(text), slices.ContainsFunc(found, func(a netip.Addr) bool { return unusable(a) != "" }):
		return otherwise
	case len(found) == 1, strings.Trim(text, "0123456789.,; ") == "":
		return "write " + texts(found)
	default:
		return otherwise
	}
}

func texts(addrs []netip.Addr) string {
	all := make([]string, len(addrs))
	for i, addr := range addrs {
		all[i] = addr.String()
	}
	return strings.Join(all, ", ")
}

// narrow has the digits and marks that keyboards of East Asia make, as they are meant.
var narrow = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9",
	"．", ".", "。", ".", "／", "/", "：", ":", "，", ",", "、", ",")

// rangesIn returns the ranges that a text has in it, with commas between them, if it has
// nothing else; else "".
func rangesIn(text string) string {
	parts := strings.FieldsFunc(narrow.Replace(text), func(c rune) bool { return unicode.IsSpace(c) || c == ';' || c == ',' })
	for i, part := range parts {
		parts[i] = dnsname.TrimDot(part)
		if _, err := netip.ParsePrefix(parts[i]); err != nil {
			return ""
		}
	}
	return strings.Join(parts, ", ")
}

// exampleRange stands in hints for a range of clients that is not known.
const exampleRange = "10.1.0.0/16"

// freeRange returns a range like exampleRange that no VPC has, so that it can be written as it is.
func freeRange(raw table[rawVPC]) string {
	taken := make(map[string]bool)
	for _, e := range raw.entries[:min(len(raw.entries), maxSpelled)] {
		for _, s := range e.value.Clients.items[:min(len(e.value.Clients.items), maxSpelled)] {
			taken[s.text] = true
		}
	}
	for i := 1; i < 256; i++ {
		if free := fmt.Sprintf("10.%d.0.0/16", i); !taken[free] {
			return free
		}
	}
	return exampleRange
}

// rangeRemedy returns the hint for a text that is no address range.
func rangeRemedy(text string) string {
	if several := rangesIn(text); several != "" {
		return "write " + several
	}
	const otherwise = "write an address range, such as " + exampleRange + " or fd00:1::/64"
	text = strings.ReplaceAll(strings.Trim(text, "\"'` @%#&!"), `\`, "/")
	switch strings.ToLower(text) {
	case "all", "any", "*", "everything":
		return "write 0.0.0.0/0"
	}
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return "write " + prefix.Masked().String()
	}
	if addr, err := netip.ParseAddr(text); err == nil { // with a zone
		return "write " + addr.WithZone("").String()
	}
	if prefix, ok := starred(text); ok {
		return "write " + prefix.String()
	}
	if prefix, ok := shortened(text); ok {
		return "write " + prefix.String()
	}
	first, last, _ := strings.Cut(text, "-")
	from, err := netip.ParseAddr(strings.TrimSpace(first))
	to, errTo := netip.ParseAddr(strings.TrimSpace(last))
	if err == nil && errTo == nil && from.BitLen() == to.BitLen() && from.Less(to) {
		return "write " + covering(from, to)
	}
	return otherwise
}

// shortened returns the range that is meant by one whose last octets were left out, which are 0.
func shortened(text string) (netip.Prefix, bool) {
	short, length, _ := strings.Cut(text, "/")
	prefix, ok := starred(short)
	bits, err := strconv.Atoi(length)
	if !ok || err != nil {
		return netip.Prefix{}, false
	}
	long, err := prefix.Addr().Prefix(bits)
	return long, err == nil
}

// starred returns the range that is meant by an IPv4 address with stars, or without
// its last octets.
func starred(text string) (netip.Prefix, bool) {
	octets := strings.Split(strings.TrimRight(text, ".*"), ".")
	if n := len(octets); n == 0 || n > 3 || octets[0] == "" {
		return netip.Prefix{}, false
	}
	bits := 8 * len(octets)
	for len(octets) < 4 {
		octets = append(octets, "0")
	}
	addr, err := netip.ParseAddr(strings.Join(octets, "."))
	return netip.PrefixFrom(addr, bits), err == nil && addr.Is4()
}

// covering returns the prefixes that have all addresses from one to another, and no
// others.
func covering(from, to netip.Addr) string {
	var all []string
	for from.IsValid() && !to.Less(from) {
		bits := from.BitLen()
		for bits > 0 {
			wider := netip.PrefixFrom(from, bits-1)
			if wider.Masked().Addr() != from || to.Less(address.Last(wider)) {
				break
			}
			bits--
		}
		prefix := netip.PrefixFrom(from, bits)
		all = append(all, prefix.String())
		if from = address.Last(prefix).Next(); len(all) > maxNamed {
			break
		}
	}
	return strings.Join(all, ", ")
}

// exampleRegions returns a section of regions: those that the file refers to.
func exampleRegions(raw rawTopology) string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) && len(names) < maxNamed && CheckWord(name) == "" {
			names = append(names, name)
		}
	}
	for _, vpc := range raw.VPCs.entries {
		for _, link := range vpc.value.Links.entries {
			add(link.key.text)
		}
	}
	for i := range raw.Endpoints.entries {
		add(raw.Endpoints.entries[i].value.text)
	}
	if len(names) == 0 {
		return `regions: {aws-us-east-1: {orchestras: ["0000"]}}`
	}
	for i, name := range names {
		names[i] = flowScalar(name, false) + ": {}"
	}
	return "regions: {" + strings.Join(names, ", ") + "}"
}

// exampleVPCs returns a section of VPCs, with a link to the first region.
func exampleVPCs(raw rawTopology) string {
	region := "aws-us-east-1"
	if len(raw.Regions.entries) > 0 {
		region = flowScalar(raw.Regions.entries[0].key.text, false)
	}
	return "vpcs: {apps: {links: {" + region + ": [10.0.1.10]}}}, with your own names and addresses"
}
