package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/fleet"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/spell"
)

// pushFlags are those of all that pushes.
type pushFlags struct {
	fleet        fleetFlags
	who, message string
	force        []string
	canary       []string
	keep, names  int
	wait         bool
	uncompared   bool
	timeout      time.Duration
}

func (f *pushFlags) add(cmd *cobra.Command) {
	f.fleet.add(cmd)
	forceFlag(cmd, &f.force)
	cmd.Flags().StringVarP(&f.message, "message", "m", "", "why, for the history: a `TEXT` of one line")
	cmd.Flags().StringVar(&f.who, "who", "", "who pushes, a `NAME` ($AURALINK_WHO, else what CI or the system says)")
	cmd.Flags().StringSliceVar(&f.canary, "canary", nil, "the `SERVERS` that take it first; promote gives it to all, abort takes it back")
	cmd.Flags().BoolVar(&f.uncompared, "uncompared", false, "push where there is nothing to compare with: the first one, or after what is damaged")
	cmd.Flags().IntVar(&f.keep, "keep", 20, "how many revisions, `N`, are kept")
	namesFlag(cmd, &f.names, 20, "list at most `N` names of each kind of change; -1 lists all")
	cmd.Flags().BoolVar(&f.wait, "wait", false, "wait until every server has what is meant for it")
	cmd.Flags().DurationVar(&f.timeout, "timeout", time.Minute, "for how long, `TIME`, --wait waits")
}

const pushLong = `Push a topology into a fleet's etcd, for all servers that follow it.

The topology is validated, planned, and compared with what is there: the difference
is printed, and guards stop what is more likely a mistake than meant, unless --force
names them (see auralink diff --help). It is pushed if what was compared is still
there. If two push at once, one of them wins, and the other one is told what has
changed meanwhile. Where there is nothing to compare with, nothing is pushed without
--uncompared: it is more likely another prefix than the first push.

A server takes a revision as a whole, within moments. With --canary only the servers
that are named take it, until somebody says promote or abort.`

func newPush() *cobra.Command {
	var flags pushFlags
	var to string
	cmd := &cobra.Command{
		Use:     "push [TOPOLOGY] --to URL",
		Short:   "Push a topology into etcd, for all servers of a fleet",
		Long:    pushLong,
		Example: "  auralink push topology.yaml --to etcd://etcd-a,etcd-b,etcd-c/auralink/prod -m 'link west' --wait",
		Args:    exactArgs(0, 1),
	}
	cmd.Flags().StringVar(&to, "to", "", "the `URL` of the fleet, etcd://HOST[:PORT],.../PREFIX ($"+envFleet+")")
	flags.add(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		path := topologyIn(args)
		text, err := readText(cmd, path)
		if err != nil {
			return hintPath(cmd, path, fmt.Errorf("reading topology: %w", err))
		}
		store, url, err := flags.fleet.open(to)
		if err != nil {
			return err
		}
		defer store.Close()
		return flags.push(cmd, store, path, fleet.Proposal{Text: text}, url)
	}
	return cmd
}

func newRollback() *cobra.Command {
	var flags pushFlags
	cmd := &cobra.Command{
		Use:   "rollback REVISION [URL]",
		Short: "Push the text of an earlier revision again",
		Long: `Push the text of an earlier revision again, as the newest one. It is compared and
guarded as any other push is.`,
		Example: "  auralink rollback 41 etcd://etcd-a,etcd-b,etcd-c/auralink/prod --wait",
		Args:    exactArgs(1, 2),
	}
	flags.add(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		store, url, err := flags.fleet.open(urlOf(args, 1))
		if err != nil {
			return err
		}
		defer store.Close()
		r, text, err := readPushed(cmd.Context(), store, args[0])
		if err != nil {
			return err
		}
		return flags.push(cmd, store, fmt.Sprintf("revision %d", r.Number), fleet.Proposal{Text: text, RollbackTo: r.Number}, url)
	}
	return cmd
}

