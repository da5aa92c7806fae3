// Package dnsmasq is the configuration of dnsmasq(8).
package dnsmasq

import (
	"bufio"
	"fmt"
	"io"
	"iter"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// Format is the configuration of dnsmasq.
var Format = formats.Format{
	Name:    "dnsmasq",
	Group:   formats.GroupServers,
	Summary: "configuration for dnsmasq 2.86 and later",
	Form: "An orchestra is address=/NAME/, which answers at the name and at all below it. A name by itself has a second line, " +
		"server=/*.NAME/#, that sends what is below it on to public DNS. local=/NAME/ keeps all other types, AAAA and " +
		"HTTPS among them, from public DNS, and stands alone where a wildcard must not reach.",
	Limits: "Before version 2.86 dnsmasq knows no *.NAME: there the names of a wildcard whose parent has no address, as in " +
		"*.endpoints.neo4j.io, and all names below a single name do not exist. local-ttl is set for all local answers. " +
		"Answers without data have no SOA, so that clients do not remember them.",
	Write: func(v zones.View, _ formats.Options) (iter.Seq[formats.File], error) {
		return formats.Files(formats.File{
			Name:  "dnsmasq.conf",
			Write: func(w io.Writer, _ uint32) error { return write(w, v) },
		}), nil
	},
	Read:     read,
	Reads:    "dnsmasq's configuration. conf-file, conf-dir, servers-file, addn-hosts and hostsdir are followed; conf-script is not.",
	Detect:   detect,
	ReadBack: map[string]formats.Reader{"dnsmasq.conf": read},
}

func write(w io.Writer, v zones.View) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, formats.Comment("#", "Addresses", v))
	fmt.Fprintf(out, "local-ttl=%d\n", v.TTL)
	for r := range v.Rules() {
		if !r.Implied {
			writeRule(out, r)
		}
	}
	return out.Flush() // the first error of all writes
}

// writeRule writes a rule. What stands for a name stands for all below it
// too, but for those of "*." and the name, which matches only what is below.
func writeRule(out *bufio.Writer, r zones.Rule) {
	name := dnsname.TrimDot(r.Name)
	writeAddresses(out, name, r.At)
	if r.At.Outcome == zones.NoData {
		// Without a record of any type the name would not exist, and a resolver
		// that asks dnsmasq could conclude that nothing below does (RFC 8020).
		fmt.Fprintf(out, "txt-record=%s,\"no addresses\"\n", name)
	}
	switch {
	case r.Uniform():
	case r.Below.Outcome == zones.NotOurs:
		fmt.Fprintf(out, "server=/*.%s/#\n", name)
	case r.Below.Outcome == zones.Positive || r.At.Outcome == zones.Positive:
		writeAddresses(out, "*."+name, r.Below)
	}
}

// writeAddresses writes the addresses of a domain, and that nobody else is
// asked for it.
func writeAddresses(out *bufio.Writer, domain string, o zones.Ruling) {
	for _, addr := range o.Addrs {
		fmt.Fprintf(out, "address=/%s/%s # %s\n", domain, addr, o.Region)
	}
	fmt.Fprintf(out, "local=/%s/\n", domain)
}
