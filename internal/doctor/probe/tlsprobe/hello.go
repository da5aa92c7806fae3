package tlsprobe

import (
	"crypto/ecdh"
	"crypto/rand"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
)

// Types of handshake messages and of extensions, as in IANA's registries.
const (
	typeClientHello = 1
	typeServerHello = 2

	extServerName           = 0
	extSupportedGroups      = 10
	extPointFormats         = 11
	extSignatureAlgorithms  = 13
	extExtendedMasterSecret = 23
	extSupportedVersions    = 43
	extKeyExchangeModes     = 45
	extKeyShare             = 51
	extRenegotiationInfo    = 0xFF01
)

// groupX25519 is the one group for which a key is sent along. A server that wants
// another asks for it by a HelloRetryRequest, which names the suite that it chose
// as a ServerHello does (RFC 8446, section 4.1.4).
const groupX25519 = 29

// groups are the elliptic curves on offer, all that servers have. None of the
// finite fields of RFC 7919 is among them: a server that has those and finds only
// others would not use DHE at all, and with none may use what it likes.
var groups = []uint16{29, 23, 24, 25, 30, 26, 27, 28, 22, 19, 20, 21, 18, 17, 16, 14, 13, 12, 11, 10, 9}

// signatures are the algorithms on offer, DSA and SHA-1 included: a probe takes
// what there is, and judges later.
var signatures = []uint16{
	0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B,
	0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0402, 0x0502, 0x0602, 0x0302, 0x0203, 0x0201, 0x0202,
}

// Offer is what one ClientHello offers.
type Offer struct {
	// ServerName is the name of the server in the hello (SNI, RFC 6066, section
	// 3), without a final dot; "" leaves it out.
	ServerName string
	// Version is the only version offered.
	Version Version
	// Suites are the only ones offered.
	Suites []Suite
}

// record returns the offer as a record that holds a ClientHello (RFC 5246, section
// 7.4.1.2; RFC 8446, section 4.1.2).
func (o Offer) record() ([]byte, error) {
	var b cryptobyte.Builder
	b.AddUint8(recordHandshake)
	b.AddUint16(uint16(TLS10)) // what all servers take in a first record
	var failure error
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		b.AddUint8(typeClientHello)
		b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) { failure = o.addHello(b) })
	})
	if failure != nil {
		return nil, failure
	}
	return b.Bytes()
}

func (o Offer) addHello(b *cryptobyte.Builder) error {
	b.AddUint16(uint16(min(o.Version, TLS12)))
	b.AddBytes(random(32))
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) {
		if o.Version == TLS13 {
			b.AddBytes(random(32)) // for middleboxes (RFC 8446, appendix D.4)
		}
	})
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		for _, suite := range o.Suites {
			b.AddUint16(uint16(suite))
		}
	})
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddUint8(0) }) // no compression
	var failure error
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		o.addExtensions(b)
		if o.Version == TLS13 {
			failure = add13(b)
		}
	})
	return failure
}

// addExtensions adds those of every version.
func (o Offer) addExtensions(b *cryptobyte.Builder) {
	if o.ServerName != "" {
		addExtension(b, extServerName, func(b *cryptobyte.Builder) {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				b.AddUint8(0) // a host name
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(o.ServerName)) })
			})
		})
	}
	addExtension(b, extSupportedGroups, list16(groups))
	addExtension(b, extPointFormats, func(b *cryptobyte.Builder) {
		b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddUint8(0) }) // uncompressed
	})
	addExtension(b, extExtendedMasterSecret, func(*cryptobyte.Builder) {})
	addExtension(b, extRenegotiationInfo, func(b *cryptobyte.Builder) { b.AddUint8(0) })
	if o.Version >= TLS12 {
		addExtension(b, extSignatureAlgorithms, list16(signatures))
	}
}

// add13 adds what makes a hello one of TLS 1.3.
func add13(b *cryptobyte.Builder) error {
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("making a key: %w", err)
	}
	addExtension(b, extSupportedVersions, func(b *cryptobyte.Builder) {
		b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddUint16(uint16(TLS13)) })
	})
	addExtension(b, extKeyExchangeModes, func(b *cryptobyte.Builder) {
		b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddUint8(1) }) // psk_dhe_ke
	})
	addExtension(b, extKeyShare, func(b *cryptobyte.Builder) {
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			b.AddUint16(groupX25519)
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(key.PublicKey().Bytes()) })
		})
	})
	return nil
}

func addExtension(b *cryptobyte.Builder, number uint16, content func(*cryptobyte.Builder)) {
	b.AddUint16(number)
	b.AddUint16LengthPrefixed(content)
}

// list16 writes a list of numbers behind its length.
func list16(numbers []uint16) func(*cryptobyte.Builder) {
	return func(b *cryptobyte.Builder) {
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			for _, number := range numbers {
				b.AddUint16(number)
			}
		})
	}
}

// random returns n random octets.
func random(n int) []byte {
	octets := make([]byte, n)
	_, _ = rand.Read(octets) // it never fails
	return octets
}
