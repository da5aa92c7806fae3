// Package coredns is Corefiles of CoreDNS's standard plugins.
package coredns

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/hosts"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Format is a Corefile of standard plugins.
var Format = formats.Format{
	Name:    "coredns",
	Group:   formats.GroupServers,
	Summary: "a Corefile of standard plugins, for a CoreDNS without auralink",
	Form: "A server block for each wildcard, which answers by template: CoreDNS picks the block with the longest name, and " +
		"the plugin file would answer with a wildcard where a name exists. Single names are in the plugin hosts, which " +
		"passes on what it does not have. Other names are resolved for private addresses and the view's clients alone. A name with addresses has no other types than A and AAAA.",
	Limits: "Single names have a TTL of at most 65535 seconds, and answer other types without an SOA. One CoreDNS serves one " +
		"view: our plugin tells the VPCs apart by their clients.",
	Clients: true,
	Parameters: []formats.Parameter{
		{
			Name:    "upstream",
			Default: "/etc/resolv.conf",
			Doc:     "where all other names are asked for: what the plugin forward takes, with spaces between several",
			Check:   checkUpstream,
		},
		{
			Name:    "port",
			Default: "53",
			Doc:     "the port to listen at",
			Check:   checkPort,
		},
	},
	Read:     read,
	Reads:    "a Corefile, also in a ConfigMap of Kubernetes: template, hosts, file, auto and forward. import and the files of plugins are followed; acl and tsig are compared with the clients. Other plugins that answer, and what CoreDNS does not start with, are told.",
	Detect:   detect,
	ReadBack: map[string]formats.Reader{"Corefile": read},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		if err := checkLoop(o); err != nil {
			return nil, err
		}
		return formats.Files(formats.File{
			Name:  "Corefile",
			Write: func(w io.Writer, _ uint32) error { return write(w, v, o) },
		}), nil
	},
}

var (
	errUpstream = errors.New("is not a list of addresses or files with spaces between them")
	errSelf     = errors.New("is the server itself")
	errPort     = errors.New("is not a port from 1 to 65535")
)

// checkUpstream takes what the plugin forward does, and what needs no quoting in a
// Corefile: absolute paths of files, and addresses, with a transport and a port if need
// be.
func checkUpstream(value string) error {
	if strings.TrimSpace(value) == "" || strings.ContainsAny(value, "\t\r\n\v\f") {
		return errUpstream
	}
	for field := range strings.FieldsSeq(value) {
		if err := checkOneUpstream(field); err != nil {
			return err
		}
	}
	return nil
}

func checkOneUpstream(field string) error {
	if formats.CheckPath(field) != nil {
		return errUpstream
	}
	if strings.HasPrefix(field, "/") {
		return nil
	}
	for _, transport := range []string{"dns://", "tls://", "https://", "quic://"} {
		field = strings.TrimPrefix(field, transport)
	}
	field, _, _ = strings.Cut(field, "%") // the name in a certificate
	addr, _, err := splitUpstream(field)
	if err != nil || address.Nobody(addr) != "" || addr.Zone() != "" {
		return errUpstream
	}
	return nil
}

// checkLoop refuses an upstream that is the server itself.
func checkLoop(o formats.Options) error {
	for field := range strings.FieldsSeq(o.Values["upstream"]) {
		addr, port, err := splitUpstream(strings.TrimPrefix(field, "dns://"))
		if port == 0 {
			port = dnsPort
		}
		if err == nil && addr.IsLoopback() && strconv.Itoa(int(port)) == o.Values["port"] {
			return fmt.Errorf("parameter upstream: %q %w", field, errSelf)
		}
	}
	return nil
}

// dnsPort is where DNS servers are asked.
const dnsPort = 53

// splitUpstream returns the address and the port of an upstream; the port is 0 where
// there is none.
func splitUpstream(field string) (netip.Addr, uint16, error) {
	if addr, err := netip.ParseAddr(strings.Trim(field, "[]")); err == nil {
		return addr, 0, nil
	}
	both, err := netip.ParseAddrPort(field)
	if err == nil && both.Port() == 0 {
		err = errPort
	}
	return both.Addr(), both.Port(), err
}

func checkPort(value string) error {
	if port, err := strconv.ParseUint(value, 10, 16); err != nil || port == 0 {
		return errPort
	}
	return nil
}

