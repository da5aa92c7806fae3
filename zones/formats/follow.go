package formats

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
)

// Tree is the files that others may name.
type Tree interface {
	// Find returns the files that a mention stands for, in the order in which servers
	// read them. The error wraps [fs.ErrNotExist] where there are none, and [ErrOutside]
	// where they are not to be read.
	Find(m Mention) (Found, error)
	// Open opens one of them.
	Open(name string) (io.ReadCloser, error)
}

// ErrOutside is the error for files that are not below the directory that is read.
var ErrOutside = errors.New("it is outside of the directory that is read")

// ErrNoMatch is the error for a pattern that no file of a directory has that is there.
var ErrNoMatch = errors.New("no file is called so")

// Mention is what a file says of others.
type Mention struct {
	// What is the directive that names them, such as "conf-file".
	What string
	// Path is a file's, or as Kind says. It is relative to Dir, which a file may say of
	// itself; where Dir is "", to the directory of the first file, or of From.
	Path, Dir string
	Kind      MentionKind
	// Beside says that the path is relative to the directory of the file itself, and to no
	// other.
	Beside bool
	// Central says that the server looks in its own directory alone: what is only beside
	// the file that names it is read, and told.
	Central bool
	// Elsewhere says that the server does not have the files where the file is that names them:
	// that none is there says nothing.
	Elsewhere bool
	// InPlace says that the files are read as if they stood where they are named.
	InPlace bool
	// Optional says that there need not be any, of which nothing is told.
	Optional bool
	// Wanted says that the server does not do without a file for a pattern.
	Wanted bool
	// From has the files on the way to the mention, that which has it last.
	From []string
	// Origin is the name at or below which are all whose answers the files can change, as
	// in a zone; "" for any name.
	Origin string
	// Usual says that it is a file that each machine has, and that mostly has no names but
	// the machine's: that it is not read is no more than a note.
	Usual bool
	// Place is where the mention is.
	Place holdings.Place
	// Skip reports whether one of several files is not meant, by its whole name; nil for
	// all that are.
	Skip func(name string) bool
	// Consequence is what the server does that lacks the file, as a part of a sentence;
	// "" for nothing that is worth telling. Vital says that it does not start, whatever Origin is.
	Consequence string
	Vital       bool
}

// isPattern reports whether the path may stand for several files by their names.
func (m Mention) isPattern() bool { return m.Kind == Pattern && strings.ContainsAny(m.Path, "*?[") }

// MentionKind is what a path stands for.
type MentionKind uint8

// The kinds of mentions.
const (
	OneFile MentionKind = iota
	Pattern             // all files whose names match, as in glob(7)
	Folder              // all files directly in a directory
	Either              // a file, or all files directly in a directory
	Deep                // all files in a directory, at any depth
)

// Found are the files that a mention stands for.
type Found struct {
	Names []string
	// Instead says of files that were found in another directory than the one in which
	// a server looks which one that is; else "".
	Instead string
	// Beside says that they were found beside the file that names them, and not in the
	// server's directory.
	Beside bool
}

const (
	// maxNested is how deep files may name each other. NSD takes 10, others more.
	maxNested = 30
	// maxMentioned is how many files a pattern or a directory may stand for.
	maxMentioned = 2000
)

// Following says which files are read that others name, and within which bounds.
var Following = fmt.Sprintf("A file that another one names is read where it is named, as the server reads it: its path counts from the "+
	"server's directory, if the configuration says that, or else from the directory of the file that names it or that was given. No file outside of the directory that is "+
	"read, or of that of the file that is read, is opened, by whatever path or link, and none is looked for on standard input; where the "+
	"server's directory is outside, a relative path is taken from the directory of the files instead, and a note says so. Files may name each other %d deep; "+
	"a file that names itself, directly or by others, is left out there; a pattern or a directory stands for at most %d files; all files "+
	"together are read up to %d GiB, those that one file includes up to %d times, and again up to %d MiB, a line up to 1 MiB, $GENERATE for 262144 names. The configurations of one server in a directory are read as one, in the order of their names, unless one of them is called as a first file is, such as named.conf: that has to name the others. "+
	"What is not read is told with the reason, as a finding or a difference of its own, and what only that file knows is an "+
	"unknown target, never a name that is right.", maxNested, maxMentioned, MaxOctets>>30, maxIncluded, maxAgain>>20)

var (
	errCycle  = errors.New("it names itself, directly or by others")
	errNested = fmt.Errorf("files name each other more than %d deep", maxNested)
	errMany   = fmt.Errorf("it stands for more than %d files", maxMentioned)
)

