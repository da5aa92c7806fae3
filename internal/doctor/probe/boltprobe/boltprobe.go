// Package boltprobe shakes hands by Bolt, Neo4j's protocol, without credentials: to
// see that a Bolt server is there, and which. Sessions are the official driver's.
package boltprobe

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Version is that of Bolt.
type Version struct{ Major, Minor byte }

// String returns the version as people write it, such as "5.8".
func (v Version) String() string { return fmt.Sprintf("%d.%d", v.Major, v.Minor) }

// HasBareHello reports whether a version has a HELLO that carries no credentials: until
// 5.0 they are in it.
func (v Version) HasBareHello() bool { return v.Major == 5 && v.Minor >= 1 }

// Hello is what a server says of itself.
type Hello struct {
	// Version is what was agreed on.
	Version Version
	// Server is its name, such as "Neo4j/5.26-aura"; "" if it was not asked.
	Server string
}

// The errors of a handshake.
var (
	// ErrNoVersion says that the server speaks Bolt, but none of these versions.
	ErrNoVersion = errors.New("it speaks Bolt, but no version from 3 to 5.8")
	// ErrNotBolt says that it speaks something else.
	ErrNotBolt = errors.New("it does not speak Bolt")
	// ErrHTTP says that it speaks HTTP.
	ErrHTTP = errors.New("it speaks HTTP and not Bolt")
)

// opening is the magic number and the versions on offer, the best first: 5.8 down to
// 5.0, 4.4 down to 4.2, 4.1, 3 (Neo4j, "Bolt handshake specification").
var opening = []byte{
	0x60, 0x60, 0xB0, 0x17,
	0, 8, 8, 5,
	0, 2, 4, 4,
	0, 0, 1, 4,
	0, 0, 0, 3,
}

// Shake agrees on a version, and then has the server say its name where it does so
// before anybody has logged on. An error of the second step still comes with the
// version.
func Shake(conn io.ReadWriter) (Hello, error) {
	version, err := Negotiate(conn)
	if err != nil || !version.HasBareHello() {
		return Hello{Version: version}, err
	}
	server, err := Greet(conn)
	return Hello{Version: version, Server: server}, err
}

// Negotiate agrees on a version.
func Negotiate(conn io.ReadWriter) (Version, error) {
	if _, err := conn.Write(opening); err != nil {
		return Version{}, err
	}
	var choice [4]byte
	if _, err := io.ReadFull(conn, choice[:]); err != nil {
		return Version{}, err
	}
	version := Version{Major: choice[3], Minor: choice[2]}
	switch {
	case string(choice[:]) == "HTTP":
		return Version{}, ErrHTTP
	case choice == [4]byte{}:
		return Version{}, ErrNoVersion
	case choice[0] != 0 || choice[1] != 0 || !offered(version):
		return Version{}, ErrNotBolt
	default:
		return version, nil
	}
}

// offered reports whether a version is in the opening.
func offered(v Version) bool {
	for i := 4; i < len(opening); i += 4 {
		span, minor, major := opening[i+1], opening[i+2], opening[i+3]
		if v.Major == major && v.Minor <= minor && v.Minor >= minor-span {
			return true
		}
	}
	return false
}

// Tags of messages (Neo4j, "Bolt message specification").
const (
	tagGoodbye = 0x02
	tagHello   = 0x01
	tagSuccess = 0x70
	tagFailure = 0x7F
)

// agent is how a probe names itself to the server.
const agent = "auralink-doctor/1"

// Greet has the server say its name, and takes leave. The version must have a bare HELLO.
func Greet(conn io.ReadWriter) (string, error) {
	hello := structure(tagHello, dictionary("user_agent", text(agent), "bolt_agent", dictionary("product", text(agent))))
	if _, err := conn.Write(chunk(hello)); err != nil {
		return "", err
	}
	message, err := readMessage(conn)
	if err != nil {
		return "", err
	}
	_, _ = conn.Write(chunk(structure(tagGoodbye))) // it is over in any case
	return serverOf(message)
}

// serverOf reads the reply to a HELLO.
func serverOf(message []byte) (string, error) {
	d := decoder{rest: message}
	tag, fields, ok := d.structure()
	if !ok || fields != 1 {
		return "", ErrNotBolt
	}
	members, ok := d.dictionary()
	switch {
	case !ok:
		return "", ErrNotBolt
	case tag == tagFailure:
		return "", fmt.Errorf("the server ended it: %v: %v", members["code"], members["message"])
	case tag != tagSuccess:
		return "", ErrNotBolt
	}
	server, _ := members["server"].(string)
	return server, nil
}

// maxMessage is the longest message that is read, in octets: a reply to HELLO has
// some hundred.
const maxMessage = 1 << 16

// readMessage reads one message from its chunks.
func readMessage(r io.Reader) ([]byte, error) {
	var message bytes.Buffer
	for {
		var header [2]byte
		if _, err := io.ReadFull(r, header[:]); err != nil {
			return nil, err
		}
		length := int64(binary.BigEndian.Uint16(header[:]))
		if length == 0 && message.Len() > 0 {
			return message.Bytes(), nil
		}
		if int64(message.Len())+length > maxMessage {
			return nil, ErrNotBolt
		}
		if _, err := io.CopyN(&message, r, length); err != nil {
			return nil, err
		}
	}
}

// chunk returns a short message as it is sent.
func chunk(message []byte) []byte {
	framed := binary.BigEndian.AppendUint16(nil, uint16(len(message)))
	return append(append(framed, message...), 0, 0)
}
