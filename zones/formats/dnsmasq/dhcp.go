package dnsmasq

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/address"
)

var (
	// isHardware matches the address of an interface, with an asterisk for any octet.
	isHardware = matching(`(\*|[0-9a-fA-F]*)([:-](\*|[0-9a-fA-F]*))*`)
	// isLease matches how long an address is given away.
	isLease = matching(`(?i:[0-9]*[wdhms]?)|infinite|deprecated`)
	// isMode matches what is said of IPv6 addresses.
	isMode = matching(`static|ra-only|slaac|ra-names|ra-advrouter|ra-stateless|off-link|constructor:.*`)
	// isOptionCode matches a field that says which option of DHCP is meant.
	isOptionCode = matching(`[0-9]*|option6:[0-9]*`)
	// isBefore matches fields that may stand before that.
	isBefore = matching(`vendor:.*|encap:.*|vi-encap:.*|(net|set|tag):.*`)
	// isHostLabel matches a name whose first label is a host's.
	isHostLabel = matching(`([A-Za-z0-9][A-Za-z0-9_-]*)?(\..*)?`)
	// isHexID matches the identifier of a client.
	isHexID = matching(`(?i:id:)([^:]*|(\*|[0-9a-fA-F]*)(:(\*|[0-9a-fA-F]*))*)`)
)

// optionNames are the names of DHCP's options, and those of DHCPv6 behind them.
var optionNames = [2][]string{
	strings.Fields(`netmask time-offset router dns-server log-server lpr-server hostname boot-file-size domain-name swap-server
		root-path extension-path ip-forward-enable non-local-source-routing policy-filter max-datagram-reassembly default-ttl mtu
		all-subnets-local broadcast router-discovery router-solicitation static-route trailer-encapsulation arp-timeout
		ethernet-encap tcp-ttl tcp-keepalive nis-domain nis-server ntp-server vendor-encap netbios-ns netbios-dd
		netbios-nodetype netbios-scope x-windows-fs x-windows-dm requested-address lease-time option-overload message-type
		server-identifier parameter-request message max-message-size T1 T2 vendor-class client-id nis+-domain nis+-server
		tftp-server bootfile-name mobile-ip-home smtp-server pop3-server nntp-server irc-server user-class rapid-commit FQDN
		agent-id client-arch client-interface-id client-machine-id posix-timezone tzdb-timezone ipv6-only subnet-select
		domain-search sip-server classless-static-route vendor-id-encap tftp-server-address server-ip-address`),
	strings.Fields(`client-id server-id ia-na ia-ta iaaddr oro preference unicast status rapid-commit user-class vendor-class
		vendor-opts sip-server-domain sip-server dns-server domain-search nis-server nis+-server nis-domain nis+-domain
		sntp-server information-refresh-time FQDN posix-timezone tzdb-timezone ntp-server bootfile-url bootfile-param`),
}

// internalOptions are those names with which nothing is given to clients: what they send is
// compared with a value alone.
var internalOptions = strings.Fields(`option:hostname option:broadcast option:vendor-encap option:requested-address option:lease-time
	option:option-overload option:message-type option:server-identifier option:parameter-request option:message option:max-message-size
	option:client-id option:fqdn option:agent-id option:subnet-select option6:client-id option6:server-id option6:ia-na option6:ia-ta
	option6:iaaddr option6:oro option6:preference option6:unicast option6:status option6:rapid-commit option6:user-class
	option6:vendor-class option6:vendor-opts option6:fqdn`)

// addressOptions are options of DHCP whose values are addresses, and addressOptions6 those of
// DHCPv6.
var (
	addressOptions = strings.Fields(`1 3 6 7 9 16 21 28 32 33 41 42 44 45 48 49 50 54 65 68 69 70 71 74 150 255 option:netmask option:router
		option:dns-server option:log-server option:lpr-server option:swap-server option:policy-filter option:router-solicitation
		option:static-route option:nis-server option:ntp-server option:netbios-ns option:netbios-dd option:x-windows-fs
		option:x-windows-dm option:nis+-server option:mobile-ip-home option:smtp-server option:pop3-server option:nntp-server
		option:irc-server option:tftp-server-address option:server-ip-address`)
	addressOptions6 = strings.Fields("option6:22 option6:23 option6:27 option6:28 option6:31 option6:sip-server option6:dns-server option6:nis-server option6:nis+-server option6:sntp-server")
)

