package doctor

import "slices"

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

// Wants reports whether a kind is probed.
func (a *Asked) Wants(kind Kind) bool {
	if len(a.Only) > 0 {
		return slices.Contains(a.Only, kind)
	}
	return kind != KindIdle || a.Idle
}

// WantsPort reports whether a port is tried.
func (a *Asked) WantsPort(port uint16) bool { return slices.Contains(a.Ports, port) }
