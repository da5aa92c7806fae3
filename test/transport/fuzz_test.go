package transport_test

import "testing"

// maxDatagram is the most that UDP carries over IPv4, in octets.
const maxDatagram = 65507

// FuzzServer throws packets at the server's UDP socket. None takes it down, none
// changes what others are told, and none that is itself an answer is answered.
func FuzzServer(f *testing.F) {
	s := startServer(f)
	f.Fuzz(func(t *testing.T, packet []byte) {
		throw(t, s, packet[:min(len(packet), maxDatagram)], 0)
	})
}
