package rrset

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
)

// Page is what was read of a listing of record sets in one document.
type Page struct {
	// Zone has the record sets that were read last; "" where that is not known.
	Zone string

	begins      bool // with the zone's SOA
	first, last Start
	at          holdings.Place // of the first record set
	sets        int
	more        *More
	held        []placed                  // what waits for the zone
	zones       map[string]holdings.Place // the private zones that record sets say they are in
}

// see looks at a record set of the page.
func (p *Page) see(r RRset, at holdings.Place) {
	p.last = StartOf(r.Name, r.Type, r.Identifier)
	if p.sets == 0 {
		p.first, p.at, p.Zone = p.last, at, r.Zone
	}
	p.begins = p.begins || strings.EqualFold(r.Type, "SOA")
	p.sets++
}

// Start is the record set with which a page begins, as far as that is known: its name, its type,
// and what tells it from others of both.
type Start struct{ Name, Type, Identifier string }

// StartOf returns the start that a source says.
func StartOf(name, kind, identifier string) Start {
	if canonical, err := holdings.CanonicalName(name); name != "" && err == nil {
		name = canonical
	}
	return Start{name, kind, identifier}
}

// is reports whether a page that begins with another record set is the one that begins so.
func (s Start) is(other Start) bool {
	known := func(a, b string) bool { return a == "" || b == "" || strings.EqualFold(a, b) }
	return same(s.Name, other.Name) && known(s.Type, other.Type) && known(s.Identifier, other.Identifier)
}

// More is what a page says of the page behind it.
type More struct {
	// At is where it says that there is one.
	At holdings.Place
	// Member is the member that says it.
	Member string
	// Next is how that page begins; its Name is "" where that is not said.
	Next Start
	// Before is how many record sets of the zone are on the pages up to there; 0 where that is
	// not said.
	Before int
	// Token is what the server is asked for the next page with, or "".
	Token string
}

// Place returns where it is said; nil where nothing is.
func (m *More) Place() *holdings.Place {
	if m == nil {
		return nil
	}
	return &m.At
}

// MoreByToken returns what a token says of the next page: most say nothing that others
// understand. Those of AWS's command line have the parameters of its next question, and
// how many items it drops of the answer.
func MoreByToken(at holdings.Place, member, token string) *More {
	m := &More{At: at, Member: member, Token: token}
	var asked struct {
		Name string `json:"StartRecordName"`
		Type string `json:"StartRecordType"`
		Drop int    `json:"boto_truncate_amount"`
	}
	if json.Unmarshal(decoded(token), &asked) == nil {
		switch {
		case asked.Name == "":
			m.Before = asked.Drop
		case asked.Drop == 0:
			m.Next = StartOf(asked.Name, asked.Type, "")
		}
	}
	return m
}

// decoded returns the octets of a token; nil where it is no base64.
func decoded(token string) []byte {
	text := strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(token), "=")
	octets, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	return octets
}

// nameLike finds what may be a name in a token.
var nameLike = pattern.Lazily(`[A-Za-z0-9*_-]+(\.[A-Za-z0-9*_-]+)+\.?`)

// named returns a name below a zone that the token has, or "".
func (m *More) named(zone string) string {
	for _, text := range m.texts() {
		for _, name := range nameLike().FindAllString(text, -1) {
			if In(name, zone) && !same(name, zone) {
				return name
			}
		}
	}
	return ""
}

// texts returns the token, or those in its query if it is a URL, as they are and decoded.
func (m *More) texts() []string {
	tokens := []string{m.Token}
	if _, query, link := strings.Cut(m.Token, "?"); link {
		tokens = nil
		for part := range strings.SplitSeq(query, "&") {
			_, value, _ := strings.Cut(part, "=")
			tokens = append(tokens, strings.NewReplacer("%3D", "", "%3d", "").Replace(value)) // what base64 ends with
		}
	}
	for _, token := range tokens {
		tokens = append(tokens, string(decoded(token)))
	}
	return tokens
}

// leadsTo reports whether a page may be the one behind another one of a zone, of which so many
// record sets were on the pages before.
func (p *Page) leadsTo(next *Page, zone string, before int) bool {
	switch name := p.more.named(zone); {
	case p.more.Next.Name != "":
		return p.more.Next.is(next.first)
	case !next.in(zone):
		return false
	case p.more.Before > 0 && next.more != nil && next.more.Before > 0:
		return next.more.Before == before+next.sets
	default:
		return name == "" || same(name, p.last.Name) || same(name, next.first.Name)
	}
}

// says reports whether the page says with which record set the next one begins.
func (p *Page) says() bool { return p.more.Next.Name != "" }

// in reports whether the page may be of a zone, by the zone that it has, or by the names that
// wait for one.
func (p *Page) in(zone string) bool {
	if p.Zone != "" {
		return same(p.Zone, zone)
	}
	for _, one := range p.held {
		if !In(one.Name, zone) {
			return false
		}
	}
	return len(p.held) > 0
}

// In reports whether a name is in a zone, by its name alone.
func In(name, zone string) bool {
	return zone != "" && dnsname.AtOrBelow(dnsname.Lower(dnsname.Absolute(name)), dnsname.Lower(dnsname.Absolute(zone)))
}
