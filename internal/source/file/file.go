// Package file is the source of a topology that is a file. It follows what its
// path leads to, symbolic links and all, and returns a text when package rest says
// that it is at rest.
//
// Where the system tells of changes (inotify) nothing happens until it does; where
// it does not, because the file is on another machine or the system has no such
// thing, the file is looked at once a second.
package file

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/auralink/auralink/internal/source"
	"github.com/auralink/auralink/internal/source/rest"
)

// AcceptSuffix is what is put behind the file's path for the file in which people
// accept changes.
const AcceptSuffix = ".accept"

// acceptLimit is the most that is read of that file, in octets.
const acceptLimit = 64 << 10

// File is a file that has a topology.
type File struct {
	name  string // the path as it was given
	path  string // absolute
	limit int64
	waits rest.Waits

	machine *rest.Machine // made by the first call of Next
	led     *string       // where the path led when its last good text was read; see Remember
	watch   watch
	told    string // the error that was told last
	again   atomic.Bool
	closing sync.Once
	looked  int // how often
}

var (
	_ source.Source     = (*File)(nil)
	_ source.Rememberer = (*File)(nil)
)

// watch tells when something happens to a file.
type watch interface {
	// follow watches all that a look has seen. It returns what has happened since
	// it was called last, and whether the look has to be repeated, because some of
	// what it has seen was not watched then.
	follow(look rest.Look) (events []rest.Event, repeat bool)
	// tells reports whether all that happens to what is followed is told.
	tells() bool
	// wait returns when something has happened, at that time, when the context is
	// done or when it is woken.
	wait(ctx context.Context, until time.Time)
	// wake ends the current wait, or the next.
	wake()
	close()
}

// New returns the source for a path of a file with no more than limit octets. A
// relative path is meant from where the program is now.
func New(path string, limit int64, waits rest.Waits) (*File, error) {
	whole, err := absolute(path)
	if err != nil {
		return nil, err
	}
	return &File{name: path, path: whole, limit: limit, waits: waits, watch: newWatch(whole)}, nil
}

// Name returns the path as it was given.
func (f *File) Name() string { return f.name }

// Key returns the absolute path.
func (f *File) Key() string { return f.path }

// Remember implements source.Rememberer. Where a path leads to the same file as then, no
// link was swapped, however young one is.
func (f *File) Remember(at string) { f.led = &at }

// Again has the text returned once more.
func (f *File) Again() {
	f.again.Store(true)
	f.watch.wake()
}

// Close stops watching.
func (f *File) Close() { f.closing.Do(f.watch.close) }

// Next implements source.Source.
func (f *File) Next(ctx context.Context) (source.Text, error) {
	for ctx.Err() == nil {
		switch step := f.observe(); step.Do {
		case rest.Complain:
			return source.Text{}, &step.Unrest
		case rest.Read:
			text, err, done := f.read()
			if done && !f.toldAlready(err) {
				return text, err
			}
		default:
			f.watch.wait(ctx, step.Until)
		}
	}
	return source.Text{}, ctx.Err()
}

// observe looks at the file, and asks what to do about it.
func (f *File) observe() rest.Step {
	look, events := f.look()
	now := time.Now()
	if f.machine == nil {
		elsewhere := f.led == nil || *f.led != "" && *f.led != look.At
		f.machine = rest.New(f.waits, look, now, now.Sub(time.Unix(0, look.File.Ctime)), elsewhere)
	} else {
		f.machine.Observe(now, look, events)
	}
	if f.again.Swap(false) {
		f.told = ""
		f.machine.Again(now)
	}
	return f.machine.Step(now, f.watch.tells(), func() rest.Writer { return writerOf(f.path) })
}

// mostLooks bounds how often is looked where something happens all the time.
const mostLooks = 4

// look returns what the path leads to, and what has happened to it since the last
// look. What was told of after a look may have happened after it: then it is looked once
// more, or a text would have come there with nobody having told how.
func (f *File) look() (rest.Look, []rest.Event) {
	var events []rest.Event
	for n := 1; ; n++ {
		f.looked++
		look := lookAt(f.path)
		more, repeat := f.watch.follow(look)
		events = append(events, more...)
		if !repeat && (len(more) == 0 || n >= mostLooks) {
			return look, events
		}
	}
}

// read reads the file. It is not done if something has happened to it meanwhile.
func (f *File) read() (text source.Text, err error, done bool) { //nolint:revive // the error is of what is done
	before := f.machine.Seen()
	text.Content, err = readRegular(f.name, f.limit)
	text.At = before.At
	if err == nil {
		text.Beside, _ = readRegular(f.path+AcceptSuffix, acceptLimit) // there need not be one
	}
	look, events := f.look()
	if len(events) > 0 || !look.Same(before) || look.Beside != before.Beside {
		f.machine.Observe(time.Now(), look, events)
		return source.Text{}, nil, false
	}
	text.Written = f.machine.Written()
	if err != nil {
		f.machine.Failed(time.Now())
		return source.Text{}, err, true
	}
	f.machine.Done()
	return text, nil, true
}

// toldAlready reports whether an error is that which was told last.
func (f *File) toldAlready(err error) bool {
	if err == nil {
		f.told = ""
		return false
	}
	again := err.Error() == f.told
	f.told = err.Error()
	return again
}
