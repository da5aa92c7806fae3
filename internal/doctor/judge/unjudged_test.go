package judge_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/doctortest"
	"github.com/auralink/auralink/internal/doctor/judge"
)

// TestUnjudged: a verdict says of which VPCs of the topology there is no record.
func TestUnjudged(t *testing.T) {
	of := func(vpc string, others ...string) doctor.Record {
		r := *doctortest.Well()
		r.Subject.VPC, r.Subject.OtherVPCs, r.Network = vpc, others, vpc
		return r
	}
	for _, tt := range []struct {
		name    string
		records []doctor.Record
		want    []string
	}{
		{"one of one", []doctor.Record{of("apps")}, nil},
		{"one of three", []doctor.Record{of("apps", "batch", "lone")}, []string{"batch", "lone"}},
		{"two of three", []doctor.Record{of("apps", "batch", "lone"), of("lone", "apps", "batch")}, []string{"batch"}},
		{"all of them", []doctor.Record{of("apps", "batch"), of("batch", "apps")}, nil},
		{"of different topologies", []doctor.Record{of("apps", "batch"), of("lab", "test")}, []string{"batch", "test"}},
	} {
		got := judge.Judge(tt.records...)
		if diff := cmp.Diff(tt.want, got.Unjudged, cmpopts.EquateEmpty()); diff != "" || !got.Ready {
			t.Errorf("%s: ready %t (-want +got):\n%s", tt.name, got.Ready, diff)
		}
	}
}
