package jsontext

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
)

// Stream reads a JSON document piece by piece, and knows the line that it
// is in.
type Stream struct {
	*json.Decoder
	file  string
	lines *lineFeeds
}

// NewStream returns a stream of what is read from r; the file is what it is called in
// places.
func NewStream(r io.Reader, file string) *Stream {
	lines := &lineFeeds{r: r}
	return &Stream{Decoder: json.NewDecoder(lines), file: file, lines: lines}
}

// NewStreamAt is NewStream for what stands in a file at a place.
func NewStreamAt(r io.Reader, at holdings.Place) *Stream {
	s := NewStream(r, at.File)
	s.lines.before = max(at.Line-1, 0)
	return s
}

// Place is where the stream is read.
func (s *Stream) Place() holdings.Place {
	return holdings.Place{File: s.file, Line: s.lines.at(s.InputOffset())}
}

// Value reads a value and returns where it begins.
func (s *Stream) Value(into any) (holdings.Place, error) {
	var text json.RawMessage
	if err := s.Decode(&text); err != nil {
		return s.Place(), err
	}
	at := holdings.Place{File: s.file, Line: s.lines.at(s.InputOffset() - int64(len(text)))}
	return at, json.Unmarshal(text, into)
}

// errJSON is the error for a document that is not of the shape expected.
var errJSON = errors.New("is not what is expected there")

// Wrap adds the place to an error that has none.
func (s *Stream) Wrap(err error) error {
	switch {
	case err == nil, strings.HasPrefix(fmt.Sprint(err), s.file+":"):
		return err // it has a place
	case errors.Is(err, io.EOF):
		err = formats.ErrCut
	}
	return s.Place().Errorf("%w", formats.Plain(err))
}

// Object calls member for each member of the object that comes next, which must
// read the member's value.
func (s *Stream) Object(member func(name string) error) error {
	if err := s.open('{'); err != nil {
		return err
	}
	return s.Members(member)
}

// Bodies calls member for each member of the object that comes next, or of each object in a list,
// however deep. Terraform takes one for the other.
func (s *Stream) Bodies(member func(name string) error) error {
	token, err := s.Token()
	if err != nil {
		return err
	}
	return s.bodies(token, 1, member)
}

// maxBodies is how deep lists may be within each other.
const maxBodies = 10

func (s *Stream) bodies(begun json.Token, depth int, member func(name string) error) error {
	switch {
	case begun == json.Delim('{'):
		return s.Members(member)
	case begun != json.Delim('[') || depth > maxBodies:
		return fmt.Errorf("%v %w", begun, errJSON)
	}
	return s.Items(func() error {
		token, err := s.Token()
		if err != nil {
			return err
		}
		return s.bodies(token, depth+1, member)
	})
}

// Documents calls each for all objects and lists that follow one after the other, as
// what several calls of a command have printed. It is given how the document begins,
// and must read the rest, by [Stream.Members] or [Stream.Items].
func (s *Stream) Documents(each func(open json.Delim) error) error {
	for s.More() {
		token, err := s.Token()
		if err != nil {
			return err
		}
		open, ok := token.(json.Delim)
		if !ok {
			return fmt.Errorf("%v %w", token, errJSON)
		}
		if err := each(open); err != nil {
			return err
		}
	}
	// What is no document is an error, but for the end.
	if _, err := s.Token(); !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// Members calls member for each member of an object whose beginning was read.
func (s *Stream) Members(member func(name string) error) error {
	return s.until('}', func() error {
		token, err := s.Token()
		if err != nil {
			return err
		}
		return member(fmt.Sprint(token))
	})
}

// Items calls item for each item of a list whose beginning was read.
func (s *Stream) Items(item func() error) error { return s.until(']', item) }

// Array calls item for each item of the array that comes next, which must read
// it. A null in its place has none.
func (s *Stream) Array(item func() error) error {
	switch err := s.open('['); {
	case errors.Is(err, errNull):
		return nil
	case err != nil:
		return err
	}
	return s.Items(item)
}

// errNull is the error for a null where something else begins.
var errNull = fmt.Errorf("null %w", errJSON)

// open reads how an object or a list begins.
func (s *Stream) open(open json.Delim) error {
	token, err := s.Token()
	switch {
	case err != nil:
		return err
	case token == nil:
		return errNull
	case token != open:
		return fmt.Errorf("%v %w", token, errJSON)
	}
	return nil
}

// until calls each as long as there is more before the end.
func (s *Stream) until(end json.Delim, each func() error) error {
	for s.More() {
		if err := each(); err != nil {
			return err
		}
	}
	token, err := s.Token()
	if err == nil && token != end {
		return fmt.Errorf("%v %w", token, errJSON)
	}
	return err
}

// Skip reads a value and forgets it.
func (s *Stream) Skip() error {
	var text json.RawMessage
	return s.Decode(&text)
}

// lineFeeds is a reader that knows in which line an offset is. Offsets are asked
// for in order, so that those before are forgotten.
type lineFeeds struct {
	r      io.Reader
	read   int64
	before int     // line feeds that are forgotten
	feeds  []int64 // offsets of those after
}

// Read implements io.Reader.
func (l *lineFeeds) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, c := range p[:n] {
		if c == '\n' {
			l.feeds = append(l.feeds, l.read+int64(i))
		}
	}
	l.read += int64(n)
	return n, err
}

// at returns the line of an offset, from 1.
func (l *lineFeeds) at(offset int64) int {
	passed := 0
	for passed < len(l.feeds) && l.feeds[passed] < offset {
		passed++
	}
	l.before += passed
	l.feeds = append(l.feeds[:0], l.feeds[passed:]...)
	return l.before + 1
}
