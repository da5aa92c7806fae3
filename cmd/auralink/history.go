package main

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/fleet"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/wholefile"
)

func newHistory() *cobra.Command {
	var flags fleetFlags
	var output string
	cmd := &cobra.Command{
		Use:     "history [URL]",
		Short:   "List the revisions of a fleet: who pushed them, when and why",
		Long:    "List the revisions of a fleet that are kept, the newest first: who pushed them, when\nand why.",
		Example: "  auralink history etcd://etcd-a,etcd-b,etcd-c/auralink/prod",
		Args:    exactArgs(0, 1),
	}
	outputFlag(cmd, &output, outputText, outputJSON)
	flags.add(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		store, url, err := flags.open(urlOf(args, 0))
		if err != nil {
			return err
		}
		defer store.Close()
		head, err := store.Head(cmd.Context())
		if err != nil {
			return err
		}
		revisions, err := store.History(cmd.Context())
		if err != nil {
			return err
		}
		if output == string(outputJSON) {
			return report.WriteJSON(cmd.OutOrStdout(), append([]fleet.Revision{}, revisions...))
		}
		return writeHistory(cmd.OutOrStdout(), revisions, head.Pointer, url)
	}
	return cmd
}

// writeHistory prints revisions, and for whom they are.
func writeHistory(w io.Writer, revisions []fleet.Revision, p fleet.Pointer, url string) error {
	if len(revisions) == 0 {
		_, err := fmt.Fprintln(w, fleet.ErrEmpty)
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "REVISION\tPUSHED\tWHO\tFOR\tMESSAGE")
	for _, r := range revisions {
		if r.Error != "" {
			fmt.Fprintf(table, "%d\t-\t-\t%s\t%s\n", r.Number, meantFor(r.Number, p), plainText(r.Error))
			continue
		}
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\n", r.Number, r.Time.Format(time.RFC3339), plainText(r.Who), meantFor(r.Number, p), messageOf(r))
	}
	if err := table.Flush(); err != nil || p.Last != 0 {
		return err
	}
	_, err := fmt.Fprintf(w, "%v; auralink rollback REVISION %s --uncompared has one back\n", fleet.ErrUnpointed, url)
	return err
}

// meantFor says for whom a revision is.
func meantFor(number int64, p fleet.Pointer) string {
	switch {
	case p.Canary != nil && number == p.Canary.Revision:
		return fmt.Sprintf("canary %s", plainText(fmt.Sprint(p.Canary.Names)))
	case number == p.Current:
		return "all"
	default:
		return "-"
	}
}

// messageOf says why a revision was pushed.
func messageOf(r fleet.Revision) string {
	message := plainText(r.Message)
	if r.RollbackTo == 0 {
		return message
	}
	rollback := fmt.Sprintf("(rollback to %d)", r.RollbackTo)
	if message == "" {
		return rollback
	}
	return message + " " + rollback
}

func newShow() *cobra.Command {
	var flags fleetFlags
	var names int
	cmd := &cobra.Command{
		Use:   "show REVISION [URL]",
		Short: "Show a revision of a fleet, and what it changed",
		Long: `Show a revision of a fleet, and what it changed of the one that it was compared with,
if that is kept. auralink pull --revision has its text.`,
		Example: "  auralink show 42 etcd://etcd-a,etcd-b,etcd-c/auralink/prod",
		Args:    exactArgs(1, 2),
	}
	flags.add(cmd)
	namesFlag(cmd, &names, 100, "list at most `N` names of each kind of change; -1 lists all")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		store, _, err := flags.open(urlOf(args, 1))
		if err != nil {
			return err
		}
		defer store.Close()
		return runShow(cmd, store, args[0], names)
	}
	return cmd
}

func runShow(cmd *cobra.Command, store *fleet.Store, name string, names int) error {
	r, text, err := readPushed(cmd.Context(), store, name)
	if err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	why := messageOf(r)
	if why != "" {
		why = ": " + why
	}
	fmt.Fprintf(out, "revision %d, pushed %s by %s%s\n%s in %s, digest %s\n\n",
		r.Number, r.Time.Format(time.RFC3339), plainText(r.Who), why, spell.Count(int(r.Octets), "octet"), spell.Count(len(r.Pieces), "piece"), r.Digest)
	shown, err := parseRevision(fmt.Sprintf("revision %d", r.Number), text)
	if err != nil {
		return err
	}
	if r.Compared == 0 {
		_, err := fmt.Fprintln(out, "it was the first one")
		return err
	}
	before, beforeText, err := readPushed(cmd.Context(), store, fmt.Sprint(r.Compared))
	if err != nil {
		_, err = fmt.Fprintf(out, "what it changed is not known: %v\n", err)
		return err
	}
	var unplanned *unplannedError
	if err := showDifference(cmd, before, beforeText, shown, names, nil); errors.As(err, &unplanned) {
		fmt.Fprintln(out, err)
	} // the guards were asked when it was pushed
	return nil
}

func newPull() *cobra.Command {
	var flags fleetFlags
	var revision int64
	var out string
	cmd := &cobra.Command{
		Use:   "pull [URL] [--out FILE]",
		Short: "Write the topology of a fleet, as it was pushed",
		Long: `Write the topology of a fleet, octet for octet as it was pushed: that of all servers,
or of another revision. Without --out it goes to standard output.`,
		Example: "  auralink pull etcd://etcd-a,etcd-b,etcd-c/auralink/prod --out topology.yaml\n" +
			"  auralink pull | auralink diff topology.yaml --against -",
		Args: exactArgs(0, 1),
	}
	flags.add(cmd)
	cmd.Flags().Int64Var(&revision, "revision", 0, "the `NUMBER` of another revision")
	cmd.Flags().StringVar(&out, "out", "", "the `FILE` to write")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		store, url, err := flags.open(urlOf(args, 0))
		if err != nil {
			return err
		}
		defer store.Close()
		text, err := pulled(cmd, store, revision, url)
		if err != nil {
			return err
		}
		if out != "" {
			if err := wholefile.Replace(out, text); err != nil {
				return fmt.Errorf("writing %s: %w", out, err)
			}
			return nil
		}
		_, err = cmd.OutOrStdout().Write(text)
		return err
	}
	return cmd
}

// pulled returns the text of a revision; of the one for all if the number is 0.
func pulled(cmd *cobra.Command, store *fleet.Store, number int64, url string) ([]byte, error) {
	if number != 0 {
		_, text, err := readPushed(cmd.Context(), store, fmt.Sprint(number))
		return text, err
	}
	head, err := store.Head(cmd.Context())
	if err != nil {
		return nil, err
	}
	if head.Swapped == 0 {
		return nil, fmt.Errorf("%s: %w", url, store.Unpointed(cmd.Context(), url))
	}
	_, text, err := readCurrent(cmd.Context(), store, head)
	if unreadable(err) {
		err = hint.Add(err, pushWhole(url))
	}
	return text, err
}

// pushWhole says what to do about a revision for all that cannot be read.
func pushWhole(url string) string {
	return "auralink push TOPOLOGY --to " + url + " --uncompared puts a whole one in its place"
}
