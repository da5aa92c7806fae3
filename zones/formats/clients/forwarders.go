package clients

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/forwarding"
)

// resolverLimits is true of all resolvers that forward domains.
const resolverLimits = "The questions come from the resolver: its address must be among the VPC's clients. " + forwarding.BelowSingle

// forwarder returns the format of a resolver's configuration that forwards the view's
// domains, and writes each of them by domain, between what before and after write.
func forwarder(f formats.Format, file string, before, domain, after func(out *bufio.Writer, s sentTo)) formats.Format {
	f.Group, f.Shaped, f.Servers = formats.GroupClients, true, true
	f.Form += " " + forwarding.OneZone
	f.Write = func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		return formats.Files(formats.File{
			Name: file,
			Write: func(w io.Writer, _ uint32) error {
				out := bufio.NewWriter(w)
				s := sentTo{view: v, options: o}
				before(out, s)
				for d := range v.Domains() {
					s.domain = dnsname.TrimDot(d.Name)
					domain(out, s)
				}
				after(out, s)
				return out.Flush() // the first error of all writes
			},
		}), nil
	}
	return f
}

// sentTo is a domain and the servers that are asked about it.
type sentTo struct {
	view    zones.View
	options formats.Options
	domain  string // without its final dot
}

// comment returns a function that writes the sentence that the file is ours.
func comment(mark, what string) func(*bufio.Writer, sentTo) {
	return func(out *bufio.Writer, s sentTo) { fmt.Fprint(out, formats.Comment(mark, what, s.view)) }
}

func nothing(*bufio.Writer, sentTo) {}

// servers returns the servers, each with something in front and behind.
func (s sentTo) servers(before, after string) string {
	var all strings.Builder
	for _, server := range s.options.Servers {
		fmt.Fprintf(&all, "%s%s%s", before, server, after)
	}
	return all.String()
}

// BINDForward are forward zones of BIND.
var BINDForward = forwarder(formats.Format{
	Name:    "bind-forward",
	Summary: "forward zones for named.conf, for a BIND that clients ask",
	Form: "A zone of type forward for each domain of the view, with forward only: public DNS is not asked where the server does not " +
		"answer. Include the file in named.conf.",
	Limits: "Where the options have deny-answer-addresses against rebinding, its except-from must name the domains: the file has " +
		"them in a comment. " + resolverLimits,
}, "named-forward.conf", func(out *bufio.Writer, s sentTo) {
	comment("//", "Forward zones")(out, s)
	if !forwarding.Any(s.view) {
		return
	}
	fmt.Fprint(out, "// Where options has deny-answer-addresses, add to it: except-from {")
	for d := range s.view.Domains() {
		fmt.Fprintf(out, " %q;", dnsname.TrimDot(d.Name))
	}
	fmt.Fprint(out, " };\n")
}, func(out *bufio.Writer, s sentTo) {
	fmt.Fprintf(out, "zone %q { type forward; forward only; forwarders { %s}; };\n", s.domain, s.servers("", "; "))
}, nothing)

// UnboundForward are forward zones of Unbound.
var UnboundForward = forwarder(formats.Format{
	Name:    "unbound-forward",
	Summary: "forward zones for Unbound, for one that clients ask",
	Form: "A forward-zone for each domain of the view, and private-domain, so that protection from rebinding (private-address) does " +
		"not take the private addresses away. Include the file in unbound.conf.",
	Limits: resolverLimits,
}, "unbound-forward.conf", comment("#", "Forward zones"), func(out *bufio.Writer, s sentTo) {
	fmt.Fprintf(out, "server:\n\tprivate-domain: %q\nforward-zone:\n\tname: %q\n%s", s.domain, s.domain, s.servers("\tforward-addr: ", "\n"))
}, nothing)

// DnsmasqForward are servers for domains of dnsmasq.
var DnsmasqForward = forwarder(formats.Format{
	Name:    "dnsmasq-forward",
	Summary: "servers for domains, for a dnsmasq that clients ask, such as a router's",
	Form: "server=/DOMAIN/ADDRESS for each domain of the view, and rebind-domain-ok, so that protection from rebinding " +
		"(stop-dns-rebind) does not take the private addresses away.",
	Limits: resolverLimits,
}, "dnsmasq-forward.conf", comment("#", "Servers of domains"), func(out *bufio.Writer, s sentTo) {
	fmt.Fprintf(out, "%srebind-domain-ok=/%s/\n", s.servers("server=/"+s.domain+"/", "\n"), s.domain)
}, nothing)

// CoreDNSForward are stub domains of CoreDNS.
var CoreDNSForward = forwarder(formats.Format{
	Name:    "coredns-forward",
	Summary: "stub domains for the Corefile of a CoreDNS that clients ask, such as that of Kubernetes",
	Form: "A server block for each domain of the view, which forwards to the server alone. In Kubernetes put it into the Corefile of " +
		"the ConfigMap coredns, beside the block of the cluster.",
	Limits: resolverLimits,
	Parameters: []formats.Parameter{{
		Name: "port", Default: "53", Doc: "the port at which that CoreDNS listens",
		Check: formats.Matches(portPattern, "a port from 1 to 65535"),
	}},
}, "Corefile", comment("#", "Stub domains"), func(out *bufio.Writer, s sentTo) {
	fmt.Fprintf(out, "%s:%s {\n\terrors\n\tforward .%s\n}\n", s.domain, s.options.Values["port"], s.servers(" ", ""))
}, nothing)

// portPattern matches 1 to 65535.
var portPattern = regexp.MustCompile(`^([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$`)
