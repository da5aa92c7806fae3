// Package all lists all formats, and is the way in for programs: [Read] makes views
// of a topology, [Named] finds a format, and its Files write a view.
//
// It touches neither the file system nor the network. What it reads comes from an
// io.Reader, and a file of a format goes to an io.Writer.
package all

import (
	"io"
	"slices"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/adguard"
	"github.com/auralink/auralink/zones/formats/aws"
	"github.com/auralink/auralink/zones/formats/azure"
	"github.com/auralink/auralink/zones/formats/bind"
	"github.com/auralink/auralink/zones/formats/clients"
	"github.com/auralink/auralink/zones/formats/coredns"
	"github.com/auralink/auralink/zones/formats/dnsmasq"
	"github.com/auralink/auralink/zones/formats/gcp"
	"github.com/auralink/auralink/zones/formats/gdnsd"
	"github.com/auralink/auralink/zones/formats/hosts"
	"github.com/auralink/auralink/zones/formats/json"
	"github.com/auralink/auralink/zones/formats/knot"
	"github.com/auralink/auralink/zones/formats/kresd"
	"github.com/auralink/auralink/zones/formats/nsd"
	"github.com/auralink/auralink/zones/formats/pdns"
	"github.com/auralink/auralink/zones/formats/route53"
	"github.com/auralink/auralink/zones/formats/rpz"
	"github.com/auralink/auralink/zones/formats/tools"
	"github.com/auralink/auralink/zones/formats/unbound"
	"github.com/auralink/auralink/zones/formats/windows"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Read reads a topology, and returns what the clients of each of its VPCs are to be
// answered, in the order of their names. The error has all that is wrong with the
// topology.
func Read(r io.Reader) ([]zones.View, error) {
	p, _, err := plan.Read(r)
	if err != nil {
		return nil, err
	}
	return p.Views(), nil
}

// Formats returns all formats, in the order in which they are listed to users.
func Formats() []formats.Format {
	return []formats.Format{
		zonefile.Format,
		rpz.Format,
		unbound.Format,
		dnsmasq.Format,
		hosts.Format,
		coredns.Format,
		route53.Format,
		aws.CloudFormation,
		gcp.ResponsePolicy,
		gcp.RecordSets,
		azure.Zone,
		azure.ARM,
		aws.Terraform,
		gcp.Terraform,
		azure.Terraform,
		tools.OctoDNS,
		tools.ExternalDNS,
		tools.PowerDNS,
		json.Format,
		tools.Names,
		clients.OpenVPN,
		clients.WireGuard,
		clients.SystemdResolved,
		clients.MacOSResolver,
		clients.MobileConfig,
		clients.WindowsNRPT,
		clients.WindowsDNS,
		clients.BINDForward,
		clients.UnboundForward,
		clients.DnsmasqForward,
		clients.CoreDNSForward,
		clients.Tailscale,
		clients.BrowserPolicy,
		aws.ClientVPN,
		aws.Resolver,
		azure.Resolver,
		gcp.Inbound,
	}
}

// ReadOnly returns the formats that are read and not written.
func ReadOnly() []formats.Format {
	return []formats.Format{bind.Format, nsd.Format, knot.Format, kresd.Format, gdnsd.Format, adguard.Format, pdns.Server, pdns.Recursor, windows.Format, tools.Pulumi}
}

// IsServer reports whether files of a format are the configuration of one server, by which
// that answers and no other.
func IsServer(f formats.Format) bool {
	kind := f.Syntax()
	switch kind {
	case unbound.Format.Syntax(), dnsmasq.Format.Syntax(), coredns.Format.Syntax():
		return true
	default:
		return kind != windows.Format.Syntax() && kind != tools.Pulumi.Syntax() && slices.ContainsFunc(ReadOnly(), func(its formats.Format) bool { return its.Syntax() == kind })
	}
}

// Named returns the format of that name.
func Named(name string) (formats.Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return formats.Format{}, false
}
