package formats

import (
	"fmt"
	"io"
)

const (
	// maxIncluded is how many files one file may include, by those that it includes as well.
	maxIncluded = 20_000
	// maxAgain is how many octets these may have together that were included before: a few files
	// that include each other several times make any number.
	maxAgain = 4 << 20
)

var errIncluded = fmt.Errorf("more than %d files are included, or more than %d MiB of them again", maxIncluded, maxAgain>>20)

// Included is what a file includes: the files that are read as if they stood in it.
type Included struct {
	names map[string]bool
	files int
	again int64 // octets of files that were included before
}

// full reports whether no more is to be included.
func (i *Included) full() bool { return i != nil && (i.files >= maxIncluded || i.again >= maxAgain) }

// reader returns what reads a file that is included.
func (i *Included) reader(name string, r io.Reader) io.Reader {
	if i == nil {
		return r
	}
	i.files++
	if i.names == nil {
		i.names = make(map[string]bool)
	}
	if !i.names[name] {
		i.names[name] = true
		return r
	}
	return repeated{r, i}
}

// repeated is a file that was included before.
type repeated struct {
	io.Reader
	in *Included
}

// Read implements io.Reader.
func (a repeated) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	a.in.again += int64(n)
	return n, err
}
