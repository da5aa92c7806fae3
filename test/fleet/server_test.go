package fleet_test

import (
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"

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

// large returns such a text with a number of further custom endpoints.
func large(number, lines int) string {
	var text strings.Builder
	text.WriteString(topology(number))
	for i := range lines {
		fmt.Fprintf(&text, "  endpoint-%07d-abcdef: %s\n", i, []string{"east", "west"}[i%2])
	}
	return text.String()
}

// server is a CoreDNS of ours.
type server struct {
	t        *testing.T
	name     string
	dir      string
	dns      netip.AddrPort
	metrics  netip.AddrPort
	corefile string
	cmd      *exec.Cmd
	done     chan struct{}
	ended    error
}

// newServer makes a server of a fleet, which is not started. The properties are lines of
// its Corefile.
func newServer(t *testing.T, name, url string, properties ...string) *server {
	t.Helper()
	s := &server{t: t, name: name, dir: t.TempDir()}
	s.dns, s.metrics = peers.FreePort(t, peers.Loopback()), peers.FreePort(t, peers.Loopback())
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
	s.cmd = exec.Command(filepath.Join(programs, "coredns"), "-conf", s.path("Corefile"))
	s.cmd.Stdout, s.cmd.Stderr = log, log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.cmd.Start(); err != nil {
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

// memory returns the most memory that it has had, as the system counts it.
func (s *server) memory() string {
	text, err := os.ReadFile("/proc/" + s.pid() + "/status")
	if err != nil {
		return "unknown"
	}
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(text)
	if found == nil {
		return "unknown"
	}
	kib, _ := strconv.Atoi(string(found[1])) // it is digits
	return fmt.Sprintf("%d MiB", kib>>10)
}

// log returns what it has written.
func (s *server) log() string {
	text, err := os.ReadFile(s.path("log"))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// client asks questions.
type client interface {
	Ask(m *dns.Msg) (*dns.Msg, error)
}

// resolver asks as a system's resolver does (resolv.conf(5)): once more where nothing came
// for a while. Other tests of a busy machine can fill the kernel's queues, which then drops
// packets of all. A question is lost that no try was answered.
type resolver struct {
	*dns.Conn
	again int // tries beyond the first of each question
}

// The tries of a question, and how long each waits.
const (
	tries   = 6
	tryTime = 5 * time.Second
)

// Ask implements client.
func (r *resolver) Ask(m *dns.Msg) (reply *dns.Msg, err error) {
	for try := range tries {
		if try > 0 {
			r.again++
		}
		if err = r.SetDeadline(time.Now().Add(tryTime)); err != nil {
			return nil, err
		}
		if err = r.WriteMsg(m); err != nil {
			return nil, err
		}
		for reply, err = r.ReadMsg(); err == nil && reply.Id != m.Id; reply, err = r.ReadMsg() {
			continue // the answer to a try of an earlier question
		}
		if err == nil {
			return reply, nil
		}
	}
	return nil, err
}

// region asks for a database of a region, and returns the number of the answer's
// revision.
func region(client client, east bool) (int, error) {
	name, second := "x.production-orch-0042.neo4j.io.", byte(2)
	if east {
		name, second = "x.production-orch-0000.neo4j.io.", 1
	}
	reply, err := client.Ask(new(dns.Msg).SetQuestion(name, dns.TypeA))
	if err != nil {
		return 0, err
	}
	if len(reply.Answer) != 1 {
		return 0, fmt.Errorf("%s: %s with %d records", name, dns.RcodeToString[reply.Rcode], len(reply.Answer))
	}
	a, is := reply.Answer[0].(*dns.A)
	if !is {
		return 0, fmt.Errorf("%s: %s", name, reply.Answer[0])
	}
	ip := a.A.To4()
	if ip[0] != 10 || ip[1] != second {
		return 0, wrongError(fmt.Sprintf("%s: %s", name, ip))
	}
	return int(ip[2])*256 + int(ip[3]), nil
}

// wrongError is for an answer that leads to another region.
type wrongError string

func (e wrongError) Error() string { return string(e) }

// serves returns the number of the revision that is served, or -1.
func (s *server) serves() int {
	client, err := peers.Dial(s.dns, "udp", netip.Addr{})
	if err != nil {
		return -1
	}
	defer client.Close()
	number, err := region(client, true)
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
	reply, err := http.Get("http://" + s.metrics.String() + "/metrics")
	if err != nil {
		return err.Error()
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		return err.Error()
	}
	found := regexp.MustCompile(`(?m)^coredns_auralink_` + name + `\{.*\} (\S+)$`).FindSubmatch(text)
	if found == nil {
		return "none"
	}
	return string(found[1])
}

// awaitMetric waits until a metric has a value.
func (s *server) awaitMetric(name string, is func(string) bool) {
	s.t.Helper()
	await(s.t, name+" of "+s.name+" is "+s.metric(name), func() bool { return is(s.metric(name)) })
}

// asking is a client that asks a server all the time.
type asking struct {
	stop     chan struct{}
	ended    sync.WaitGroup
	asked    int
	again    int      // tries beyond the first of each question
	lost     []string // questions without an answer
	wrong    []string // answers that lead to another region
	unpushed []int    // revisions that nobody has pushed
}

// ask begins to ask a server, which serves already. A revision is known if it may have
// been pushed.
func ask(t *testing.T, s *server, known func(int) bool) *asking {
	t.Helper()
	conn, err := dns.Dial("udp", s.dns.String())
	if err != nil {
		t.Fatal(err)
	}
	client := &resolver{Conn: conn}
	a := &asking{stop: make(chan struct{})}
	a.ended.Go(func() {
		defer client.Close()
		for {
			select {
			case <-a.stop:
				return
			case <-time.After(2 * time.Millisecond):
			}
			a.asked++
			number, err := region(client, a.asked%2 == 0)
			a.again = client.again
			wrong, is := err.(wrongError) //nolint:errorlint // it is made here
			switch {
			case is:
				a.wrong = append(a.wrong, string(wrong))
			case err != nil:
				a.lost = append(a.lost, fmt.Sprintf("question %d: %v", a.asked, err))
			case !known(number):
				a.unpushed = append(a.unpushed, number)
			}
		}
	})
	return a
}

// end ends the asking, and says what was wrong with the answers.
func (a *asking) end(t *testing.T, name string) (asked int) {
	t.Helper()
	close(a.stop)
	a.ended.Wait()
	if len(a.lost)+len(a.wrong)+len(a.unpushed) > 0 {
		t.Errorf("%s: %d questions, %d lost, %d wrong regions, %d answers from what was not pushed: %q %q %v",
			name, a.asked, len(a.lost), len(a.wrong), len(a.unpushed), head(a.lost), head(a.wrong), head(a.unpushed))
	}
	return a.asked
}

// head returns the first few of a list.
func head[T any](list []T) []T { return list[:min(len(list), 3)] }
