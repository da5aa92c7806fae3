package auralink

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/lookup"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/status"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/internal/wire"
)

// Ask implements status.Subject. It counts nothing.
func (a *Auralink) Ask(q status.Question) (lookup.Document, error) {
	name, qtype, err := readQuestion(q)
	if err != nil {
		return lookup.Document{}, err
	}
	s, doc := a.served.Load(), lookup.New(name, qtype)
	view, known, err := a.asker(s, q.Client, &doc)
	switch {
	case err != nil:
		return doc, err
	case !known && a.refuses(netip.MustParseAddr(doc.Client)):
		doc.Refused()
		return doc, nil
	case !known:
		doc.AsksElsewhere()
		return doc, nil
	}
	var buf [wire.MaxName]byte
	packed, err := wire.Pack(&buf, name)
	if err != nil {
		return doc, fmt.Errorf("%q is not a domain name: %w", name, err)
	}
	vpc, _ := s.Plan.VPC(s.Table.View(view).Name)
	answer := a.options.Lookup(s.Table, view, packed, qtype)
	passes := answer.Endpoint == authority.Undeclared && a.Fall.Through(dnsname.Lower(name))
	if a.options.Decide(serve.Question{Class: dns.ClassINET, Type: qtype, PassUndeclared: passes}, &answer).Way == serve.FellThrough {
		doc.FellThrough(vpc.Name)
		return doc, nil
	}
	doc.VPC = vpc.Name
	doc.Answered(vpc, name, qtype, answer)
	return doc, nil
}

// refuses reports whether a client in no VPC is refused. This host is not, see exempt.
func (a *Auralink) refuses(client netip.Addr) bool {
	return a.options.Stranger(client).Way == serve.StrangerRefused && !client.IsLoopback() && !ownAddresses.has(client)
}

// asker returns the view of a client, which is an address or the name of a VPC; it need
// not be said where all clients have the same.
func (a *Auralink) asker(s *serve.Snapshot, client string, doc *lookup.Document) (view authority.ViewID, known bool, err error) {
	if addr, err := netip.ParseAddr(client); err == nil {
		addr = addr.Unmap().WithZone("")
		doc.Client = addr.String()
		view, known = a.options.View(s.Table, addr)
		return view, known, nil
	}
	names := s.Plan.Names()
	if client == "" && a.options.VPC != "" {
		client = a.options.VPC
	}
	if client == "" && len(names) == 1 {
		client = names[0]
	}
	if view, known = s.Table.ViewNamed(client); known {
		return view, true, nil
	}
	if client == "" {
		return 0, false, fmt.Errorf("who asks is not said: the address of a client, or a VPC, of which there are %s", topology.Abridge(names, len(names)))
	}
	return 0, false, fmt.Errorf("%q is neither an address nor a VPC: there are %s", client, topology.Abridge(names, len(names)))
}

// readQuestion reads a host name, a URI or the label of a custom endpoint, and a type.
func readQuestion(q status.Question) (name string, qtype uint16, err error) {
	name = topology.HostIn(q.Name)
	if !strings.Contains(name, ".") {
		name += "." + dnsname.TrimDot(topology.EndpointsOrigin)
	}
	name = dnsname.Absolute(name)
	if _, ok := dns.IsDomainName(name); !ok {
		return "", 0, fmt.Errorf("%q is not a domain name", q.Name)
	}
	text := strings.ToUpper(q.Type)
	if text == "" {
		text = "A"
	}
	qtype, known := dns.StringToType[text]
	if number, is := strings.CutPrefix(text, "TYPE"); is && !known {
		n, err := strconv.ParseUint(number, 10, 16)
		qtype, known = uint16(n), err == nil
	}
	if !known || isTransfer(qtype) {
		return "", 0, fmt.Errorf("%q is no type of a question: there are A, AAAA, HTTPS, SOA, TYPE65 and others", q.Type)
	}
	return name, qtype, nil
}