func write(w io.Writer, v zones.View, o formats.Options) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, formats.Comment("#", "Corefile", v))
	for _, r := range v.ZoneRules() {
		if !r.Implied && r.Below.Outcome != zones.NotOurs {
			fmt.Fprintf(out, "%s:%s {\n\terrors\n", dnsname.TrimDot(r.Name), o.Values["port"])
			writeTemplates(out, v, r)
			fmt.Fprint(out, "}\n")
		}
	}
	fmt.Fprintf(out, ".:%s {\n\terrors\n", o.Values["port"])
	writeACL(out, v)
	writeHostsPlugin(out, v)
	fmt.Fprintf(out, "\tforward . %s\n}\n", o.Values["upstream"])
	return out.Flush() // the first error of all writes
}

// inside are the ranges that the Internet does not send from: loopback, private
// (RFC 1918, RFC 4193), shared (RFC 6598) and link-local.
var inside = []netip.Prefix{
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"),
}

// writeACL writes who may ask for all other names, lest the server be an open resolver:
// clients inside, and those of the view that are not.
func writeACL(out *bufio.Writer, v zones.View) {
	fmt.Fprint(out, "\tacl {\n\t\tallow net")
	for _, prefix := range inside {
		fmt.Fprintf(out, " %s", prefix)
	}
	for _, prefix := range v.Clients {
		within := func(wide netip.Prefix) bool { return covers(wide, prefix) }
		if !slices.ContainsFunc(inside, within) {
			fmt.Fprintf(out, " %s", prefix)
		}
	}
	fmt.Fprint(out, "\n\t\tblock\n\t}\n")
}

// writeTemplates writes what a server block for a rule answers. The first template
// that matches counts.
func writeTemplates(out *bufio.Writer, v zones.View, r zones.Rule) {
	if !r.Uniform() {
		match := fmt.Sprintf("\t\tmatch \"^%s$\"\n\t\tfallthrough\n", regexp.QuoteMeta(r.Name))
		writeTemplate(out, v, r.Name, match, r.At)
	}
	writeTemplate(out, v, r.Name, "", r.Below)
}

// writeTemplate writes the templates for the names that match, or for all. An
// answer has the question's name as it came, with its letters' case.
func writeTemplate(out *bufio.Writer, v zones.View, origin, match string, o zones.Ruling) {
	for _, family := range []struct {
		kind  string
		addrs []netip.Addr
	}{{"A", o.V4()}, {"AAAA", o.V6()}} {
		if len(family.addrs) == 0 {
			continue
		}
		fmt.Fprintf(out, "\ttemplate IN %s {\n%s", family.kind, match)
		for _, addr := range family.addrs {
			fmt.Fprintf(out, "\t\tanswer \"{{ .Question.Name }} %d IN %s %s\" # %s\n", v.TTL, family.kind, addr, o.Region)
		}
		fmt.Fprint(out, "\t}\n")
	}
	rcode := "NOERROR"
	if o.Outcome == zones.NXDomain {
		rcode = "NXDOMAIN"
	}
	soa := zonefile.OneLine(zones.SOA(origin, v.TTL, 1).String()) // nobody transfers it
	fmt.Fprintf(out, "\ttemplate ANY ANY {\n%s\t\trcode %s\n\t\tauthority %q\n\t}\n", match, rcode, soa)
}

// maxHostsTTL is the longest that the plugin hosts takes, in seconds.
const maxHostsTTL = 65535

// writeHostsPlugin writes the names that are by themselves. The plugin wants a
// file: by default it is the machine's own, which is none of the clients' business.
func writeHostsPlugin(out *bufio.Writer, v zones.View) {
	fmt.Fprint(out, "\thosts /dev/null {\n")
	for r := range v.Rules() {
		if r.At.Outcome == zones.Positive && r.Below.Outcome == zones.NotOurs {
			hosts.WriteLines(out, "\t\t", zones.Owner{Name: r.Name, Addresses: r.At.Addresses})
		}
	}
	fmt.Fprintf(out, "\t\tttl %d\n\t\tno_reverse\n\t\treload 0\n\t\tfallthrough\n\t}\n", min(v.TTL, maxHostsTTL))
}
