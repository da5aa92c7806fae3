package clients

import (
	"bufio"
	_ "embed"
	"io"
	"iter"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/forwarding"
	"github.com/auralink/auralink/zones/formats/internal/jsontext"
	"github.com/auralink/auralink/zones/formats/internal/script"
)

// Tailscale is a script that calls Tailscale's API.
var Tailscale = formats.Format{
	Name:    "tailscale",
	Group:   formats.GroupClients,
	Summary: "split DNS for a Tailscale network: a script that calls its API with curl",
	Form: "The servers of each domain of the view, as one PATCH of the network's split DNS, which leaves all other " +
		"domains as they are. TAILSCALE_API_KEY must have a key for the API; TAILNET may name the network." +
		" " + forwarding.OneZone,
	Limits: "PATCH only adds and changes: a domain that has left the view is removed in the admin console, or by a PATCH " +
		"that gives it null. The questions come from the clients' Tailscale addresses or from a subnet router: they must " +
		"be among the VPC's clients. " + forwarding.BelowSingle,
	Shaped:  true,
	Servers: true,
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		return formats.Files(formats.File{
			Name:  "tailscale.sh",
			Write: func(w io.Writer, _ uint32) error { return writeTailscale(w, v, o) },
		}), nil
	},
}

//go:embed tailscale.sh
var tailscaleScript string

func writeTailscale(w io.Writer, v zones.View, o formats.Options) error {
	return script.Write(w, tailscaleScript, script.Parts{
		"WRITTEN": formats.Sentence("The split DNS", v),
		"DOMAINS": forwarding.Any(v),
		"SPLIT": script.Lines(func(out *bufio.Writer) error {
			return jsontext.Write(out, jsontext.MembersOf(v.Domains(), func(domain zones.Domain) jsontext.Member {
				return jsontext.Member{dnsname.TrimDot(domain.Name), o.Servers}
			}))
		}),
	})
}
