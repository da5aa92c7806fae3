package formats

import (
	"io"

	"github.com/auralink/auralink/internal/holdings"
)

// Whole reads a configuration: the file that is given, and then its further parts, each as if it
// stood behind the one before. What ends the reading of one ends that of all.
func (in Input) Whole(b *holdings.Builder, r io.Reader, read func(r io.Reader, in Input) error) error {
	if err := read(r, in); err != nil {
		return err
	}
	for _, name := range in.Parts {
		err := in.enter(b, name, Mention{From: in.chain()}, func(_ *holdings.Builder, r io.Reader, in Input) error { return read(r, in) })
		if err != nil {
			return err
		}
	}
	return nil
}
