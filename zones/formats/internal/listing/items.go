package listing

import (
	"bytes"
	"encoding/json"
	"regexp"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/pattern"
	"github.com/auralink/auralink/zones/formats"
)

// Leave leaves an item out that is nothing that is known. One with names of Aura's may lead them
// somewhere.
func (i Item) Leave(b *holdings.Builder) { Leave(b, i.text, i.At) }

// Leave is [Item.Leave] for a document's text.
func Leave(b *holdings.Builder, text []byte, at holdings.Place) {
	if bytes.Contains(bytes.ToLower(text), []byte(auraname.Host)) {
		b.Unread(at, "what stands here%s has names of Aura's, and is not read: it is nothing that is known here: audit what it makes, or leave it out", About(text))
	}
}

// Items counts the items of a file. Those that are odd are told, and left out: whatever they say may
// count. A file that has no others is refused.
type Items struct {
	b     *holdings.Builder
	good  int
	first error // for an odd one
}

// NewItems returns a count of items whose oddities are told to a builder.
func NewItems(b *holdings.Builder) *Items { return &Items{b: b} }

// Decode decodes an item, and reports whether that could be done.
func (all *Items) Decode(text []byte, at holdings.Place, into any) bool {
	read := all.Around(text, at, into)
	if read {
		all.good++
	}
	return read
}

// Around is Decode for what is around a list of items, and counts as none.
func (all *Items) Around(text []byte, at holdings.Place, into any) bool {
	err := json.Unmarshal(text, into)
	if err == nil {
		return true
	}
	if all.first == nil {
		all.first = at.Errorf("%w", formats.Plain(err))
	}
	all.b.Unread(at, "an item%s is not read: %v", About(text), formats.Plain(err))
	return false
}

// Read is Decode for an item of a list.
func (all *Items) Read(i Item, into any) bool { return all.Decode(i.text, i.At, into) }

// End returns the error with which a file was read; or, if it has odd items alone, that for them.
func (all *Items) End(err error) error {
	if err == nil && all.good == 0 {
		return all.first
	}
	return err
}

// about finds names in a text, which may be a line with all there is: of Aura's, or what a member has.
var about = []func() *regexp.Regexp{
	pattern.Lazily(`(?i)()([a-z0-9*_.-]{1,255}` + regexp.QuoteMeta("."+auraname.Host) + `)`),
	pattern.Lazily(`(?i)"(name|dnsName|fqdn|id)": *"([^"\\\x00-\x1f]{1,100})"`),
}

// About says what a text is about, by a name in it, in brackets; "" where it has none.
func About(text []byte) string {
	for _, find := range about {
		if match := find().FindSubmatch(text); match != nil {
			return " (" + string(match[2]) + ")"
		}
	}
	return ""
}
