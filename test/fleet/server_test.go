package fleet_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/fleet"
	"github.com/auralink/auralink/test/peers"
)

// topology returns the text of the revision whose addresses have a number: east's are
// 10.1.X.Y, west's 10.2.X.Y.
func topology(number int) string {
	return fmt.Sprintf(`regions:
  east: {orchestras: ["0000"]}
  west: {orchestras: ["0042"]}
vpcs:
  apps:
    clients: [127.0.0.0/8]
    links:
      east: [10.1.%[1]d.%[2]d]
      west: [10.2.%[1]d.%[2]d]
custom_endpoints:
  first-abcdef: east
  second-abcdef: west
`, number/256, number%256)
}

// ofEast finds east's address in such a text.
var ofEast = regexp.MustCompile(`east: \[10\.1\.(\d+)\.(\d+)\]`)

// numberOf returns the number of such a text.
func numberOf(text []byte) int {
	found := ofEast.FindSubmatch(text)
	if found == nil {
		return -1
	}
	high, _ := strconv.Atoi(string(found[1])) // both are digits
	low, _ := strconv.Atoi(string(found[2]))
	return high*256 + low
}

// large returns such a text with a number of further custom endpoints.
func large(number, lines int) string {
	var text strings.Builder
	text.WriteString(topology(number))
	for i := range lines {
		fmt.Fprintf(&text, "  endpoint-%07d-abcdef: %s\n", i, []string{"east", "west"}[i%2])
	}
	return text.String()
}

// place is a network, in which something is done.
type place interface{ Do(f func() error) error }

// here is the network of this process.
type here struct{}

// Do implements place.
func (here) Do(f func() error) error { return f() }

// server is a CoreDNS of ours.
type server struct {
	t        *testing.T
	name     string
	in       place
	dir      string
	dns      netip.AddrPort
	metrics  netip.AddrPort
	corefile string
	clock    time.Duration // how far its clock is ahead
	cmd      *exec.Cmd
	done     chan struct{}
	ended    error
	looks    *resolver // which revision is served; nil for none yet
}

// serving returns a node of etcd, a writer, and a server that serves the first revision.
func serving(t *testing.T) (*cluster, *fleet.Store, *server) {
	t.Helper()
	c := newCluster(t, 1)
	store := c.store()
	push(t, store, []byte(topology(1)))
	s := newServer(t, "a", c.url())
	s.start()
	s.awaitServes(1)
	return c, store, s
}

// newServer makes a server of a fleet on this host, which is not started. The properties
// are lines of its Corefile.
func newServer(t *testing.T, name, url string, properties ...string) *server {
	t.Helper()
	at := [2]netip.AddrPort{peers.FreePort(t, peers.Loopback()), peers.FreePort(t, peers.Loopback())}
	return newServerIn(t, here{}, at, name, url, properties...)
}

// newServerIn makes a server that answers DNS at the first address of a network, and has
// its metrics at the second.
func newServerIn(t *testing.T, in place, at [2]netip.AddrPort, name, url string, properties ...string) *server {
	t.Helper()
	s := &server{t: t, name: name, in: in, dir: t.TempDir(), dns: at[0], metrics: at[1]}
	s.corefile = fmt.Sprintf(".:%d {\n bind %s\n errors\n prometheus %s\n auralink %s {\n  name %s\n  snapshot %s\n  %s\n }\n}\n",
		s.dns.Port(), s.dns.Addr(), s.metrics, url, name, s.path("snapshot"), strings.Join(properties, "\n  "))
	return s
}

func (s *server) path(name string) string { return filepath.Join(s.dir, name) }

// start starts it, and does not wait until it serves.
func (s *server) start() {
	s.t.Helper()
	writeFile(s.t, s.path("Corefile"), s.corefile)
	log, err := os.OpenFile(s.path("log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	s.cmd = command("coredns", s.clock, "-conf", s.path("Corefile"))
	s.cmd.Stdout, s.cmd.Stderr = log, log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.in.Do(s.cmd.Start); err != nil {
		s.t.Fatal(err)
	}
	s.done = make(chan struct{})
	go func() {
		defer close(s.done)
		s.ended = s.cmd.Wait()
	}()
	s.t.Cleanup(s.kill)
}

// kill ends it at once.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // an error means that it has ended
	<-s.done
}

// stop ends it as an operator does.
func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // an error means that it has ended
	<-s.done
}

// pid returns the number of its process.
func (s *server) pid() string { return strconv.Itoa(s.cmd.Process.Pid) }

// memory returns the most memory that it has had, in MiB, as the system counts it; 0 if
// that is not known.
func (s *server) memory() int {
	text, err := os.ReadFile("/proc/" + s.pid() + "/status")
	if err != nil {
		return 0
	}
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(text)
	if found == nil {
		return 0
	}
	kib, _ := strconv.Atoi(string(found[1])) // it is digits
	return kib >> 10
}

// log returns what it has written.
func (s *server) log() string {
	text, err := os.ReadFile(s.path("log"))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// serves returns the number of the revision that is served, or -1.
func (s *server) serves() int {
	if s.looks == nil {
		looks, err := s.dial(1, time.Second)
		if err != nil {
			return -1
		}
		s.looks = looks
		s.t.Cleanup(func() { _ = looks.Close() })
	}
	number, err := s.looks.region(true)
	if err != nil {
		return -1
	}
	return number
}

// awaitServes waits until a revision is served.
func (s *server) awaitServes(number int) {
	s.t.Helper()
	got := -1
	for end := time.Now().Add(patience); got != number; time.Sleep(10 * time.Millisecond) {
		select {
		case <-s.done:
			s.t.Fatalf("%s has ended: %v\n%s", s.name, s.ended, s.log())
		default:
		}
		if got = s.serves(); time.Now().After(end) {
			s.t.Fatalf("%s serves %d, want %d\n%s", s.name, got, number, s.log())
		}
	}
}

// metric returns the value of a metric, without its labels.
func (s *server) metric(name string) string {
	s.t.Helper()
	text, err := get(s.in, "http://"+s.metrics.String()+"/metrics")
	if err != nil {
		return err.Error()
	}
	found := regexp.MustCompile(`(?m)^coredns_auralink_` + name + `\{.*\} (\S+)$`).FindSubmatch(text)
	if found == nil {
		return "none"
	}
	return string(found[1])
}

// get fetches a page in a network.
func get(in place, url string) ([]byte, error) {
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(_ context.Context, transport, at string) (conn net.Conn, err error) {
		err = in.Do(func() error {
			conn, err = net.DialTimeout(transport, at, patience)
			return err
		})
		return conn, err
	}}
	reply, err := (&http.Client{Transport: transport, Timeout: patience}).Get(url)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	return io.ReadAll(reply.Body)
}

// awaitMetric waits until a metric has a value.
func (s *server) awaitMetric(name string, is func(string) bool) {
	s.t.Helper()
	await(s.t, name+" of "+s.name+" is "+s.metric(name), func() bool { return is(s.metric(name)) })
}
