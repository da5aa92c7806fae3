package formats

import (
	"fmt"
	"strings"
)

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

// MissingError is the error of an export that was not told all it needs.
type MissingError struct {
	// Format is the format's name.
	Format string
	// Servers says that the addresses of DNS servers are missing.
	Servers bool
	// Parameters are all that are missing.
	Parameters []Parameter
}

// Error implements the error interface.
func (e *MissingError) Error() string {
	var missing []string
	if e.Servers {
		missing = append(missing, "the address of a DNS server")
	}
	for _, p := range e.Parameters {
		missing = append(missing, fmt.Sprintf("the parameter %s: %s", p.Name, p.Doc))
	}
	return fmt.Sprintf("format %s needs %s", e.Format, strings.Join(missing, "; and "))
}

// UnknownParameterError is the error of an export that was told what its format has
// no use for.
type UnknownParameterError struct {
	// Format is the format's name.
	Format string
	// Name is that of the parameter; Known are those of the parameters that the
	// format has.
	Name  string
	Known []string
}

// Error implements the error interface.
func (e *UnknownParameterError) Error() string {
	return fmt.Sprintf("format %s has no parameter %q", e.Format, e.Name)
}
