package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/fleet"
	"github.com/auralink/auralink/internal/spell"
)

// lacking returns the servers that are not up to date.
func lacking(servers []fleet.Server) []fleet.Server {
	return slices.DeleteFunc(slices.Clone(servers), func(s fleet.Server) bool { return s.State == fleet.UpToDate })
}

// errNotAll ends a command that has printed which servers have not what they should.
var errNotAll = errors.New("not all servers are up to date")

// waitEvery is the time between two looks at what the servers have.
const waitEvery = 200 * time.Millisecond

// waitForAll waits until all servers have what is meant for them, for as long as a push
// is the last one. It prints who has not. The revision has no ID if nothing was pushed.
func waitForAll(cmd *cobra.Command, store *fleet.Store, pushed fleet.Revision, within time.Duration) error {
	ctx, cancel := context.WithTimeout(cmd.Context(), within)
	defer cancel()
	var servers []fleet.Server
	var unread error // why nobody knows what servers have
	for {
		listed, head, err := store.Servers(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			unread = err
		case err == nil && head.Pointer.Last != pushed.Number:
			return notLast(ctx, store, pushed.Number, head)
		case err == nil:
			servers, unread = listed, nil
		}
		if len(servers) > 0 && err == nil && len(lacking(servers)) == 0 {
			if err := stillThere(ctx, store, pushed); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "up to date: %s\n", spell.Count(len(servers), "server"))
			return nil
		}
		select {
		case <-ctx.Done():
			return tellLacking(cmd, servers, unread, within)
		case <-time.After(waitEvery):
		}
	}
}

// notLast says what has come after a push, or in its place.
func notLast(ctx context.Context, store *fleet.Store, number int64, now fleet.Head) error {
	switch {
	case now.Swapped == 0:
		return fmt.Errorf("before all had revision %d: %w", number, store.Unpointed(ctx, "URL"))
	case now.Pointer.Last < number:
		return fmt.Errorf("the last revision is %d again, before all had %d: etcd was made anew or restored, or its pointer written by hand", now.Pointer.Last, number)
	}
	return fmt.Errorf("revision %d was followed by %d, before all had it", number, now.Pointer.Last)
}

// stillThere returns an error if the revision of a number is not the one that was pushed.
func stillThere(ctx context.Context, store *fleet.Store, pushed fleet.Revision) error {
	if pushed.ID == "" {
		return nil
	}
	now, err := store.Revision(ctx, pushed.Number, 0)
	if err == nil && now.ID != pushed.ID {
		err = fmt.Errorf("revision %d is another one than was pushed: etcd was made anew, or restored", pushed.Number)
	}
	return err
}

// tellLacking prints which servers have not what is meant for them.
func tellLacking(cmd *cobra.Command, servers []fleet.Server, unread error, within time.Duration) error {
	if unread != nil {
		return fmt.Errorf("after %s nobody knows which servers have it: %w", within, unread)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "after %s not all servers have what is meant for them:\n", within)
	if err := writeServers(cmd.OutOrStdout(), lacking(servers), "this fleet"); err != nil {
		return err
	}
	return errNotAll
}