// readPushed reads a revision that is named by its number, and its text.
func readPushed(ctx context.Context, store *fleet.Store, name string) (fleet.Revision, []byte, error) {
	number, err := strconv.ParseInt(name, 10, 64)
	if err != nil || number < 1 {
		return fleet.Revision{}, nil, hint.Add(fmt.Errorf("%q is no number of a revision", name), "auralink history lists them")
	}
	r, err := store.Revision(ctx, number, 0)
	if err != nil {
		if errors.Is(err, fleet.ErrNoRevision) {
			err = hint.Add(err, "auralink history lists them")
		}
		return r, nil, err
	}
	text, err := store.Text(ctx, r, 0)
	return r, text, err
}

// pushWithin bounds a push, with all attempts to reach etcd.
const pushWithin = time.Minute

// push compares a proposal with what is there, and pushes it. The path is what its
// findings are shown with.
func (f *pushFlags) push(cmd *cobra.Command, store *fleet.Store, path string, p fleet.Proposal, url string) error {
	evenUnheard(cmd)
	forced, err := parseForce(f.force)
	if err != nil {
		return err
	}
	if err := f.check(cmd); err != nil {
		return err
	}
	if p.Who, err = f.whoPushes(); err != nil {
		return err
	}
	wanted, err := parseRevision(path, p.Text)
	if err != nil {
		return err
	}
	fmt.Fprint(cmd.ErrOrStderr(), wanted.findings.Report())
	if p.Compared, err = store.Head(cmd.Context()); err != nil {
		return err
	}
	if err := f.checkCanary(cmd.Context(), store, p.Compared.Pointer); err != nil {
		return err
	}
	same, err := f.compare(cmd, store, p, wanted, forced, url)
	if err != nil {
		return err
	}
	pushed := fleet.Revision{Number: p.Compared.Pointer.Last}
	if same {
		fmt.Fprintf(cmd.OutOrStdout(), "nothing to push: revision %d has this text\n", p.Compared.Pointer.Current)
	} else {
		p.Message, p.Canary, p.Keep = f.message, f.canary, f.keep
		if pushed, err = f.write(cmd, store, p); err != nil {
			return err
		}
	}
	if f.wait {
		return waitForAll(cmd, store, pushed, f.timeout)
	}
	return nil
}

// write pushes what was compared. If somebody else was first, it prints what that one
// has changed.
func (f *pushFlags) write(cmd *cobra.Command, store *fleet.Store, p fleet.Proposal) (fleet.Revision, error) {
	ctx, cancel := context.WithTimeout(cmd.Context(), pushWithin)
	defer cancel()
	pushed, err := store.Push(ctx, p)
	var conflict *fleet.ConflictError
	if errors.As(err, &conflict) {
		return fleet.Revision{}, f.tellConflict(cmd, store, p, conflict)
	}
	if err != nil {
		return fleet.Revision{}, err
	}
	r := pushed.Revision
	fmt.Fprintf(cmd.OutOrStdout(), "revision %d: %s in %s, %d of them new\n", r.Number,
		spell.Count(int(r.Octets), "octet"), spell.Count(len(r.Pieces), "piece"), pushed.Written)
	if pushed.Damaged > 0 {
		fmt.Fprintf(cmd.OutOrStdout(), "%s damaged in etcd, and written again\n", spell.Counted(pushed.Damaged, "piece was", "pieces were"))
	}
	if len(p.Canary) > 0 {
		fmt.Fprintf(cmd.OutOrStdout(), "for %s alone: auralink promote gives it to all, auralink abort takes it back\n", strings.Join(p.Canary, ", "))
	}
	if pushed.Unswept != nil {
		fmt.Fprintf(cmd.ErrOrStderr(), "auralink: warning: older revisions could not be removed, the next push does it: %v\n", pushed.Unswept)
	}
	return r, nil
}
