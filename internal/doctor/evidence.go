package doctor

import (
	"net/netip"
	"time"
)

// Evidence is what one probe has brought. Exactly one of its parts is set, or
// NotProbed is. Durations are in milliseconds, if nothing else is said; names are
// lower-case and without their final dot.
type Evidence struct {
	// Probe is the probe's name, Kind its group and Proves its sentence.
	Probe  string `json:"probe"`
	Kind   Kind   `json:"kind"`
	Proves string `json:"proves,omitempty"`
	// At is when the probe began, and Took how long it took, in milliseconds.
	At   time.Time `json:"at"`
	Took float64   `json:"took_ms"`
	// NotProbed says why the probe could not ask, such as "the time was over". It is
	// not for questions that were asked and remained without an answer.
	NotProbed string `json:"not_probed,omitempty"`

	Machine   *Machine    `json:"machine,omitempty"`
	Path      *Path       `json:"path,omitempty"`
	Resolve   *Resolution `json:"resolve,omitempty"`
	TCP       *Connect    `json:"tcp,omitempty"`
	Handshake *Handshake  `json:"handshake,omitempty"`
	Suites    *Suites     `json:"suites,omitempty"`
	HTTPS     *HTTPS      `json:"https,omitempty"`
	Bolt      *Bolt       `json:"bolt,omitempty"`
	Session   *Session    `json:"session,omitempty"`
	Region    *RegionAsk  `json:"region,omitempty"`
	Idle      *Idle       `json:"idle,omitempty"`
	Browser   *Browser    `json:"browser,omitempty"`
}

// Outcome is what became of an attempt to reach something.
type Outcome string

// The outcomes. A connection or an exchange has one of them.
const (
	// Connected: it came about. Of a question to a name server: some answer came,
	// whatever its code.
	Connected Outcome = "connected"
	// Refused: the other side said no, by a reset or an ICMP port unreachable.
	Refused Outcome = "refused"
	// TimedOut: nothing came within the time of the probe.
	TimedOut Outcome = "timed-out"
	// Unreachable: there is no route, or a router on the way said so.
	Unreachable Outcome = "unreachable"
	// Reset: it was connected, and then cut before the exchange was over.
	Reset Outcome = "reset"
	// Unresolved: a host had no address to connect to.
	Unresolved Outcome = "unresolved"
	// Failed is anything else; the error says what.
	Failed Outcome = "failed"
)

// Answered is an alias of [Connected] for questions to name servers.
const Answered = Connected

// Connect is one TCP connection to one address and port.
type Connect struct {
	Addr    netip.Addr `json:"addr"`
	Port    uint16     `json:"port"`
	Outcome Outcome    `json:"outcome"`
	// Source is the address that this machine connected from; the zero Addr if it is
	// not known.
	Source netip.Addr `json:"source,omitzero"`
	// Took is how long the connection took to come about.
	Took  float64 `json:"took_ms"`
	Error string  `json:"error,omitempty"`
}

// Spot is where a connection went, and which name it asked for there.
type Spot struct {
	Addr netip.Addr `json:"addr"`
	Port uint16     `json:"port"`
	// Name is the TLS server name (SNI).
	Name string `json:"name"`
}

// HTTPS is a GET / on 443 without credentials.
type HTTPS struct {
	Spot
	// Proxy is the proxy of the environment that was gone through, without
	// credentials; "" for a direct connection. With one, Addr is the proxy's, or not
	// valid.
	Proxy   string  `json:"proxy,omitempty"`
	Outcome Outcome `json:"outcome"`
	// Public says that the address is public DNS's: what should not work any more,
	// once public traffic is off.
	Public bool   `json:"public,omitempty"`
	Alert  string `json:"alert,omitempty"`
	// Status is that of the response; 0 without one.
	Status   int    `json:"status,omitempty"`
	Location string `json:"location,omitempty"`
	// Date is that of the response (RFC 9110, section 6.6.1), and Clock this
	// machine's time then.
	Date  time.Time `json:"date,omitzero"`
	Clock time.Time `json:"clock,omitzero"`
	// Discovery is the discovery document, if there was one.
	Discovery *Discovery `json:"discovery,omitempty"`
	Error     string     `json:"error,omitempty"`
}

// Discovery is the discovery document of Neo4j's HTTP API; URIs as they came.
type Discovery struct {
	BoltRouting string `json:"bolt_routing,omitempty"`
	BoltDirect  string `json:"bolt_direct,omitempty"`
	Query       string `json:"query,omitempty"`
	Version     string `json:"neo4j_version,omitempty"`
	Edition     string `json:"neo4j_edition,omitempty"`
}

