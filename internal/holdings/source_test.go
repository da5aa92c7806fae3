package holdings_test

import (
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
)

// TestForwardsBesideZones: where one source forwards a name and another one has a zone of it, which
// of the two clients ask is not known, in whatever order they are read.
func TestForwardsBesideZones(t *testing.T) {
	forward := holdings.Claim{Origin: "a.test.", Miss: holdings.Refer, Referral: holdings.Referral{Servers: "10.0.0.53"}, Place: holdings.Place{File: "f", Line: 1}}
	zone := holdings.Claim{Origin: "x.a.test.", Zone: true, Miss: holdings.NXDomain, Place: holdings.Place{File: "z", Line: 2}}
	same, other, cut, root := zone, zone, forward, forward
	same.Origin, other.Origin, cut.Cut, root.Origin = "a.test.", "ba.test.", true, "."
	for name, tt := range map[string]struct {
		forward, zone holdings.Claim
		of            [2]string
		want          bool
	}{
		"a zone below":        {forward, zone, [2]string{"f", "z"}, true},
		"of its name":         {forward, same, [2]string{"f", "z"}, true},
		"of another name":     {forward, other, [2]string{"f", "z"}, false},
		"of one source":       {forward, same, [2]string{"f", "f"}, false},
		"the only source":     {forward, same, [2]string{"", ""}, false},
		"a delegation":        {cut, same, [2]string{"f", "z"}, false},
		"all that is unknown": {root, same, [2]string{"f", "z"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, reversed := range []bool{false, true} {
				b := holdings.NewBuilder()
				claims := []holdings.Claim{tt.forward, tt.zone}
				for i := range claims {
					if reversed {
						i = 1 - i
					}
					b.From(tt.of[i])
					b.Claim(claims[i])
				}
				got := false
				for _, fault := range b.Set().Faults(nil, nil) {
					got = got || strings.Contains(fault.String(), "which of the two clients ask")
				}
				if got != tt.want {
					t.Errorf("reversed %v: told %v", reversed, got)
				}
			}
		})
	}
}

// TestForwardsBesideRecords: likewise where the other source has records alone.
func TestForwardsBesideRecords(t *testing.T) {
	forward := holdings.Claim{Origin: "a.test.", Miss: holdings.Refer, Referral: holdings.Referral{Servers: "10.0.0.53"}, Place: holdings.Place{File: "f", Line: 1}}
	for name, tt := range map[string]struct {
		add  func(b *holdings.Builder, at holdings.Place)
		want bool
	}{
		"a host":       {func(b *holdings.Builder, at holdings.Place) { b.Add("x.a.test.", holdings.Data{}, at) }, true},
		"another host": {func(b *holdings.Builder, at holdings.Place) { b.Add("x.b.test.", holdings.Data{}, at) }, false},
		"a rule":       {func(b *holdings.Builder, at holdings.Place) { b.AddRule("*.a.test.", holdings.Data{}, at) }, true},
		"a rule that passes on": {func(b *holdings.Builder, at holdings.Place) {
			b.AddRule("a.test.", holdings.Data{Action: holdings.Passthru}, at)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := holdings.NewBuilder()
			b.From("f")
			b.Claim(forward)
			b.From("r")
			tt.add(b, holdings.Place{File: "r", Line: 2})
			if got := len(b.Set().Faults(nil, nil)) > 0; got != tt.want {
				t.Errorf("told %v", got)
			}
		})
	}
}
