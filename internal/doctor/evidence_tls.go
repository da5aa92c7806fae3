package doctor

import "time"

// Handshake is one TLS handshake with a name, by this machine's own stack. It goes on
// where the certificate is not good, to tell why not.
type Handshake struct {
	Spot
	// Outcome is Connected where the handshake came to its end, whatever the
	// certificate.
	Outcome Outcome `json:"outcome"`
	// Alert is the other side's, as RFC 8446 names it, such as "unrecognized_name".
	Alert string `json:"alert,omitempty"`
	// Version and Suite are what was agreed on, such as "TLS 1.3" and
	// "TLS_AES_128_GCM_SHA256".
	Version string `json:"version,omitempty"`
	Suite   string `json:"suite,omitempty"`
	// Chain is what the server sent, its own certificate first.
	Chain []Certificate `json:"chain,omitempty"`
	// Flaws are what is wrong with the chain, each found out apart from the others.
	Flaws []Flaw `json:"flaws,omitempty"`
	// Clock is this machine's time, by which validity was judged.
	Clock time.Time `json:"clock,omitzero"`
	Error string    `json:"error,omitempty"`
}

// Certificate is one of a chain.
type Certificate struct {
	Subject string `json:"subject"`
	Issuer  string `json:"issuer"`
	// Names are the DNS names that it is for.
	Names     []string  `json:"names,omitempty"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	// SHA256 is the fingerprint, in hexadecimal.
	SHA256 string `json:"sha256"`
}

// Flaw is what is wrong with a chain of certificates.
type Flaw string

// The flaws.
const (
	FlawExpired     Flaw = "expired"           // by this machine's clock
	FlawNotYet      Flaw = "not-yet-valid"     // by this machine's clock
	FlawName        Flaw = "wrong-name"        // it is not for the name that was asked for
	FlawUntrusted   Flaw = "unknown-authority" // no root of the system's or of --ca vouches for it
	FlawOther       Flaw = "other"             // the error says what
	FlawNoStatement Flaw = "no-certificate"    // none was sent
)

// Suite is a TLS version and a cipher suite in it.
type Suite struct {
	// Version is "SSL 3.0", "TLS 1.0" to "TLS 1.3".
	Version string `json:"version"`
	// ID is the number that IANA has given to it, and Name the name; "" where there is
	// none that is known.
	ID   uint16 `json:"id"`
	Name string `json:"name"`
}

// Suites is what a server accepts of TLS, by one ClientHello for each offer.
type Suites struct {
	Spot
	// Outcome is Connected where offers were answered at all.
	Outcome Outcome `json:"outcome"`
	// Accepted are the versions and suites that the server chose when it was offered
	// nothing else.
	Accepted []Suite `json:"accepted,omitempty"`
	// Offers is how many were made, and Unanswered are those that were neither
	// accepted nor refused by an alert or a closed connection.
	Offers     int     `json:"offers"`
	Unanswered []Suite `json:"unanswered,omitempty"`
	// Own is what this machine's stack and the server agree on; nil if on nothing.
	Own   *Suite `json:"own,omitempty"`
	Error string `json:"error,omitempty"`
}
