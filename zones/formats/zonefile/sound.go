package zonefile

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
)

// unsoundError says what is wrong with the data of a record that leads nowhere else, and
// for which reason a server refuses it.
type unsoundError struct {
	why  refusal
	text string
}

func (u *unsoundError) Error() string { return u.text }

func unsound(why refusal, format string, args ...any) error {
	return &unsoundError{why, fmt.Sprintf(format, args...)}
}

// checked are the types whose data the library reads as servers do.
var checked = map[string]bool{
	"MX": true, "KX": true, "RT": true, "AFSDB": true, "PTR": true, "SRV": true, "TXT": true, "SPF": true, "HINFO": true, "RP": true, "CAA": true,
	"DS": true, "CDS": true, "DNSKEY": true, "CDNSKEY": true, "SSHFP": true, "TLSA": true, "SMIMEA": true,
}

// sound looks at the data of a record.
func (l *loading) sound(f fields, at holdings.Place) {
	if l == nil {
		return
	}
	if why := f.sound(); why != nil {
		l.wrong(at, why)
	}
}

// others notes that an entry has what only other servers write.
func (l *loading) others(f fields) {
	if l != nil && f.foreign {
		l.foreign = true
	}
}

// sound returns why servers refuse the data of a record, or nil. What its type leads to is
// looked at by those who read that.
func (f fields) sound() error {
	if len(f.data) > 0 && f.data[0] == `\#` || f.foreign {
		return nil
	}
	switch f.kind {
	case "A", "AAAA":
		if len(f.quoted) > 0 && f.quoted[0] {
			return unsound(quotedData, "its address stands in quotes")
		}
		return f.fieldsAtMost(1)
	case "CNAME", "NS", "DNAME":
		return f.fieldsAtMost(1)
	case "SOA":
		return f.soundSOA()
	case "TXT", "SPF":
		if slices.ContainsFunc(f.data, func(word string) bool { return octets(word) > 255 }) {
			return unsound(longText, "a text of it has more than 255 octets")
		}
	}
	return f.parsed()
}

// octets returns how long a text is, of which an escape is one octet (RFC 1035, section 5.1).
func octets(word string) int {
	n := 0
	for i := 0; i < len(word); i, n = i+1, n+1 {
		if word[i] != '\\' {
			continue
		}
		if i++; i+2 < len(word) && '0' <= word[i] && word[i] <= '9' {
			i += 2
		}
	}
	return n
}

func (f fields) fieldsAtMost(n int) error {
	if len(f.data) > n {
		return unsound(behind, "%s stands behind its data", shown(f.data[n]))
	}
	return nil
}

// soundSOA looks at the seven fields of an SOA, of which the last five are numbers.
func (f fields) soundSOA() error {
	const all = 7
	if len(f.data) < all {
		return unsound(brokenSOA, "its SOA has %d of %d fields", len(f.data), all)
	}
	if len(f.data) > all {
		return unsound(brokenSOA, "%s stands behind its SOA", shown(f.data[all]))
	}
	if _, err := strconv.ParseUint(f.data[2], 10, 32); err != nil {
		return unsound(brokenSOA, "its serial %s is not a number of 32 bits", shown(f.data[2]))
	}
	for _, word := range f.data[3:] {
		if _, ok := ParseTTL(word); !ok {
			return unsound(brokenSOA, "%s in its SOA is not a time", shown(word))
		}
	}
	return nil
}

// parsed has the library read the data.
func (f fields) parsed() error {
	switch {
	case !checked[f.kind]:
		return nil
	case len(f.data) == 0:
		return errData
	}
	words := make([]string, len(f.data))
	inRange := make([]string, len(f.data))
	for i, word := range f.data {
		inRange[i] = word
		if n, err := strconv.ParseUint(word, 10, 64); err == nil && n > 255 {
			inRange[i] = "1"
		}
		if i < len(f.quoted) && f.quoted[i] {
			word, inRange[i] = `"`+word+`"`, `"`+word+`"`
		}
		words[i] = word
	}
	rr, err := dns.NewRR(". 60 IN " + f.kind + " " + strings.Join(words, " "))
	if err == nil && rr != nil {
		return digest(rr)
	}
	if rr, err := dns.NewRR(". 60 IN " + f.kind + " " + strings.Join(inRange, " ")); err == nil && rr != nil {
		return unsound(outOfRange, "a number in the data of its type %s is too large", f.kind)
	}
	return errData
}

var errData = errors.New("its data is not what its type has")

// digests are how many octets a DS has by its kind of digest (RFC 4034, 4509, 6605).
var digests = map[uint8]int{dns.SHA1: 20, dns.SHA256: 32, dns.SHA384: 48}

func digest(rr dns.RR) error {
	text, wanted := "", 0
	switch rr := rr.(type) {
	case *dns.DS:
		text, wanted = rr.Digest, digests[rr.DigestType]
	case *dns.SSHFP:
		text = rr.FingerPrint
	case *dns.TLSA:
		text = rr.Certificate
	}
	octets, err := hex.DecodeString(text)
	switch {
	case err != nil:
		return errData
	case wanted > 0 && len(octets) != wanted:
		return unsound(shortDigest, "its digest has not %d octets", wanted)
	default:
		return nil
	}
}
