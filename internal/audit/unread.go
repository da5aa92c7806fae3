package audit

import (
	"strings"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/topology"
)

// unread notes what was not read and can change the answer for a name of Aura's, or of
// the topology's.
func (a *auditor) unread() {
	for _, u := range a.Set.Unread(scope(a.Topology)) {
		a.findings = append(a.findings, Finding{
			Severity: SeverityWarning, Code: CodeNotRead, Place: u.Place, Message: u.Message, Names: []string{},
			Hint: "what is judged here may not be what clients get: audit the server itself as well, with dns://HOST",
		})
	}
}

// scope returns the names at and below which a topology has a say.
func scope(t *topology.Topology) []string {
	names := []string{auraname.Origin}
	for _, r := range t.Regions {
		for _, name := range r.ExtraNames {
			names = append(names, strings.TrimPrefix(name, "*."))
		}
	}
	return names
}
