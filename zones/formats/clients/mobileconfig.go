package clients

import (
	"fmt"
	"io"
	"iter"
	"regexp"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/internal/forwarding"
	"github.com/auralink/auralink/zones/formats/internal/plist"
)

// hostPattern matches names of hosts.
var hostPattern = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// identifier is what profiles are named by, unless told otherwise.
const identifier = "io.github.auralink"

var identifierParameter = formats.Parameter{
	Name: "identifier", Default: identifier, Doc: "what the profile's identifier begins with, as in com.example",
	Check: formats.Matches(hostPattern, "a name such as com.example, in lower case"),
}

// MobileConfig is a configuration profile for Apple's devices.
var MobileConfig = formats.Format{
	Name:    "mobileconfig",
	Group:   formats.GroupClients,
	Summary: "a configuration profile for iPhone, iPad, Mac and Vision Pro: encrypted DNS for the view's domains",
	Form: "One payload of encrypted DNS (com.apple.dnsSettings.managed, iOS 14 and macOS 11), with the server's addresses and " +
		"SupplementalMatchDomains for each domain of the view: all other names stay with the device's own DNS. The identifier follows " +
		"from the VPC's name, so that a profile that is installed later takes the place of the one before. A view without domains " +
		"has a profile without settings." +
		" " + forwarding.OneZone,
	Limits: "The device must trust the certificate of the server, for the name that is given as host: one of an authority of " +
		"your own is a profile of its own. It must reach the addresses, such as through a VPN; a VPN that brings DNS of its own goes " +
		"first while it is up. A device that is managed uses it in managed networks alone; installed by hand, everywhere. The profile is not " +
		"signed. " + forwarding.BelowSingle,
	Shaped:  true,
	Servers: true,
	Parameters: []formats.Parameter{
		{
			Name: "host", Required: true, Doc: "the name that the server's certificate is for, as in dns.example.org",
			Check: formats.Matches(hostPattern, "the name of a host, in lower case"),
		},
		{
			Name: "protocol", Default: "https", Doc: "https for DNS over HTTPS, tls for DNS over TLS",
			Check: formats.Matches(regexp.MustCompile(`^(https|tls)$`), "https or tls"),
		},
		{
			Name: "path", Default: "/dns-query", Doc: "the path of DNS over HTTPS; that of CoreDNS unless its Corefile says otherwise",
			Check: formats.Matches(regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)+$`), "a path such as /dns-query"),
		},
		identifierParameter,
	},
	Write: func(v zones.View, o formats.Options) (iter.Seq[formats.File], error) {
		return formats.Files(formats.File{
			Name:  "auralink.mobileconfig",
			Write: func(w io.Writer, _ uint32) error { return mobileConfig(v, o).Write(w) },
		}), nil
	},
}

// mobileConfig returns the profile of a view.
func mobileConfig(v zones.View, o formats.Options) plist.Profile {
	profile := plist.Profile{
		Identifier:  profileIdentifier(o, "dns", v),
		Title:       fmt.Sprintf("DNS of VPC %s", v.Name),
		Description: formats.Sentence("DNS of private links of Neo4j Aura", v),
	}
	var domains []string
	for domain := range v.Domains() {
		domains = append(domains, dnsname.TrimDot(domain.Name))
	}
	if len(domains) == 0 {
		return profile // without domains the server would be asked everything
	}
	settings := plist.Dict{{Key: "DNSProtocol", Value: "TLS"}, {Key: "ServerName", Value: o.Values["host"]}}
	if o.Values["protocol"] == "https" {
		settings = plist.Dict{{Key: "DNSProtocol", Value: "HTTPS"}, {Key: "ServerURL", Value: "https://" + o.Values["host"] + o.Values["path"]}}
	}
	settings = append(settings,
		plist.Entry{Key: "ServerAddresses", Value: plist.Strings(zones.Texts(o.Servers, ""))},
		plist.Entry{Key: "SupplementalMatchDomains", Value: plist.Strings(domains)},
	)
	profile.Payloads = []plist.Payload{{
		Type: "com.apple.dnsSettings.managed", Label: "settings", Title: profile.Title,
		Settings: plist.Dict{{Key: "DNSSettings", Value: settings}},
	}}
	return profile
}

// profileIdentifier returns the identifier of a view's profile of a kind.
func profileIdentifier(o formats.Options, kind string, v zones.View) string {
	return fmt.Sprintf("%s.%s.%s", o.Values["identifier"], kind, v.Name)
}
