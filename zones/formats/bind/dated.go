package bind

import (
	"strconv"
	"strings"
)

// dated says which versions of BIND have something: those since one, and those before another
// one, by what stands behind "9."; 0 for any. What is the word of a statement that it is, or "" for the statement.
type dated struct {
	what        string
	since, gone int
}

// datedName returns a name of the grammar without what it says of versions: "~9.18" says that the
// name is gone with that one, and "^9.20" that it is there since.
func datedName(text string) (name string, d dated) {
	name, since, _ := strings.Cut(text, "^9.")
	name, gone, _ := strings.Cut(name, "~9.")
	d.since, _ = strconv.Atoi(since) // else it says nothing of that
	d.gone, _ = strconv.Atoi(gone)
	if d != (dated{}) {
		d.what = name
	}
	return name, d
}

const (
	// oldest is the version that has to have what stands in a configuration without a note, for
	// all that are maintained have it; stable is the newest one of which a release is stable.
	oldest = 18
	stable = 20
)

// versions says which versions do not start with a statement, as they do not have something in it.
// It notes which ones start with all.
func (k *checker) versions(s statement, all []dated) {
	for _, d := range all {
		what := d.what
		if key := s.key(); what != key {
			what = key + " " + what
		}
		told := "version " + s.place().String() + what
		if k.told[told] {
			continue
		}
		k.told[told] = true
		switch {
		case d.gone > stable:
			k.c.b.Note(s.place(), "BIND 9.%d and later do not start with %s: they no longer have it", d.gone, what)
		case d.gone > 0:
			k.c.b.Unread(s.place(), "BIND 9.%d and later do not start with %s: they no longer have it", d.gone, what)
		case d.since > oldest:
			k.c.b.Note(s.place(), "BIND before 9.%d does not start with %s", d.since, what)
		}
		k.between(s, d, what)
	}
}

// between notes which versions start with a statement, and says if none starts with those before as well.
func (k *checker) between(s statement, d dated, what string) {
	if d.gone > 0 && (k.gone.gone == 0 || d.gone < k.gone.gone) {
		k.gone = dated{what, 0, d.gone}
	}
	if d.since > k.since.since {
		k.since = dated{what, d.since, 0}
	}
	if !k.noVersion && k.gone.gone > 0 && k.since.since >= k.gone.gone {
		k.noVersion = true
		k.c.stop(s, "no version has both %s, which is gone with 9.%d, and %s, which is there since 9.%d", k.gone.what, k.gone.gone, k.since.what, k.since.since)
	}
}
