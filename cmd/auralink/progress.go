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
	w = uncoloured(w)
	if !isTerminal(w) {
		return progress{}
	}
	return progress{bar: progressbar.NewOptions64(-1,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription("writing"),
		progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)}
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
