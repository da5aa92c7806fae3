package follow

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/source"
	"github.com/auralink/auralink/internal/topology"
)

// start is when the first topology of a test is taken.
var start = time.Unix(1_800_000_000, 0)

// The topologies of the tests. From two links to one is what a text does that is
// cut off: the wildcard comes back.
const (
	oneLink = `regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
vpcs:
  apps:
    clients: [10.0.0.0/16]
    links:
      east: [10.10.10.10]
`
	twoLinks = oneLink + "      west: [10.20.10.10]\n" + endpoints
	// newAddress is what must never be held: a private endpoint was created anew.
	newAddress = oneLink + "      west: [10.20.10.11]\n" + endpoints
	endpoints  = "custom_endpoints: {e1: east, w1: west}\n"
	invalid    = "regions: [\n"
)

func snapshot(t *testing.T, text string) *serve.Snapshot {
	t.Helper()
	s, err := serve.Read([]byte(text), nil, start)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// outcome says what became of a text.
func outcome(before, s *serve.Snapshot, err error) string {
	var bad *topology.InvalidError
	switch h := held(err); {
	case h != nil:
		return "held by " + strings.Join(h.Codes(), ", ")
	case errors.As(err, &bad):
		return "invalid"
	case err != nil:
		return err.Error()
	case s == before:
		return "the same"
	default:
		return "taken"
	}
}

// accepting returns the line that accepts a change.
func accepting(from, to string) string {
	return acceptance.Acceptance{From: acceptance.Of([]byte(from)), To: acceptance.Of([]byte(to))}.String() + "\n"
}

// TestJudge is the table of what becomes of a text.
func TestJudge(t *testing.T) {
	const (
		inPlace = source.InPlace
		whole   = source.Whole
		judged  = source.Judged
	)
	good := accepting(twoLinks, oneLink)
	tests := []struct {
		name         string
		before, text string
		beside       string
		written      source.Written
		options      Options
		want         string
	}{
		{name: "the first text", text: twoLinks, want: "taken"},
		{name: "the same text", before: twoLinks, text: twoLinks, want: "the same"},
		{name: "the same text without its acceptance", before: good + oneLink, text: oneLink, want: "the same"},
		{name: "harmless, in place", before: oneLink, text: twoLinks, want: "taken"},
		{name: "a new address, in place", before: twoLinks, text: newAddress, want: "taken"},
		{name: "invalid", before: twoLinks, text: invalid, want: "invalid"},
		{name: "dangerous, in place", before: twoLinks, text: oneLink, want: "held by region, wildcard"},
		{name: "dangerous, whole", before: twoLinks, text: oneLink, written: whole, want: "taken"},
		{name: "dangerous, judged before", before: twoLinks, text: oneLink, written: judged, want: "taken"},
		{name: "dangerous, whole, always judged", before: twoLinks, text: oneLink, written: whole, options: Options{Guard: GuardAlways}, want: "held by region, wildcard"},
		{name: "dangerous, in place, always judged", before: twoLinks, text: oneLink, options: Options{Guard: GuardAlways}, want: "held by region, wildcard"},
		{name: "dangerous, in place, never judged", before: twoLinks, text: oneLink, options: Options{Guard: GuardOff}, want: "taken"},
		{name: "accepted at the top", before: twoLinks, text: good + oneLink, want: "taken"},
		{name: "accepted at the end", before: twoLinks, text: oneLink + good, want: "taken"},
		{name: "accepted beside it", before: twoLinks, text: oneLink, beside: good, want: "taken"},
		{name: "accepted, always judged", before: twoLinks, text: good + oneLink, written: whole, options: Options{Guard: GuardAlways}, want: "taken"},
		{name: "accepted from another text", before: twoLinks, text: accepting(newAddress, oneLink) + oneLink, want: "held by region, wildcard"},
		{name: "accepted to another text", before: twoLinks, text: accepting(twoLinks, newAddress) + oneLink, want: "held by region, wildcard"},
		{name: "an acceptance beside it that is cut off", before: twoLinks, text: oneLink, beside: good[:50], want: "held by region, wildcard"},
		{name: "an acceptance as a comment", before: twoLinks, text: "# " + good + oneLink, want: "held by region, wildcard"},
		{name: "without a section", before: oneLink + "ttl: 30\n", text: oneLink, want: "held by section"},
		{name: "without a section, whole", before: oneLink + "ttl: 30\n", text: oneLink, written: whole, want: "taken"},
		{name: "without a section, whole, always judged", before: oneLink + "ttl: 30\n", text: oneLink, written: whole, options: Options{Guard: GuardAlways}, want: "held by section"},
		{name: "without a section, never judged", before: oneLink + "ttl: 30\n", text: oneLink, options: Options{Guard: GuardOff}, want: "taken"},
		{name: "without a section, accepted", before: oneLink + "ttl: 30\n", text: accepting(oneLink+"ttl: 30\n", oneLink) + oneLink, want: "taken"},
		{name: "sections in another order", before: oneLink + "ttl: 30\n", text: "ttl: 30\n" + oneLink, want: "taken"},
		{name: "without the last new line", before: oneLink, text: strings.TrimSuffix(twoLinks, "\n"), want: "held by newline"},
		{name: "without the last new line, whole", before: oneLink, text: strings.TrimSuffix(twoLinks, "\n"), written: whole, want: "held by newline"},
		{name: "without the last new line, judged", before: oneLink, text: strings.TrimSuffix(twoLinks, "\n"), written: judged, want: "taken"},
		{name: "without the last new line, as before", before: strings.TrimSuffix(oneLink, "\n"), text: strings.TrimSuffix(twoLinks, "\n"), want: "taken"},
		{name: "without the last new line, never judged", before: oneLink, text: strings.TrimSuffix(twoLinks, "\n"), options: Options{Guard: GuardOff}, want: "held by newline"},
		{
			name: "without the last new line, accepted", before: oneLink, text: strings.TrimSuffix(twoLinks, "\n"),
			beside: accepting(oneLink, strings.TrimSuffix(twoLinks, "\n")), want: "taken",
		},
		{name: "complete, the first text", text: twoLinks + "...\n", options: Options{Complete: true}, want: "taken"},
		{name: "not complete, the first text", text: twoLinks, options: Options{Complete: true}, want: "held by complete"},
		{name: "not complete, whole", before: oneLink, text: twoLinks, written: whole, options: Options{Complete: true}, want: "held by complete"},
		{name: "not complete, accepted", before: twoLinks, text: good + oneLink, options: Options{Complete: true}, want: "held by complete"},
		{name: "complete, with CR LF", text: oneLink + "...\r\n", options: Options{Complete: true}, want: "taken"},
		{name: "complete, dangerous, in place", before: twoLinks, text: oneLink + "...\n", options: Options{Complete: true}, want: "held by region, wildcard"},
		{name: "complete, with white space behind", text: oneLink + "... \t\n", options: Options{Complete: true}, want: "taken"},
		{name: "complete, with a comment", text: oneLink + "... # the end\n", options: Options{Complete: true}, want: "taken"},
		{name: "complete, with empty lines and comments below", text: oneLink + "...\n\n  # the end\r\n\n", options: Options{Complete: true}, want: "taken"},
		{name: "complete, without a new line", text: oneLink + "...", options: Options{Complete: true}, want: "taken"},
		{name: "something below", text: oneLink + "...\nx\n", options: Options{Complete: true}, want: "held by complete"},
		{name: "something behind", text: oneLink + "...#x\n", options: Options{Complete: true}, want: "held by complete"},
		{name: "a torn comment below", text: oneLink + "...\n# the e", options: Options{Complete: true}, want: "held by complete"},
		{name: "four dots", text: oneLink + "....\n", options: Options{Complete: true}, want: "held by complete"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before *serve.Snapshot
			if tt.before != "" {
				before = snapshot(t, tt.before)
			}
			text := source.Text{Content: []byte(tt.text), Beside: []byte(tt.beside), Written: tt.written}
			never := func(acceptance.Acceptance) bool { return false }
			s, err := tt.options.judge(before, text, never, start)
			if got := outcome(before, s, err); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			if s != nil && s != before && s.Digest != acceptance.Of(text.Content) {
				t.Error("the snapshot is of another text")
			}
		})
	}
}

