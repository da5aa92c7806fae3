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
	by   []Server // those alone that refuse it, of those that the reason has; nil for all
}

func (u *unsoundError) Error() string { return u.text }

func unsound(why refusal, format string, args ...any) error {
	return &unsoundError{why: why, text: fmt.Sprintf(format, args...)}
}

// unsoundTo is unsound for data that some servers alone refuse.
func unsoundTo(by []Server, format string, args ...any) error {
	why := inPart
	if len(by) == 1 && by[0] == BIND {
		why = picky
	}
	return &unsoundError{why: why, text: fmt.Sprintf(format, args...), by: by}
}

// sound looks at the data of a record.
func (l *loading) sound(f fields, at holdings.Place) {
	if l == nil {
		return
	}
	some, why := f.sound()
	if before := len(l.messages); why != nil {
		if l.wrong(at, why); len(l.messages) > before {
			return
		}
	}
	for _, why := range some {
		l.wrong(at, why)
	}
}

// seeEntry looks at how an entry is written.
func (l *loading) seeEntry(e entry, f fields, at holdings.Place) {
	if l == nil {
		return
	}
	switch {
	case e.nested:
		l.wrong(at, unsoundTo(toNSDKnot, "a parenthesis stands in others"))
	case e.touching:
		l.wrong(at, unsoundTo(toKnot, "there is no blank before or behind quotes"))
	case !e.indented && len(e.quoted) > 0 && e.quoted[0]:
		l.wrong(at, unsoundTo(toKnot, "its name stands in quotes"))
	}
	for _, why := range badEscapes(f.owner, true) {
		l.wrong(at, why)
	}
	if f.kind == "NS" && strings.HasPrefix(f.owner, "*.") {
		l.wrong(at, unsoundTo(toBIND, "a wildcard has NS records"))
	}
}

// seeRelative looks at the word of an $ORIGIN, which NSD and Knot want to be an absolute name.
func (l *loading) seeRelative(word string, at holdings.Place) {
	switch {
	case word == "@":
		l.wrong(at, unsoundTo(toKnot, "the origin %s is no name", shown(word)))
	case !dns.IsFqdn(word):
		l.wrong(at, unsoundTo(toNSDKnot, "the origin %s has no final dot", shown(word)))
	}
}

// others notes that an entry has what only other servers write.
func (l *loading) others(f fields) {
	if l != nil && f.foreign {
		l.foreign = true
	}
}

// sound returns why servers refuse the data of a record, or nil, and what only some of them
// refuse. What its type leads to is looked at by those who read that.
func (f fields) sound() (some []error, err error) {
	if f.foreign {
		return nil, nil
	}
	if len(f.data) > 0 && f.data[0] == `\#` || rfc3597.MatchString(f.kind) {
		return f.unpacked(), generic(f.data)
	}
	switch f.kind {
	case "A", "AAAA":
		if len(f.quoted) > 0 && f.quoted[0] {
			return nil, unsound(quotedData, "its address stands in quotes")
		}
		return nil, f.fieldsAtMost(1)
	case "CNAME", "NS", "DNAME":
		return badEscapes(f.word(0), true), f.fieldsAtMost(1)
	case "SOA":
		return append(badEscapes(f.word(0), true), badEscapes(f.word(1), true)...), f.soundSOA()
	}
	grammar, known := grammars[f.kind]
	if !known {
		return nil, nil
	}
	if some, err = keepsTo(grammar, f.data); err != nil {
		return some, err
	}
	if err := f.agrees(); err != nil {
		return some, err
	}
	return append(some, f.agreesFor()...), nil
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
	"CDS":    {"1": 20, "2": 32, "4": 48},
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
	if f.kind == "SVCB" || f.kind == "HTTPS" {
		return agreeing(f.data[2:])
	}
	if f.kind == "RRSIG" {
		if n, _ := strconv.Atoi(f.data[labels]); dns.IsFqdn(f.data[signer]) && n < dns.CountLabel(f.data[signer]) {
			return unsound(signedAbove, "it is signed by %s, and has fewer labels than that", shown(f.data[signer]))
		}
	}
	return nil
}
