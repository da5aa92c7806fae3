package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/audit"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/live"
	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/internal/topology"
)

const auditLong = `Say what is wrong with the DNS that the clients of a VPC have today: which names
it sends to the wrong region and by which record, which names are missing, which
questions leak to public DNS, what it hides, and which addresses no link has.

A FILE is a zone file, a response policy zone, a hosts file, what "aws route53
list-resource-record-sets" prints, or a configuration of Unbound or dnsmasq;
several are taken together. dns://HOST[:PORT] asks a server instead.`

const auditExample = `  auralink audit db.endpoints.neo4j.io --against topology.yaml
  aws route53 list-resource-record-sets --hosted-zone-id Z1 > zone.json && auralink audit zone.json --against topology.yaml
  auralink audit dns://10.0.0.2 --against topology.yaml --vpc apps --source 10.0.0.5`

type auditFlags struct {
	against, vpc, output string
	source               sourceFlags
}

func newAudit() *cobra.Command {
	var flags auditFlags
	cmd := &cobra.Command{
		Use:     "audit (FILE... | dns://HOST) --against TOPOLOGY",
		Short:   "Say what is wrong with the DNS that a VPC has today",
		Long:    auditLong,
		Example: auditExample,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runAudit(cmd, args, flags)
		},
		DisableFlagsInUseLine: true,
	}
	outputFlag(cmd, &flags.output, outputText, outputJSON, outputMarkdown)
	cmd.Flags().StringVar(&flags.against, "against", "", "the topology by which it is judged")
	cmd.Flags().StringVar(&flags.vpc, "vpc", "", "the VPC; may be left out where there is only one")
	flags.source.add(cmd)
	return cmd
}

func runAudit(cmd *cobra.Command, args []string, flags auditFlags) error {
	if len(args) == 0 || flags.against == "" {
		return hintedError{err: errors.New("too few arguments"), hint: "usage: " + cmd.UseLine()}
	}
	r, err := readUsable(cmd, flags.against)
	if err != nil {
		return err
	}
	vpc, err := pickVPC(r.plan, flags.vpc)
	if err != nil {
		return err
	}
	set, err := flags.source.readAll(cmd, args, r.topology)
	if err != nil {
		return err
	}
	subject := audit.Subject{Set: set, Topology: r.topology, VPC: vpc}
	findings := audit.Findings(subject)
	if err := writeAudit(cmd, report.NewAudit(subject, findings), output(flags.output)); err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	if len(findings) > 0 {
		return errFindings
	}
	return nil
}

func writeAudit(cmd *cobra.Command, d report.Audit, format output) error {
	switch format {
	case outputJSON:
		return report.WriteJSON(cmd.OutOrStdout(), d)
	case outputMarkdown:
		return d.WriteMarkdown(cmd.OutOrStdout())
	default:
		return d.WriteText(cmd.OutOrStdout())
	}
}

// readAll reads files, which are taken together, or asks a server for all that a
// topology declares.
func (f sourceFlags) readAll(cmd *cobra.Command, from []string, t *topology.Topology) (*holdings.Set, error) {
	if !slices.ContainsFunc(from, live.IsURL) {
		return f.readFiles(cmd, from)
	}
	target, err := live.ParseURL(from[0])
	switch {
	case len(from) > 1:
		return nil, errors.New("a server is audited by itself, without files or other servers")
	case err != nil:
		return nil, err
	case target.Transfer:
		return nil, hintedError{
			err:  errors.New("an audit asks for names, and transfers no zones"),
			hint: "dns://" + target.Address + "; or dig axfr, and audit what it prints",
		}
	}
	server, err := f.server(target)
	if err != nil {
		return nil, err
	}
	return live.Ask(cmd.Context(), server, audit.Questions(t), nil)
}

// readFiles reads files and directories.
func (f sourceFlags) readFiles(cmd *cobra.Command, paths []string) (*holdings.Set, error) {
	if err := f.notForFiles(); err != nil {
		return nil, err
	}
	b := holdings.NewBuilder()
	for _, path := range paths {
		if _, err := f.readPath(cmd.ErrOrStderr(), b, path); err != nil {
			return nil, err
		}
	}
	f.tellNotes(cmd, b)
	return b.Set(), nil
}
