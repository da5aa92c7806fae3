package file

import (
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/auralink/auralink/internal/source/rest"
)

// translate makes the events of a machine of those of the system. The file is at a path
// now, which is empty if there is none; a link may have been there before.
func (n *inotify) translate(got []told, at string) []rest.Event {
	var events []rest.Event
	replaced := false // what the file's own watch tells is of the one before
	for _, e := range got {
		if e.mask&unix.IN_Q_OVERFLOW != 0 {
			events = append(events, rest.Lost)
			continue
		}
		for path, w := range n.paths {
			if w.wd != e.wd {
				continue
			}
			if e.mask&unix.IN_IGNORED != 0 {
				w.wd, w.ino = -1, 0 // watched anew by the next update
				delete(n.paths, path)
				continue
			}
			event, matters := w.event(e, replaced, filepath.Join(path, e.name), at)
			if matters {
				replaced = replaced || event == rest.Moved || event == rest.Created || event == rest.Rerouted && w.names[e.name] == roleFile
				events = append(events, event)
			}
		}
	}
	return events
}

// event says what an event means, if it means anything to us. What becomes of a link
// where the file itself is now is told of the file: it was moved there, or made. What
// becomes of a file where there is a link now is told of the link: nobody watched the file
// to which that leads.
func (w *watched) event(e told, replaced bool, path, at string) (rest.Event, bool) {
	if e.name == "" {
		if !w.file {
			return rest.Rerouted, true
		}
		return contentEvent(e.mask), !replaced
	}
	switch r := w.names[e.name]; {
	case r == 0:
		return 0, false
	case r == roleBeside:
		return rest.Beside, true
	case r == roleDir:
		return rest.DirMoved, true
	case path != at && (r == roleLink || at != ""): // without a file it may come back
		return rest.Rerouted, true
	case e.mask&unix.IN_MOVED_TO != 0:
		return rest.Moved, true
	case e.mask&unix.IN_CREATE != 0:
		return rest.Created, true
	default:
		return contentEvent(e.mask), true
	}
}

func contentEvent(mask uint32) rest.Event {
	switch {
	case mask&unix.IN_MODIFY != 0:
		return rest.Modified
	case mask&unix.IN_CLOSE_WRITE != 0:
		return rest.Closed
	default:
		return rest.Touched
	}
}
