package bind

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
)

// anchored says which trust anchors do not go with each other, or with how BIND validates. Of
// views each has its own and those of all.
func (k *checker) anchored(all []statement) {
	views := slices.DeleteFunc(slices.Clone(all), func(s statement) bool { return s.key() != "view" })
	if len(views) == 0 {
		k.anchors(all, value(k.options, "dnssec-validation"))
	}
	all = slices.DeleteFunc(slices.Clone(all), func(s statement) bool { return !isAnchors(s) })
	alone := make(map[string]bool) // how those validate that have no anchors of their own, and are alike
	for _, v := range views {
		validation := cmp.Or(value(v.block, "dnssec-validation"), value(k.options, "dnssec-validation"))
		own := slices.ContainsFunc(v.block, isAnchors)
		if own || !alone[validation] {
			k.anchors(slices.Concat(all, v.block), validation)
		}
		alone[validation] = alone[validation] || !own
	}
}

// isAnchors reports whether a statement has trust anchors.
func isAnchors(s statement) bool {
	return slices.Contains([]string{"trust-anchors", "managed-keys", "trusted-keys"}, s.key())
}

// anchors looks at those of a view, or where there is none.
func (k *checker) anchors(all []statement, validation string) {
	static := make(map[string]bool)
	each(all, func(_, anchor statement, name string, isStatic bool) {
		static[name] = static[name] || isStatic
		if isStatic && name == "." && strings.EqualFold(validation, "auto") {
			k.stopOnce(anchor, "a static trust anchor of the root does not go with dnssec-validation auto")
		}
	})
	_, anchors := find(all, "trust-anchors")
	each(all, func(s, anchor statement, name string, isStatic bool) {
		if !isStatic && static[name] {
			k.stopOnce(anchor, "the trust anchors of %s are static and initial ones, of which one kind alone may stand", dnsname.Shown(name))
		}
		if anchors && s.key() == "managed-keys" {
			k.stopOnce(s, "managed-keys and trust-anchors do not go with each other")
		}
	})
}

// each calls a function with all trust anchors of some statements: their names, and whether they
// count as they stand and not until they are rolled over.
func each(all []statement, do func(s, anchor statement, name string, isStatic bool)) {
	for _, s := range all {
		if !isAnchors(s) {
			continue
		}
		for _, anchor := range s.block {
			isStatic := s.key() == "trusted-keys" || strings.HasPrefix(strings.ToLower(anchor.arg(1)), "static-")
			do(s, anchor, dnsname.Absolute(anchor.arg(0)), isStatic)
		}
	}
}

// stopOnce says with what BIND does not start, if that was not said.
func (k *checker) stopOnce(s statement, format string, args ...any) {
	key := s.place().String() + " " + fmt.Sprintf(format, args...)
	if !k.told[key] {
		k.told[key] = true
		k.c.stop(s, format, args...)
	}
}