// TestHeldError: the line of the log says what would be done, and how to release it.
func TestHeldError(t *testing.T) {
	never := func(acceptance.Acceptance) bool { return false }
	const would = "wildcard: VPC apps: 1 wildcard would answer where individual records did: *.endpoints.neo4j.io (instead of 10 records); " +
		"region: VPC apps: 5 of 14 names would lead to another region: w1.endpoints.neo4j.io (west → east), and 4 more; to release it, "
	const accept = "accept it by this line, at the top of the text or in a file beside it whose name has .accept behind: "
	for _, tt := range []struct {
		options Options
		written source.Written
		want    string
	}{
		{
			Options{},
			source.InPlace,
			"a change is held back, it was written in place: " + would + "replace the file by renaming a finished one over it (mv), or " + accept,
		},
		{Options{Guard: GuardAlways}, source.Whole, "a change is held back, it was replaced whole: " + would + accept},
	} {
		_, err := tt.options.judge(snapshot(t, twoLinks), source.Text{Content: []byte(oneLink), Written: tt.written}, never, start)
		if err == nil {
			t.Fatal("not held")
		}
		want := tt.want + strings.TrimSuffix(accepting(twoLinks, oneLink), "\n")
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	other := strings.TrimSuffix(accepting(oneLink, twoLinks), "\n")
	for beside, want := range map[string]string{
		"":           strings.TrimSuffix(accepting(twoLinks, oneLink), "\n"),
		other + "\n": "(the line that is there accepts another change: " + other + ")",
		"yes\n":      "(the file beside the text is there, and has no such line)",
	} {
		_, err := Options{}.judge(snapshot(t, twoLinks), source.Text{Content: []byte(oneLink), Beside: []byte(beside), Written: source.InPlace}, never, start)
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("beside %q: %v, want at its end %q", beside, err, want)
		}
	}
	always := func(acceptance.Acceptance) bool { return true }
	text := source.Text{Content: []byte(accepting(twoLinks, oneLink) + oneLink), Written: source.Whole}
	_, err := Options{Guard: GuardAlways}.judge(snapshot(t, twoLinks), text, always, start)
	if err == nil || strings.Contains(err.Error(), "replaces:") || !strings.Contains(err.Error(), "was used before, and is good once") {
		t.Errorf("a line that was used: %v", err)
	}
}

// TestJudgeSafely: whatever a text does to the code that reads it, the server goes
// on. No text is known to do it harm, so that a snapshot without a table stands in
// for one.
func TestJudgeSafely(t *testing.T) {
	broken := *snapshot(t, oneLink)
	broken.Table = nil
	never := func(acceptance.Acceptance) bool { return false }
	_, err := Options{}.judgeSafely(&broken, source.Text{Content: []byte(twoLinks)}, never, start)
	if err == nil || !strings.Contains(err.Error(), "internal error") {
		t.Errorf("error %v", err)
	}
}
