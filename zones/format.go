package zones

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"net/netip"
	"regexp"
	"slices"
)

// Format writes views for one DNS system.
type Format struct {
	// Name is what a user calls it.
	Name string
	// Group is what it belongs to.
	Group Group
	// Summary says in a line what loads it.
	Summary string
	// Shape says in a sentence or two how a view is written so that it means
	// the same there.
	Shape string
	// Limits says in a sentence or two what it cannot express: what it refuses,
	// and what is answered otherwise than by our own server.
	Limits string
	// Parameters are what it must be told beside the view.
	Parameters []Parameter
	// Shaped says that individual records can have either [Shape].
	Shaped bool
	// Servers says that it needs the address of at least one DNS server.
	Servers bool

	// files returns the files of a view. The options are complete.
	files func(View, Options) (iter.Seq[File], error)
}

// Group is a kind of format.
type Group string

// The groups, in the order in which they are listed to users.
const (
	GroupZones   Group = "zones"       // zone files
	GroupServers Group = "DNS servers" // the configuration of a server
	GroupClouds  Group = "clouds"      // what a cloud's tools load
	GroupTools   Group = "tools"       // what other tools load
	GroupClients Group = "clients"     // how clients are sent to our server
)

// Parameter is something that a format must be told beside the view, such as the
// name of a network.
type Parameter struct {
	// Name is what a user calls it: letters, digits and hyphens.
	Name string
	// Default is its value where none is given. A parameter without a default
	// may be left out if it is not Required.
	Default string
	// Required says that there is no sensible default.
	Required bool
	// Doc says in a phrase what it is.
	Doc string
	// Check returns what is wrong with a value, as in "is not a network's name";
	// nil takes any.
	Check func(value string) error
}

// Options are what a user chose for an export.
type Options struct {
	// Shape says how individual records are put into zones; it is for formats
	// that are Shaped.
	Shape Shape
	// Servers are the addresses of the DNS servers to which clients are sent.
	Servers []netip.Addr
	// Values are those of the format's parameters, by name.
	Values map[string]string
}

// File is one file of a format.
type File struct {
	// Name is the file's base name.
	Name string
	// Origin is the apex of the zone of which it is the zone file, as an absolute
	// name; such a file has an SOA with a serial. It is empty in other files.
	Origin string
	// Snippet says that the file tells a server to load the others; it makes no
	// sense without them.
	Snippet bool
	// Write writes the file, with the given serial if it is a zone file. It writes
	// the same octets each time.
	Write func(w io.Writer, serial uint32) error
}

// Refusal is the error of a format that cannot express a view.
type Refusal struct {
	// Format is its name.
	Format string
	// Reason says what it cannot express.
	Reason string
	// Instead says what to use instead.
	Instead string
}

// Error implements the error interface.
func (r *Refusal) Error() string {
	return fmt.Sprintf("format %s cannot express this view: %s", r.Format, r.Reason)
}

// Files returns the files of a view, in the order of its zones. They are made
// while they are written; nothing is kept. The error is a [*Refusal] where the
// format cannot express the view; else it says which of the options is wrong.
func (f Format) Files(v View, o Options) (iter.Seq[File], error) {
	complete, err := f.complete(o)
	if err != nil {
		return nil, err
	}
	return f.files(v, complete)
}

// complete checks the options and adds what has a default.
func (f Format) complete(o Options) (Options, error) {
	switch {
	case o.Shape == "":
		o.Shape = ShapePerName
	case !f.Shaped:
		return o, fmt.Errorf("format %s has no choice of shape", f.Name)
	}
	if len(o.Servers) > 0 && !f.Servers {
		return o, fmt.Errorf("format %s takes no DNS server", f.Name)
	}
	if f.Servers && len(o.Servers) == 0 {
		return o, &MissingError{Format: f.Name, Servers: true}
	}
	for name := range o.Values {
		if !slices.ContainsFunc(f.Parameters, func(p Parameter) bool { return p.Name == name }) {
			return o, fmt.Errorf("format %s has no parameter %q", f.Name, name)
		}
	}
	values := make(map[string]string, len(f.Parameters))
	for _, p := range f.Parameters {
		value, given := o.Values[p.Name]
		if !given {
			value = p.Default
		}
		if err := p.check(f.Name, value); err != nil {
			return o, err
		}
		values[p.Name] = value
	}
	o.Values = values
	return o, nil
}

// check checks a value, which is empty if none is given.
func (p Parameter) check(format, value string) error {
	if value == "" && p.Required {
		return &MissingError{Format: format, Parameter: p}
	}
	if value == "" || p.Check == nil {
		return nil
	}
	if err := p.Check(value); err != nil {
		return fmt.Errorf("parameter %s: %q %w", p.Name, value, err)
	}
	return nil
}

// matches returns a check that a value matches a pattern, for [Parameter.Check]:
// where it does not, it is not what.
func matches(pattern *regexp.Regexp, what string) func(value string) error {
	return func(value string) error {
		if !pattern.MatchString(value) {
			return errors.New("is not " + what)
		}
		return nil
	}
}

// MissingError is the error of an export that was not told all it needs.
type MissingError struct {
	// Format is the format's name.
	Format string
	// Servers says that it is the addresses of DNS servers that are missing.
	Servers bool
	// Parameter is what is missing, if it is not the servers.
	Parameter Parameter
}

// Error implements the error interface.
func (e *MissingError) Error() string {
	if e.Servers {
		return fmt.Sprintf("format %s needs the address of a DNS server", e.Format)
	}
	return fmt.Sprintf("format %s needs the parameter %s: %s", e.Format, e.Parameter.Name, e.Parameter.Doc)
}

// Formats returns all formats, in the order in which they are listed to users.
func Formats() []Format {
	return []Format{
		bind,
		rpz,
		unbound,
		dnsmasq,
		hosts,
		coredns,
		route53,
		cloudFormation,
		gcpResponsePolicy,
		gcpRecordSets,
		azureZone,
		azureARM,
		terraformAWS,
		terraformGoogle,
		terraformAzure,
		octodns,
		externalDNS,
		powerdns,
		jsonFormat,
		openvpn,
		wireguard,
		systemdResolved,
		macosResolver,
		windowsNRPT,
		tailscale,
		awsClientVPN,
		route53Resolver,
		azureResolver,
		gcpInbound,
	}
}

// FormatNamed returns the format of that name.
func FormatNamed(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// files returns a sequence of the given files.
func files(all ...File) iter.Seq[File] { return slices.Values(all) }
