//go:build linux

package soak_test

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/sys/unix"

	"github.com/auralink/auralink/test/network"
	"github.com/auralink/auralink/test/peers"
)

// The ports of a server: all clients, encrypted, for secondaries, behind a balancer.
const plainPort, tlsPort, httpsPort, transferPort, proxyPort = 53, 853, 443, 5301, 5302

// corefile is a server's: as of VPN users, with secondaries and a balancer.
const corefile = `(answers) {
    errors
    bufsize 1232
    auralink topology.yaml {
        strangers refuse
        snapshot snapshot.yaml
        trust_ecs %[2]s
    }
    cache
    forward . %[3]s {
        expire 2s
        health_check 500ms
    }
}
.:53 {
    bind %[1]s
    import answers
    prometheus 127.0.0.1:9153
    ready 127.0.0.1:8181
    health 127.0.0.1:8080 {
        lameduck 500ms
    }
}
tls://.:853 https://.:443 {
    bind %[1]s
    tls %[4]s/cert.pem %[4]s/key.pem
    import answers
}
.:5301 {
    bind %[1]s
    errors
    auralink topology.yaml {
        strangers refuse
        snapshot snapshot.yaml
        vpc apps
    }
    transfer production-orch-0000.neo4j.io endpoints.neo4j.io {
        to %[5]s
    }
}
.:5302 {
    bind %[1]s
    proxyproto {
        allow %[6]s/32
    }
    import answers
}
`

// server is bin/coredns on a host with a small disk.
type server struct {
	index   int
	addr    netip.Addr
	network *network.Network
	config  string // a directory with the Corefile and a certificate
	disk    string // a directory with the topology and the snapshot
	log     *os.File
	judge   *judge

	cmd *exec.Cmd
}

// diskOctets is the size of a server's disk.
const diskOctets = 512 << 10

// newServer prepares a server, which is not started yet.
func newServer(t *testing.T, w *world, index int, j *judge) *server {
	t.Helper()
	s := &server{index: index, addr: serverAddrs[index], network: w.servers[index], config: t.TempDir(), disk: t.TempDir(), judge: j}
	if err := unix.Mount("tmpfs", s.disk, "tmpfs", 0, fmt.Sprintf("size=%d", diskOctets)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Unmount(s.disk, unix.MNT_DETACH) })
	text := fmt.Sprintf(corefile, s.addr, forwarderAddr, upstreamAddr, s.config, secondaryAddr, balancerAddr)
	if err := os.WriteFile(filepath.Join(s.config, "Corefile"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	peers.Certify(t, x509.Certificate{NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)},
		filepath.Join(s.config, "cert.pem"), filepath.Join(s.config, "key.pem"))
	var err error
	if s.log, err = os.OpenFile(filepath.Join(s.config, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.end(syscall.SIGKILL)
		if t.Failed() {
			t.Logf("[%s]\n%s", s.addr, tail(s.log.Name()))
		}
		_ = s.log.Close()
	})
	return s
}

// start starts the process and waits until it answers.
func (s *server) start() error {
	s.cmd = exec.Command(filepath.Join(built, "coredns"), "-conf", filepath.Join(s.config, "Corefile"))
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = s.disk, s.log, s.log
	if err := s.network.Do(s.cmd.Start); err != nil {
		return err
	}
	return s.await()
}

// await waits until the server answers, over UDP and TCP, and is asked by clients again.
func (s *server) await() error {
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if s.answers("udp") && s.answers("tcp") {
			s.judge.up(s.index, time.Now())
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%s does not answer:\n%s", s.addr, tail(s.log.Name()))
		}
	}
}

// answers reports whether the server answers a question from its own host, whose
// address is in no VPC.
func (s *server) answers(transport string) (ok bool) {
	_ = s.network.Do(func() error {
		client := dns.Client{Net: transport, Timeout: time.Second, Dialer: &net.Dialer{Timeout: time.Second}}
		m := new(dns.Msg).SetQuestion("answers.invalid.", dns.TypeA)
		_, _, err := client.Exchange(m, netip.AddrPortFrom(s.addr, plainPort).String())
		ok = err == nil
		return nil
	})
	return ok
}

// signal sends a signal.
func (s *server) signal(signal syscall.Signal) error { return s.cmd.Process.Signal(signal) }

// end ends the process by a signal.
func (s *server) end(signal syscall.Signal) {
	if s.cmd == nil {
		return
	}
	_ = s.signal(signal)
	timer := time.AfterFunc(patience, func() { _ = s.cmd.Process.Kill() })
	defer timer.Stop()
	_ = s.cmd.Wait() // a status that is no success is that of the signal
	s.judge.ended(s.index)
	s.cmd = nil
}

// usage is what a process uses.
type usage struct{ resident, heap, files, goroutines int }

// usage measures the process.
func (s *server) usage() (u usage, err error) {
	proc := fmt.Sprintf("/proc/%d/", s.cmd.Process.Pid)
	files, err := os.ReadDir(proc + "fd")
	if err != nil {
		return u, err
	}
	status, err := os.ReadFile(proc + "status")
	if err != nil {
		return u, err
	}
	kilo := number(status, "VmRSS:")
	response, err := get(s.network, "http://127.0.0.1:9153/metrics")
	if err != nil {
		return u, err
	}
	defer response.Body.Close()
	metrics, err := io.ReadAll(response.Body)
	if err != nil {
		return u, err
	}
	u = usage{kilo << 10, number(metrics, "go_memstats_heap_alloc_bytes"), len(files), number(metrics, "go_goroutines")}
	if u.resident == 0 || u.goroutines == 0 || u.heap == 0 {
		return u, errors.New("the process does not say what it uses")
	}
	return u, nil
}

// open lists what kinds of descriptors the process has, and how many of each.
func (s *server) open() string {
	dir, kinds := fmt.Sprintf("/proc/%d/fd", s.cmd.Process.Pid), make(map[string]int)
	files, _ := os.ReadDir(dir) // the process may have ended
	for _, file := range files {
		target, _ := os.Readlink(filepath.Join(dir, file.Name()))
		kind, _, _ := strings.Cut(target, ":")
		kinds[kind]++
	}
	return table(kinds)
}

// number returns the number of a line that begins with a word, or 0.
func number(text []byte, word string) int {
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, len(text)+1)
	for lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) > 1 && fields[0] == word {
			n, err := strconv.ParseFloat(fields[1], 64)
			if err == nil {
				return int(n)
			}
		}
	}
	return 0
}

// tail returns the end of a log, without what is in it all the time.
func tail(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if !strings.Contains(line, "which the topology does not declare") && !strings.Contains(line, "plugin/transfer") {
			lines = append(lines, line)
		}
	}
	const most = 40
	return strings.Join(lines[max(0, len(lines)-most):], "")
}
