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
	clients := a.Clients
	if clients == nil {
		clients = a.Topology.ClientsOf(a.VPC.Name)
	}
	if len(clients) == 0 {
		a.divided()
	}
	for _, f := range a.Set.Faults(scope(a.Topology), clients) {
		severity, hint := SeverityError, ""
		switch {
		case f.Kind == holdings.Refused && f.Others:
			severity, hint = SeverityWarning, fmt.Sprintf("let the clients of VPC %s have the server find out other names as well, unless they ask a resolver that asks it for its zones alone", a.VPC.Name)
		case f.Kind == holdings.NotRead:
			severity, hint = SeverityWarning, "what is judged here may not be what clients get: audit the server itself as well, with dns://HOST"
		case f.Kind == holdings.NotLoaded:
			hint = "mend that, and see what the server itself says: its checker (named-checkconf, named-checkzone, unbound-checkconf, nsd-checkconf, knotc conf-check), its log, or a tool's dry run"
		case f.Kind == holdings.Refused:
			hint = fmt.Sprintf("let the clients of VPC %s ask there, or send their questions to another server", a.VPC.Name)
		}
		a.findings = append(a.findings, Finding{
			Severity: severity, Code: Code(f.Kind), Place: f.Place, Message: f.Message, Names: []string{}, Hint: hint,
		})
	}
}

// Unsure returns notes of what a server refuses to some clients where it is not known whether those of the VPC are
// among them: the topology has no ranges of theirs.
func Unsure(s Subject) []holdings.Note { return s.Set.Unsure(scope(s.Topology)) }

// divided notes what some of the clients of a VPC may have that names none: they may be all
// that are in no other VPC.
func (a *auditor) divided() {
	for _, f := range a.Set.Divided(scope(a.Topology), a.Topology.Others()) {
		a.findings = append(a.findings, Finding{
			Severity: SeverityWarning, Code: CodeNotRead, Place: f.Place, Message: f.Message, Names: []string{},
			Hint: fmt.Sprintf("VPC %s has no clients in the topology, so that nobody knows which view they have: write their ranges into it (clients), or judge each view by itself, with --view", a.VPC.Name),
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