// Bolt is a Bolt handshake inside TLS, without credentials.
type Bolt struct {
	Spot
	Outcome Outcome `json:"outcome"`
	// Public says that the address is public DNS's.
	Public bool   `json:"public,omitempty"`
	Alert  string `json:"alert,omitempty"`
	// Version is what was agreed on, such as "5.8"; "" for none.
	Version string `json:"version,omitempty"`
	// Server is what said hello, if it was asked, such as "Neo4j/5.26-aura".
	Server string `json:"server,omitempty"`
	Error  string `json:"error,omitempty"`
}

// Session is what the official driver got by a URI, with credentials.
type Session struct {
	// Name is the host of the URI, Port its port, and Database the database, "" for
	// the user's own.
	Name     string `json:"name"`
	Port     uint16 `json:"port"`
	Database string `json:"database,omitempty"`
	// Public says that the session went to public DNS's addresses.
	Public bool `json:"public,omitempty"`
	// Outcome is Connected where there was a routing table.
	Outcome Outcome `json:"outcome"`
	// Code is Neo4j's, such as "Neo.ClientError.Security.Unauthorized".
	Code string `json:"code,omitempty"`
	// TTL is how long the routing table is good for, in seconds.
	TTL   int64         `json:"ttl,omitempty"`
	Table []RouteServer `json:"table,omitempty"`
	// Read is one read at a reader, Write one transaction for writing that writes
	// nothing and is rolled back; nil if it was not tried.
	Read  *Transaction `json:"read,omitempty"`
	Write *Transaction `json:"write,omitempty"`
	Error string       `json:"error,omitempty"`
}

// RouteServer is one server of a routing table in one of its roles.
type RouteServer struct {
	// Role is "READ", "WRITE" or "ROUTE".
	Role string `json:"role"`
	Host string `json:"host"`
	Port uint16 `json:"port"`
}

// Transaction is one that was tried.
type Transaction struct {
	// Server is where it ran, as "host:port".
	Server string  `json:"server,omitempty"`
	OK     bool    `json:"ok"`
	Took   float64 `json:"took_ms"`
	Code   string  `json:"code,omitempty"`
	Error  string  `json:"error,omitempty"`
}

// RegionAsk is a name asked of one region's link: whether it knows the name.
type RegionAsk struct {
	Spot
	// Region is whose link was asked.
	Region string `json:"region"`
	// MadeUp says that nobody has the name: a link that takes it all the same takes
	// any name, and what it says proves nothing.
	MadeUp  bool    `json:"made_up,omitempty"`
	Outcome Outcome `json:"outcome"`
	// Knows and By say what was learned, and from what.
	Knows Knowledge `json:"knows"`
	By    Witness   `json:"by,omitempty"`
	// Says is what the witness said, such as the alert or the host of bolt_routing.
	Says string `json:"says,omitempty"`
}

// Knowledge is whether a link knows a name.
type Knowledge string

// Whether a link knows a name.
const (
	KnowsIt    Knowledge = "yes"
	KnowsItNot Knowledge = "no"
	KnowsMaybe Knowledge = "unknown"
)

// Witness is by what it was learned whether a link knows a name.
type Witness string

// The witnesses.
const (
	ByCertificate Witness = "certificate" // it is for the name, or for another
	ByAlert       Witness = "alert"       // unrecognized_name and the like
	ByDiscovery   Witness = "discovery"   // the document names the host, or another
	ByStatus      Witness = "status"      // an HTTP status without a document
	ByRouting     Witness = "routing"     // the routing table, with credentials
)

// Idle is how long silent connections lived on a path.
type Idle struct {
	Addr netip.Addr `json:"addr"`
	Port uint16     `json:"port"`
	// Outcome is Connected where there were connections to be silent on.
	Outcome Outcome   `json:"outcome"`
	Silent  []Silence `json:"silent,omitempty"`
	Error   string    `json:"error,omitempty"`
}

// Silence is one connection that said nothing for a while.
type Silence struct {
	// Seconds is how long.
	Seconds int `json:"seconds"`
	// Alive says that it could be used afterwards.
	Alive bool `json:"alive"`
	// End is how it was found dead: Reset, TimedOut (what was sent went nowhere) or
	// Failed; "" where it was alive.
	End Outcome `json:"end,omitempty"`
}
