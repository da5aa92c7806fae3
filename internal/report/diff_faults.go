package report

import (
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/spell"
)

// faultsHeading is what stands above the faults.
const faultsHeading = "clients may get other answers than those"

// faultsPhrases say how many faults there are of each kind.
func (d Diff) faultsPhrases() []string {
	count := make(map[holdings.FaultKind]int)
	for _, f := range d.Faults {
		count[f.Kind]++
	}
	var phrases []string
	for _, of := range []struct {
		kind      holdings.FaultKind
		one, many string
	}{
		{holdings.NotRead, "thing that can change answers is not read", "things that can change answers are not read"},
		{holdings.NotLoaded, "zone is not loaded", "zones are not loaded"},
		{holdings.Refused, "rule refuses the clients", "rules refuse the clients"},
	} {
		if n := count[of.kind]; n > 0 {
			phrases = append(phrases, spell.Counted(n, of.one, of.many))
		}
	}
	return phrases
}
