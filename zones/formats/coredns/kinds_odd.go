package coredns

import (
	"encoding/hex"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/pattern"
)

// azureClouds are the environments that Azure's library knows.
var azureClouds = setOf("AZURECLOUD AZUREPUBLICCLOUD AZURECHINACLOUD AZUREGERMANCLOUD AZUREUSGOVERNMENT AZUREUSGOVERNMENTCLOUD AZURESTACKCLOUD")

// parted reports whether a word has some parts with colons between them, of which none is empty.
// What more there is belongs to the last one.
func parted(word string, parts int) bool {
	all := strings.SplitN(word, ":", parts)
	return len(all) == parts && !slices.Contains(all, "")
}

// prefix64 returns the prefix of translated addresses (RFC 6052, section 2.2).
func prefix64(word string) (netip.Prefix, bool) {
	prefix, err := netip.ParsePrefix(word)
	if err != nil || prefix.Addr().Is4() {
		return prefix, false
	}
	return prefix.Masked(), slices.Contains([]int{32, 40, 48, 56, 64, 96}, prefix.Bits())
}

// isUpdated reports whether a word is a type of records that dynupdate may be allowed to change.
func isUpdated(word string) bool {
	word = strings.ToUpper(word)
	number, is := strings.CutPrefix(word, "TYPE")
	return is && between(number, 1, math.MaxUint16) || dns.StringToType[word] != dns.TypeNone && !unchanged[word]
}

// unchanged are the types of which there are no records to change.
var unchanged = setOf("AXFR IXFR MAILA MAILB OPT TKEY TSIG NONE RESERVED")

// isTTLs reports whether a word is a TTL, or a range of them of which an end may be missing.
func isTTLs(word string) bool {
	least, most, both := strings.Cut(word, "-")
	if !both {
		return between(word, 0, math.MaxUint32)
	}
	from, ok := ttlOr(least, 0)
	to, fine := ttlOr(most, math.MaxInt32)
	return ok && fine && from <= to && word != "-"
}

func ttlOr(word string, missing uint64) (uint64, bool) {
	if word == "" {
		return missing, true
	}
	ttl, err := strconv.ParseUint(word, 10, 32)
	return ttl, err == nil
}

// isVariable matches the variables of an option, and the labels of metadata.
var isVariable = pattern.Matching(`^\{(qname|qtype|client_ip|client_port|protocol|server_ip|server_port|[^/]+/.+)\}$`)

// isLocalOption reports whether a word is what an option of EDNS is set to.
func isLocalOption(word string) bool {
	if strings.HasPrefix(word, "{") && strings.HasSuffix(word, "}") {
		return isVariable(word)
	}
	digits, is := strings.CutPrefix(word, "0x")
	_, err := hex.DecodeString(digits)
	return word != "revert" && (!is || err == nil)
}

// listening is the word behind dnstap that says that others send to it.
const listening = "listen"

// isTap reports whether a word is where messages of dnstap go: a socket, or a host with a port.
func isTap(word string) bool {
	for _, scheme := range []string{"tls://", "tcp://"} {
		if rest, is := strings.CutPrefix(word, scheme); is {
			rest, _, _ = strings.Cut(rest, "/")
			host, port, both := splitHost(rest)
			number := strings.Trim(port, "0123456789") == ""
			return (!both || number) && !strings.ContainsAny(host, " %^`{|}\\")
		}
	}
	return word != listening
}
