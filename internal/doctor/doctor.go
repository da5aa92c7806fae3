// Package doctor says whether a network is ready to go private: whether every name
// of Aura's leads over the link of its own region, from where the program runs.
//
// Asking and judging are apart. A [Probe] asks one thing of the world, and returns
// what came as [Evidence], which has no opinion. A [Record] is all the evidence of
// one run together with its [Subject], what the topology wants there; package judge
// turns records into findings and a verdict, by values alone. So a record that was
// saved as JSON can be judged again, and several records, one from each network,
// together.
//
// The package is what probes, runner and judge have in common: types, and which
// questions there are. It touches no network, no file and no clock; probes, below
// it, do.
package doctor

import (
	"context"
	"errors"
)

// Kind is the group that a probe belongs to. It is stable: people choose by it on
// the command line, and programs read it.
type Kind string

// The kinds, in the order in which they are shown.
const (
	KindMachine Kind = "machine"       // what this machine does to names before any server is asked
	KindPath    Kind = "path"          // how this machine reaches its name servers, and as whom
	KindResolve Kind = "resolve"       // names of the topology
	KindControl Kind = "control-plane" // names that must stay as public DNS has them
	KindTCP     Kind = "tcp"           // each address and port of a link
	KindTLS     Kind = "tls"           // certificates, and accepted versions and suites
	KindHTTPS   Kind = "https"         // GET / on 443
	KindBolt    Kind = "bolt"          // handshake on 7687, and with credentials a session
	KindRegion  Kind = "region"        // whether an endpoint is where the topology says
	KindIdle    Kind = "idle"          // how long a silent connection lives
	KindBrowser Kind = "browser"       // what browsers on this machine need
)

// Kinds returns all kinds in the order in which they are shown.
func Kinds() []Kind {
	return []Kind{
		KindMachine, KindPath, KindResolve, KindControl, KindTCP, KindTLS, KindHTTPS, KindBolt, KindRegion, KindIdle, KindBrowser,
	}
}

// Probe asks one thing of the world.
type Probe interface {
	// Name is the probe's own, unique in a run: its kind, a space, and what it asks,
	// such as "tcp 10.10.10.10:7687" or "resolve west.endpoints.neo4j.io at 10.0.0.2:53".
	Name() string
	// Kind is the group that it belongs to.
	Kind() Kind
	// Proves says in one sentence what is proved if all is well.
	Proves() string
	// Probe asks, until ctx ends at the latest. It never fails: that nothing came,
	// and how, is evidence as well. It sets one of the parts of the evidence; name,
	// kind and times are the runner's to fill in. Where it could not even ask, it
	// sets [Evidence.NotProbed]. It must not write secrets into the evidence.
	Probe(ctx context.Context) Evidence
}

// Stage returns the probes that follow from the evidence so far. The first stage of a
// run is given none; one that has nothing to ask returns none. So the hosts of a
// routing table are resolved and connected to like all others.
type Stage func(soFar []Evidence) []Probe

// WhyOver says why nothing more is asked, from a context that has ended.
func WhyOver(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.Canceled) {
		return Interrupted
	}
	return TimeOver
}

// Gate bounds how many connections there are at once, to one host and in all: a
// private ingress is shared by others.
type Gate interface {
	// Enter waits until there is room for one more connection to a host, an address
	// as text, or until ctx ends, whose error it then returns. The connection is over
	// when leave is called; to call it again does nothing.
	Enter(ctx context.Context, host string) (leave func(), err error)
}
