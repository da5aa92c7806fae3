package holdings

import "fmt"

// Place is where something was read.
type Place struct {
	// File is the file's name, or what else the source is called.
	File string `json:"file,omitempty"`
	// Line counts from 1; 0 where the source has no lines.
	Line int `json:"line,omitempty"`
}

// String returns "file:line".
func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Errorf returns an error at that place; it wraps what the format wraps.
func (p Place) Errorf(format string, args ...any) error {
	return fmt.Errorf("%s: %w", p, fmt.Errorf(format, args...))
}

// Entry is a name of a [Set] and what it has.
type Entry struct {
	set *Set
	row *row
}

// There reports whether there is an entry: the zero Entry is none.
func (e Entry) There() bool { return e.row != nil }

// Name is absolute and lower-case. If its first label is "*" it is a wildcard; a
// label that is an asterisk and no wildcard is written as "\*".
func (e Entry) Name() string { return e.row.key.name() }

// Wildcard reports whether the entry is one.
func (e Entry) Wildcard() bool { return e.row.key.wildcard() }

// Data is what the name has. It must not be changed.
func (e Entry) Data() Data { return e.set.data[e.row.data] }

// Zone is the apex of the zone in which the entry is, as an absolute name, or "".
func (e Entry) Zone() string {
	if e.row.claim < 0 || !e.set.claims[e.row.claim].Zone {
		return ""
	}
	return e.set.claims[e.row.claim].Origin
}

// Place is where the name was read, the first of its records if there are
// several.
func (e Entry) Place() Place {
	if e.row.part == noPart {
		return Place{}
	}
	return Place{File: e.set.files[e.row.part], Line: int(e.row.line)}
}

// OnlyAddresses reports whether the source of the entry says which names have which
// addresses, and could not say what becomes of any other question.
func (e Entry) OnlyAddresses() bool { return e.set.terse[e.row.part] }
