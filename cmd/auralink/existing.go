package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"syscall"
	"time"

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
	cmd.Flags().StringVar(&f.as, "as", "", "the `KIND` of a file, where it cannot be told: "+names)
	cmd.Flags().StringVar(&f.origin, "origin", "", "the `ZONE` that a zone file is for, where neither it nor its name says so")
	cmd.Flags().StringVar(&f.view, "view", "", "the `VIEW` whose clients ask, of a configuration that has several (BIND, Unbound, CoreDNS); or the network of a cloud that they are in, such as vpc-0a1b2c3d")
	cmd.Flags().IPVar(&f.source, "source", nil, "the `ADDRESS` to ask a server from")
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
// is known by then; a second one ends the process, and so does one that is not heeded within
// [graceAfterSignal]: files are read to their end.
func (f existingFlags) found(cmd *cobra.Command, read func(context.Context, existing.Options) (*existing.Found, error)) (*existing.Found, error) {
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	ended := make(chan struct{})
	defer close(ended)
	go endUnheeded(ctx, ended, cmd.ErrOrStderr())
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

// graceAfterSignal is how long reading may go on after an interrupt.
const graceAfterSignal = 2 * time.Second

// endUnheeded ends the process if the reading that ctx interrupts goes on.
func endUnheeded(ctx context.Context, ended <-chan struct{}, messages io.Writer) {
	select {
	case <-ended:
		return
	case <-ctx.Done():
	}
	select {
	case <-ended:
	case <-time.After(graceAfterSignal):
		fmt.Fprintln(messages, "auralink: error: interrupted")
		os.Exit(statusTrouble)
	}
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
		return !known && len(head) > 0, nil
	}
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Size() == 0 {
		return false, nil // what is to be read, and was not written
	}
	known, err := existing.HasRecords(path)
	return err == nil && !known, err
}
