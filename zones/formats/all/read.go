package all

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/rpz"
	"github.com/auralink/auralink/zones/formats/zonefile"
)

// Readable returns the formats that can be read.
func Readable() []formats.Format {
	var readable []formats.Format
	for _, f := range Formats() {
		if f.Read != nil {
			readable = append(readable, f)
		}
	}
	return append(readable, ReadOnly()...)
}

// ReadableAs returns the format whose files are called so by those who read them.
// The name of the format itself will do as well, where no files are called so.
func ReadableAs(name string) (formats.Format, error) {
	readable := Readable()
	for _, called := range []func(formats.Format) string{formats.Format.Syntax, func(f formats.Format) string { return f.Name }} {
		if i := slices.IndexFunc(readable, func(f formats.Format) bool { return called(f) == name }); i >= 0 {
			return readable[i], nil
		}
	}
	return formats.Format{}, fmt.Errorf("unknown kind of file %q", name)
}

// Syntaxes returns what the files that can be read are called.
func Syntaxes() []string {
	var names []string
	for _, f := range Readable() {
		names = append(names, f.Syntax())
	}
	return names
}

// Detect returns the format of a file that begins with text. False means that it
// cannot be told.
func Detect(text []byte) (formats.Format, bool) {
	head := formats.NewHead(text)
	var surest formats.Format
	most := formats.No
	for _, f := range Readable() {
		if certainty := f.Detect(head); certainty > most {
			surest, most = f, certainty
		}
	}
	return surest, most > formats.No
}

// ErrUnknown is the error for content of which it cannot be told what it is.
var ErrUnknown = errors.New("it cannot be told what kind of file this is")

// ReadAny is a [formats.Reader] of files whose format it finds out from their
// beginning. The error is [ErrUnknown] where it finds none.
func ReadAny(b *holdings.Builder, r io.Reader, in formats.Input) error {
	text := in.Decode(r)
	head, content, err := formats.Peek(text)
	if err != nil {
		return fmt.Errorf("reading %s: %w", in.Name, err)
	}
	f, found := detectIn(head, in)
	if !found {
		return fmt.Errorf("%s: %w", in.Name, ErrUnknown)
	}
	return read(f, b, content, in)
}

// ReadAs returns a reader of files that are said to be of a format.
func ReadAs(f formats.Format) formats.Reader {
	return func(b *holdings.Builder, r io.Reader, in formats.Input) error {
		text := in.Decode(r)
		return read(f, b, text, in)
	}
}

// read reads a file as one of a format, and says so.
func read(f formats.Format, b *holdings.Builder, r io.Reader, in formats.Input) error {
	b.ReadAs(holdings.Source{File: in.Name, Kind: f.Syntax()})
	return f.Read(b, r, in)
}

// detectIn is [Detect] for a file of which more is known: where its zone is, it is
// as though the file said so first.
func detectIn(head []byte, in formats.Input) (formats.Format, bool) {
	f, found := Detect(head)
	if in.Origin == "" || f.Name != zonefile.Format.Name && f.Name != rpz.Format.Name {
		return f, found
	}
	whole := append([]byte("$ORIGIN "+in.Origin+"\n"), head...)
	if rpz.Format.Detect(formats.NewHead(whole)) > formats.No {
		return rpz.Format, true
	}
	return zonefile.Format, true
}
