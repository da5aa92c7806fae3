package tools

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats/internal/listing"
)

// checkOrder notes the first mapping of a value whose keys are in none of the orders that octoDNS
// knows: it wants one, unless its provider has enforce_order off.
func (z *syncedZones) checkOrder(value *yaml.Node, file string, deep int) bool {
	if deep > maxOctoDNS {
		return true
	}
	var keys []string
	for key := range listing.Mapping(value) {
		keys = append(keys, key.Value)
	}
	if !slices.IsSorted(keys) && !slices.IsSortedFunc(keys, natural) && !slices.Contains(keys, "<<") {
		z.strict = append(z.strict, strictness{
			order: true, at: holdings.Place{File: file, Line: value.Line},
			why: "the keys are not in their order, which octoDNS wants unless its provider has enforce_order: false",
		})
		return false
	}
	for _, item := range value.Content {
		if !z.checkOrder(item, file, deep+1) {
			return false
		}
	}
	return true
}

// maxOctoDNS is how deep values may be in each other: octoDNS has records a few deep.
const maxOctoDNS = 20

// natural compares texts with numbers in them by these numbers.
func natural(a, b string) int {
	for a != "" && b != "" {
		textA, restA := span(a, false)
		textB, restB := span(b, false)
		if order := cmp.Compare(textA, textB); order != 0 {
			return order
		}
		digitsA, nextA := span(restA, true)
		digitsB, nextB := span(restB, true)
		numberA, _ := strconv.Atoi(digitsA)
		numberB, _ := strconv.Atoi(digitsB)
		if order := cmp.Or(cmp.Compare(numberA, numberB), cmp.Compare(len(digitsA), len(digitsB))); order != 0 {
			return order
		}
		a, b = nextA, nextB
	}
	return cmp.Compare(len(a), len(b))
}

// span returns the digits at the start of a text, or what stands before the first one, and the rest.
func span(text string, digits bool) (start, rest string) {
	end := strings.IndexFunc(text, func(c rune) bool { return (c >= '0' && c <= '9') != digits })
	if end < 0 {
		end = len(text)
	}
	return text[:end], text[end:]
}

// octodnsTypes are the types of DNS that octoDNS knows by itself. Case tells them apart.
var octodnsTypes = []string{"A", "AAAA", "ALIAS", "CAA", "CNAME", "DNAME", "MX", "NS", "PTR", "SRV", "TXT"}

// checkRecord notes what octoDNS does not take of a record, which is one of those of a name.
func (z *syncedZones) checkRecord(name string, r octodnsRecord, before []string, at holdings.Place) {
	refuse := func(why string) { z.strict = append(z.strict, strictness{at: at, why: why}) }
	switch {
	case !slices.Contains(octodnsTypes, r.Type) && slices.Contains(octodnsTypes, strings.ToUpper(r.Type)):
		refuse("there is no type " + r.Type + ": types are in capital letters")
	case slices.Contains(before, r.Type):
		refuse("the name " + strconv.Quote(name) + " has the type " + r.Type + " twice")
	case name == "@":
		refuse(`the name "@" is none: the zone's own is ""`)
	}
}
