package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/fleet"
	"github.com/auralink/auralink/internal/hint"
)

func newPromote() *cobra.Command {
	var flags fleetFlags
	var unproven bool
	cmd := &cobra.Command{
		Use:   "promote [URL]",
		Short: "Give the revision of the canary to all servers",
		Long: `Give the revision of the canary to all servers. It is refused while a server of the
canary has not taken it, and where it cannot be read any more.`,
		Example: "  auralink promote etcd://etcd-a,etcd-b,etcd-c/auralink/prod",
		Args:    exactArgs(0, 1),
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&unproven, "unproven", false, "even if a server of the canary has it not")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return withCanary(cmd, flags, args, func(ctx context.Context, store *fleet.Store, head fleet.Head) error {
			if err := lostText(ctx, store, head, head.Pointer.Canary.Revision); err != nil {
				return hint.Add(err, "auralink abort, and push it again")
			}
			if !unproven {
				if err := proven(ctx, store, head.Pointer.Canary); err != nil {
					return err
				}
			}
			if err := store.Promote(ctx, head); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "revision %d is for all servers now\n", head.Pointer.Canary.Revision)
			return err
		})
	}
	return cmd
}

func newAbort() *cobra.Command {
	var flags fleetFlags
	cmd := &cobra.Command{
		Use:     "abort [URL]",
		Short:   "Take the revision of the canary back",
		Long:    "Take the revision of the canary back: its servers go back to the one for all.",
		Example: "  auralink abort etcd://etcd-a,etcd-b,etcd-c/auralink/prod",
		Args:    exactArgs(0, 1),
	}
	flags.add(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return withCanary(cmd, flags, args, func(ctx context.Context, store *fleet.Store, head fleet.Head) error {
			if err := store.Abort(ctx, head); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "the canary of revision %d is ended: revision %d is for all\n",
				head.Pointer.Canary.Revision, head.Pointer.Current)
			if lost := lostText(ctx, store, head, head.Pointer.Current); lost != nil {
				return hint.Add(lost, pushWhole(cmp.Or(urlOf(args, 0), os.Getenv(envFleet))))
			}
			return err
		})
	}
	return cmd
}

// lostText returns why a revision to which a pointer is to lead cannot be read, if so.
func lostText(ctx context.Context, store *fleet.Store, head fleet.Head, number int64) error {
	r, err := store.Pointed(ctx, head, number)
	if err == nil {
		_, err = store.Text(ctx, r, head.At)
	}
	return err
}

// withCanary does something about the canary that there is.
func withCanary(cmd *cobra.Command, flags fleetFlags, args []string, do func(context.Context, *fleet.Store, fleet.Head) error) error {
	store, _, err := flags.open(urlOf(args, 0))
	if err != nil {
		return err
	}
	defer store.Close()
	head, err := store.Head(cmd.Context())
	switch {
	case err != nil:
		return err
	case head.Pointer.Canary == nil:
		return hint.Add(errors.New("there is no canary"), "auralink push --canary SERVERS makes one")
	default:
		return do(cmd.Context(), store, head)
	}
}

// proven says which server of a canary has not taken its revision, if any.
func proven(ctx context.Context, store *fleet.Store, canary *fleet.Canary) error {
	servers, _, err := store.Servers(ctx)
	if err != nil {
		return err
	}
	for _, name := range canary.Names {
		its := slices.DeleteFunc(slices.Clone(servers), func(s fleet.Server) bool { return s.Name != name })
		if len(its) == 0 {
			return hint.Add(fmt.Errorf("server %q of the canary has never been there", plainText(name)), "auralink abort, or promote --unproven")
		}
		for _, s := range its {
			if s.State != fleet.UpToDate {
				return hint.Add(fmt.Errorf("server %q of the canary is %s %s", plainText(name), s.State, plainText(s.Error)), "auralink fleet; then auralink abort, or promote --unproven")
			}
		}
	}
	return nil
}
