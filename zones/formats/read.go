package formats

import (
	"io"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// Input says what is read.
type Input struct {
	// Name is what the source is called in places and errors.
	Name string
	// Origin is the zone that a zone file is for, if it does not say so itself,
	// as an absolute name; else empty.
	Origin string
	// OriginByName says that nothing but the file's name says the origin.
	OriginByName bool
	// Marked says that the file, which another one names, is not plain UTF-8: it begins
	// with a mark of its encoding, or is UTF-16.
	Marked bool
	// After is what stays in zone files of what an included file says.
	After After
	// Dir is the directory to which paths in the source are relative, where another
	// source says it; else "".
	Dir string
	// Tree has the files that the source may name; nil where none are followed.
	Tree Tree
	// View is that of a configuration with several whose clients ask; "" for what all
	// clients have.
	View string

	above []string // the files by which it is named, the outermost first
}

// After says what of an included file counts behind it. RFC 1035 has neither count.
type After uint8

// What counts behind an included file.
const (
	Nothing        After = iota
	Owner                // the last owner, as in NSD
	OriginAndOwner       // the origin as well, as in Unbound
)

// Reader adds what a file has to a builder. Errors have the input's name and,
// where there are lines, the line.
type Reader func(b *holdings.Builder, r io.Reader, in Input) error

// CanReadBack reports whether the files of the format that say something of names
// can be read.
func (f Format) CanReadBack() bool { return f.ReadBack != nil }

// BackReader returns what reads a file of the format: of several endings of its name
// the longest counts. It returns nil where there is nothing to read, as in a file that
// tells a server to load the others.
func (f Format) BackReader(file string) Reader {
	longest, reader := 0, Reader(nil)
	for ending, read := range f.ReadBack {
		if strings.HasSuffix(file, ending) && len(ending) > longest {
			longest, reader = len(ending), read
		}
	}
	return reader
}

// Syntax returns what files of the format are called by those who read them.
func (f Format) Syntax() string {
	if f.ReadAs != "" {
		return f.ReadAs
	}
	return f.Name
}
