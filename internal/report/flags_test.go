package report_test

import (
	"testing"

	"github.com/auralink/auralink/internal/report"
	"github.com/auralink/auralink/zones/formats"
)

func TestFlags(t *testing.T) {
	f := formats.Format{Shaped: true, Parameters: []formats.Parameter{{Name: "partial"}}}
	tests := []struct {
		name, text, want string
		format           formats.Format
	}{
		{"a shape", "with shape=one-zone they are one zone", "with --shape one-zone they are one zone", f},
		{"a parameter, first", "partial=yes, or nothing", "--set partial=yes, or nothing", f},
		{"a parameter in brackets", "less (partial=yes)", "less (--set partial=yes)", f},
		{"what is no option of the format", "shape=one-zone and partial=yes", "shape=one-zone and partial=yes", formats.Format{}},
		{"what is part of a syntax", "address=/NAME/ and --partial=no", "address=/NAME/ and --partial=no", f},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := report.Flags(tt.format, tt.text); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
