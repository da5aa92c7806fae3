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
	"github.com/auralink/auralink/zones/formats/internal/forwarding"
	"github.com/auralink/auralink/zones/formats/internal/script"
	"github.com/auralink/auralink/zones/formats/windows"
)

// WindowsDNS is a script for the DNS server of Windows.
var WindowsDNS = formats.Format{
	Name:    "windows-dns",
	Group:   formats.GroupClients,
	Summary: "a PowerShell script that gives a Windows DNS server its conditional forwarders",
	Form: "A conditional forwarder for each domain of the view, by which the DNS server asks ours; it does not ask public DNS where " +
		"ours does not answer (UseRecursion). Forwarders that are there are changed." +
		" " + forwarding.OneZone,
	Limits: "The forwarders are those of one server: for all domain controllers make them in Active Directory, with " +
		"-ReplicationScope. The questions come from the Windows server: its address must be among the VPC's clients. A forwarder " +
		"that has left the view stays until it is deleted: the script says which, and fails. " + forwarding.BelowSingle,
	Shaped:  true,
	Servers: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		return formats.Files(formats.File{
			Name:  "windows-dns.ps1",
			Write: func(w io.Writer, _ uint32) error { return writeWindowsDNS(w, v, o) },
		}), nil
	},
}

func writeWindowsDNS(w io.Writer, v zones.View, o formats.Options) error {
	return script.Write(w, windows.Forwarders, script.Parts{
		"WRITTEN": formats.Sentence("The conditional forwarders", v),
		"SERVERS": strings.Join(zones.Texts(o.Servers, "'"), ", "),
		"DOMAINS": script.Each(v.Domains(), func(out *bufio.Writer, domain zones.Domain) {
			fmt.Fprintf(out, "\t'%s'\n", dnsname.TrimDot(domain.Name))
		}),
	})
}
