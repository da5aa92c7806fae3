package zonefile

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
)

// special returns an entry in which @Z and @F, by themselves or as the last label of a name, are the
// zone and what names in the file are relative to at its beginning, as gdnsd has them.
func (m *master) special(e entry) entry {
	if m.loading == nil || m.loading.server != GDNSD {
		return e
	}
	stand := map[string]string{"@Z": m.loading.origin, "@F": m.outset}
	for i, word := range e.words {
		at := strings.LastIndexByte(word, '@')
		name, is := stand[strings.ToUpper(word[max(at, 0):])]
		if !is || i < len(e.quoted) && e.quoted[i] || at > 0 && word[at-1] != '.' {
			continue
		}
		e.words = slices.Clone(e.words)
		if e.words[i] = word[:at] + name; name == "." {
			e.words[i] = word[:max(at-1, 0)] + name
		}
	}
	return e
}

// dynamic are records of gdnsd whose answers a plugin makes.
var dynamic = map[string]bool{"DYNA": true, "DYNC": true}

// seeOrigin looks at what names are relative to: gdnsd wants it to be in the zone.
func (l *loading) seeOrigin(origin string, at holdings.Place) {
	if l != nil && l.server == GDNSD && !dnsname.AtOrBelow(origin, l.origin) && l.origin != "." {
		l.refuse(outside, at, "the origin %s is not in it", dnsname.TrimDot(origin))
	}
}

// holding is what records a name has, for gdnsd.
type holding uint8

const (
	hasAlias holding = 1 << iota
	hasAddress
	hasDYNA
	hasDYNC
	hasOther
)

// holdingOf is what the types of records are; others are hasOther.
var holdingOf = map[string]holding{"CNAME": hasAlias, "A": hasAddress, "AAAA": hasAddress, "DYNA": hasDYNA, "DYNC": hasDYNC}

// seeBeside looks for records that cannot stand at one name, but for a CNAME beside others of DNS.
func (l *loading) seeBeside(rec Record) {
	its, is := holdingOf[rec.Type]
	if !is {
		its = hasOther
	}
	before := l.held[rec.Owner]
	both := before | its
	switch {
	case its&before&hasAlias != 0:
		l.refuse(beside, rec.Place, "%s has its CNAME twice", dnsname.TrimDot(rec.Owner))
	case before != 0 && both&hasDYNC != 0:
		l.refuse(beside, rec.Place, "%s has a DYNC, and other records", dnsname.TrimDot(rec.Owner))
	case its&before&hasDYNA != 0:
		l.refuse(beside, rec.Place, "%s has its DYNA twice", dnsname.TrimDot(rec.Owner))
	case both&hasDYNA != 0 && both&(hasAddress|hasAlias) != 0:
		l.refuse(beside, rec.Place, "%s has a DYNA, and an address or a CNAME", dnsname.TrimDot(rec.Owner))
	}
	if l.held == nil {
		l.held = make(map[string]holding)
	}
	l.held[rec.Owner] = both
}
