package formats

import (
	"fmt"
	"io"
	"iter"
	"net/netip"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/spell"
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
	// Encoding is how the file itself is written: what is read is UTF-8 without a mark.
	Encoding Encoding
	// After is what stays in zone files of what an included file says.
	After After
	// Exported says that the file is one of an export of ours, by the export's manifest.
	Exported bool
	// Dir is the directory to which paths in the source are relative, where another
	// source says it; else "".
	Dir string
	// Tree has the files that the source may name; nil where none are followed.
	Tree Tree
	// Parts are further files of the same configuration, in the order in which the server reads
	// them behind this one. [Input.Whole] reads them.
	Parts []string
	// View is that of a configuration with several whose clients ask; "" for what all
	// clients have.
	View string
	// Asking is whose clients ask; nil where nobody says so.
	Asking *Asking
	// Included bounds what the file includes; nil for no bound.
	Included *Included

	above []string // the files by which it is named, the outermost first
}

// Asking is whose clients ask, of what may have something else for others. Where it has
// something else for some of these clients than for others, those of the one kind are kept,
// and what is read is what they have: to know what the others have it is read once more.
type Asking struct {
	// Clients are the ranges of those who ask; none where it is not known who they are.
	Clients []netip.Prefix
	// Matters says that the answers depend on who asks.
	Matters bool
	// Viewed says that there is a view of the name in [Input.View].
	Viewed bool
}

// Membership says whether clients are in a list.
type Membership uint8

// What clients are to a list.
const (
	Doubtful Membership = iota // it is not known whether they are in it
	Member                     // all of them are in it
	Stranger                   // none of them is in it
)

// In returns whether those who ask are in a list. Of several the clients are kept that are
// in it, or if there are none those that are not.
func (a *Asking) In(c holdings.Clients) Membership {
	if a == nil {
		return Doubtful
	}
	a.Matters = true
	if len(a.Clients) == 0 {
		return Doubtful
	}
	switch s := c.Split(a.Clients); {
	case len(s.Clients) > 0:
		a.Clients = s.Clients
		return Member
	case len(s.Others) > 0:
		a.Clients = s.Others
		return Stranger
	default:
		return Doubtful
	}
}

// MaxViews is for how many clients of one VPC there may be something else.
const MaxViews = 64

// ErrViews is why a configuration is not read that has something else for more clients of one VPC.
var ErrViews = fmt.Errorf("the clients of a VPC have more than %d different views", MaxViews)

// CheckViews returns [ErrViews] if more views are for some of those who ask, who are in the first one
// that has them.
func (a *Asking) CheckViews(views iter.Seq[holdings.Clients]) error {
	rest, its := a.Clients, 0
	for view := range views {
		s := view.Split(rest)
		if len(s.Clients) > 0 {
			its++
		}
		if rest = s.Others; its > MaxViews {
			return ErrViews
		}
	}
	return nil
}

// Known reports whether it is known who asks, and not said which view that is.
func (in Input) Known() bool { return in.View == "" && in.Asking != nil && len(in.Asking.Clients) > 0 }

// SeeView notes that a configuration has a view: nothing else than the one that is read counts.
func (in Input) SeeView(name string) {
	if in.Asking != nil && name != "" && name == in.View {
		in.Asking.Viewed = true
	}
}

// NoteView notes that a view is read for those who ask.
func (in Input) NoteView(b *holdings.Builder, name string, at holdings.Place) {
	b.Note(at, "view %s is read for the clients %s", name, spell.Ranges(in.Asking.Clients))
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
