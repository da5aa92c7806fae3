package main

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
)

// who says which VPC is meant: by its name, or by the address of a client.
type who struct {
	vpc, address string
	flag         string     // that has the address, if not --client
	client       netip.Addr // invalid where there is no address
}

// whoFlags adds --vpc and --client to a command.
func whoFlags(cmd *cobra.Command, into *who, vpc, client string) {
	vpcFlag(cmd, &into.vpc, vpc)
	cmd.Flags().StringVar(&into.address, "client", "", client)
	// The flag was just defined, so that completion can be registered for it.
	_ = cmd.RegisterFlagCompletionFunc("client", cobra.NoFileCompletions)
}

// asked reports whether any VPC is asked for.
func (w *who) asked() bool { return w.vpc != "" || w.address != "" }

// check reads the address.
func (w *who) check() error {
	if w.vpc != "" && w.address != "" {
		return hint.Add(errors.New("--vpc and --client both say who asks"), "leave --client out, or --vpc")
	}
	if w.address == "" {
		return nil
	}
	addr, err := netip.ParseAddr(w.address)
	if err != nil {
		return hint.Add(fmt.Errorf("--client %q is not an IP address", w.address), addressHint(w.address))
	}
	if nobody := address.Nobody(addr); nobody != "" {
		return hint.Add(fmt.Errorf("--client %q is %s", w.address, nobody), "the address from which a client asks, such as 10.0.0.5")
	}
	w.client = addr
	return nil
}

// errStranger is the error for a client that is in no VPC.
var errStranger = errors.New("no VPC has it among its clients")

// in returns the VPC that is asked for; the only one, if none is.
func (w *who) in(p *plan.Plan) (*plan.VPC, error) {
	if w.client.IsValid() {
		vpc, found := vpcOf(p, w.client)
		if !found {
			return nil, hint.Add(fmt.Errorf("--%s %s: %w", cmp.Or(w.flag, "client"), w.address, errStranger),
				"a client in no VPC is answered by public DNS; VPCs are "+topology.Abridge(p.Names(), len(p.VPCs)))
		}
		return vpc, nil
	}
	return pickVPC(p, w.vpc)
}

// vpcOf returns the VPC of a client, as the server finds it.
func vpcOf(p *plan.Plan, client netip.Addr) (*plan.VPC, bool) {
	clients, err := authority.NewClients(p.Views())
	if err != nil {
		return nil, false // package topology lets none pass
	}
	id, ok := clients.View(client)
	if !ok {
		return nil, false
	}
	return &p.VPCs[id], true
}
