package boltprobe_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/auralink/auralink/internal/doctor/probe/boltprobe"
)

// server is a conn whose other side says what it has to say, whatever it is told.
type server struct {
	io.Reader
	told bytes.Buffer
}

func (s *server) Write(p []byte) (int, error) { return s.told.Write(p) }

func TestShake(t *testing.T) {
	tests := []struct {
		name, says string
		version    string
		server     string
		err        error
	}{
		{"5.8", "\x00\x00\x08\x05" + reply("\xb1\x70\xa1\x86server\x8fNeo4j/5.26-aura"), "5.8", "Neo4j/5.26-aura", nil},
		{"in several chunks, with a no-op", "\x00\x00\x08\x05\x00\x00\x00\x03\xb1\x70\xa1\x00\x0e\x86server\xd0\x05Neo4j\x00\x00", "5.8", "Neo4j", nil},
		{"more members of all kinds", "\x00\x00\x04\x05" + reply("\xb1\x70\xa4\x86server\x85Neo4j\x81l\x93\x01\xc9\x01\x00\xc3\x81m\xa1\x81f\xc1\x00\x00\x00\x00\x00\x00\x00\x00\x81n\xc0"), "5.4", "Neo4j", nil},
		{"5.0 has no bare HELLO", "\x00\x00\x00\x05", "5.0", "", nil},
		{"4.4", "\x00\x00\x04\x04", "4.4", "", nil},
		{"3", "\x00\x00\x00\x03", "3.0", "", nil},
		{"none", "\x00\x00\x00\x00", "0.0", "", boltprobe.ErrNoVersion},
		{"HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", "0.0", "", boltprobe.ErrHTTP},
		{"a version that was not offered", "\x00\x00\x09\x05", "0.0", "", boltprobe.ErrNotBolt},
		{"something else", "220 mail.example.org", "0.0", "", boltprobe.ErrNotBolt},
		{"nothing", "", "0.0", "", io.EOF},
		{"the half", "\x00\x00", "0.0", "", io.ErrUnexpectedEOF},
		{"no reply to HELLO", "\x00\x00\x08\x05", "5.8", "", io.EOF},
		{"a reply that is none", "\x00\x00\x08\x05" + reply("\xb0\x70"), "5.8", "", boltprobe.ErrNotBolt},
		{"a reply that is cut off", "\x00\x00\x08\x05" + reply("\xb1\x70\xa1\x86ser"), "5.8", "", boltprobe.ErrNotBolt},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			conn := &server{Reader: bytes.NewReader([]byte(tt.says))}
			got, err := boltprobe.Shake(conn)
			if !errors.Is(err, tt.err) || got.Version.String() != tt.version || got.Server != tt.server {
				t.Errorf("%s %q %v, want %s %q %v", got.Version, got.Server, err, tt.version, tt.server, tt.err)
			}
			if !bytes.HasPrefix(conn.told.Bytes(), []byte("\x60\x60\xb0\x17\x00\x08\x08\x05")) {
				t.Errorf("it was told %x", conn.told.Bytes())
			}
		})
	}
}

// reply returns a message in one chunk.
func reply(message string) string {
	return string([]byte{byte(len(message) >> 8), byte(len(message))}) + message + "\x00\x00"
}

// TestFailure: the words of a server that ends it are told.
func TestFailure(t *testing.T) {
	says := "\x00\x00\x08\x05" + reply("\xb1\x7f\xa2\x84code\xd0\x19Neo.ClientError.Some.Code\x87message\x84nope")
	_, err := boltprobe.Shake(&server{Reader: bytes.NewReader([]byte(says))})
	if err == nil || err.Error() != "the server ended it: Neo.ClientError.Some.Code: nope" {
		t.Error(err)
	}
}

// FuzzShake: no server can do more than fail.
func FuzzShake(f *testing.F) {
	f.Add([]byte("\x00\x00\x08\x05" + reply("\xb1\x70\xa1\x86server\x8fNeo4j/5.26-aura")))
	f.Add([]byte("\x00\x00\x08\x05" + reply("\xb1\x70\xda\xff\xff\xff\xff")))
	f.Fuzz(func(t *testing.T, says []byte) {
		hello, err := boltprobe.Shake(&server{Reader: bytes.NewReader(says)})
		if err == nil && hello.Version == (boltprobe.Version{}) {
			t.Error("there is neither a version nor an error")
		}
	})
}
