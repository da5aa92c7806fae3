package follow

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/auralink/auralink/internal/acceptance"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/source"
)

// Guarding is which changes are judged by the guards.
type Guarding string

// The values of the option guard.
const (
	GuardInPlace Guarding = "in-place" // those that were written in place; the default
	GuardAlways  Guarding = "always"   // all
	GuardOff     Guarding = "off"      // none
)

// Options is what a Corefile says about taking a topology.
type Options struct {
	// Guard is which changes are judged.
	Guard Guarding
	// Complete takes no text without a final YAML line of three dots.
	Complete bool
	// Snapshot is the path of the file in which the last good topology is kept;
	// empty for none.
	Snapshot string
}

// guards reports whether a change by a text that was written in such a way, and which
// nobody has judged, is judged.
func (o Options) guards(w source.Written) bool {
	return o.Guard == GuardAlways || o.Guard != GuardOff && w == source.InPlace
}

// The reasons for which a text is held that are no guards.
const (
	// heldNewline: it lacks the new line at its end that the last good one had. Some
	// programs put a part of a text in its place whole, such as rsync -P.
	heldNewline guard.Code = "newline"
	// heldSection: its change is judged, and it lacks one of the sections that the last
	// good one had.
	heldSection guard.Code = "section"
	// heldComplete: it has no final line of three dots, which is asked for.
	heldComplete guard.Code = "complete"
)

// HeldError is for a text that is not taken although it may be a good topology.
type HeldError struct {
	// Violations are the guards that are tripped, or the one reason that is none;
	// that is about no VPC.
	Violations []guard.Violation
	Written    source.Written
	// Acceptance is the line that releases it; zero where none does.
	Acceptance acceptance.Acceptance
	// Used says that the line was good once already, and is not any more.
	Used bool
	// Unfit says which acceptance is there that does not fit; empty where there is none.
	Unfit string
	// Plan is what the text comes to; nil where that is not known, as it may be a part
	// of one.
	Plan *plan.Plan
}

