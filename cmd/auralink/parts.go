package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/audit"
	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones/formats"
)

// part is what some clients of a VPC have.
type part struct {
	*existing.Found
	// clients are their ranges; nil for all clients of the VPC.
	clients []netip.Prefix
	notes   []string
}

// noteUnheard notes servers that clients of a VPC cannot ask, for they listen for their own host.
func (p *part) noteUnheard() {
	for _, n := range p.Set.Unheard() {
		p.notes = append(p.notes, n.String())
	}
}

// noteUnsure notes what a server refuses to some clients, of a VPC whose topology does not say which clients it has.
func (p *part) noteUnsure(r revision, vpc *plan.VPC) {
	for _, n := range audit.Unsure(audit.Subject{Set: p.Set, Topology: r.topology, VPC: vpc}) {
		p.notes = append(p.notes, fmt.Sprintf("%s: VPC %s has no clients in the topology, and whether they are among these is not known here", n, vpc.Name))
	}
}

var errViews = hint.Add(formats.ErrViews, "--view VIEW, for one after the other")

// readFunc reads what there is, by options.
type readFunc func(context.Context, existing.Options) (*existing.Found, error)

// parts reads what there is for the clients of a VPC, once for those of each kind where they
// have not all the same.
func (f existingFlags) parts(cmd *cobra.Command, read readFunc, clients []netip.Prefix) ([]part, error) {
	var all []part
	for rest := clients; ; {
		var one part
		var err error
		one.Found, err = f.found(cmd, func(ctx context.Context, o existing.Options) (*existing.Found, error) {
			o.Clients = rest
			o.Note = func(line string) { one.notes = append(one.notes, line) }
			return read(ctx, o)
		})
		if errors.Is(err, formats.ErrViews) {
			return nil, errViews
		}
		if err != nil {
			return nil, err
		}
		if one.ByClients {
			one.clients = one.Clients
		}
		all = append(all, one)
		if rest = address.Without(rest, one.Clients); !one.ByClients || len(rest) == 0 {
			return all, nil
		}
		if len(all) == formats.MaxViews {
			return nil, errViews
		}
	}
}

// tell prints the notes of parts, each once.
func (f existingFlags) tell(cmd *cobra.Command, parts []part, told map[string]bool) {
	for _, p := range parts {
		for _, line := range p.notes {
			if !told[line] {
				told[line] = true
				fmt.Fprintf(cmd.ErrOrStderr(), "note: %s\n", line)
			}
		}
	}
}
