// Package source is about where topologies come from. A [Source] has a text, says
// how it was written, and tells when there may be another.
//
// What a text means, and whether to serve it, is not decided here.
package source

import (
	"context"
	"fmt"
	"time"
)

// Written is how a text came to be where it is.
type Written uint8

const (
	// InPlace is octet by octet where it stands, or nobody knows how: it may be a
	// part of what is meant.
	InPlace Written = iota
	// Whole is in one step, by which a finished text took the place of the one
	// before.
	Whole
	// Judged is the same, by somebody who has compared the two and judged the change.
	Judged
)

// String names it as logs do.
func (w Written) String() string {
	switch w {
	case Whole:
		return "replaced whole"
	case Judged:
		return "judged before"
	default:
		return "written in place"
	}
}

// Text is what a source has at one time.
type Text struct {
	// Content is the topology's text. It must not be changed.
	Content []byte
	// Beside is what stands beside it, where people accept a change without
	// touching the text.
	Beside []byte
	// Written is how Content was written.
	Written Written
	// At is where the name of the source led when Content was read, such as the path of
	// a file without symbolic links; empty where a name leads nowhere else.
	At string
}

// Source is where a topology comes from. One goroutine at a time calls Next; the
// other methods may be called by any.
type Source interface {
	// Name is what a person calls it, such as the path of a file.
	Name() string
	// Key is the same for all sources of one text, whatever they are called.
	Key() string
	// Next waits for a text that is at rest, and returns it. The first call returns
	// the text that is there. A later one waits until something has happened to the
	// text; it may return the same text again, written in the same or another way.
	//
	// The error is the context's, or says why the text cannot be had: an
	// [UnrestError] says that it is still being written, any other error that it
	// cannot be read. Such an error is returned once. Next may be called again
	// after it.
	Next(ctx context.Context) (Text, error)
	// Again makes the next call of Next, or one that waits, return the text once
	// more, if it is at rest.
	Again()
	// Close ends it. Next must not be called any more.
	Close()
}

// Rememberer is a source that wants to know where its name led when its last good text
// was read, in another process.
type Rememberer interface {
	// Remember is called before the first call of Next: with what Text.At was then, or
	// with nothing if that is not known.
	Remember(at string)
}

// UnrestError is for a text that has been seen to change, and has not come to
// rest since.
type UnrestError struct {
	// Since is how long ago that was first seen.
	Since time.Duration
	// Why says what it is that goes on.
	Why string
}

// Error says what goes on, and for how long.
func (e *UnrestError) Error() string {
	return fmt.Sprintf("it does not come to rest: for %s, %s", e.Since.Round(time.Second/10), e.Why)
}
