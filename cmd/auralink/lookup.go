package main

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/miekg/dns"
	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/lookup"
	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/wire"
)

const lookupLong = `Print what a client would be answered, in zone-file form, and why. The client is
given by its address, or by its VPC; neither is needed where there is only one VPC.
TOPOLOGY is ./topology.yaml if left out, and TYPE is A.

NAME is a host name, a URI (neo4j+s://...), the label of a custom endpoint, or an
orchestra.

A name that is not ours is resolved elsewhere, as if auralink were not there.`

func newLookup() *cobra.Command {
	var w who
	var format string
	cmd := &cobra.Command{
		Use:   "lookup [TOPOLOGY] [--client IP | --vpc VPC] NAME [TYPE]",
		Short: "Print what a client would be answered, and why",
		Long:  lookupLong,
		Example: "  auralink lookup my-endpoint-abcdef-123456\n" +
			"  auralink lookup topology.yaml --client 10.0.0.5 neo4j+s://abcd1234.production-orch-0000.neo4j.io\n" +
			"  auralink lookup topology.yaml --vpc apps endpoints.neo4j.io SOA",
		Args:                  exactArgs(1, 3),
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := w.check(); err != nil {
				return err
			}
			path, args, err := splitLookup(cmd, args)
			if err != nil {
				return err
			}
			q, err := parseQuestion(args)
			if err != nil {
				return err
			}
			return runLookup(cmd, path, q, &w, output(format))
		},
	}
	outputFlag(cmd, &format, outputText, outputJSON)
	whoFlags(cmd, &w, "the client's `VPC`", "the client's `IP` address")
	return cmd
}

// splitLookup tells the topology from the question behind it. A topology that is
// not named is there by its default.
func splitLookup(cmd *cobra.Command, args []string) (path string, question []string, err error) {
	switch {
	case len(args) == 3, len(args) == 2 && looksLikeTopology(args[0]):
		return args[0], args[1:], nil
	case len(args) == 1 && looksLikeTopology(args[0]) && !strings.Contains(args[0], auraname.Host):
		return "", nil, hint.Add(errors.New("which name?"), "usage: "+cmd.UseLine())
	default:
		return defaultTopology, args, nil
	}
}

// question is what was asked on the command line.
type question struct {
	text  string // as it was written
	qtype uint16
}

func parseQuestion(args []string) (question, error) {
	q := question{text: args[0], qtype: dns.TypeA}
	if _, err := netip.ParseAddr(args[0]); err == nil {
		return q, hint.Add(fmt.Errorf("%q is an address, and no name", args[0]), "who asks goes behind --client: --client "+args[0])
	}
	if len(args) == 2 {
		qtype, err := parseType(args[1])
		if _, first := dns.StringToType[strings.ToUpper(args[0])]; err != nil && first {
			return q, hint.Add(err, fmt.Sprintf("the type comes last: %s %s", args[1], args[0]))
		}
		if err != nil {
			return q, err
		}
		q.qtype = qtype
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
		advice := "such as A, AAAA, HTTPS, SOA or TYPE65"
		if question := spell.DidYouMean(name, recordTypes); question != "" {
			advice = question + " " + advice
		}
		return 0, hint.Add(fmt.Errorf("unknown record type %q", text), advice)
	case qtype == dns.TypeAXFR || qtype == dns.TypeIXFR:
		return 0, hint.Add(fmt.Errorf("%s is no question but a transfer", name), "auralink export writes whole zones")
	}
	return qtype, nil
}

func runLookup(cmd *cobra.Command, path string, q question, w *who, format output) error {
	r, err := readBriefly(cmd, path)
	if err != nil {
		return err
	}
	name, err := meantName(q.text, r.topology)
	if err != nil {
		return err
	}
	doc, err := lookUp(r, name, q.qtype, w)
	if err != nil {
		return err
	}
	if !doc.HasAddress() {
		doc.Near = nearNames(name, r.topology)
	}
	if format == outputJSON {
		err = report.WriteJSON(cmd.OutOrStdout(), doc)
	} else {
		err = doc.WriteText(cmd.OutOrStdout())
	}
	if err == nil && !doc.Certain() {
		return errNoAddress
	}
	return err
}

// lookUp asks as the server would be asked.
func lookUp(r revision, name string, qtype uint16, w *who) (lookup.Document, error) {
	doc := lookup.New(name, qtype)
	if w.client.IsValid() {
		doc.Client = w.client.String()
	}
	table, err := authority.Compile(r.plan.Views(), cmp.Or(r.plan.Serial, 1))
	if err != nil {
		return doc, err
	}
	vpc, err := w.in(r.plan)
	switch {
	case errors.Is(err, errStranger):
		doc.AsksElsewhere()
		return doc, nil
	case err != nil:
		return doc, err
	}
	doc.VPC = vpc.Name
	var buf [wire.MaxName]byte
	packed, err := wire.Pack(&buf, name)
	if err != nil {
		return doc, fmt.Errorf("%q is not a domain name: %w", name, err)
	}
	id, _ := table.ViewNamed(vpc.Name)
	doc.Answered(vpc, name, qtype, table.Lookup(id, packed, qtype))
	return doc, nil
}
