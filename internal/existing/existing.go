// Package existing reads what somebody's DNS has today, from a file, from a
// directory, or from a running server: that is asked name by name, as its clients
// would ask, or gives its zones by transfer.
//
// It only reads. What there is is returned as a [holdings.Set]; what is wrong with
// that is for packages diff and audit to say. What a syntax means is for its format
// to know.
package existing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/inputfile"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// Options say how what is there is read. The zero Options find out by themselves
// all that can be found out.
type Options struct {
	// Syntax is that of files, by a name that package all has; "" to find it out.
	Syntax string
	// Origin is the zone that zone files are for, where they do not say it
	// themselves; "" to take it from their names.
	Origin string
	// View is that of a configuration with several whose clients ask, or the network of a cloud
	// in which they are; "" for what all clients have.
	View string
	// Clients are the ranges of the clients who ask, of what may have something else for
	// others; none where it is not known who they are.
	Clients []netip.Prefix
	// Stdin is what the path [Stdin] stands for; nil for nothing.
	Stdin io.Reader
	// From is the address to ask servers from; the zero Addr leaves it to the
	// kernel.
	From netip.Addr
	// Note is told what was left out that changes no answer, each in a line; nil if nobody
	// wants to know. What can change answers is in the set.
	Note func(line string)
	// Progress is told of each name that a server has been asked for, and of each record
	// that it has given, by their number; nil if nobody wants to know.
	Progress func(n int)
	// Other is offered each file first, with its head, unless Syntax is set: it returns
	// whether it has taken the file, of which it has then read all; nil takes none.
	Other func(path string, head []byte, content io.Reader) (taken bool, err error)
}

// Stdin is the path of standard input.
const Stdin = "-"

// open opens a file, or standard input.
func (o Options) open(path string) (io.ReadCloser, error) {
	if path == Stdin && o.Stdin != nil {
		return io.NopCloser(o.Stdin), nil
	}
	return inputfile.Open(path)
}

// note tells what was left out.
func (o Options) note(format string, args ...any) {
	if o.Note != nil {
		o.Note(fmt.Sprintf(format, args...))
	}
}

// ForView reads what a file, a directory or a server has, as far as a view has a
// say in it. A server is asked for the names of the view, or for its zones.
func (o Options) ForView(ctx context.Context, from string, v zones.View) (*Found, error) {
	if IsURL(from) {
		return o.askForView(ctx, from, v)
	}
	found, ours, err := o.readPaths([]string{from})
	if err != nil || ours {
		return found, err
	}
	set, left := found.Set.Within(scope(v))
	if left > 0 {
		o.note("%s: %s left out", from, strangers(left))
	}
	found.Set = set
	return found, nil
}

// strangers is how many names are neither Aura's nor the plan's, with the verb.
func strangers(names int) string {
	if names == 1 {
		return "1 name that is neither Aura's nor the plan's is"
	}
	return fmt.Sprintf("%d names that are neither Aura's nor the plan's are", names)
}

// Together reads files and directories, and takes them together; or asks a server
// for all of the names.
func (o Options) Together(ctx context.Context, from []string, names iter.Seq[string]) (*Found, error) {
	if slices.ContainsFunc(from, IsURL) {
		if len(from) > 1 {
			return nil, errors.New("a server is audited by itself, without files or other servers")
		}
		return o.askForNames(ctx, from[0], names)
	}
	found, _, err := o.readPaths(from)
	return found, err
}

// Part is what one path has.
type Part struct {
	Set *holdings.Set
	// VPC is that for which auralink has written it; "" if others have.
	VPC string
}

// Apart reads a file or a directory by itself, and tells all that was left out.
func (o Options) Apart(path string) (Part, error) {
	if err := o.CheckFiles(); err != nil {
		return Part{}, err
	}
	set, r, err := o.readAll([]string{path})
	if err != nil {
		return Part{}, err
	}
	for _, u := range set.Faults(nil, nil) {
		o.note("%s", u)
	}
	return Part{Set: set, VPC: r.vpc}, nil
}

// readPaths reads files and directories. It returns whether all of them are ours.
func (o Options) readPaths(paths []string) (found *Found, ours bool, err error) {
	if err := o.CheckFiles(); err != nil {
		return nil, false, err
	}
	set, r, err := o.readAll(paths)
	if err != nil {
		return nil, false, err
	}
	found = &Found{Set: set}
	if r.asking.Matters && !slices.Contains(paths, Stdin) {
		found.ByClients, found.Clients = true, r.asking.Clients
	}
	return found, r.ours, nil
}

// readAll reads files and directories, and tells what was left out that changes nothing.
func (o Options) readAll(paths []string) (*holdings.Set, *reading, error) {
	if slices.Contains(paths, Stdin) {
		o.Clients = nil // it cannot be read once more for those who have something else
	}
	b := holdings.NewBuilder()
	b.InNetwork(o.View)
	r := &reading{Options: o, builder: b, asking: &formats.Asking{Clients: o.Clients}}
	for _, path := range paths {
		if err := r.list(path); err != nil {
			return nil, nil, err
		}
	}
	if err := r.all(); err != nil {
		return nil, nil, err
	}
	set := r.builder.Set()
	if o.View != "" && !r.asking.Viewed && !r.builder.NetworkCounts() {
		return nil, nil, hint.Add(fmt.Errorf("there is no view %q in what is read, and no network of a cloud", o.View), "leave out --view, or give the configuration that has the view")
	}
	for _, note := range set.Notes() {
		o.note("%s", note)
	}
	return set, r, nil
}

// CheckFiles refuses options that are for servers.
func (o Options) CheckFiles() error {
	if !o.From.IsValid() {
		return nil
	}
	return hint.Add(errors.New("--source is for servers"), "dns://HOST[:PORT] or axfr://HOST[:PORT]")
}

// scope returns the names at and below which a view has a say.
func scope(v zones.View) []string {
	names := []string{auraname.Origin}
	for _, zone := range v.Zones {
		names = append(names, zone.Origin)
	}
	return names
}

// askForView reads what a server has of a view.
func (o Options) askForView(ctx context.Context, url string, v zones.View) (*Found, error) {
	target, err := ParseURL(url)
	if err != nil {
		return nil, err
	}
	server, err := o.server(target)
	if err != nil {
		return nil, err
	}
	if target.Transfer {
		return Transfer(ctx, server, v)
	}
	return Ask(ctx, server, ViewNames(v), holdings.FromView(v))
}

// askForNames asks a server for all of the names.
func (o Options) askForNames(ctx context.Context, url string, names iter.Seq[string]) (*Found, error) {
	target, err := ParseURL(url)
	if err != nil {
		return nil, err
	}
	if target.Transfer {
		return nil, hint.Add(errors.New("an audit asks for names, and transfers no zones"),
			"dns://"+target.Address+"; or dig axfr, and audit what it prints")
	}
	server, err := o.server(target)
	if err != nil {
		return nil, err
	}
	return Ask(ctx, server, names, nil)
}
