package judge_test

import (
	"testing"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/doctortest"
	"github.com/auralink/auralink/internal/doctor/judge"
)

// TestNothingProved: where no link can be reached, no check of the regions of endpoints is
// told to be fine, though why nothing is known is told elsewhere.
func TestNothingProved(t *testing.T) {
	r := doctortest.Well()
	connects("", 0, doctor.Unreachable)(r)
	asks(func(a *doctor.RegionAsk) { a.Outcome, a.Knows, a.By = doctor.Unreachable, "", "" })(r)
	checked := false
	for _, group := range judge.Judge(*r).Networks[0].Groups {
		for _, c := range group.Checks {
			if group.Kind == doctor.KindRegion {
				checked = true
				if c.Sign == judge.Fine {
					t.Errorf("%q is told to be fine", c.Text)
				}
			}
		}
	}
	if !checked {
		t.Error("no check of a region")
	}
}
