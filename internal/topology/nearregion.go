package topology

import (
	"fmt"
	"slices"
	"strings"

	"github.com/auralink/auralink/internal/spell"
)

// This file says which declared region a label may stand for. A hint that names another region is
// worse than none: whoever follows it leads names there.

// nearRegion asks whether declared regions are meant, or is "". That some word is near says little
// here, for clouds call their regions alike: aws-us-east-1 is never a slip for aws-us-west-1.
func nearRegion(label string, declared []string) string {
	same := slices.DeleteFunc(slices.Clone(declared), func(name string) bool { return plainLabel(name) != plainLabel(label) })
	if len(same) > 0 {
		return spell.Question(same)
	}
	return spell.Question(slices.DeleteFunc(spell.Near(label, declared), func(name string) bool { return isElsewhere(label, name) }))
}

// plainLabel returns a label without what people write differently: letter case, and signs for hyphens.
func plainLabel(label string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(label), func(c rune) bool { return !isLetterDigit(c) }), "-")
}

// Words by which clouds tell their regions apart: of any kind a label has one, or several in an order.
var (
	cloudWords     = []string{"aws", "gcp", "azure"}
	areaWords      = []string{"northamerica", "southamerica", "australia", "europe", "africa", "asia", "us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx", "uk", "cn"}
	directionWords = []string{"north", "south", "east", "west", "central"}
)

// isElsewhere reports whether two labels are those of different regions, as far as their words tell.
func isElsewhere(a, b string) bool {
	a, b = plainLabel(a), plainLabel(b)
	return differ(amongWords(a, cloudWords), amongWords(b, cloudWords)) || differ(amongWords(a, areaWords), amongWords(b, areaWords)) ||
		differ(digits(a), digits(b)) || otherDirection(a, b)
}

// otherDirection reports whether two plain labels have different directions. A mistyped one counts if it
// can be one alone: est may be east and west.
func otherDirection(a, b string) bool {
	inA, inB := directionsMeant(a), directionsMeant(b)
	if inA == unsure || inB == unsure {
		return inA != "" && inB != ""
	}
	return differ(inA, inB)
}

// unsure stands for a direction that may be several.
const unsure = "?"

// directionsMeant returns the directions of a plain label, or the one that a word of it is near; or unsure.
func directionsMeant(label string) string {
	if found := directions(label); found != "" {
		return found
	}
	for _, word := range strings.Split(label, "-") {
		word = strings.TrimRight(word, "0123456789")
		if slices.Contains(areaWords, word) || slices.Contains(cloudWords, word) {
			continue
		}
		switch near := spell.Near(word, directionWords); len(near) {
		case 0:
		case 1:
			return near[0]
		default:
			return unsure
		}
	}
	return ""
}

// differ reports whether both are there, and are not the same.
func differ(a, b string) bool { return a != "" && b != "" && a != b }

// amongWords returns those words of a plain label that are among some.
func amongWords(label string, some []string) string {
	words := slices.DeleteFunc(strings.Split(label, "-"), func(word string) bool {
		return !slices.Contains(some, strings.TrimRight(word, "0123456789"))
	})
	return strings.Join(words, "-")
}

// directions returns the directions that a plain label has, as in northeast or us-east1.
func directions(label string) string {
	var found []string
	for i := range label {
		for _, word := range directionWords {
			if strings.HasPrefix(label[i:], word) {
				found = append(found, word)
			}
		}
	}
	return strings.Join(found, "-")
}

// digits returns the number that a plain label has.
func digits(label string) string {
	return strings.Join(strings.FieldsFunc(label, func(c rune) bool { return c < '0' || c > '9' }), "-")
}

// isCloudRegion reports whether a label is as clouds call their regions.
func isCloudRegion(label string) bool {
	plain := plainLabel(label)
	return CheckWord(label) == "" && directions(plain) != "" && (digits(plain) != "" || amongWords(plain, areaWords) != "")
}

// regionHint says which region was meant. Of very many none is sought.
func (v *validator) regionHint(text string) string {
	names := make([]string, 0, min(len(v.topology.Regions), maxSpelled)+len(v.misnamed))
	for _, region := range v.topology.Regions[:min(len(v.topology.Regions), maxSpelled)] {
		names = append(names, region.Name)
	}
	for misnamed := range v.misnamed {
		if word := wordFor(misnamed); word != "" {
			names = append(names, word) // that hint is followed as well
		}
	}
	slices.Sort(names)
	switch near := nearRegion(text, names); {
	case near != "":
		return near + " " + v.knownRegions()
	case len(names) > 0 && (isCloudRegion(text) || len(spell.Near(text, names)) > 0 && directionsMeant(plainLabel(text)) == ""):
		return fmt.Sprintf("declare it under regions: add %s: {}, with its orchestras; %s", text, v.knownRegions())
	default:
		return v.knownRegions()
	}
}
