package file

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/auralink/auralink/internal/source/rest"
)

// What is watched. A directory on the path tells when it is moved or removed
// itself, one that has something we look for also what becomes of the names in it.
const (
	ofItself  = unix.IN_MOVE_SELF | unix.IN_DELETE_SELF
	ofNames   = ofItself | unix.IN_MOVED_TO | unix.IN_MOVED_FROM | unix.IN_CREATE | unix.IN_DELETE
	ofContent = unix.IN_MODIFY | unix.IN_CLOSE_WRITE | unix.IN_ATTRIB
)

// inotify is a watch by inotify(7). Directories are watched for the names of the
// file, of each symbolic link and of the file beside; the file itself for what is
// done to it by other names, or from beyond a mount.
type inotify struct {
	path   string
	file   *os.File
	conn   syscall.RawConn
	buf    [64 << 10]byte
	got    []told              // by the system, since follow was called last
	paths  map[string]*watched // what is watched now
	all    bool                // whether that is all, where everything is told
	absent bool                // there was no file at the last look
	woken  atomic.Bool
}

// watched is a directory or a file that is watched.
type watched struct {
	wd       int32
	dev, ino uint64
	mask     uint32
	names    map[string]role
	file     bool // it is what the path leads to
}

// role is why a name in a directory matters.
type role uint8

const (
	roleLink role = iota + 1
	roleDir
	roleBeside
	roleFile
)

// told is one event of inotify.
type told struct {
	wd   int32
	mask uint32
	name string
}

// newWatch returns a watch by inotify or, where the system has none to give, one
// that has the file looked at.
func newWatch(path string) watch {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return newLooks()
	}
	file := os.NewFile(uintptr(fd), "inotify")
	conn, err := file.SyscallConn()
	if err == nil {
		err = file.SetReadDeadline(time.Time{}) // fails where it cannot be waited for
	}
	if err != nil {
		_ = file.Close()
		return newLooks()
	}
	return &inotify{path: path, file: file, conn: conn, paths: make(map[string]*watched)}
}

func (n *inotify) tells() bool { return n.all && !n.absent }

func (n *inotify) close() { _ = n.file.Close() }

func (n *inotify) wake() {
	n.woken.Store(true)
	_ = n.file.SetReadDeadline(time.Unix(1, 0))
}

// wait reads what the system tells, and waits for something that matters.
func (n *inotify) wait(ctx context.Context, until time.Time) {
	stop := context.AfterFunc(ctx, n.wake)
	defer stop()
	if n.file.SetReadDeadline(until) != nil || n.woken.Swap(false) || ctx.Err() != nil {
		return
	}
	_ = n.conn.Read(func(fd uintptr) bool {
		some, nothing := true, false
		for some && len(n.got) == 0 {
			some, nothing = n.fill(int(fd))
		}
		return !nothing
	})
}

// fill reads what the system has to tell, keeps what matters, and reports whether there
// was anything, or nothing yet: neither, if it cannot be read.
func (n *inotify) fill(fd int) (some, nothing bool) {
	size, err := unix.Read(fd, n.buf[:])
	if err != nil || size <= 0 {
		return false, errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR)
	}
	for _, e := range parseEvents(n.buf[:size]) {
		if n.matters(e) {
			n.got = append(n.got, e)
		}
	}
	return true, false
}

// matters reports whether an event is not of another file in a directory, such as a
// log that is written to beside the topology.
func (n *inotify) matters(e told) bool {
	if e.name == "" {
		return true
	}
	for _, w := range n.paths {
		if w.wd == e.wd && w.names[e.name] != 0 {
			return true
		}
	}
	return false
}

// most bounds what is read at a time.
const most = 1 << 16

// drain reads all that the system has to tell.
func (n *inotify) drain() []told {
	_ = n.conn.Control(func(fd uintptr) {
		for some := true; some && len(n.got) < most; {
			some, _ = n.fill(int(fd))
		}
	})
	got := n.got
	n.got = nil
	return got
}

// follow implements watch.
func (n *inotify) follow(look rest.Look) ([]rest.Event, bool) {
	events := n.translate(n.drain(), look.At)
	n.absent = look.Err != ""
	if n.absent {
		return events, false // what was watched is where it may come back
	}
	return events, n.update(wanted(n.path, look))
}

// wanted returns what is to be watched, by path.
func wanted(path string, look rest.Look) map[string]*watched {
	want := make(map[string]*watched)
	at := func(path string) *watched {
		if want[path] == nil {
			want[path] = &watched{mask: ofItself, names: make(map[string]role)}
		}
		return want[path]
	}
	name := func(path string, r role, mask uint32) {
		dir := at(filepath.Dir(path))
		dir.mask |= mask
		dir.names[filepath.Base(path)] = r
	}
	for _, c := range look.Through {
		if c.Target == "" {
			dir := at(c.Path)
			dir.dev, dir.ino = c.Dev, c.Ino
			name(c.Path, roleDir, unix.IN_MOVED_TO)
			continue
		}
		name(c.Path, roleLink, ofNames|ofContent) // of a file that takes the place of the link
	}
	name(placeOf(path)+AcceptSuffix, roleBeside, ofNames|ofContent)
	name(look.At, roleFile, ofNames|ofContent)
	self := at(look.At)
	self.mask |= ofContent
	self.file, self.dev, self.ino = true, look.File.Dev, look.File.Ino
	return want
}

// update watches what is wanted and no more, and reports whether anything was not
// watched before.
func (n *inotify) update(want map[string]*watched) (added bool) {
	_ = n.conn.Control(func(fd uintptr) {
		for path, w := range want {
			has := n.paths[path]
			if has != nil && has.dev == w.dev && has.ino == w.ino && has.mask == w.mask {
				w.wd = has.wd
				continue
			}
			added = true
			w.wd = -1
			// Should another file have the path by now, the next look shows that.
			if wd, err := unix.InotifyAddWatch(int(fd), path, w.mask|unix.IN_EXCL_UNLINK|unix.IN_DONT_FOLLOW); err == nil {
				w.wd = int32(wd)
			}
		}
		for path, has := range n.paths {
			if has.wd >= 0 && n.unwatched(has.wd, want) {
				_, _ = unix.InotifyRmWatch(int(fd), uint32(has.wd))
			}
			delete(n.paths, path)
		}
	})
	n.paths = want
	if added {
		n.all = n.complete()
	}
	return added
}

// unwatched reports whether a watch is none of those that are wanted.
func (n *inotify) unwatched(wd int32, want map[string]*watched) bool {
	for _, w := range want {
		if w.wd == wd {
			return false
		}
	}
	return true
}

// complete reports whether all is watched, and on file systems that tell everything.
func (n *inotify) complete() bool {
	for path, w := range n.paths {
		if w.wd < 0 || (w.file || w.mask&unix.IN_CREATE != 0) && !tellsAll(path) {
			return false
		}
	}
	return true
}
