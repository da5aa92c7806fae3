package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/audit"
	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/zones/formats/all"
)

const auditLong = `Say what is wrong with the DNS that the clients of a VPC have today: which names
it sends to the wrong region and by which record, which names are missing, which
questions leak to public DNS, what it hides, and which addresses no link has.

A FILE is a zone file, a response policy zone, a hosts file, what the command
lines of clouds list, or a configuration of BIND, NSD, Knot, Unbound, dnsmasq or
CoreDNS: files that it names are read as well, where they are in its directory or
below. Several files are taken together, and "-" is standard input.
dns://HOST[:PORT] asks a server instead.

All VPCs of the topology are judged, one after the other, as if each had this DNS:
by the views that its clients have, where a configuration has several and --view
names none; what clouds list is judged for the network that --view names. Fewer
are judged where --vpc names some, where the files are an export, which is for one
VPC. A server is asked as one client, and may answer those of another
VPC otherwise: where there are several VPCs, --vpc says for which one it is judged, or
--source by the address of the client that asks.

TOPOLOGY is ./topology.yaml if left out.`

const auditExample = `  auralink audit db.endpoints.neo4j.io --against topology.yaml
  aws route53 list-resource-record-sets --hosted-zone-id Z1 | auralink audit - --vpc apps
  auralink audit dns://10.0.0.2 --against topology.yaml --source 10.0.0.5`

type auditFlags struct {
	against, output string
	vpcs            []string
	source          existingFlags
}

func newAudit() *cobra.Command {
	var flags auditFlags
	cmd := &cobra.Command{
		Use:     "audit (FILE... | dns://HOST) [--against TOPOLOGY]",
		Short:   "Say what is wrong with the DNS that a VPC has today",
		Long:    auditLong,
		Example: auditExample,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runAudit(cmd, args, flags)
		},
		DisableFlagsInUseLine: true,
	}
	outputFlag(cmd, &flags.output, outputText, outputJSON, outputMarkdown, outputGitHub, outputGitLab)
	cmd.Flags().StringVar(&flags.against, "against", defaultTopology, "the `TOPOLOGY` by which it is judged")
	cmd.Flags().StringSliceVar(&flags.vpcs, "vpc", nil, "judge it for this `VPC` alone; may be repeated")
	// The flag was just defined, so that completion can be registered for it.
	_ = cmd.RegisterFlagCompletionFunc("vpc", completeVPCs)
	flags.source.add(cmd)
	return cmd
}

func runAudit(cmd *cobra.Command, args []string, flags auditFlags) error {
	if len(args) == 0 {
		return hint.Add(errors.New("audit what?"), "usage: "+cmd.UseLine())
	}
	if err := onceFromStdin(append([]string{flags.against}, args...)); err != nil {
		return err
	}
	r, err := readUsable(cmd, flags.against)
	if err != nil {
		return err
	}
	vpcs, err := flags.judged(args, r.plan)
	if err != nil {
		return err
	}
	documents, cut, err := flags.documents(cmd, args, r, vpcs)
	if err != nil {
		return hintTopology(cmd, args, err)
	}
	findings := 0
	for _, document := range documents {
		findings += len(document.Findings)
	}
	if err := writeReports(cmd.OutOrStdout(), documents, output(flags.output), flags.against, report.Audit.Annotations); err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	switch {
	case cut:
		return errPartial
	case findings > 0:
		return errFindings
	default:
		return nil
	}
}

// hintTopology says what judges a topology, where one is among what cannot be read.
func hintTopology(cmd *cobra.Command, paths []string, err error) error {
	if !errors.Is(err, all.ErrUnknown) {
		return err
	}
	for _, from := range paths {
		_, path := splitFrom(from)
		if _, broken := readRevision(cmd, path); path != stdin && broken == nil {
			return hint.Add(err, fmt.Sprintf("it is a topology: auralink plan %s; what is read here is the DNS that there is today", path))
		}
	}
	return err
}

