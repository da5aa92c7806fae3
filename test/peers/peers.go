// Package peers runs other people's DNS servers beside ours, so that a test can
// load what auralink writes into the very servers it is written for, and ask
// both the same.
//
// A server runs as the user of the test, root or not, in the foreground, in a
// directory of its own and on a loopback address of its own. It ends with its
// test, whichever way that ends, and leaves nothing behind. What it logged is
// shown if the test fails.
//
// The package does not install anything: a test whose server is missing is
// skipped, with a line that names the Debian package, and fails under CI=true.
package peers

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// Peer is a DNS server and what it is to serve. A new kind of server is one more
// function that returns a Peer; authoritative.go has some.
type Peer struct {
	// Name is what people call it, such as "Knot".
	Name string
	// Package is the Debian package that has it.
	Package string
	// Binary is the name of its program.
	Binary string
	// OnInterface keeps it at 127.0.0.1: it listens only at the addresses that
	// interfaces have, and not at others that lead to them.
	OnInterface bool
	// Configure says what it needs to serve at an address, UDP and TCP.
	Configure func(at netip.AddrPort) Setup
	// Ready are the questions by which to tell that it serves all it has: each
	// is answered, and with neither SERVFAIL nor REFUSED. With none of them any
	// answer to any question will do.
	Ready []dns.Question
}

// Setup is what a server needs to run.
type Setup struct {
	// Files are written into its working directory: name → content. The names
	// are relative, as are those inside of the files.
	Files map[string]string
	// Args are the program's arguments. They must keep it in the foreground.
	Args []string
}

// Server is a peer that runs.
type Server struct {
	Peer Peer
	// Addr is where it listens, over UDP and TCP.
	Addr netip.AddrPort

	process *process
}

// readyWithin bounds the time that a server takes to start. None needs a second
// on an idle machine.
const readyWithin = 20 * time.Second

// Start starts each of the peers, all at the same time, and returns when they are
// ready. It skips the test if the program of one is not there.
func Start(tb testing.TB, peers ...Peer) []*Server {
	tb.Helper()
	servers := make([]*Server, len(peers))
	for i, peer := range peers {
		servers[i] = launch(tb, peer)
	}
	for _, server := range servers {
		server.awaitReady(tb)
	}
	return servers
}

// launch starts a peer's program and arranges that it ends with the test.
func launch(tb testing.TB, peer Peer) *Server {
	tb.Helper()
	binary := Find(tb, peer.Binary, peer.Package)
	dir := tb.TempDir()
	host := Loopback()
	if peer.OnInterface {
		host = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	server := &Server{Peer: peer, Addr: FreePort(tb, host)}
	setup := peer.Configure(server.Addr)
	for name, content := range setup.Files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	binary, err := unconfined(binary, dir)
	if err != nil {
		tb.Fatal(err)
	}
	server.process, err = startProcess(binary, setup.Args, dir)
	if err != nil {
		tb.Fatalf("starting %s: %v", peer.Name, err)
	}
	tb.Cleanup(func() {
		server.process.stop()
		if tb.Failed() {
			tb.Logf("%s at %s logged:\n%s", peer.Name, server.Addr, server.process.log.String())
		}
	})
	return server
}

// Find returns the path of a program. If it is not there, it skips the test with
// the Debian package that has it, and fails it under CI=true.
func Find(tb testing.TB, program, debianPackage string) string {
	tb.Helper()
	path, ok := lookPath(program)
	if ok {
		return path
	}
	missing := fmt.Sprintf("%s is not there: install the Debian package %s", program, debianPackage)
	if os.Getenv("CI") == "true" {
		tb.Fatal(missing)
	}
	tb.Skip(missing)
	return ""
}

// lookPath looks for a program where servers are as well: the PATH of a user who
// is not root has no sbin on Debian.
func lookPath(binary string) (string, bool) {
	if path, err := exec.LookPath(binary); err == nil {
		return path, true
	}
	for _, dir := range []string{"/usr/sbin", "/usr/local/sbin"} {
		if path, err := exec.LookPath(filepath.Join(dir, binary)); err == nil {
			return path, true
		}
	}
	return "", false
}

// awaitReady returns when the server answers as it should.
func (s *Server) awaitReady(tb testing.TB) {
	tb.Helper()
	deadline := time.Now().Add(readyWithin)
	for !s.ready() {
		if s.process.ended() {
			tb.Fatalf("%s ended before it was ready", s.Peer.Name)
		}
		if time.Now().After(deadline) {
			tb.Fatalf("%s was not ready within %s", s.Peer.Name, readyWithin)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// ready reports whether the server answers all its questions by now, over UDP,
// and takes TCP connections.
func (s *Server) ready() bool {
	questions := s.Peer.Ready
	if len(questions) == 0 {
		questions = []dns.Question{{Name: ".", Qtype: dns.TypeNS, Qclass: dns.ClassINET}}
	}
	tcp, err := Dial(s.Addr, "tcp", netip.Addr{})
	if err != nil {
		return false
	}
	defer tcp.Close()
	udp, err := Dial(s.Addr, "udp", netip.Addr{})
	if err != nil {
		return false
	}
	defer udp.Close()
	for _, question := range questions {
		m := &dns.Msg{MsgHdr: dns.MsgHdr{Id: dns.Id()}, Question: []dns.Question{question}}
		reply, err := udp.Ask(m)
		if err != nil {
			return false
		}
		unready := reply.Rcode == dns.RcodeServerFailure || reply.Rcode == dns.RcodeRefused
		if unready && len(s.Peer.Ready) > 0 {
			return false
		}
	}
	return true
}
