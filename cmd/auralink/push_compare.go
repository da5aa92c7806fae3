package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/fleet"
	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/report"
)

// compare prints what a proposal would change. It reports whether the text is the one
// that is there. The error is that of the guards, or says that they cannot be asked.
func (f *pushFlags) compare(cmd *cobra.Command, store *fleet.Store, p fleet.Proposal, wanted revision, forced []guard.Code, url string) (same bool, err error) {
	if p.Compared.Swapped == 0 {
		return false, f.nothingThere(cmd, store, url)
	}
	before, text, err := readCurrent(cmd.Context(), store, p.Compared)
	switch {
	case unreadable(err):
		return false, f.notCompared(cmd, err, unguarded)
	case err != nil:
		return false, err
	case string(text) == string(p.Text):
		return true, nil
	}
	err = showDifference(cmd, before, text, wanted, f.names, forced)
	var unplanned *unplannedError
	if errors.As(err, &unplanned) {
		return false, f.notCompared(cmd, err, unguarded)
	}
	if err == nil && f.uncompared {
		err = hint.Add(fmt.Errorf("revision %d is there to compare with", before.Number), "push without --uncompared")
	}
	return false, err
}

// nothingThere refuses a first push, unless it is said to be one.
func (f *pushFlags) nothingThere(cmd *cobra.Command, store *fleet.Store, url string) error {
	err := store.Unpointed(cmd.Context(), url)
	switch {
	case errors.Is(err, fleet.ErrEmpty):
		return f.notCompared(cmd, fmt.Errorf("nothing was pushed to %s before", url), "is that the prefix? --uncompared, if this is the first push there")
	case errors.Is(err, fleet.ErrUnpointed):
		return f.notCompared(cmd, fmt.Errorf("%s: %w", url, err), unguarded)
	}
	return err
}

// unreadable reports whether an error says that the text of a revision cannot be had.
func unreadable(err error) bool {
	return errors.Is(err, fleet.ErrDamaged) || errors.Is(err, fleet.ErrNoRevision) || errors.Is(err, fleet.ErrFormat)
}

// unguarded is the hint where there should be something to compare with.
const unguarded = "no guard can look at what is pushed; --uncompared pushes it all the same"

// notCompared refuses to push what cannot be compared, unless that is said to be meant.
func (f *pushFlags) notCompared(cmd *cobra.Command, why error, hinted string) error {
	if !f.uncompared {
		return hint.Add(why, hinted)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%v: nothing is compared\n", why)
	return nil
}

// readCurrent reads the revision for all servers, as of the time of the pointer.
func readCurrent(ctx context.Context, store *fleet.Store, head fleet.Head) (fleet.Revision, []byte, error) {
	r, err := store.Pointed(ctx, head, head.Pointer.Current)
	if err != nil {
		return r, nil, err
	}
	text, err := store.Text(ctx, r, head.At)
	return r, text, err
}

// unplannedError is for a revision that does not plan: whoever pushed it had another
// version.
type unplannedError struct {
	number int64
	err    error
}

func (e *unplannedError) Error() string {
	return fmt.Sprintf("revision %d cannot be planned, so that nothing can be compared: %v", e.number, e.err)
}

// showDifference prints the difference between a revision and a topology. The error is
// that of the guards, or an [unplannedError].
func showDifference(cmd *cobra.Command, r fleet.Revision, text []byte, wanted revision, names int, forced []guard.Code) error {
	name := fmt.Sprintf("revision %d", r.Number)
	before, err := parseRevision(name, text)
	if err != nil {
		return &unplannedError{r.Number, err}
	}
	var documents []report.Diff
	for _, c := range compareRevisions(before, wanted, name, "") {
		document := report.NewDiff(c.report, c.subject, names, forced)
		document.Acceptance = "" // a server of a fleet holds nothing back
		documents = append(documents, document)
	}
	if err := writeDiff(cmd.OutOrStdout(), name, documents, outputText); err != nil {
		return err
	}
	if err := judgeDiff(documents, forced, heldBack); !errors.Is(err, errDifferences) {
		return err
	}
	return nil
}

// tellConflict prints what somebody else has changed since the comparison.
func (f *pushFlags) tellConflict(cmd *cobra.Command, store *fleet.Store, p fleet.Proposal, conflict *fleet.ConflictError) error {
	refused := hint.Add(conflict, "nothing was pushed; look at what has changed, and push again")
	if p.Compared.Pointer.Current == 0 || conflict.Now.Pointer.Current == 0 ||
		conflict.Now.Pointer.Current == p.Compared.Pointer.Current {
		return refused // there is nothing to compare: the first push, no pointer any more, or a canary
	}
	before, text, err := readCurrent(cmd.Context(), store, p.Compared)
	if err != nil {
		return errors.Join(refused, err)
	}
	now, nowText, err := readCurrent(cmd.Context(), store, conflict.Now)
	if err != nil {
		return errors.Join(refused, err)
	}
	after, err := parseRevision(fmt.Sprintf("revision %d", now.Number), nowText)
	if err != nil {
		return errors.Join(refused, err)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s has pushed revision %d meanwhile: %s\n", plainText(now.Who), now.Number, plainText(now.Message))
	// What the guards say of it is the business of whoever pushed it.
	_ = showDifference(cmd, before, text, after, f.names, nil)
	return refused
}
