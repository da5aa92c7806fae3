package exportdir

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/auralink/auralink/zones/formats"
)

// maxShown is the size, in octets, of the largest file whose difference is shown
// line by line.
const maxShown = 8 << 20

// Check prints how the files in the directory differ from the export, as a unified
// diff, and returns whether they are the same. It writes nothing else. A zone's
// serial does not count.
func (d *Dir) Check(ctx context.Context, out, log io.Writer) (same bool, err error) {
	unlock, err := lock(ctx, d.Path, together, log)
	switch {
	case errors.Is(err, fs.ErrNotExist): // all of it is missing
	case err != nil:
		return false, err
	default:
		defer unlock()
	}
	before, err := d.open()
	if err != nil {
		return false, err
	}
	differ := false
	for file := range d.Files {
		if file.Name == ViewName && !before.isSpoiled(d.Path, ViewName) {
			continue // it says nothing that the others do not
		}
		same, err := d.checkFile(out, file)
		if err != nil {
			return false, err
		}
		if !same {
			d.stale(file.Name)
			differ = true
		}
	}
	stale, err := d.Now.others(d.Path, before.Files)
	if err != nil {
		return false, err
	}
	for _, name := range stale {
		if err := printDifference(out, filepath.Join(d.Path, name), nil); err != nil {
			return false, err
		}
		d.stale(name)
		differ = true
	}
	return !differ, nil
}

// checkFile prints how a file differs.
func (d *Dir) checkFile(out io.Writer, file formats.File) (same bool, err error) {
	path := filepath.Join(d.Path, file.Name)
	serial, _, err := d.Serials.before(path, file)
	if err != nil {
		return false, err
	}
	write := func(w io.Writer) error { return file.Write(w, serial) }
	same, err = hasContent(path, write)
	if same || err != nil {
		return same, err
	}
	return false, printDifference(out, path, write)
}

// printDifference prints how a file differs from what write writes; a nil write
// stands for a file that is to be removed.
func printDifference(out io.Writer, path string, write func(io.Writer) error) error {
	oldName, newName := "a/"+path, "b/"+path
	var old, wanted bounded
	err := copyFile(&old, path)
	if errors.Is(err, fs.ErrNotExist) {
		oldName, err = os.DevNull, nil
	}
	switch {
	case err != nil:
	case write == nil:
		newName = os.DevNull
	default:
		err = write(&wanted)
	}
	if errors.Is(err, errTooLarge) {
		_, err = fmt.Fprintf(out, "%s differs, and is too large to show how\n", path)
		return err
	}
	if err != nil {
		return err
	}
	_, err = out.Write(diff.Diff(oldName, old.Bytes(), newName, wanted.Bytes()))
	return err
}

func copyFile(w io.Writer, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(w, file)
	return err
}

// bounded is a buffer for at most maxShown octets. It is a writer and no more: a
// bytes.Buffer would read from a file without asking for the bound.
type bounded struct{ buf bytes.Buffer }

var errTooLarge = errors.New("too large")

// Write implements io.Writer.
func (b *bounded) Write(p []byte) (int, error) {
	if b.buf.Len()+len(p) > maxShown {
		return 0, errTooLarge
	}
	return b.buf.Write(p)
}

// Bytes returns what was written.
func (b *bounded) Bytes() []byte { return b.buf.Bytes() }
