// Package peers runs other people's DNS servers beside ours, so that a test can
// load what auralink writes into the very servers it is written for, and ask
// both the same, and a benchmark can measure all alike.
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
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
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
	// Part is what its program needs in addition and another package has, if it
	// does.
	Part Part
	// OnInterface keeps it at 127.0.0.1: it listens only at the addresses that
	// interfaces have, and not at others that lead to them.
	OnInterface bool
	// Configure says what it needs to serve at an address, UDP and TCP.
	Configure func(at netip.AddrPort) Setup
	// NoTCP says that it serves UDP alone.
	NoTCP bool
	// Ready are the questions by which to tell that it serves all it has: each
	// is answered, and with neither SERVFAIL nor REFUSED. With none of them any
	// answer to any question will do.
	Ready []dns.Question
}

// Part is a file that a peer's program needs.
type Part struct {
	// Pattern is its path, in which * stands for anything but a slash.
	Pattern string
	// Package is the Debian package that has it.
	Package string
}

// Host returns the address of this machine at which to run it.
func (p Peer) Host() netip.Addr {
	if p.OnInterface {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return Loopback()
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

	dir     string
	command []string
	process *process
}

// readyWithin bounds the time that a server takes to start. None needs a second
// on an idle machine.
const readyWithin = 20 * time.Second

// Start starts each of the peers, all at the same time, and returns when they are
// ready. It skips the test if the program of one is not there, and with -short.
func Start(tb testing.TB, peers ...Peer) []*Server {
	tb.Helper()
	skipShort(tb)
	servers := make([]*Server, len(peers))
	for i, peer := range peers {
		servers[i] = start(tb, peer)
	}
	ctx, cancel := context.WithTimeout(context.Background(), readyWithin)
	defer cancel()
	for _, server := range servers {
		if err := server.AwaitReady(ctx); err != nil {
			tb.Fatal(err)
		}
	}
	return servers
}

// start starts a peer's program and arranges that it ends with the test.
func start(tb testing.TB, peer Peer) *Server {
	tb.Helper()
	dir := tb.TempDir()
	server, err := Launch(peer, Place{Dir: dir, Addr: FreePort(tb, peer.Host())})
	var missing *MissingError
	switch {
	case errors.As(err, &missing):
		skipMissing(tb, missing)
	case err != nil:
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		server.Stop()
		if tb.Failed() {
			tb.Logf("%s at %s logged:\n%s", peer.Name, server.Addr, server.Log())
		}
	})
	return server
}

// Place is where a server is to run.
type Place struct {
	// Dir is its working directory, which is there and is its own.
	Dir string
	// Addr is where it listens, UDP and TCP: see [FreeAddr].
	Addr netip.AddrPort
	// Through is a command, with its arguments, that becomes the command which
	// is put behind it, such as taskset. It may be empty.
	Through []string
	// Rest is how long the files lie there before the program is started.
	Rest time.Duration
}

// Launch starts a peer without waiting until it is ready. Its end is up to the
// caller, by [Server.Stop]; it is killed when the thread that called Launch ends:
// where threads do, runtime.LockOSThread keeps it. The error is a [MissingError] if the
// peer's program is not there.
func Launch(peer Peer, place Place) (*Server, error) {
	binary, err := find(peer)
	if err != nil {
		return nil, err
	}
	setup := peer.Configure(place.Addr)
	if err := writeFiles(place.Dir, setup.Files); err != nil {
		return nil, fmt.Errorf("writing the files of %s: %w", peer.Name, err)
	}
	time.Sleep(place.Rest)
	binary, err = unconfined(binary, place.Dir)
	if err != nil {
		return nil, fmt.Errorf("copying %s: %w", binary, err)
	}
	s := &Server{Peer: peer, Addr: place.Addr, dir: place.Dir, command: append(append(place.Through[:len(place.Through):len(place.Through)], binary), setup.Args...)}
	if err := s.Relaunch(); err != nil {
		return nil, err
	}
	return s, nil
}

// Relaunch starts a peer again that was stopped, on the files that it has.
func (s *Server) Relaunch() error {
	process, err := startProcess(s.command, s.dir)
	if err != nil {
		return fmt.Errorf("starting %s: %w", s.Peer.Name, err)
	}
	s.process = process
	return nil
}

// writeFiles writes files below dir and makes their directories.
func writeFiles(dir string, files map[string]string) error {
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// AwaitReady returns when the server answers as it should. It is an error if it
// ends before, with what it logged, or if ctx does.
func (s *Server) AwaitReady(ctx context.Context) error {
	for !s.ready() {
		if s.process.ended() {
			return fmt.Errorf("%s ended before it was ready: %s", s.Peer.Name, strings.TrimSpace(s.Log()))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting until %s is ready: %w", s.Peer.Name, ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
}

// Stop ends the server and waits for its end.
func (s *Server) Stop() { s.process.stop() }

// Log returns what the server has written so far, to its standard output and
// error.
func (s *Server) Log() string { return s.process.log.String() }

// Group returns the number of the process group that has all processes of the
// server, and no others.
func (s *Server) Group() int { return s.process.cmd.Process.Pid }

// Started returns when its program was started, its files being there.
func (s *Server) Started() time.Time { return s.process.started }

// ready reports whether the server answers all its questions by now, over UDP,
// and takes TCP connections if it is to.
func (s *Server) ready() bool {
	questions := s.Peer.Ready
	if len(questions) == 0 {
		questions = []dns.Question{{Name: ".", Qtype: dns.TypeNS, Qclass: dns.ClassINET}}
	}
	if !s.Peer.NoTCP {
		tcp, err := Dial(s.Addr, "tcp", netip.Addr{})
		if err != nil {
			return false
		}
		defer tcp.Close()
	}
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
