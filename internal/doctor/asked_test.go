package doctor_test

import (
	"context"
	"testing"

	"github.com/auralink/auralink/internal/doctor"
)

// named is a probe of which name and kind matter.
type named struct {
	kind doctor.Kind
	name string
}

func (n named) Kind() doctor.Kind                         { return n.kind }
func (n named) Name() string                              { return n.name }
func (n named) Proves() string                            { return "" }
func (n named) Probe(context.Context) (e doctor.Evidence) { return e }

// TestWantsProbe: all but silence if nothing is said, and else groups, and probes by
// name or pattern.
func TestWantsProbe(t *testing.T) {
	https := named{doctor.KindHTTPS, "https x.example at 10.0.0.1:443"}
	tests := []struct {
		name  string
		asked doctor.Asked
		probe named
		want  bool
	}{
		{"nothing said", doctor.Asked{}, https, true},
		{"silence, unasked", doctor.Asked{}, named{doctor.KindIdle, "idle"}, false},
		{"silence", doctor.Asked{Idle: true}, named{doctor.KindIdle, "idle"}, true},
		{"its group", doctor.Asked{Only: []doctor.Kind{doctor.KindHTTPS}}, https, true},
		{"another group", doctor.Asked{Only: []doctor.Kind{doctor.KindTLS}}, https, false},
		{"its name", doctor.Asked{Single: []doctor.Single{{Kind: doctor.KindHTTPS, Name: "https x.example at 10.0.0.1:443"}}}, https, true},
		{"its name in another kind", doctor.Asked{Single: []doctor.Single{{Kind: doctor.KindTLS, Name: "*"}}}, https, false},
		{"a pattern", doctor.Asked{Single: []doctor.Single{{Kind: doctor.KindHTTPS, Name: "*x.example*:443"}}}, https, true},
		{"the beginning alone", doctor.Asked{Single: []doctor.Single{{Kind: doctor.KindHTTPS, Name: "https x.example"}}}, https, false},
		{"the end alone", doctor.Asked{Single: []doctor.Single{{Kind: doctor.KindHTTPS, Name: "*at 10.0.0.1"}}}, https, false},
		{"a group beside another's probe", doctor.Asked{Only: []doctor.Kind{doctor.KindTLS}, Single: []doctor.Single{{Kind: doctor.KindHTTPS, Name: "https *"}}}, https, true},
	}
	for _, tt := range tests {
		if got := tt.asked.WantsProbe(tt.probe); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}
