package bind

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/zones/formats/internal/lines"
)

// together says what of the statements in a block does not go with each other.
func (k *checker) together(w within, s statement, of string) {
	switch w.table {
	case "options", "view":
		_, says := find(w.block, "dnstap")
		if _, there := find(k.options, "dnstap-output"); says && !there {
			k.c.stop(s, "dnstap stands without dnstap-output%s", of)
		}
	case "rate-limit":
		least := max(numberIn(w.block, "min-table-size", 500), 1)
		if most := numberIn(w.block, "max-table-size", max(least, 20000)); most < least {
			k.c.stop(s, "max-table-size %d is less than min-table-size %d", most, least)
		}
	case "tls":
		k.protected(w, s, of)
	case "dnssec-policy":
		k.policy(w, s, of)
	case "server":
		k.families(w, s, of)
	case "zone":
		k.unsigned(w, s)
		k.signing(w, of)
		k.inheriting(w, s, of)
		k.shares(w, s)
		k.granted(w)
	}
	if slices.Contains([]string{"options", "view", "zone"}, w.table) {
		k.beside(w, of)
		k.resigned(w.block, of)
	}
	k.listener(w)
}

// numberIn returns the number that a statement of a block says, or the usual one.
func numberIn(block []statement, key string, usual uint64) uint64 {
	n, err := strconv.ParseUint(value(block, key), 0, 32)
	if err != nil {
		return usual
	}
	return n
}

// protected says what is wrong with a tls block.
func (k *checker) protected(w within, s statement, of string) {
	_, certificate := find(w.block, "cert-file")
	if _, key := find(w.block, "key-file"); key != certificate {
		k.c.stop(s, "cert-file and key-file must both stand, or neither%s", of)
	}
	if protocols, there := find(w.block, "protocols"); there && len(protocols.block) == 0 {
		k.c.stop(protocols, "protocols has none%s", of)
	}
	protocols := make(map[string]bool)
	for _, name := range valuesOf(w.block, "protocols") {
		if name = strings.ToLower(name); protocols[name] {
			k.c.stop(s, "protocols has %s twice%s", lines.Shown(name), of)
		}
		protocols[name] = true
	}
}

// families says of a server which addresses to ask it from are not of the family of its own.
func (k *checker) families(w within, s statement, of string) {
	for _, key := range []string{"notify-source", "transfer-source", "query-source"} {
		if !strings.Contains(s.arg(1), ":") {
			key += "-v6"
		}
		if its, there := find(w.block, key); there {
			k.c.stop(its, "%s may not stand%s", key, of)
		}
	}
}

// asking are the statements that say from where servers are asked. Those of the options and of
// views may name the port at which BIND listens, but for the first.
var asking = []string{"query-source", "query-source-v6", "transfer-source", "transfer-source-v6", "notify-source", "notify-source-v6", "parental-source", "parental-source-v6"}

// listener tells a port to ask from that is the one to listen at, which BIND before 9.18 takes.
func (k *checker) listener(w within) {
	port := cmp.Or(value(k.options, "port"), "53")
	for _, s := range w.block {
		everywhere := w.table == "options" || w.table == "view"
		if i := slices.Index(asking, s.key()); i < 0 || i > 1 && everywhere {
			continue
		}
		for i := 1; i+1 < len(s.words); i++ {
			if s.words[i].is("port") && s.words[i+1].is(port) {
				k.c.b.Unread(s.place(), "BIND 9.18 and later do not start with port %s in %s, which is the one at which they listen", port, s.key())
			}
		}
	}
}

// unsigned tells a zone that is to be signed and neither is updated nor has signatures beside its
// file. Of that BIND 9.18 wants one, and later versions have the second by themselves.
func (k *checker) unsigned(w within, s statement) {
	kind, policy := typeOf(w.block), cmp.Or(value(w.block, "dnssec-policy"), value(k.options, "dnssec-policy"))
	signs := policy != "" && policy != "none" && (kind == "primary" || kind == "secondary") && !k.inline[policy]
	for _, key := range []string{"inline-signing", "allow-update", "update-policy"} {
		its, there := find(w.block, key)
		signs = signs && (!there || isNo(its.arg(1)))
	}
	if signs {
		k.c.b.Unread(s.place(), "BIND 9.18 does not start with dnssec-policy in zone %s without inline-signing, or in a primary one allow-update or update-policy; later versions do", lines.Shown(s.arg(1)))
	}
}
