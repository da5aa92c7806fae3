// Package lookup says in words what becomes of one question, and why: for the command
// line, and for whoever asks a running server. What the answer is, is the package
// authority's to say.
package lookup

import (
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
)

// Document is a question, its answer and why; its JSON form is meant for programs.
type Document struct {
	Question string `json:"question"`
	Client   string `json:"client,omitempty"`
	VPC      string `json:"vpc,omitempty"`
	// Result is positive, nodata, nxdomain, minimal, not-ours for what is resolved
	// elsewhere, or refused; Status is the DNS response code, "" for not-ours.
	Result string `json:"result"`
	Status string `json:"status,omitempty"`
	Zone   string `json:"zone,omitempty"`
	Region string `json:"region,omitempty"`
	// Answer and Authority are records in zone-file form.
	Answer    []string `json:"answer"`
	Authority []string `json:"authority"`
	Why       string   `json:"why"`
	// Near are names that are most likely meant where there is no address.
	Near []string `json:"near,omitempty"`
	// addressed says that the answer has an address of a link, and shared that another
	// region's link has it as well.
	addressed, shared bool
}

// HasAddress reports whether the answer has an address of a link.
func (d Document) HasAddress() bool { return d.addressed }

// Certain reports whether the answer has an address of a link, and of one region's alone.
func (d Document) Certain() bool { return d.addressed && !d.shared }

// New returns the document of a question that is not yet answered.
func New(name string, qtype uint16) Document {
	return Document{Question: fmt.Sprintf("%s IN %s", name, dns.Type(qtype)), Answer: []string{}, Authority: []string{}}
}

// AsksElsewhere completes the document of a client that is in no VPC.
func (d *Document) AsksElsewhere() {
	d.Result = zones.NotOurs.String()
	d.Why = fmt.Sprintf("no VPC has %s among its clients, so the question is resolved elsewhere", d.Client)
}

// Refused completes the document of a client that is in no VPC, and that the server
// refuses.
func (d *Document) Refused() {
	d.Result, d.Status = "refused", dns.RcodeToString[dns.RcodeRefused]
	d.Why = fmt.Sprintf("no VPC has %s among its clients, and such clients are refused", d.Client)
}

// FellThrough completes the document of a question for an undeclared custom endpoint that
// the server passes on.
func (d *Document) FellThrough(vpc string) {
	d.VPC, d.Result = vpc, zones.NotOurs.String()
	d.Why = "it is not one of the names of a declared custom endpoint, and the server's fallthrough passes such questions on"
}

// Answered completes the document by the answer to a question from a VPC.
func (d *Document) Answered(vpc *plan.VPC, name string, qtype uint16, answer authority.Answer) {
	d.Result, d.Why = answer.Outcome.String(), explain(vpc, name, qtype, answer)
	if answer.Outcome == zones.NotOurs {
		return
	}
	d.Zone, d.Region = answer.Zone.Origin, answer.Region
	reply := answer.Reply(new(dns.Msg).SetQuestion(name, qtype), 0)
	d.Status = dns.RcodeToString[reply.Rcode]
	d.Answer, d.Authority = recordStrings(reply.Answer), recordStrings(reply.Ns)
	for _, addr := range addressesOf(reply.Answer) {
		d.addressed = true
		if regions := zones.LeadTo(vpc.Links)[addr]; len(regions) > 1 && !d.shared {
			d.shared = true
			d.Why += fmt.Sprintf("; the links to %s have %s in common, and a private endpoint leads to one region alone", strings.Join(regions, ", "), addr)
		}
	}
}

// addressesOf returns the addresses of records.
func addressesOf(rrs []dns.RR) []netip.Addr {
	var addrs []netip.Addr
	for _, rr := range rrs {
		var ip []byte
		switch rr := rr.(type) {
		case *dns.A:
			ip = rr.A
		case *dns.AAAA:
			ip = rr.AAAA
		}
		if addr, ok := netip.AddrFromSlice(ip); ok {
			addrs = append(addrs, addr.Unmap())
		}
	}
	return addrs
}

func recordStrings(rrs []dns.RR) []string {
	texts := make([]string, len(rrs))
	for i, rr := range rrs {
		texts[i] = rr.String()
	}
	return texts
}

// WriteText writes the document for a person at a terminal.
func (d Document) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, ";; question: %s\n", d.Question)
	if d.Client != "" {
		fmt.Fprintf(&b, ";; client: %s\n", d.Client)
	}
	if d.VPC != "" {
		fmt.Fprintf(&b, ";; VPC: %s\n", d.VPC)
	}
	status := "not ours: resolved elsewhere"
	if d.Status != "" {
		status = fmt.Sprintf("%s, authoritative, zone %s", d.Status, d.Zone)
	}
	fmt.Fprintf(&b, ";; status: %s\n;; why: %s\n", status, d.Why)
	for _, name := range d.Near {
		fmt.Fprintf(&b, ";; did you mean: %s\n", name)
	}
	for _, record := range d.Answer {
		fmt.Fprintln(&b, record)
	}
	if len(d.Authority) > 0 {
		fmt.Fprintln(&b, ";; authority:")
	}
	for _, record := range d.Authority {
		fmt.Fprintln(&b, record)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// explain says in a sentence why the answer is what it is.
func explain(vpc *plan.VPC, name string, qtype uint16, answer authority.Answer) string {
	name = dnsname.Lower(name)
	if name != "." {
		name = dnsname.TrimDot(name)
	}
	switch {
	case answer.Endpoint == authority.Undeclared:
		return fmt.Sprintf("%s is not one of the names of a declared custom endpoint, and VPC %s has individual records: %s",
			name, vpc.Name, vpc.Endpoints.Sentence())
	case answer.Endpoint == authority.Unlinked:
		return fmt.Sprintf("the custom endpoint is in a region that VPC %s does not link, so it is left to public DNS", vpc.Name)
	case answer.Outcome == zones.NotOurs:
		return fmt.Sprintf("VPC %s has no zone for %s", vpc.Name, name)
	case answer.Outcome == zones.NXDomain:
		return fmt.Sprintf("the zone is ours and has no %s", name)
	}
	existence := "exists"
	if answer.Wildcard != "" {
		existence = "matches " + dnsname.TrimDot(answer.Wildcard)
	}
	leads := ""
	if answer.Region != "" {
		leads = fmt.Sprintf(" and leads to region %s", answer.Region)
	}
	switch answer.Outcome {
	case zones.NoData:
		return fmt.Sprintf("%s %s%s, but has no %s record; it is not asked for elsewhere, so that no public address leaks",
			name, existence, leads, dns.Type(qtype))
	case zones.Minimal:
		return fmt.Sprintf("%s %s%s; questions for ANY get one made-up record (RFC 8482)", name, existence, leads)
	default:
	}
	return fmt.Sprintf("%s %s%s", name, existence, leads)
}
