package main

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/auralink/auralink/zones/formats"
)

// progress shows on a terminal how far long work has come; elsewhere it shows
// nothing.
type progress struct {
	bar *progressbar.ProgressBar // nil: nothing is shown
}

func newProgress(w io.Writer) progress {
	return shownProgress(w, "writing", progressbar.OptionShowBytes(true))
}

// newCount shows how many of something a server has been asked for, or has given.
func newCount(w io.Writer) progress {
	return shownProgress(w, "asking", progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("names"))
}

func shownProgress(w io.Writer, what string, how ...progressbar.Option) progress {
	w = uncoloured(w)
	if !isTerminal(w) {
		return progress{}
	}
	return progress{bar: progressbar.NewOptions64(-1, append(how,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(what),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)...)}
}

// add counts so many more.
func (p progress) add(n int) {
	if p.bar != nil {
		_ = p.bar.Add(n) // it is only for show
	}
}

// watch returns the file with what is written of it counted.
func (p progress) Watch(file formats.File) formats.File {
	if p.bar == nil {
		return file
	}
	write := file.Write
	file.Write = func(w io.Writer, serial uint32) error {
		return write(io.MultiWriter(w, p.bar), serial)
	}
	return file
}

// done takes what is shown away.
func (p progress) Done() {
	if p.bar != nil {
		_ = p.bar.Finish() // it is only for show
	}
}
