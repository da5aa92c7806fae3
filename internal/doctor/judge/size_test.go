package judge_test

import (
	"testing"
	"time"

	"github.com/auralink/auralink/internal/doctor/doctortest"
	"github.com/auralink/auralink/internal/doctor/judge"
)

// TestManyEndpoints: evidence of 500 custom endpoints in two regions is judged within a
// moment; the time is for a busy machine.
func TestManyEndpoints(t *testing.T) {
	r := doctortest.WellOf(500)
	began := time.Now()
	report := judge.Judge(*r)
	if !report.Ready || len(report.Findings) > 0 {
		t.Errorf("findings: %+v", report.Findings[:min(3, len(report.Findings))])
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("%d pieces of evidence took %v", len(r.Evidence), took)
	}
	t.Logf("%d pieces of evidence in %v", len(r.Evidence), time.Since(began))
}
