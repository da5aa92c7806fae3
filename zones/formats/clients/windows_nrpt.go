package clients

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/forwarding"
	"github.com/auralink/auralink/zones/formats/internal/script"
)

// WindowsNRPT is a script for Windows PowerShell.
var WindowsNRPT = formats.Format{
	Name:    "windows-nrpt",
	Group:   formats.GroupClients,
	Summary: "a PowerShell script that fills the Name Resolution Policy Table of Windows",
	Form: "A rule for each domain of the view, and one more for the domain's own name, which the first does not match; " +
		"a single name has only the latter. Rules that the script has made before are removed first." +
		" " + forwarding.OneZone,
	Limits: "Needs an administrator. nslookup does not read the table: check with Resolve-DnsName. " +
		"Where Group Policy has rules of its own, Windows ignores these.",
	Shaped:  true,
	Servers: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		return formats.Files(formats.File{
			Name:  "windows-nrpt.ps1",
			Write: func(w io.Writer, _ uint32) error { return writeNRPT(w, v, o) },
		}), nil
	},
}

//go:embed windows_nrpt.ps1
var nrptScript string

func writeNRPT(w io.Writer, v zones.View, o formats.Options) error {
	return script.Write(w, nrptScript, script.Parts{
		"WRITTEN": formats.Sentence("The Name Resolution Policy Table", v),
		"SERVERS": strings.Join(zones.Texts(o.Servers, "'"), ", "),
		"VPC":     v.Name,
		"RULES": script.Each(v.Domains(), func(out *bufio.Writer, domain zones.Domain) {
			if !domain.Single {
				writeNRPTRule(out, "."+dnsname.TrimDot(domain.Name))
			}
			writeNRPTRule(out, dnsname.TrimDot(domain.Name))
		}),
	})
}

func writeNRPTRule(out io.Writer, namespace string) {
	fmt.Fprintf(out, "Add-DnsClientNrptRule -Namespace '%s' -NameServers $servers -Comment $comment\n", namespace)
}