// namesOption reports whether a field says by its name which option is meant.
func namesOption(field string) bool {
	if name, is := strings.CutPrefix(field, "option:"); is {
		return slices.ContainsFunc(optionNames[0], func(other string) bool { return strings.EqualFold(name, other) })
	}
	name, is := strings.CutPrefix(field, "option6:")
	return is && slices.ContainsFunc(optionNames[1], func(other string) bool { return strings.EqualFold(name, other) })
}

// isDHCPOption reports whether fields are an option of DHCP: maybe tags and what it is in,
// which option it is, and its value.
func isDHCPOption(_ setting, fields []string) bool {
	inside := false
	for i, field := range fields {
		if isOptionCode(field) || namesOption(field) {
			return !slices.Contains(internalOptions, strings.ToLower(field)) && (inside || isValueOf(field, fields[i+1:]))
		}
		if strings.HasPrefix(field, "option") {
			return false
		}
		if isBefore(field) {
			inside = inside || !strings.Contains("net:set:tag:", field[:strings.Index(field, ":")+1])
		}
	}
	return false
}

// isValueOf reports whether fields are the value of an option. Those of some options are addresses,
// and what looks like addresses has to be some.
func isValueOf(option string, fields []string) bool {
	dotted := !strings.HasPrefix(option, "option6:") && option != "119" && !strings.EqualFold(option, "option:domain-search") && isDotted(strings.Join(fields, ","))
	addressed := dotted || slices.Contains(addressOptions, strings.ToLower(option))
	switch {
	case len(fields) == 0:
		return true
	case slices.Contains(addressOptions6, strings.ToLower(option)):
		return !slices.ContainsFunc(fields, func(field string) bool { return !address.Is(strings.Trim(field, "[]")) || isIPv4(field) })
	case addressed:
		return !slices.ContainsFunc(fields, func(field string) bool { return !isNetwork(field, false) || strings.Contains(field, ":") })
	default:
		return true
	}
}

// isDotted matches what is taken for IPv4 addresses, or networks of some.
var isDotted = matching(`[0-9]+[./,][0-9./,]*`)

// isDHCPMatch reports whether fields are a tag, and an option that a client is to send.
func isDHCPMatch(_ setting, fields []string) bool {
	if len(fields) < 2 {
		return false
	}
	if strings.HasPrefix(fields[1], "vi-encap:") {
		return true
	}
	return (isOptionCode(fields[1]) || namesOption(fields[1])) && !isOptionCode(fields[0]) && !namesOption(fields[0]) && isValueOf(fields[1], fields[2:])
}

// isRelay reports whether fields are an address of our own, a server, and maybe an interface. Where
// there are two fields the second one may be the interface.
func isRelay(_ setting, fields []string) bool {
	if len(fields) < 3 || !address.Is(fields[0]) {
		return len(fields) > 1
	}
	server, _, _ := strings.Cut(fields[1], "#")
	return address.Is(server) && isIPv4(server) == isIPv4(fields[0])
}

// isDHCPHost reports whether a field may say something of a host.
func isDHCPHost(field string) bool {
	switch {
	case strings.HasPrefix(field, "net:"), strings.HasPrefix(field, "set:"), strings.HasPrefix(field, "tag:"):
		return true
	case strings.HasPrefix(field, "[") && strings.HasSuffix(field, "]") && strings.Contains(field, ":"):
		return isNetwork(strings.Trim(field, "[]"), true)
	case strings.Contains(field, ":"):
		return isHexID(field) || isHardware(field)
	default:
		return isName(field) && isHostLabel(field)
	}
}