// Follow reads the files that one names, and reports whether it has read all of them.
// What is not read is noted, with the reason. An input that has no Tree follows nothing.
func (in Input) Follow(b *holdings.Builder, m Mention, read Reader) bool {
	found, err := in.find(&m)
	switch {
	case err != nil && m.Optional && missing(err):
		return true
	case err != nil:
		note(b, m, shown(m.Path), err)
		return false
	}
	if found.Instead != "" && b != nil {
		b.Note(m.Place, "%s %s is read from beside this file, and not from %s, which is outside of the directory that is read",
			m.What, shown(m.Path), found.Instead)
	}
	if found.Beside && m.Central && b != nil {
		b.UnreadBelow(cmp.Or(m.Origin, "."), m.Place, "%s %s is read from beside this file, and the server looks for it in its own directory", m.What, shown(m.Path))
	}
	whole := true
	for _, name := range found.Names {
		if m.Skip != nil && m.Skip(name) {
			continue
		}
		if err := in.enter(b, name, m, read); err != nil {
			note(b, m, shown(name), err)
			whole = false
		}
	}
	return whole
}

// Leave is Follow for files of which nothing is read: they are named all the same, and none
// of them is to be read by itself.
func (in Input) Leave(m Mention) {
	in.Follow(nil, m, func(*holdings.Builder, io.Reader, Input) error { return nil })
}

// errAlone is the error for what is named where no files can be: on standard input.
var errAlone = errors.New("give it as well")

// Include is Follow for files that are read as if they stood where they are named: what
// ends the reading of one ends that of the file that names it. It returns that error, and
// reads no other file after it.
func (in Input) Include(b *holdings.Builder, m Mention, read func(r io.Reader, in Input) error) error {
	var stop error
	m.InPlace = true
	in.Follow(b, m, func(_ *holdings.Builder, r io.Reader, in Input) error {
		if stop == nil {
			stop = read(r, in)
		}
		return nil
	})
	return stop
}

func (in Input) find(m *Mention) (Found, error) {
	m.From = in.chain()
	switch {
	case in.Tree == nil:
		return Found{}, errAlone
	case len(m.From) > maxNested:
		return Found{}, errNested
	case m.InPlace && in.Included.full():
		return Found{}, errIncluded
	}
	found, err := in.Tree.Find(*m)
	if err == nil && len(found.Names) > maxMentioned {
		err = errMany
	}
	return found, err
}

// chain are the files that are being read, the innermost last.
func (in Input) chain() []string { return append(slices.Clone(in.above), in.Name) }

// enter reads one file.
func (in Input) enter(b *holdings.Builder, name string, m Mention, read Reader) error {
	if slices.Contains(m.From, name) {
		return errCycle
	}
	file, err := in.Tree.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	its, from := &Included{}, io.Reader(file)
	if m.InPlace {
		its, from = in.Included, in.Included.reader(name, file)
	}
	text, encoding := Decode(from)
	return read(b, text, Input{Name: name, Encoding: encoding, Dir: m.Dir, After: in.After, Tree: in.Tree, View: in.View, Asking: in.Asking, Included: its, above: m.From})
}

// note says that what a mention stands for is not read, and why.
func note(b *holdings.Builder, m Mention, name string, err error) {
	if b == nil {
		return
	}
	them := "that file"
	if m.Kind != OneFile {
		them = "those files"
	}
	why := fmt.Sprintf(": %v", reason(err))
	switch {
	case errors.Is(err, errAlone):
		why = ": give " + them + " as well"
	case errors.Is(err, ErrOutside):
		why = ", for it is outside of the directory that is read: give " + them + " as well"
	case errors.Is(err, ErrNoMatch) && m.Wanted:
		why = ": no file is called so" + m.Consequence
	case errors.Is(err, ErrNoMatch) && !m.Elsewhere:
		b.Note(m.Place, "%s %s is not read: %v", m.What, name, err)
		return
	case m.isPattern() && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrNoMatch)):
		why = ": they are not here: give them as well, where the server has some"
	case errors.Is(err, fs.ErrNotExist):
		why = ": there is no such file" + m.Consequence
		if m.Vital {
			m.Origin = "."
		}
	}
	if m.Usual {
		b.Note(m.Place, "%s %s is not read%s", m.What, name, why)
		return
	}
	b.UnreadBelow(cmp.Or(m.Origin, "."), m.Place, "%s %s is not read%s", m.What, name, why)
}

// missing reports whether an error says that there are no files, or that none are looked for.
func missing(err error) bool {
	return errors.Is(err, errAlone) || errors.Is(err, ErrNoMatch) || errors.Is(err, fs.ErrNotExist)
}

// reason is an error without the path, which a message has already.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// maxShown is how many octets of a path a message has.
const maxShown = 200

func shown(path string) string { return strconv.Quote(path[:min(len(path), maxShown)]) }
