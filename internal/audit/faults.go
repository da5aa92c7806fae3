package audit

import (
	"fmt"
	"strings"

	"github.com/auralink/auralink/internal/auraname"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/internal/topology"
)

// faults notes why clients may get other answers for names of Aura's, or of the
// topology's, than those that are judged.
func (a *auditor) faults() {
	for _, f := range a.Set.Faults(scope(a.Topology), a.VPC.View.Clients) {
		severity, hint := SeverityError, ""
		switch f.Kind {
		case holdings.NotRead:
			severity, hint = SeverityWarning, "what is judged here may not be what clients get: audit the server itself as well, with dns://HOST"
		case holdings.NotLoaded:
			hint = "mend that, and see what the server itself says: named-checkzone, nsd-checkzone, kzonecheck, or its log"
		case holdings.Refused:
			hint = fmt.Sprintf("let the clients of VPC %s ask there, or send their questions to another server", a.VPC.Name)
		}
		a.findings = append(a.findings, Finding{
			Severity: severity, Code: Code(f.Kind), Place: f.Place, Message: f.Message, Names: []string{}, Hint: hint,
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
