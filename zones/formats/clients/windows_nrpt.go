package clients

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// WindowsNRPT is a script for Windows PowerShell.
var WindowsNRPT = formats.Format{
	Name:    "windows-nrpt",
	Group:   formats.GroupClients,
	Summary: "a PowerShell script that fills the Name Resolution Policy Table of Windows",
	Shape: "A rule for each domain of the view, and one more for the domain's own name, which the first does not match; " +
		"a single name has only the latter. Rules that the script has made before are removed first.",
	Limits: "Needs an administrator. nslookup does not read the table: check with Resolve-DnsName. " +
		"Where Group Policy has rules of its own, Windows ignores these.",
	Servers: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		return formats.Files(formats.File{
			Name:  "windows-nrpt.ps1",
			Write: func(w io.Writer, _ uint32) error { return writeNRPT(w, v, o) },
		}), nil
	},
}

func writeNRPT(w io.Writer, v zones.View, o formats.Options) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, formats.Comment("#", "The Name Resolution Policy Table", v))
	fmt.Fprint(out, "$ErrorActionPreference = 'Stop'\n")
	fmt.Fprintf(out, "$servers = %s\n", strings.Join(zones.Texts(o.Servers, "'"), ", "))
	fmt.Fprintf(out, "$comment = 'auralink: VPC %s'\n", v.Name)
	fmt.Fprint(out, "Get-DnsClientNrptRule | Where-Object { $_.Comment -eq $comment } | "+
		"ForEach-Object { Remove-DnsClientNrptRule -Name $_.Name -Force }\n")
	for domain := range v.Domains() {
		if !domain.Single {
			writeNRPTRule(out, "."+dnsname.TrimDot(domain.Name))
		}
		writeNRPTRule(out, dnsname.TrimDot(domain.Name))
	}
	return out.Flush() // the first error of all writes
}

func writeNRPTRule(out io.Writer, namespace string) {
	fmt.Fprintf(out, "Add-DnsClientNrptRule -Namespace '%s' -NameServers $servers -Comment $comment\n", namespace)
}
