package main

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	runner "github.com/auralink/auralink/internal/doctor/run"
)

// doctorProgress shows on a terminal how many probes have ended, and of which kind the
// last one was; elsewhere it shows nothing.
type doctorProgress struct {
	bar *progressbar.ProgressBar // nil: nothing is shown
}

func newDoctorProgress(w io.Writer) doctorProgress {
	w = uncoloured(w)
	if !isTerminal(w) {
		return doctorProgress{}
	}
	return doctorProgress{bar: progressbar.NewOptions(1,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription("probing"),
		progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)}
}

func (p doctorProgress) tell(now runner.Progress) {
	if p.bar == nil {
		return
	}
	p.bar.ChangeMax(now.Total)
	p.bar.Describe(fmt.Sprintf("%-13s", now.Last.Kind))
	if now.Done < now.Total {
		_ = p.bar.Set(now.Done) // it is only for show
	}
}

// done takes what is shown away.
func (p doctorProgress) done() {
	if p.bar != nil {
		_ = p.bar.Finish() // it is only for show
	}
}
