// Package rest decides when a file may be read, and whether it was replaced whole
// or written in place. It is fed with what was seen of the file, and does not look
// itself: it has no files, and is given the time.
package rest

import "path"

// Look is what a path led to at one time, from outside.
type Look struct {
	// Err says why it led to no file, or is empty.
	Err string
	// Through is what it leads through: each directory and each symbolic link, in
	// order.
	Through []Component
	// At is where it leads to: the file's path without symbolic links.
	At string
	// File is what it leads to.
	File Stat
	// Beside is the file beside it, if there is one.
	Beside Stat
}

// Component is a directory or a symbolic link on a path.
type Component struct {
	Path     string
	Target   string // of a symbolic link; empty for a directory
	Dev, Ino uint64
	Ctime    int64 // nanoseconds since 1970
}

// link reports whether it is a symbolic link.
func (c Component) link() bool { return c.Target != "" }

// sameTarget reports whether it is a link that leads where another one does, however
// that is spelled.
func (c Component) sameTarget(other Component) bool {
	return c.link() && other.link() && path.Clean(c.Target) == path.Clean(other.Target)
}

// same reports whether it is the one that it was. What changes in a directory
// does not matter.
func (c Component) same(other Component) bool {
	return c.Path == other.Path && c.Target == other.Target && c.Dev == other.Dev && c.Ino == other.Ino
}

// Stat is a file's state. The time of its last change (ctime) is set by the system
// alone: whoever sets the other one back leaves a trace.
type Stat struct {
	Dev, Ino     uint64
	Size         int64
	Mtime, Ctime int64 // nanoseconds since 1970
}

// Same reports whether nothing seems to have happened to the file between two
// looks.
func (l Look) Same(other Look) bool {
	if l.Err != other.Err || l.File != other.File || len(l.Through) != len(other.Through) {
		return false
	}
	for i, c := range l.Through {
		if !c.same(other.Through[i]) {
			return false
		}
	}
	return true
}

// swappedSince reports whether the path leads elsewhere than before because something on
// the way was replaced after the file's last change: a symbolic link or, where it was
// seen that one was moved to its name, a directory as a whole. Where the file was changed
// after that nobody may have seen who did: it may be written still, or have been torn. A
// link and a file that were changed in one tick of the clock are a swap as programs make
// it. A link that was made anew and leads where it did is none.
func (l Look) swappedSince(before Look, moved bool) bool {
	if l.Err != "" || before.Err != "" {
		return false
	}
	for _, c := range l.Through {
		old, known := before.component(c.Path)
		switch {
		case known && (c.same(old) || c.sameTarget(old)):
		case c.link() && c.Ctime >= l.File.Ctime && l.At != before.At,
			!c.link() && known && moved && c.Ctime > l.File.Ctime:
			return true
		}
	}
	return false
}

func (l Look) component(path string) (Component, bool) {
	for _, c := range l.Through {
		if c.Path == path {
			return c, true
		}
	}
	return Component{}, false
}

// linkedLater reports whether a symbolic link on the path was made after the
// file's last change: then the file was finished when it was put there.
func (l Look) linkedLater() bool {
	for _, c := range l.Through {
		if c.link() && c.Ctime > l.File.Ctime {
			return true
		}
	}
	return false
}
