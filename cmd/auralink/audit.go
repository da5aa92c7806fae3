package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/audit"
	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/report"
)

const auditLong = `Say what is wrong with the DNS that the clients of a VPC have today: which names
it sends to the wrong region and by which record, which names are missing, which
questions leak to public DNS, what it hides, and which addresses no link has.

A FILE is a zone file, a response policy zone, a hosts file, what the command
lines of clouds list, or a configuration of BIND, NSD, Knot, Unbound, dnsmasq or
CoreDNS: files that it names are read as well, where they are in its directory or
below. Several files are taken together, and "-" is standard input.
dns://HOST[:PORT] asks a server instead.

All VPCs of the topology are judged, one after the other, as if each had this DNS,
but where --vpc names some, where the files are an export, which is for one VPC,
and where --source says whose client asks a server.

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
	found, err := flags.source.found(cmd, func(ctx context.Context, o existing.Options) (*existing.Found, error) {
		return o.Together(ctx, args, audit.Questions(r.topology))
	})
	if err != nil {
		return err
	}
	var documents []report.Audit
	findings := 0
	for _, vpc := range vpcs {
		subject := audit.Subject{Set: found.Set, Topology: r.topology, VPC: vpc}
		its := audit.Findings(subject)
		document := report.NewAudit(subject, its)
		document.Partial = partial(found)
		documents = append(documents, document)
		findings += len(its)
	}
	if err := writeAudits(cmd.OutOrStdout(), documents, output(flags.output), flags.against); err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	switch {
	case found.Cut != nil:
		return errPartial
	case findings > 0:
		return errFindings
	default:
		return nil
	}
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
		return f.askedFor(p)
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
func (f auditFlags) askedFor(p *plan.Plan) ([]*plan.VPC, error) {
	from := who{}
	if client, ok := netip.AddrFromSlice(f.source.source); ok {
		from.address, from.client = f.source.source.String(), client
	}
	vpc, err := from.in(p)
	return []*plan.VPC{vpc}, err
}

// writeAudits writes the audits of VPCs; elsewhere is the file of what is at none.
func writeAudits(w io.Writer, documents []report.Audit, format output, elsewhere string) error {
	switch format {
	case outputJSON:
		return report.WriteJSON(w, documents)
	case outputGitHub, outputGitLab:
		var all []report.Annotation
		for _, d := range documents {
			all = append(all, d.Annotations()...)
		}
		return writeAnnotations(w, format, all, elsewhere)
	default: // outputText and outputMarkdown; the others are of other verbs
	}
	for i, d := range documents {
		if i > 0 {
			fmt.Fprintln(w)
		}
		write := d.WriteText
		if format == outputMarkdown {
			write = d.WriteMarkdown
		}
		if err := write(w); err != nil {
			return err
		}
	}
	return nil
}