// documents judges what there is for each of the VPCs, and returns whether not all was read.
// What does not depend on who asks is read once.
func (f auditFlags) documents(cmd *cobra.Command, from []string, r revision, vpcs []*plan.VPC) (documents []report.Audit, cut bool, err error) {
	read := func(ctx context.Context, o existing.Options) (*existing.Found, error) {
		return o.Together(ctx, from, audit.Questions(r.topology))
	}
	var parts []part
	told := make(map[string]bool)
	for _, vpc := range vpcs {
		clients := r.topology.ClientsOf(vpc.Name)
		if len(parts) == 0 || parts[0].ByClients {
			if parts, err = f.source.parts(cmd, read, clients); err != nil {
				return nil, false, err
			}
		}
		document := auditOf(r, vpc, parts)
		if len(clients) == 0 && parts[0].ByClients && len(document.Findings) > 0 {
			parts, document = f.ofAny(cmd, read, r, vpc, parts, document)
		}
		for i := range parts {
			parts[i].noteUnheard()
			if len(clients) == 0 {
				parts[i].noteUnsure(r, vpc)
			}
			cut = cut || parts[i].Cut != nil
		}
		f.source.tell(cmd, parts, told)
		documents = append(documents, document)
	}
	return documents, cut, nil
}

// ofAny judges what all have who may be clients of a VPC that says none, where they have not all the
// same. Where the same is wrong with all of it, it does not matter which of it a client has. Else it
// returns what was read and judged before.
func (f auditFlags) ofAny(cmd *cobra.Command, read readFunc, r revision, vpc *plan.VPC, before []part, judged report.Audit) ([]part, report.Audit) {
	parts, err := f.source.parts(cmd, read, r.topology.AnyClientsOf(vpc.Name))
	if err != nil {
		return before, judged // which says that it is not known
	}
	document := auditOf(r, vpc, parts)
	some := slices.ContainsFunc(parts, func(p part) bool { return len(auditOf(r, vpc, []part{p}).Findings) < len(document.Findings) })
	refused := slices.ContainsFunc(document.Findings, func(f audit.Finding) bool { return f.Code == audit.Code(holdings.Refused) })
	if some || refused || len(document.Findings) >= len(judged.Findings) {
		return before, judged
	}
	return parts, document
}

// auditOf judges what the clients of a VPC have.
func auditOf(r revision, vpc *plan.VPC, parts []part) report.Audit {
	var judged []audit.Judged
	for _, p := range parts {
		subject := audit.Subject{Set: p.Set, Topology: r.topology, VPC: vpc, Path: r.pathInHints(), Clients: p.clients}
		judged = append(judged, audit.Judged{Subject: subject, Findings: audit.Findings(subject)})
	}
	document := report.NewAudit(judged[0].Subject, audit.Joined(judged))
	for _, p := range parts[1:] {
		document.Add(p.Set)
	}
	document.Partial = partial(parts[0].Found)
	return document
}

// judged returns the VPCs for which something is judged: all of them, as far as
// nothing says which.
func (f auditFlags) judged(from []string, p *plan.Plan) ([]*plan.VPC, error) {
	names := f.vpcs
	written, err := existing.ManifestOver(from[0])
	switch {
	case err != nil:
		return nil, err
	case len(names) > 0: // as is said
	case written.VPC != "" && len(from) == 1:
		names = []string{written.VPC}
	case existing.IsURL(from[0]):
		return f.askedFor(from[0], p)
	default:
		names = p.Names()
	}
	var vpcs []*plan.VPC
	for _, name := range names {
		vpc, err := pickVPC(p, name)
		if err != nil {
			return nil, err
		}
		vpcs = append(vpcs, vpc)
	}
	return vpcs, nil
}

// askedFor returns the VPC of the client for which a server is asked: it may answer
// those of another VPC otherwise.
func (f auditFlags) askedFor(url string, p *plan.Plan) ([]*plan.VPC, error) {
	if _, err := existing.ParseURL(url); err != nil {
		return nil, err
	}
	from := who{}
	if client, ok := netip.AddrFromSlice(f.source.source); ok {
		from.address, from.client, from.flag = f.source.source.String(), client.Unmap(), "source"
	}
	vpc, err := from.in(p)
	if err != nil && !from.client.IsValid() {
		err = hint.Add(fmt.Errorf("%w; a server is asked as one client, and may answer those of another VPC otherwise", err), hint.Of(err)+"; or --source, the address to ask from")
	}
	return []*plan.VPC{vpc}, err
}