// Codes returns the names of what holds it, each once.
func (e *HeldError) Codes() []string {
	var codes []string
	for _, v := range e.Violations {
		codes = append(codes, string(v.Code))
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// maxShown is how many violations a line of the log has.
const maxShown = 5

// Error says in one line what the change would do, and how to release it.
func (e *HeldError) Error() string { return e.Why() + "; to release it, " + e.Release() }

// Why says in one line what the change would do.
func (e *HeldError) Why() string {
	var shown []string
	for _, v := range e.Violations[:min(len(e.Violations), maxShown)] {
		if v.VPC == "" {
			shown = append(shown, v.Message)
			continue
		}
		shown = append(shown, v.String())
	}
	if more := len(e.Violations) - len(shown); more > 0 {
		shown = append(shown, fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf("a change is held back, it was %s: %s", e.Written, strings.Join(shown, "; "))
}

// Release says how the change is released.
func (e *HeldError) Release() string {
	if e.Acceptance == (acceptance.Acceptance{}) {
		return "end the text with the line ..."
	}
	rename := ""
	switch {
	case slices.Contains(e.Codes(), string(heldNewline)):
		rename = "end the text with a new line, or "
	case e.Written == source.InPlace:
		rename = "replace the file by renaming a finished one over it (mv), or "
	}
	if e.Used {
		return rename + "write a comment into the text that it had not before, and accept it by the line that is told then: that of this change was used before, and is good once"
	}
	line := fmt.Sprintf("accept it by this line, at the top of the text or in a file beside it whose name has .accept behind: %s", e.Acceptance)
	if e.Unfit != "" {
		line += " (" + e.Unfit + ")"
	}
	return rename + line
}

// judge decides what becomes of a text. It returns what to serve: the snapshot of
// before, which may be nil, if the text is the same. A [HeldError] is for what may
// be good and is not taken, a [topology.InvalidError] for what is not good.
//
//	text is                                         becomes
//	without a final ..., where that is asked for    held
//	that of before                                  before
//	not valid                                       an error
//	accepted                                        taken
//	judged by who put it there                      taken
//	without the final new line of before            held
//	valid, judged, and trips a guard                held
//	valid, judged, without a section of before      held
//	valid                                           taken
func (o Options) judge(before *serve.Snapshot, text source.Text, used func(acceptance.Acceptance) bool, now time.Time) (*serve.Snapshot, error) {
	digest := acceptance.Of(text.Content)
	if o.Complete && !complete(text.Content) {
		return nil, &HeldError{Written: text.Written, Violations: []guard.Violation{
			{Code: heldComplete, Message: "complete: the text has no final line ..., and may be a part of one"},
		}}
	}
	if before == nil {
		return serve.Read(text.Content, nil, now)
	}
	if before.Digest == digest {
		return before, nil
	}
	line := acceptance.Acceptance{From: before.Digest, To: digest}
	accepted := accepts(text, line) && !used(line)
	p, findings, err := plan.Read(bytes.NewReader(text.Content))
	if err != nil {
		return nil, err
	}
	s, err := serve.Compile(p, findings, text.Content, before, now)
	if err != nil || accepted {
		return s, err
	}
	if violations := o.violations(before, s, text.Written); len(violations) > 0 {
		return nil, &HeldError{Written: text.Written, Acceptance: line, Used: used(line), Unfit: unfit(text), Violations: violations, Plan: s.Plan}
	}
	return s, nil
}

// violations says what is in the way of a valid text that nobody has accepted. What
// was cut off may lack a section: then even a change that is not dangerous may be half
// of one that is, such as a new VPC of which the endpoints are not written yet.
func (o Options) violations(before, s *serve.Snapshot, written source.Written) []guard.Violation {
	if written == source.Judged {
		return nil
	}
	if before.Newline && !s.Newline {
		return []guard.Violation{{Code: heldNewline, Message: "newline: the text does not end in a new line, as the last good one did, and may be a part of one"}}
	}
	if !o.guards(written) {
		return nil
	}
	violations := guard.Judge(before.Plan, s.Plan)
	for _, section := range before.Sections {
		if len(violations) == 0 && !slices.Contains(s.Sections, section) {
			return []guard.Violation{{Code: heldSection, Message: "section: the text has no " + section + ", as the last good one had, and may be a part of one"}}
		}
	}
	return violations
}

// accepts reports whether a text, or what is beside it, has a line.
func accepts(text source.Text, line acceptance.Acceptance) bool {
	return slices.Contains(acceptance.In(text.Content), line) || slices.Contains(acceptance.In(text.Beside), line)
}

// unfit says which acceptance a text that is held has, or is beside it: another one, or
// none that can be read.
func unfit(text source.Text) string {
	others := append(acceptance.In(text.Content), acceptance.In(text.Beside)...)
	switch {
	case len(others) > 0:
		return fmt.Sprintf("the line that is there accepts another change: %s", others[len(others)-1])
	case len(bytes.TrimSpace(text.Beside)) > 0:
		return "the file beside the text is there, and has no such line"
	default:
		return ""
	}
}

// lastLine is the line that ends a YAML document, with white space and a comment behind it
// (YAML 1.2.2, section 9.1.2), and nothing but empty lines and comments below.
var lastLine = regexp.MustCompile(`^\.\.\.(?:[ \t]+#[^\r\n]*|[ \t]*)(?:\r?|\r?\n(?:[ \t]*(?:#[^\r\n]*)?\r?\n)*)$`)

// complete reports whether a text's last line is the one that ends a YAML document.
func complete(text []byte) bool {
	at := bytes.LastIndex(text, []byte("\n...")) + 1 // the beginning, if there is none
	return lastLine.Match(text[at:])
}

// judgeSafely is judge for a server that has answers to give: whatever a text does
// to the code that reads it must not end the process.
func (o Options) judgeSafely(before *serve.Snapshot, text source.Text, used func(acceptance.Acceptance) bool, now time.Time) (s *serve.Snapshot, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("internal error: %v", r)
		}
	}()
	return o.judge(before, text, used, now)
}

// held returns the HeldError in an error, or nil.
func held(err error) *HeldError {
	var h *HeldError
	errors.As(err, &h)
	return h
}
