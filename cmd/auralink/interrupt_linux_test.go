//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/sys/unix"
)

// halting starts a server that answers for one name, or begins one transfer, and then
// says nothing more. It returns its address.
func halting(t *testing.T) string {
	t.Helper()
	over := make(chan struct{})
	record := func(text string) dns.RR {
		rr, err := dns.NewRR(text)
		if err != nil {
			t.Fatal(err)
		}
		return rr
	}
	soa, known := record("endpoints.neo4j.io. 30 IN SOA ns. hostmaster. 1 3600 600 86400 30"), record("foo.endpoints.neo4j.io. 30 IN A 10.10.10.10")
	handler := dns.HandlerFunc(func(w dns.ResponseWriter, r *dns.Msg) {
		m := new(dns.Msg).SetReply(r)
		m.Authoritative = true
		q := r.Question[0]
		switch {
		case q.Qtype == dns.TypeSOA:
			m.Answer = []dns.RR{soa}
		case q.Qtype == dns.TypeAXFR:
			m.Answer = []dns.RR{soa, known}
		case strings.EqualFold(q.Name, known.Header().Name):
			if q.Qtype == dns.TypeA {
				m.Answer = []dns.RR{known}
			}
		default:
			<-over
			return
		}
		_ = w.WriteMsg(m)
		if q.Qtype == dns.TypeAXFR {
			<-over
		}
	})
	packets, streams := listenAtOnce(t)
	for _, server := range []*dns.Server{{PacketConn: packets, Handler: handler}, {Listener: streams, Handler: handler}} {
		go func() { _ = server.ActivateAndServe() }()
		t.Cleanup(func() { _ = server.Shutdown() })
	}
	t.Cleanup(func() { close(over) })
	return packets.LocalAddr().String()
}

// listenAtOnce listens over UDP and TCP on one port. Somebody else may have the one that is
// found for UDP.
func listenAtOnce(t *testing.T) (net.PacketConn, net.Listener) {
	t.Helper()
	var failed error
	for range 10 {
		packets, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		streams, err := net.Listen("tcp", packets.LocalAddr().String())
		if err == nil {
			return packets, streams
		}
		_ = packets.Close()
		failed = err
	}
	t.Fatal(failed)
	return nil, nil
}

// openTerminal returns both ends of a terminal: the user's and the program's.
func openTerminal(t *testing.T) (user, program *os.File) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = user.Close() })
	number, err := unix.IoctlGetInt(int(user.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(user.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return user, program
}

// TestInterrupt: on a terminal, a command that asks a server shows that it does. It
// ends at an interrupt with what is known by then, says that it is not all, and does
// not take it for all by its status.
func TestInterrupt(t *testing.T) {
	topology := write(t, "one.yaml", strings.Replace(liveOneLink, "links:", "mode: individual, links:", 1))
	for name, args := range map[string][]string{
		"names compared":      {"diff", topology, "--against", "dns://"},
		"a transfer compared": {"diff", topology, "--against", "axfr://"},
		"names audited":       {"audit", "--against", topology, "dns://"},
	} {
		t.Run(name, func(t *testing.T) {
			args := append(slices.Clone(args[:len(args)-1]), args[len(args)-1]+halting(t))
			user, program := openTerminal(t)
			cmd := exec.Command("auralink", args...)
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, program
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			_ = program.Close() // the command has it
			var shown bytes.Buffer
			octets := make([]byte, 4096)
			for interrupted := false; ; {
				n, err := user.Read(octets)
				shown.Write(octets[:n])
				if err != nil {
					break // nobody has the other end
				}
				if !interrupted && strings.Contains(shown.String(), "asking") {
					interrupted = true
					if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
						t.Error(err)
					}
				}
			}
			var exit *exec.ExitError
			if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 2 {
				t.Errorf("it ended with %v, want status 2", err)
			}
			if !strings.Contains(out.String(), "PARTIAL") || !strings.Contains(shown.String(), "what is printed is partial") {
				t.Errorf("printed\n%s\nshown\n%q", out.String(), shown.String())
			}
		})
	}
}

// TestInterruptedFile: reading a file that does not end, ends with the command.
func TestInterruptedFile(t *testing.T) {
	topology := write(t, "one.yaml", liveOneLink)
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	writer, err := os.OpenFile(fifo, os.O_RDWR, 0) // which does not wait for a reader
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	cmd := exec.Command("auralink", "audit", fifo, "--against", topology)
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for range 10 { // the first one may come before it is heeded at all, and ends it then
		time.Sleep(500 * time.Millisecond)
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-ended:
			if err == nil {
				t.Error("it ended well")
			}
			return
		case <-time.After(3 * time.Second):
		}
	}
	_ = cmd.Process.Kill()
	t.Fatalf("it did not end: %s", log.String())
}
