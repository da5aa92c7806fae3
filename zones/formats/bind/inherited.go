package bind

import (
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// inherited returns a statement that counts for a zone: its own, its view's, or that of the options.
func (k *checker) inherited(zone []statement, key string) (statement, bool) {
	for _, block := range [][]statement{zone, k.view, k.options} {
		if s, there := find(block, key); there {
			return s, true
		}
	}
	return statement{}, false
}

// inheriting says with what of a zone BIND does not start that may stand elsewhere as well.
func (k *checker) inheriting(w within, s statement, of string) {
	kind := typeOf(w.block)
	if kind == "in-view" {
		return
	}
	k.transferred(w)
	if slices.Contains([]string{"primary", "secondary", "mirror"}, kind) {
		k.notified(w)
	}
	if kind == "mirror" {
		k.mirrored(w, s, of)
	}
	for _, server := range valuesOf(w.block, "server-names") {
		if kind == "static-stub" && dnsname.AtOrBelow(dnsname.Absolute(server), dnsname.Absolute(s.arg(1))) {
			k.c.stop(s, "server-names has %s, which is in the zone itself%s", lines.Shown(server), of)
		}
	}
}

// valuesOf returns the first words in the block of a statement.
func valuesOf(block []statement, key string) (values []string) {
	s, _ := find(block, key)
	for _, inner := range s.block {
		values = append(values, inner.arg(0))
	}
	return values
}

// transferred looks over what others get the zone.
func (k *checker) transferred(w within) {
	s, _ := k.inherited(w.block, "allow-transfer")
	for i := 1; i+1 < len(s.words); i++ {
		if by := strings.ToLower(s.words[i+1].text); s.words[i].is("transport") && by != "tcp" && by != "tls" {
			k.stopOnce(s, "allow-transfer: transport %s is neither tcp nor tls", lines.Shown(s.words[i+1].text))
		}
	}
}

// notified looks whether those are there whom the zone notifies.
func (k *checker) notified(w within) {
	s, there := k.inherited(w.block, "also-notify")
	notify, _ := k.inherited(w.block, "notify")
	m := &matcher{g: k.g}
	if key := "notify " + s.place().String(); there && !isNo(notify.arg(1)) && !k.told[key] && m.matches(k.g.blocks["options"]["also-notify"].forms, s.items[1:]) {
		k.told[key] = true
		k.defined("also-notify", "zone", m.named)
	}
}

// mirrored says what is wrong with a mirror zone: it is for those who ask by recursion alone, and
// its primaries are known for the root.
func (k *checker) mirrored(w within, s statement, of string) {
	recursion, _ := k.inherited(nil, "recursion")
	allowed, _ := k.inherited(nil, "allow-recursion")
	if isNo(recursion.arg(1)) || isNone(allowed) {
		k.c.stop(s, "a mirror zone needs recursion, which is off%s", of)
	}
	if notify := value(w.block, "notify"); notify != "" && !isNo(notify) && !strings.EqualFold(notify, "explicit") {
		k.c.stop(s, "a mirror zone takes notify no or explicit alone%s", of)
	}
	_, primaries := find(w.block, "primaries")
	_, masters := find(w.block, "masters")
	if dnsname.Absolute(s.arg(1)) != "." && !primaries && !masters {
		k.c.stop(s, "primaries is missing%s", of)
	}
}

// isNone reports whether a list of clients is for nobody by its words.
func isNone(list statement) bool {
	return len(list.block) > 0 && !slices.ContainsFunc(list.block, func(s statement) bool {
		var text strings.Builder
		for _, w := range s.words {
			text.WriteString(strings.ToLower(w.text))
		}
		return text.String() != "none" && text.String() != "!any"
	})
}

// zoneFile is the file of a zone.
type zoneFile struct {
	place    holdings.Place
	writable bool
}

// shares says which file of a zone another zone has too, where BIND writes one of them.
func (k *checker) shares(w within, s statement) {
	file := value(w.block, "file")
	kind, database := typeOf(w.block), value(w.block, "database")
	_, there := find(w.block, "file")
	if !there || !slices.Contains([]string{"primary", "secondary", "mirror", "hint"}, kind) || database != "" && !strings.HasPrefix(database, "rbt") || strings.Contains(file, "$") {
		return // in which later versions put the zone's name
	}
	its := zoneFile{s.place(), kind == "secondary" || kind == "mirror" || kind == "primary" && k.isDynamic(w.block)}
	before, shared := k.files[strings.ToLower(file)]
	if shared && (its.writable || before.writable) {
		k.c.stop(s, "zone %s has the file %s, which BIND writes, and which the zone at %v has", lines.Shown(s.arg(1)), lines.Shown(file), before.place)
	}
	if !shared {
		k.files[strings.ToLower(file)] = its
	}
}

// isDynamic reports whether BIND changes a primary zone.
func (k *checker) isDynamic(zone []statement) bool {
	policy, _ := k.inherited(zone, "dnssec-policy")
	return k.isUpdated(zone) || isPolicy(policy)
}

// isUpdated reports whether clients may change a primary zone.
func (k *checker) isUpdated(zone []statement) bool {
	_, rules := find(zone, "update-policy")
	clients, there := k.inherited(zone, "allow-update")
	return rules || there && !isNone(clients)
}
