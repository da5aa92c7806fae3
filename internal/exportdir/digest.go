package exportdir

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// digested is a file whose digest is known once it was written whole.
type digested struct {
	formats.File
	sum hash.Hash
}

// digestOf returns the file with what is written of it last as its digest.
func digestOf(file formats.File) *digested {
	d := &digested{File: file, sum: sha256.New()}
	d.Write = func(w io.Writer, serial uint32) error {
		d.sum.Reset()
		return file.Write(io.MultiWriter(w, d.sum), serial)
	}
	return d
}

// digest returns the SHA-256 of what was written, in hexadecimal.
func (d *digested) digest() string { return hex.EncodeToString(d.sum.Sum(nil)) }

// digestFile returns the digest of a file on disk.
func digestFile(path string) (string, error) {
	sum := sha256.New()
	if err := copyFile(sum, path); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// state is what has become of a file since an export wrote it.
type state int

const (
	intact  state = iota
	edited        // it is not what was written
	gone          // it is not there
	unknown       // the manifest does not say what was written
)

// spoiled reports whether a file is there, and is not known to be as it was written.
func (s state) spoiled() bool { return s == edited || s == unknown }

// stateOf compares a file with its digest in the manifest.
func (m Manifest) stateOf(dir, name string) (state, error) {
	digest, err := digestFile(filepath.Join(dir, name))
	known := m.Digests[name]
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return gone, nil
	case err != nil:
		return unknown, err
	case len(known) == 0:
		return unknown, nil
	case !slices.Contains(known, digest):
		return edited, nil
	}
	return intact, nil
}

// Source is a file of an export that says what names have.
type Source struct {
	// Path is the file's, Read what reads it.
	Path string
	Read formats.Reader
}

// Sources returns the files of an export that say what names have. Of a format that
// cannot be read back that is the view that is kept beside its files, which says what
// was written, and not what is there: where one of them was edited, is gone or cannot
// be told to be what was written, the error says which. So it does where a file was
// edited that nothing reads, such as a script: nobody can tell what it does now.
func (m Manifest) Sources(dir string) ([]Source, error) {
	var sources []Source
	written, _ := all.Named(m.Format)
	for _, name := range m.Files {
		path := filepath.Join(dir, name)
		read := ReaderOf(m.Format, name)
		if read == nil || name == ViewName {
			state, err := m.stateOf(dir, name)
			if err == nil {
				err = refuseState(path, m.Format, state, written.CanReadBack())
			}
			if err != nil {
				return nil, err
			}
		}
		if read != nil {
			sources = append(sources, Source{Path: path, Read: read})
		}
	}
	if len(sources) == 0 && len(m.Files) > 0 && !written.CanReadBack() {
		return nil, hint.Add(fmt.Errorf("%s has an export in the format %s, which cannot be read back", dir, m.Format),
			"auralink export --check compares the files themselves")
	}
	return sources, nil
}

// refuseState returns the error for a file that nothing reads, by what has become of
// it. Where the others of the format are read, it may be gone: it has no names.
func refuseState(path, format string, s state, othersAreRead bool) error {
	switch {
	case s == edited:
		return hint.Add(fmt.Errorf("%s was edited since it was exported, and nothing reads such a file of the format %s: what it does now cannot be told", path, format),
			"edited: export --check shows how")
	case othersAreRead:
		return nil
	case s == gone:
		return hint.Add(fmt.Errorf("%s is gone, and the format %s cannot be read back: what is left of the export cannot be told", path, format),
			"export it anew; export --check shows what differs")
	case s == unknown:
		return hint.Add(fmt.Errorf("%s may have been edited: there is no digest of it, and the format %s cannot be read back", path, format),
			"export --check compares the files themselves")
	}
	return nil
}

// isSpoiled reports whether a file that is there is not as it was written.
func (m Manifest) isSpoiled(dir, name string) bool {
	state, err := m.stateOf(dir, name)
	return err != nil || state.spoiled()
}

// checkIntact returns an error where a file of a format that cannot be read back is
// there, and is not what was written: the view that is kept does not say what it does.
func (m Manifest) checkIntact(dir string) error {
	if written, _ := all.Named(m.Format); written.CanReadBack() {
		return nil
	}
	for _, name := range m.Files {
		state, err := m.stateOf(dir, name)
		if err != nil {
			return err
		}
		if state.spoiled() {
			return hint.Add(fmt.Errorf("%s: it was edited, or there is no digest of it, and what it does now cannot be compared", filepath.Join(dir, name)),
				"export --check shows what differs; remove the file, if it is of no use any more")
		}
	}
	return nil
}
