//go:build linux

package outside_test

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// startPatience is how long a server may take to start on a busy machine.
const startPatience = 60 * time.Second

// server is bin/coredns on a host.
type server struct {
	cmd *exec.Cmd
	mu  sync.Mutex
	log bytes.Buffer
}

// Write implements io.Writer for the server's log.
func (s *server) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

func (s *server) logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// start starts the server in a directory with the file Corefile, and waits until it
// serves.
func start(t *testing.T, host *namespace, dir string) *server {
	t.Helper()
	s := &server{cmd: exec.Command(filepath.Join(built, "coredns"), "-conf", "Corefile")}
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = dir, s, s
	// The thread that it is started from ends, so that its death cannot be a signal.
	if err := host.Do(s.cmd.Start); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
		timer := time.AfterFunc(startPatience, func() { _ = s.cmd.Process.Kill() })
		defer timer.Stop()
		_ = s.cmd.Wait()
		if t.Failed() {
			t.Logf("[server]\n%s", s.logged())
		}
	})
	eventually(t, s, "the server does not serve", func() bool { return strings.Contains(s.logged(), "CoreDNS-") })
	return s
}

func eventually(t *testing.T, s *server, complaint string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(startPatience); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s\n[server]\n%s", complaint, s.logged())
		}
	}
}

// publicResolver is public DNS: it has an address for every name, and remembers what
// it was asked.
type publicResolver struct {
	mu  sync.Mutex
	saw map[string]bool
}

func startPublicResolver(t *testing.T, host *namespace) *publicResolver {
	t.Helper()
	p := &publicResolver{saw: make(map[string]bool)}
	udp, tcp := &dns.Server{Handler: p}, &dns.Server{Handler: p}
	err := host.Do(func() (err error) {
		if udp.PacketConn, err = net.ListenPacket("udp", publicDNS+":53"); err != nil {
			return err
		}
		tcp.Listener, err = net.Listen("tcp", publicDNS+":53")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, resolver := range []*dns.Server{udp, tcp} {
		started := make(chan struct{})
		resolver.NotifyStartedFunc = func() { close(started) }
		go func() { _ = resolver.ActivateAndServe() }()
		<-started
		t.Cleanup(func() { _ = resolver.Shutdown() })
	}
	return p
}

// ServeDNS implements the dns.Handler interface.
func (p *publicResolver) ServeDNS(w dns.ResponseWriter, r *dns.Msg) {
	question := r.Question[0]
	p.mu.Lock()
	p.saw[dns.CanonicalName(question.Name)] = true
	p.mu.Unlock()
	m := new(dns.Msg).SetReply(r)
	m.RecursionAvailable = true
	if question.Qtype == dns.TypeA {
		m.Answer = []dns.RR{&dns.A{
			Hdr: dns.RR_Header{Name: question.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 300},
			A:   net.ParseIP("203.0.113.1"),
		}}
	}
	_ = w.WriteMsg(m)
}

// asked reports whether somebody asked for a name.
func (p *publicResolver) asked(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.saw[dns.CanonicalName(name)]
}

// write writes a file.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
