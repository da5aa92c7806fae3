package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/audit"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/report"
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
	vpcFlag(cmd, &flags.vpc, "the `VPC`; may be left out where there is only one")
	flags.source.add(cmd)
	return cmd
}

func runAudit(cmd *cobra.Command, args []string, flags auditFlags) error {
	if len(args) == 0 || flags.against == "" {
		return hint.Add(errors.New("too few arguments"), "usage: "+cmd.UseLine())
	}
	r, err := readUsable(cmd, flags.against)
	if err != nil {
		return err
	}
	vpc, err := pickVPC(r.plan, flags.vpc)
	if err != nil {
		return err
	}
	set, err := flags.source.options(cmd).Together(cmd.Context(), args, audit.Questions(r.topology))
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
