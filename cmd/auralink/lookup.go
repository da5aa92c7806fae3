package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/miekg/dns"
	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/internal/wire"
)

const lookupLong = `Print what a client would be answered, in zone-file form, and why. The client is
given by its address, or by its VPC. TYPE is A if left out.

A name that is not ours is resolved elsewhere, as if auralink were not there.`

func newLookup() *cobra.Command {
	var client, vpc, format string
	cmd := &cobra.Command{
		Use:   "lookup TOPOLOGY (--client IP | --vpc NAME) NAME [TYPE]",
		Short: "Print what a client would be answered, and why",
		Long:  lookupLong,
		Example: "  auralink lookup topology.yaml --client 10.0.0.5 abcd1234.production-orch-0000.neo4j.io\n" +
			"  auralink lookup topology.yaml --vpc apps endpoints.neo4j.io SOA",
		Args:                  exactArgs(2, 3),
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			q, err := parseQuestion(args[1:], client, vpc)
			if err != nil {
				return err
			}
			return runLookup(cmd, args[0], q, output(format))
		},
	}
	outputFlag(cmd, &format, outputText, outputJSON)
	cmd.Flags().StringVar(&client, "client", "", "the client's address")
	cmd.Flags().StringVar(&vpc, "vpc", "", "the client's VPC")
	cmd.MarkFlagsMutuallyExclusive("client", "vpc")
	return cmd
}

// question is what was asked on the command line.
type question struct {
	client netip.Addr // invalid where vpc is given
	vpc    string
	name   string // absolute
	qtype  uint16
}

func parseQuestion(args []string, client, vpc string) (question, error) {
	q := question{vpc: vpc, name: dns.Fqdn(args[0]), qtype: dns.TypeA}
	if _, ok := dns.IsDomainName(args[0]); !ok {
		return q, fmt.Errorf("%q is not a domain name", args[0])
	}
	if len(args) == 2 {
		qtype, err := parseType(args[1])
		if err != nil {
			return q, err
		}
		q.qtype = qtype
	}
	if client == "" && vpc == "" {
		return q, hint.Add(errors.New("who is asking?"), "--client IP or --vpc NAME")
	}
	if vpc == "" {
		addr, err := netip.ParseAddr(client)
		if err != nil {
			return q, fmt.Errorf("--client %q is not an IP address", client)
		}
		q.client = addr
	}
	return q, nil
}

// parseType reads a record type's name, or TYPE and a number (RFC 3597).
func parseType(text string) (uint16, error) {
	name := strings.ToUpper(text)
	qtype, ok := dns.StringToType[name]
	if number, found := strings.CutPrefix(name, "TYPE"); !ok && found {
		n, err := strconv.ParseUint(number, 10, 16)
		qtype, ok = uint16(n), err == nil
	}
	switch {
	case !ok:
		return 0, hint.Add(fmt.Errorf("unknown record type %q", text), "such as A, AAAA, HTTPS, SOA or TYPE65")
	case qtype == dns.TypeAXFR || qtype == dns.TypeIXFR:
		return 0, hint.Add(fmt.Errorf("%s is no question but a transfer", name), "auralink export writes whole zones")
	}
	return qtype, nil
}

func runLookup(cmd *cobra.Command, path string, q question, format output) error {
	r, err := readUsable(cmd, path)
	if err != nil {
		return err
	}
	table, err := authority.Compile(r.plan.Views(), 1)
	if err != nil {
		return err
	}
	doc, err := lookUp(r.plan, table, q)
	if err != nil {
		return err
	}
	if format == outputJSON {
		return report.WriteJSON(cmd.OutOrStdout(), doc)
	}
	return doc.WriteText(cmd.OutOrStdout())
}

// lookUp asks the table as the server would.
func lookUp(p *plan.Plan, table *authority.Table, q question) (report.Lookup, error) {
	doc := report.NewLookup(q.name, q.qtype)
	if q.client.IsValid() {
		doc.Client = q.client.String()
	}
	vpc, id, err := q.view(p, table)
	if err != nil {
		return doc, err
	}
	if vpc == nil {
		doc.AsksElsewhere()
		return doc, nil
	}
	doc.VPC = vpc.Name
	var buf [wire.MaxName]byte
	name, err := wire.Pack(&buf, q.name)
	if err != nil {
		return doc, fmt.Errorf("%q is not a domain name: %w", q.name, err)
	}
	answer := table.Lookup(id, name, q.qtype)
	doc.Answered(vpc, q.name, q.qtype, answer)
	return doc, nil
}

// view returns the VPC that the question is asked from; nil for none.
func (q question) view(p *plan.Plan, table *authority.Table) (*plan.VPC, authority.ViewID, error) {
	if q.vpc != "" {
		vpc, err := pickVPC(p, q.vpc)
		if err != nil {
			return nil, 0, err
		}
		id, _ := table.ViewNamed(vpc.Name)
		return vpc, id, nil
	}
	id, ok := table.ViewFor(q.client)
	if !ok {
		return nil, 0, nil
	}
	vpc, _ := p.VPC(table.View(id).Name)
	return vpc, id, nil
}
