package standin

import (
	"crypto/tls"
	"time"
)

// Behaviour is what an ingress does otherwise than Aura's is known to. The zero value
// is an ingress with which nothing is wrong.
type Behaviour struct {
	// MinVersion and MaxVersion are of crypto/tls; TLS 1.2 and 1.3 if zero.
	MinVersion, MaxVersion uint16
	// Suites are those of TLS 1.2 and below, of crypto/tls; Aura's ECDHE suites if
	// empty (crypto/tls has no DHE).
	Suites []uint16
	// Certificate is the one that it shows.
	Certificate Certificate
	// CatchAll takes connections for every server name, and has them go to the
	// region's first database; without a server name as well.
	CatchAll bool
	// NoNames refuses every server name, as a region might from outside when public
	// traffic is off.
	NoNames bool
	// Silent takes connections and says nothing, so that the handshake hangs.
	Silent bool
	// Reset ends connections when the client has said something, without an alert.
	Reset bool
	// Slow is how long it waits before each handshake and each answer.
	Slow time.Duration
	// DropAfter ends a Bolt connection after that many messages, if it is not 0.
	DropAfter int
	// DropIdle ends a connection that was silent for so long, if it is not 0.
	DropIdle time.Duration
	// BoltMinor is the highest version 5.x of Bolt; 5.8 if nil.
	BoltMinor *int
	// NoBolt answers the handshake of Bolt with "no version that you have".
	NoBolt bool
	// NoWriter and NoReader leave a role out of routing tables.
	NoWriter, NoReader bool
	// FurtherReader stands in routing tables as one more server, such as a host that
	// resolves nowhere.
	FurtherReader string
	// Unauthorized refuses every HTTP request with the status 401, as proof of life.
	Unauthorized bool
	// Unavailable answers every HTTP request with the status 503, and fails every query.
	Unavailable bool
	// Ahead is how far its clock is ahead of ours, as HTTP tells it.
	Ahead time.Duration
	// BoltRouting is the URI in the discovery document; the database's Private URI if
	// empty.
	BoltRouting string
}

// Certificate says which certificate an ingress shows.
type Certificate int

// The certificates.
const (
	Good        Certificate = iota // for the names of its region, by the test's authority
	Expired                        // until yesterday
	NotYet                         // from tomorrow on
	OtherName                      // for a name of somebody else
	OtherIssuer                    // by an authority that nobody knows
)

// auraSuites are those of TLS 1.2 that Aura's documentation lists and crypto/tls has:
// not the two with DHE.
var auraSuites = []uint16{
	tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
}

// tlsConfig returns what a handshake is to keep to, but for the certificate.
func (b *Behaviour) tlsConfig() *tls.Config {
	config := &tls.Config{MinVersion: b.MinVersion, MaxVersion: b.MaxVersion, CipherSuites: b.Suites}
	if config.MinVersion == 0 {
		config.MinVersion = tls.VersionTLS12
	}
	if len(config.CipherSuites) == 0 {
		config.CipherSuites = auraSuites
	}
	return config
}
