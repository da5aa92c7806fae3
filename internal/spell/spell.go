// Package spell finds what somebody meant who mistyped a word of which all right
// spellings are known: a verb, a flag, a format, a VPC, a label. And it spells numbers
// of things.
//
// It knows no language and no DNS. That two words are near says nothing about
// whether one may be taken for the other: it is for hints, never for decisions.
package spell

import (
	"fmt"
	"slices"
	"strings"
)

// most is how many near words are offered.
const most = 3

// maxWord bounds what is compared, in octets: a longer word is no typo.
const maxWord = 255

// candidate is a known word and how far it is from the one that was written.
type candidate struct {
	word     string
	distance int
}

// Near returns those of the known words that are nearest to a word, nearest first,
// at most three, and none that is further away than a slip or three of the hand:
// one up to four characters, two up to seven. Letter case does not count. The beginning of a
// known word is near it, and so is a part of four characters or more.
func Near(word string, known []string) []string {
	if word == "" || len(word) > maxWord {
		return nil
	}
	lower := strings.ToLower(word)
	var near []candidate
	for _, k := range known {
		if d, ok := distance(lower, strings.ToLower(k)); ok && k != word {
			near = append(near, candidate{k, d})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return a.distance - b.distance })
	var words []string
	for _, c := range near {
		if c.distance > near[0].distance+1 || len(words) == most {
			break
		}
		words = append(words, c.word)
	}
	return slices.Compact(words)
}

// DidYouMean returns a question for a hint, or "" where no known word is near.
func DidYouMean(word string, known []string) string {
	return Question(Near(word, known))
}

// Question asks whether one of some words is meant, or is "" where there is none.
func Question(near []string) string {
	if len(near) == 0 {
		return ""
	}
	quoted := make([]string, len(near))
	for i := range near {
		quoted[i] = fmt.Sprintf("%q", near[i])
	}
	return "did you mean " + strings.Join(quoted, " or ") + "?"
}

// distance returns how far two lower-case words are apart, if they are near.
func distance(word, known string) (int, bool) {
	slips := max(1, min(3, (len(word)+1)/3))
	switch {
	case word == known:
		return 0, true
	case len(known) > maxWord:
		return 0, false
	case len(word) >= 2 && strings.HasPrefix(known, word):
		return 1, true
	case len(word) >= 4 && strings.Contains(known, word), len(known) >= 4 && strings.Contains(word, known):
		return 2, true
	case len(word)-len(known) > slips, len(known)-len(word) > slips:
		return 0, false
	}
	d := edits(word, known)
	// A word of which nothing is left is another word.
	return d, d <= slips && d < max(len(word), len(known))
}

// edits returns how many octets must be added, dropped, changed or swapped with
// their neighbour to make b of a (the optimal string alignment distance).
func edits(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
