package holdings

import (
	"maps"
	"slices"

	"github.com/auralink/auralink/internal/dnsname"
)

// fallback is where it is said whether a zone leaves to public DNS what it lacks; nil where
// nothing says so.
type fallback struct{ asked, on, off *Place }

// AsksFallback notes that a zone of an absolute, lower-case name is written for a cloud's
// public DNS fallback, which is switched on elsewhere. What the cloud says of it goes before.
func (b *Builder) AsksFallback(origin string, at Place) {
	b.fallback(origin, func(f *fallback) { f.asked = &at })
}

// SaysFallback notes that a cloud says whether public DNS fallback is on for a zone of an
// absolute, lower-case name. Of several that differ it is off.
func (b *Builder) SaysFallback(origin string, on bool, at Place) {
	b.fallback(origin, func(f *fallback) {
		if on {
			f.on = &at
		} else {
			f.off = &at
		}
	})
}

func (b *Builder) fallback(origin string, note func(*fallback)) {
	if b.idle || b.tells(origin) {
		return
	}
	f := b.fallbacks[origin]
	note(&f)
	b.fallbacks[origin] = f
}

// claimFallbacks claims the zones that leave what they lack to public DNS.
func (b *Builder) claimFallbacks() {
	for _, origin := range slices.Sorted(maps.Keys(b.fallbacks)) {
		f, zone := b.fallbacks[origin], dnsname.TrimDot(origin)
		at := f.on
		switch {
		case f.off != nil && f.asked != nil:
			b.Note(*f.off, "public DNS fallback is off for zone %s, which is written for it, and hides all names that it lacks until it is on: switch it on", zone)
			continue
		case f.off != nil:
			continue
		case f.on == nil:
			at = f.asked
			b.Note(*at, "zone %s is taken to have public DNS fallback, for which it is written; nothing here says that it is on, "+
				"and as long as it is off the zone hides all names that it lacks: look in the console, or ask the server itself with dns://HOST", zone)
		}
		b.Claim(Claim{Origin: origin, Zone: true, Miss: Passthru, Place: *at})
	}
}
