package formats

import "fmt"

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
