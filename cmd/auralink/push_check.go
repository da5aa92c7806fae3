package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"slices"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/fleet"
	"github.com/auralink/auralink/internal/hint"
)

// check refuses what means nothing: an empty list would give it to all servers at once.
func (f *pushFlags) check(cmd *cobra.Command) error {
	switch {
	case cmd.Flags().Changed("canary") && (len(f.canary) == 0 || slices.Contains(f.canary, "")):
		return hint.Add(errors.New("--canary names no server"), "auralink fleet lists them; without --canary all of them take it")
	case f.keep < 1:
		return hint.Add(fmt.Errorf("--keep %d keeps nothing", f.keep), "1 or more: the newest revision is what servers read")
	case f.timeout <= 0:
		return hint.Add(fmt.Errorf("--timeout %s is no time to wait", f.timeout), "such as --timeout 30s")
	}
	return nil
}

// whoPushes returns who is said to push, for the history.
func (f *pushFlags) whoPushes() (string, error) {
	who := cmp.Or(f.who, os.Getenv("AURALINK_WHO"), os.Getenv("GITHUB_ACTOR"), os.Getenv("GITLAB_USER_LOGIN"), os.Getenv("USER"), os.Getenv("LOGNAME"))
	if account, err := user.Current(); err == nil {
		who = cmp.Or(who, account.Username)
	}
	if who == "" {
		return "", hint.Add(errors.New("nobody says who pushes"), "--who NAME, or $AURALINK_WHO")
	}
	return plainText(who), nil
}

// checkCanary refuses to push while there is a canary, and a canary of servers that
// nobody knows: with a mistyped name no server at all would take it.
func (f *pushFlags) checkCanary(ctx context.Context, store *fleet.Store, p fleet.Pointer) error {
	if p.Canary != nil {
		return hint.Add(fmt.Errorf("revision %d is out as a canary", p.Canary.Revision), "auralink promote, or auralink abort, first")
	}
	if len(f.canary) == 0 {
		return nil
	}
	if p.Current == 0 {
		return hint.Add(errors.New("a canary needs something that the other servers have"), "push without --canary first")
	}
	servers, _, err := store.Servers(ctx)
	if err != nil {
		return err
	}
	var known []string
	for _, s := range servers {
		if s.State != fleet.Gone {
			known = append(known, s.Name)
		}
	}
	known = slices.Compact(known)
	for _, name := range f.canary {
		if !slices.Contains(known, name) {
			return hint.Add(fmt.Errorf("no server that runs is called %q", plainText(name)), amongServers("--canary", name, known))
		}
	}
	return nil
}