// isDHCPRange reports whether fields are a range of addresses to give away: maybe tags, the
// first one, the last one or what else is done, and for how long.
func isDHCPRange(_ setting, fields []string) bool {
	tags := 0
	for len(fields) > 0 && !address.Is(fields[0]) && !matching(`[0-9a-fA-F.: ]*`)(fields[0]) {
		if !strings.HasPrefix(fields[0], "tag:") {
			tags++
		}
		fields = fields[1:]
	}
	if tags > 1 {
		return false
	}
	if len(fields) < 2 || !address.Is(fields[0]) {
		return false
	}
	rest, right := behindRange6(fields[1:])
	if isIPv4(fields[0]) {
		rest, right = behindRange4(fields[1:])
	}
	return right && (len(rest) == 0 || len(rest) == 1 && isLease(rest[0])) && isConsistent(fields)
}

// isConsistent reports whether both ends of a range are in one network: that of its netmask, or one
// of 64 bits. Where an interface says the network there are no bits of one.
func isConsistent(fields []string) bool {
	first := netip.MustParseAddr(fields[0])
	last, err := netip.ParseAddr(fields[1])
	built := slices.ContainsFunc(fields[1:], func(field string) bool { return strings.HasPrefix(field, "constructor:") })
	switch {
	case built:
		network, err := first.Prefix(networkBits)
		return err == nil && network.Addr().IsUnspecified()
	case err != nil || last.Is4() != first.Is4():
		return true
	case first.Is6():
		network, err := first.Prefix(networkBits)
		return err == nil && network.Contains(last.WithZone(""))
	case len(fields) < 3 || !isIPv4(fields[2]):
		return true
	default:
		mask, one, other := netip.MustParseAddr(fields[2]).As4(), first.As4(), last.As4()
		for i := range mask {
			one[i], other[i] = one[i]&mask[i], other[i]&mask[i]
		}
		return one == other
	}
}

// networkBits is how many bits of an IPv6 address are its network's.
const networkBits = 64

// behindRange4 returns what stands behind the end of a range of IPv4 addresses, their netmask
// and their broadcast address.
func behindRange4(fields []string) (rest []string, right bool) {
	if !isIPv4(fields[0]) && fields[0] != "static" && fields[0] != "proxy" {
		return nil, false
	}
	rest = fields[1:]
	for range 2 {
		if len(rest) > 0 && isIPv4(rest[0]) {
			rest = rest[1:]
		}
	}
	return rest, true
}

// behindRange6 returns what stands behind the end of a range of IPv6 addresses, what is done
// with them, and the length of their network's prefix.
func behindRange6(fields []string) (rest []string, right bool) {
	if rest = fields; isIPv4(rest[0]) || rest[0] == "" {
		return nil, false
	}
	if address.Is(rest[0]) {
		rest = rest[1:]
	}
	for len(rest) > 0 && isMode(rest[0]) {
		rest = rest[1:]
	}
	if len(rest) > 0 && isNumber(rest[0]) && atMost(rest[0], 128) {
		return rest[1:], rest[0] == "" || isPrefix(rest[0])
	}
	return rest, true
}

// isPrefix matches a length of the part of an IPv6 address that a network has.
var isPrefix = matching(`6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-8]`)

// architectures are those that boot by PXE.
var architectures = strings.Fields(`x86pc pc98 ia64_efi alpha arc_x86 intel_lean_client ia32_efi x86-64_efi xscale_efi bc_efi
	arm32_efi arm64_efi`)

// isPXE reports whether fields are a service of PXE: maybe tags, an architecture, and a text.
func isPXE(_ setting, fields []string) bool {
	for len(fields) > 0 && (strings.HasPrefix(fields[0], "tag:") || strings.HasPrefix(fields[0], "net:")) {
		fields = fields[1:]
	}
	return len(fields) > 1 && (fields[0] != "" && isNumber(fields[0]) || slices.Contains(architectures, strings.ToLower(fields[0])))
}

// isRA reports whether fields are an interface, and what is advertised there: maybe a size of
// packets, a priority, and then how often, and for how long.
func isRA(_ setting, fields []string) bool {
	rest := fields[1:]
	if len(rest) > 0 && isMTU(rest[0]) {
		rest = rest[1:]
	}
	if len(rest) > 0 && isPriority(rest[0]) {
		rest = rest[1:]
	}
	return len(fields) == 1 || len(rest) > 0 && len(rest) < 3 && !slices.ContainsFunc(rest, not(isNumber))
}

var (
	isMTU      = matching(`(?i:mtu:.*)`)
	isPriority = matching(`(?i:high|low).*`)
)
