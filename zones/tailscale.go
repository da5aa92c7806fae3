package zones

import (
	"bufio"
	"fmt"
	"io"
	"iter"

	"github.com/auralink/auralink/internal/dnsname"
)

// tailscale is a script that calls Tailscale's API.
var tailscale = Format{
	Name:    "tailscale",
	Group:   GroupClients,
	Summary: "split DNS for a Tailscale network: a script that calls its API with curl",
	Shape: "The servers of each domain of the view, as one PATCH of the network's split DNS, which leaves all other " +
		"domains as they are. TAILSCALE_API_KEY must have a key for the API; TAILNET may name the network.",
	Limits: "PATCH only adds and changes: a domain that has left the view is removed in the admin console, or by a PATCH " +
		"that gives it null. The questions come from the clients' Tailscale addresses or from a subnet router: they must " +
		"be among the VPC's clients. " + belowSingle,
	Servers: true,
	files: func(v View, o Options) (iter.Seq[File], error) {
		return files(File{
			Name:  "tailscale.sh",
			Write: func(w io.Writer, _ uint32) error { return writeTailscale(w, v, o) },
		}), nil
	},
}

func writeTailscale(w io.Writer, v View, o Options) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "#!/bin/sh\n", comment("#", "The split DNS", v), "set -eu\n")
	if !hasDomains(v) {
		return out.Flush()
	}
	fmt.Fprint(out, "curl --fail-with-body --silent --show-error --request PATCH \\\n"+
		"  --header \"Authorization: Bearer $TAILSCALE_API_KEY\" --header 'Content-Type: application/json' --data-binary @- \\\n"+
		"  \"https://api.tailscale.com/api/v2/tailnet/${TAILNET:--}/dns/split-dns\" <<'EOF'\n")
	splitDNS := membersOf(v.Domains(), func(domain Domain) member { return member{dnsname.TrimDot(domain.Name), o.Servers} })
	if err := writeJSON(out, splitDNS); err != nil {
		return err
	}
	fmt.Fprint(out, "EOF\n")
	return out.Flush() // the first error of all writes
}
