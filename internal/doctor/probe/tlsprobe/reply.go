package tlsprobe

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/cryptobyte"
)

// Types of records (RFC 8446, section 5.1).
const (
	recordAlert     = 21
	recordHandshake = 22
)

// maxRecord is the longest content that a record may have, in octets (RFC 5246,
// section 6.2.3).
const maxRecord = 1<<14 + 2048

// errNotTLS says that what came is not TLS.
var errNotTLS = errors.New("it does not speak TLS")

// serverHello is what a ServerHello says that matters here.
type serverHello struct {
	version Version
	suite   Suite
}

// readReply reads the server's first message: a ServerHello, or an alert, which
// is an [AlertError].
func readReply(r io.Reader) (serverHello, error) {
	var message []byte
	for {
		kind, content, err := readRecord(r)
		if err != nil {
			return serverHello{}, err
		}
		if kind == recordAlert {
			if len(content) != 2 {
				return serverHello{}, errNotTLS
			}
			if content[0] == alertWarning && content[1] != 0 {
				continue // "unrecognized_name" may come ahead of the ServerHello
			}
			return serverHello{}, &AlertError{Alert: Alert(content[1])}
		}
		message = append(message, content...)
		if hello, whole, err := parseServerHello(message); whole || err != nil {
			return hello, err
		}
	}
}

// readRecord reads one record of a handshake or an alert.
func readRecord(r io.Reader) (kind byte, content []byte, err error) {
	var header [5]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return 0, nil, err
	}
	length := binary.BigEndian.Uint16(header[3:])
	if kind = header[0]; kind != recordAlert && kind != recordHandshake || header[1] != 3 || length == 0 || length > maxRecord {
		return 0, nil, errNotTLS
	}
	content = make([]byte, length)
	_, err = io.ReadFull(r, content)
	return kind, content, err
}

// parseServerHello reads a ServerHello (RFC 8446, section 4.1.3). It is not whole
// if the rest of it is yet to come.
func parseServerHello(message []byte) (hello serverHello, whole bool, err error) {
	s := cryptobyte.String(message)
	if message[0] != typeServerHello {
		return hello, false, errNotTLS
	}
	s.Skip(1)
	var body cryptobyte.String
	if !s.ReadUint24LengthPrefixed(&body) {
		return hello, false, nil
	}
	var version, suite uint16
	var session cryptobyte.String
	if !body.ReadUint16(&version) || !body.Skip(32) || !body.ReadUint8LengthPrefixed(&session) ||
		!body.ReadUint16(&suite) || !body.Skip(1) {
		return hello, false, fmt.Errorf("its ServerHello is malformed: %w", errNotTLS)
	}
	hello = serverHello{version: Version(version), suite: Suite(suite)}
	var extensions cryptobyte.String
	if body.ReadUint16LengthPrefixed(&extensions) {
		if selected, ok := selectedVersion(extensions); ok {
			hello.version = selected
		}
	}
	return hello, true, nil
}

// selectedVersion returns the version that the extension for it has (RFC 8446,
// section 4.2.1).
func selectedVersion(extensions cryptobyte.String) (Version, bool) {
	for !extensions.Empty() {
		var number, version uint16
		var content cryptobyte.String
		if !extensions.ReadUint16(&number) || !extensions.ReadUint16LengthPrefixed(&content) {
			return 0, false
		}
		if number == extSupportedVersions && content.ReadUint16(&version) {
			return Version(version), true
		}
	}
	return 0, false
}
