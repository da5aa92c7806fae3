package doctor

import (
	"slices"
	"strings"
)

// Asked is what a run was asked to probe, and how. It is part of a record: what was
// not asked for is not proved.
type Asked struct {
	// Servers are asked beside those that the machine has: "host:port",
	// "tls://host[:port]", "https://…", or "system" for the machine's way alone.
	Servers []string `json:"servers,omitempty"`
	// Ports are those of the links.
	Ports []uint16 `json:"ports"`
	// Only are the kinds that are probed; none: all but those that have to be asked
	// for.
	Only []Kind `json:"only,omitempty"`
	// Single are probes that are run though their kind is not among Only.
	Single []Single `json:"single,omitempty"`
	// Credentials says that there are some, so that sessions are tried.
	Credentials bool `json:"credentials"`
	// Databases are the host names that sessions are tried with, beside those of the
	// subject that are databases: without final dots.
	Databases []string `json:"databases,omitempty"`
	// Idle says that silent connections are watched, for IdleSeconds at most.
	Idle        bool `json:"idle,omitempty"`
	IdleSeconds int  `json:"idle_seconds,omitempty"`
	// ExpectPrivate says that public traffic is off, so that public addresses must not
	// let anybody in. PublicServers are asked what those are.
	ExpectPrivate bool     `json:"expect_private,omitempty"`
	PublicServers []string `json:"public_servers,omitempty"`
	// PerHost is how many connections there are at once to a host.
	PerHost int `json:"per_host"`
	// TimeoutSeconds is how long the whole run may take, ProbeSeconds one attempt.
	TimeoutSeconds float64 `json:"timeout_s"`
	ProbeSeconds   float64 `json:"probe_timeout_s"`
}

// The ports of Aura.
const (
	PortHTTPS = 443
	PortBolt  = 7687
	PortHTTP  = 7474
	PortDS    = 8491 // of AuraDS
)

// DefaultPorts are tried if nothing else is said.
func DefaultPorts() []uint16 { return []uint16{PortHTTPS, PortBolt, PortHTTP} }

// Single are probes that are chosen by their names.
type Single struct {
	Kind Kind `json:"kind"`
	// Name is that of a probe, or a pattern in which * stands for anything.
	Name string `json:"name"`
}

// Chosen reports whether not all was asked for that is without saying more.
func (a *Asked) Chosen() bool { return len(a.Only)+len(a.Single) > 0 }

// Wants reports whether probes of a kind are run, be it all of them or some.
func (a *Asked) Wants(kind Kind) bool {
	return a.WantsAll(kind) || slices.ContainsFunc(a.Single, func(s Single) bool { return s.Kind == kind })
}

// WantsAll reports whether all probes of a kind are run.
func (a *Asked) WantsAll(kind Kind) bool {
	if a.Chosen() {
		return slices.Contains(a.Only, kind)
	}
	return kind != KindIdle || a.Idle
}

// WantsProbe reports whether a probe is run.
func (a *Asked) WantsProbe(p Probe) bool {
	return a.WantsAll(p.Kind()) || slices.ContainsFunc(a.Single, func(s Single) bool {
		return s.Kind == p.Kind() && Matches(s.Name, p.Name())
	})
}

// Matches reports whether a pattern, in which * stands for anything, is a name's.
func Matches(pattern, name string) bool {
	first, rest, wild := strings.Cut(pattern, "*")
	name, is := strings.CutPrefix(name, first)
	if !is || !wild {
		return is && name == ""
	}
	for i := range len(name) + 1 {
		if Matches(rest, name[i:]) {
			return true
		}
	}
	return false
}

// WantsPort reports whether a port is tried.
func (a *Asked) WantsPort(port uint16) bool { return slices.Contains(a.Ports, port) }
