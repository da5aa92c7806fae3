package exportdir

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/guard"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

// Serials gives the serials of zones.
type Serials struct {
	// Fixed is the serial of all zones; nil to keep or raise what they have.
	Fixed *uint32
	// Judged says that Fixed is the topology's, and has to be ahead of what a changed
	// zone had.
	Judged bool
	// Now is the time, in seconds since 1970.
	Now uint32
}

// step returns the step of a zone's serial that its secondaries would miss, or nil.
func (p Serials) step(path string, file formats.File) (*guard.SerialStep, error) {
	if file.Origin == "" || !p.Judged {
		return nil, nil
	}
	before, there, err := serialOf(path)
	if !there || err != nil {
		return nil, err
	}
	same, err := hasContent(path, func(w io.Writer) error { return file.Write(w, before) })
	return guard.SerialOf(before, *p.Fixed, !same), err
}

// Fresh returns the serial of a zone that was not there before.
func (p Serials) Fresh() uint32 {
	if p.Fixed != nil {
		return *p.Fixed
	}
	return p.Now
}

// of returns the serial with which a file is to be written, and whether what is
// at path is the same already: but for a fixed serial, the one it has stays as
// long as the records do.
func (p Serials) of(path string, file formats.File) (serial uint32, same bool, err error) {
	before, there, err := p.before(path, file)
	if err != nil {
		return 0, false, err
	}
	same, err = hasContent(path, func(w io.Writer) error { return file.Write(w, before) })
	if there && !same {
		return zones.NextSerial(before, p.Now), same, err
	}
	return before, same, err
}

// before returns the serial that a zone has at path, and whether it has one that
// counts; else that of a zone that was not there before.
func (p Serials) before(path string, file formats.File) (serial uint32, there bool, err error) {
	if file.Origin != "" && p.Fixed == nil {
		serial, there, err = serialOf(path)
	}
	if !there {
		serial = p.Fresh()
	}
	return serial, there, err
}

// serialOf returns the serial of the first SOA in a zone file, if there is one.
func serialOf(path string) (uint32, bool, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	defer file.Close()
	parser := dns.NewZoneParser(bufio.NewReader(file), ".", "")
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		if soa, isSOA := rr.(*dns.SOA); isSOA {
			return soa.Serial, true, nil
		}
	}
	return 0, false, nil
}

// hasContent reports whether a file has exactly what write writes.
func hasContent(path string, write func(io.Writer) error) (bool, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer file.Close()
	compared := &comparison{old: bufio.NewReader(file)}
	err = write(compared)
	if errors.Is(err, errDiffers) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("comparing %s: %w", path, err)
	}
	_, err = compared.old.ReadByte()
	if errors.Is(err, io.EOF) {
		return true, nil
	}
	return false, err
}

// comparison is a writer that takes what an old file has, and no more.
type comparison struct {
	old *bufio.Reader
	buf []byte
}

var errDiffers = errors.New("the content differs")

// Write implements io.Writer.
func (c *comparison) Write(p []byte) (int, error) {
	if cap(c.buf) < len(p) {
		c.buf = make([]byte, len(p))
	}
	n, err := io.ReadFull(c.old, c.buf[:len(p)])
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return n, errDiffers
	case err != nil:
		return n, err
	case !bytes.Equal(c.buf[:n], p):
		return 0, errDiffers
	}
	return n, nil
}
