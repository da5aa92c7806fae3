// Package formats says what a format is: a way in which some DNS system, or the
// clients of one, are told what a view says.
//
// A format is one [Format]. Each syntax has a package of its own below this one, and
// package all lists them. The package is pure, as all below it: a file is what its
// Write function writes to an io.Writer.
package formats

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/netip"
	"slices"

	"github.com/auralink/auralink/internal/address"
	"github.com/auralink/auralink/zones"
)

// Format writes views for one DNS system, and may read what is there.
//
// Its texts name an option as NAME=VALUE, such as shape=one-zone for the shape, and
// partial=yes for the value of a parameter.
type Format struct {
	// Name is what a user calls it.
	Name string
	// Group is what it belongs to.
	Group Group
	// Summary says in a line what loads it.
	Summary string
	// Form says in a sentence or two how a view is written so that it means the same
	// there.
	Form string
	// Limits says in a sentence or two what it cannot express: what it refuses,
	// and what is answered otherwise than by our own server.
	Limits string
	// Parameters are what it must be told beside the view.
	Parameters []Parameter
	// Shaped says that individual records can have either [Shape].
	Shaped bool
	// Servers says that it needs the address of at least one DNS server.
	Servers bool
	// Clients says that its files have the ranges of the VPC's clients.
	Clients bool

	// PerZone has, for files that are called after a zone or a domain, what follows its
	// name, as patterns of path.Match; "" is nothing.
	PerZone []string

	// Permissions is a policy document of the cloud with the least permissions that the
	// format's script needs, or whatever else loads its files; empty where there is none.
	Permissions string

	// Write returns the files of a view. The options are complete: those who have
	// a format call Files.
	Write func(zones.View, Options) (iter.Seq[File], error)
	// Read reads a file; nil where nothing can be read.
	Read Reader
	// Reads says in a sentence or two what Read takes, and what of it is told in notes.
	Reads string
	// ReadAs is what a file that Read reads is called, if not by the Name.
	ReadAs string
	// Detect says how sure it is that Read can read a file with that head.
	Detect func(Head) Certainty
	// ReadBack has what reads the files that Write has written, by how their names
	// end, but for those that only tell a server to load others.
	ReadBack map[string]Reader
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

// Options are what a user chose for an export.
type Options struct {
	// Shape says how individual records are put into zones; it is for formats
	// that are Shaped.
	Shape zones.Shape
	// Servers are the addresses of the DNS servers to which clients are sent.
	Servers []netip.Addr
	// Values are those of the format's parameters, by name.
	Values map[string]string
}

// Files returns the files of a view, in the order of its zones. They are made
// while they are written; nothing is kept. The error is a [*Refusal] where the
// format cannot express the view; else it says which of the options is wrong, or
// what the view is not that every view must be.
func (f Format) Files(v zones.View, o Options) (iter.Seq[File], error) {
	if err := v.Check(); err != nil {
		return nil, err
	}
	complete, err := f.complete(o)
	if err != nil {
		return nil, err
	}
	if f.Servers && complete.Shape == zones.ShapeOneZone {
		v = v.Gathered()
	}
	return f.Write(v, complete)
}

// The errors for options that a format has not.
var (
	ErrShape     = errors.New("has no choice of shape")
	ErrNoServers = errors.New("takes no DNS server")
)

// complete checks the options and adds what has a default.
func (f Format) complete(o Options) (Options, error) {
	switch {
	case o.Shape == "":
		o.Shape = zones.ShapePerName
	case !f.Shaped:
		return o, fmt.Errorf("format %s %w", f.Name, ErrShape)
	}
	if len(o.Servers) > 0 && !f.Servers {
		return o, fmt.Errorf("format %s %w", f.Name, ErrNoServers)
	}
	var err error
	if o.Servers, err = checkServers(o.Servers); err != nil {
		return o, err
	}
	for _, name := range slices.Sorted(maps.Keys(o.Values)) {
		if !slices.Contains(f.parameterNames(), name) {
			return o, &UnknownParameterError{Format: f.Name, Name: name, Known: f.parameterNames()}
		}
	}
	if err := f.missing(o); err != nil {
		return o, err
	}
	values := make(map[string]string, len(f.Parameters))
	var wrong error
	for _, p := range f.Parameters {
		value, given := o.Values[p.Name]
		if !given {
			value = p.Default
		}
		switch err := p.check(value); {
		case err != nil && wrong != nil:
			wrong = fmt.Errorf("%w; %w", wrong, err)
		case err != nil:
			wrong = err
		}
		values[p.Name] = value
	}
	o.Values = values
	return o, wrong
}

// Lacks returns a [*MissingError] with all that an export must be told and is not, if
// anything.
func (f Format) Lacks(o Options) error { return f.missing(o) }

// missing returns a [*MissingError] with all that the options lack, if anything.
func (f Format) missing(o Options) error {
	e := &MissingError{Format: f.Name, Servers: f.Servers && len(o.Servers) == 0}
	for _, p := range f.Parameters {
		if p.Required && o.Values[p.Name] == "" {
			e.Parameters = append(e.Parameters, p)
		}
	}
	if e.Servers || len(e.Parameters) > 0 {
		return e
	}
	return nil
}

func (f Format) parameterNames() []string {
	names := make([]string, len(f.Parameters))
	for i, p := range f.Parameters {
		names[i] = p.Name
	}
	return names
}

// ErrServer is the error for an address that a DNS server of others cannot have.
var ErrServer = errors.New("clients do not reach it there")

// checkServers returns the servers, each once.
func checkServers(all []netip.Addr) (servers []netip.Addr, err error) {
	for _, server := range all {
		if err := checkServer(server); err != nil {
			return all, err
		}
		if !slices.Contains(servers, server) {
			servers = append(servers, server)
		}
	}
	return servers, nil
}

// checkServer refuses an address at which no client finds a server of somebody
// else's: it would ask itself, or nobody.
func checkServer(server netip.Addr) error {
	kind := address.NoHost(server)
	if kind == "" {
		return nil
	}
	return fmt.Errorf("the DNS server's address %s is %s: %w", server, kind, ErrServer)
}
