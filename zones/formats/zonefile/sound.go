package zonefile

import (
	"fmt"
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
	if f.foreign {
		return nil
	}
	if len(f.data) > 0 && f.data[0] == `\#` || rfc3597.MatchString(f.kind) {
		return generic(f.data)
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
	}
	grammar, known := grammars[f.kind]
	if !known {
		return nil
	}
	if err := keepsTo(grammar, f.data); err != nil {
		return err
	}
	return f.agrees()
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

// digests are how many octets a digest has by its kind, of a DS (RFC 4034, 4509, 6605) and of
// a zone (RFC 8976).
var digests = map[string]map[string]int{
	"DS":     {"1": 20, "2": 32, "4": 48},
	"DLV":    {"1": 20, "2": 32, "4": 48},
	"ZONEMD": {"1": 48, "2": 64},
}

// agrees looks at what the fields of a record, of which there are all, say of each other.
func (f fields) agrees() error {
	const kind, digest = 2, 3
	const labels, signer = 2, 7
	if sizes := digests[f.kind]; sizes != nil {
		if wanted, is := sizes[f.data[kind]], len(strings.Join(f.data[digest:], ""))/2; wanted > 0 && is != wanted {
			return unsound(shortDigest, "its digest has not %d octets", wanted)
		}
	}
	if f.kind == "RRSIG" {
		if n, _ := strconv.Atoi(f.data[labels]); dns.IsFqdn(f.data[signer]) && n < dns.CountLabel(f.data[signer]) {
			return unsound(signedAbove, "it is signed by %s, and has fewer labels than that", shown(f.data[signer]))
		}
	}
	return nil
}
