package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// asTopology is what --as takes beside the kinds of files.
const asTopology = "topology"

// stdin is what standard input is called wherever a file is expected.
const stdin = existing.Stdin

// existingFlags say how what is there is read.
type existingFlags struct {
	as, origin, view string
	source           net.IP
}

func (f *existingFlags) add(cmd *cobra.Command) {
	kinds := all.Syntaxes()
	names := topology.Abridge(kinds, len(kinds))
	cmd.Flags().StringVar(&f.as, "as", "", "what a file is, where it cannot be told: "+names)
	cmd.Flags().StringVar(&f.origin, "origin", "", "the zone that a zone file is for, where neither it nor its name says so")
	cmd.Flags().StringVar(&f.view, "view", "", "the view whose clients ask, of a configuration that has several (BIND, Unbound, CoreDNS)")
	cmd.Flags().IPVar(&f.source, "source", nil, "the address to ask a server from")
	// The flag was just defined, so that completion can be registered for it.
	_ = cmd.RegisterFlagCompletionFunc("as", cobra.FixedCompletions(kinds, cobra.ShellCompDirectiveNoFileComp))
}

// options returns what the flags say. Notes are printed to standard error.
func (f existingFlags) options(cmd *cobra.Command) existing.Options {
	o := existing.Options{
		Syntax: f.as, Origin: f.origin, View: f.view, Stdin: cmd.InOrStdin(),
		Note: func(line string) { fmt.Fprintf(cmd.ErrOrStderr(), "note: %s\n", line) },
	}
	if f.source != nil {
		addr, _ := netip.AddrFromSlice(f.source) // a net.IP that was parsed has 4 or 16 octets
		o.From = addr.Unmap()
	}
	return o
}

// found reads by the options what there is. Live work ends at an interrupt, with what
// is known by then; a second one ends the process.
func (f existingFlags) found(cmd *cobra.Command, read func(context.Context, existing.Options) (*existing.Found, error)) (*existing.Found, error) {
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	shown := newCount(cmd.ErrOrStderr())
	defer shown.Done()
	options := f.options(cmd)
	options.Progress = shown.add
	found, err := read(ctx, options)
	if err == nil && found.UnansweredTotal > 0 {
		shown.Done()
		fmt.Fprintf(cmd.ErrOrStderr(), "note: %s asked for in vain: %s; %v\n",
			were(found.UnansweredTotal), topology.Abridge(found.Unanswered, found.UnansweredTotal), found.Problem)
	}
	return found, err
}

// were is how many names, with the verb.
func were(names int) string {
	if names == 1 {
		return "1 name was"
	}
	return fmt.Sprintf("%d names were", names)
}

// partial says why not all was read; "" where it was.
func partial(found *existing.Found) string {
	switch {
	case found.Cut == nil:
		return ""
	case errors.Is(found.Cut, context.Canceled):
		return "it was interrupted"
	default:
		return found.Cut.Error()
	}
}

// errPartial ends a command that could not read all.
var errPartial = errors.New("not all was read, and what is printed is partial")

// isTopology reports whether a file is a topology: whether it is said to be one,
// or is nothing else that is known.
func (f existingFlags) isTopology(cmd *cobra.Command, path string) (bool, error) {
	if f.as != "" {
		return f.as == asTopology, nil
	}
	if path == stdin {
		head, input, err := formats.Peek(cmd.InOrStdin())
		cmd.SetIn(input) // which gives the head once more
		if err != nil {
			return false, err
		}
		_, known := all.Detect(head)
		return !known, nil
	}
	known, err := existing.HasRecords(path)
	return err == nil && !known, err
}
