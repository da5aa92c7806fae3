//go:build linux

package aura_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/auralink/auralink/test/aura/lab"
	"github.com/auralink/auralink/test/aura/load"
	"github.com/auralink/auralink/test/aura/standin"
	"github.com/auralink/auralink/test/peers"
)

// driving, in the environment, says that this program is to be the official Go driver:
// it has a [load.Plan] in JSON.
const driving = "AURALINK_LAB_DRIVING"

// drive is the official Go driver as a program. It ends with its standard input.
func drive(in io.Reader, out io.Writer) (status int) {
	var plan load.Plan
	if err := json.Unmarshal([]byte(os.Getenv(driving)), &plan); err != nil {
		return complain(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if plan.Rounds == 0 {
		go func() {
			_, _ = io.Copy(io.Discard, in)
			cancel()
		}()
	}
	if err := plan.Run(ctx, out); err != nil {
		return complain(err)
	}
	return 0
}

// driver is one of the official drivers as a program on a host.
type driver struct {
	name    string
	command func(t *testing.T, w *lab.World, host lab.Host, plan load.Plan) *exec.Cmd
}

var drivers = []driver{
	{name: "Go", command: goDriver},
	{name: "JavaScript", command: jsDriver},
}

func goDriver(t *testing.T, _ *lab.World, host lab.Host, plan load.Plan) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(plan)
	must(t, err)
	self, err := os.Executable()
	must(t, err)
	cmd := host.Command(self)
	cmd.Env = append(os.Environ(), driving+"="+string(text))
	return cmd
}

// installed says how the JavaScript driver is installed.
const installed = "js/node_modules is not there: npm ci --prefix test/aura/js"

func jsDriver(t *testing.T, _ *lab.World, host lab.Host, plan load.Plan) *exec.Cmd {
	t.Helper()
	node := peers.Find(t, "node", "nodejs")
	if _, err := os.Stat("js/node_modules/neo4j-driver"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(installed)
		}
		t.Skip(installed)
	}
	script, err := filepath.Abs("js/drive.js")
	must(t, err)
	rounds, err := json.Marshal(plan.Rounds)
	must(t, err)
	cmd := host.Command(node, append([]string{script, plan.Password, string(rounds)}, plan.URIs...)...)
	cmd.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+plan.CA)
	return cmd
}

// plan is to use hosts from outside.
func plan(w *lab.World, rounds int, hosts ...string) load.Plan {
	p := load.Plan{CA: w.CA(), Password: standin.Password, Rounds: rounds}
	for _, host := range hosts {
		p.URIs = append(p.URIs, "neo4j+s://"+host)
	}
	return p
}

// session is a driver that makes transactions.
type session struct {
	cmd   *exec.Cmd
	stdin io.Closer
	done  chan struct{}

	mu    sync.Mutex
	lines []load.Transaction
}

// start has a driver make transactions from a host.
func (d driver) start(t *testing.T, w *lab.World, host lab.Host, plan load.Plan) *session {
	t.Helper()
	s := &session{cmd: d.command(t, w, host, plan), done: make(chan struct{})}
	var complaints strings.Builder
	s.cmd.Stderr = &complaints
	stdin, err := s.cmd.StdinPipe()
	must(t, err)
	s.stdin = stdin
	stdout, err := s.cmd.StdoutPipe()
	must(t, err)
	must(t, s.cmd.Start())
	go func() {
		defer close(s.done)
		s.read(stdout)
		if err := s.cmd.Wait(); err != nil {
			t.Errorf("the %s driver: %v\n%s", d.name, err, complaints.String())
		}
	}()
	t.Cleanup(func() {
		_ = stdin.Close() // it may have ended
		<-s.done
	})
	return s
}

func (s *session) read(stdout io.Reader) {
	for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
		var line load.Transaction
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			line.Error = scanner.Text()
		}
		s.mu.Lock()
		s.lines = append(s.lines, line)
		s.mu.Unlock()
	}
}

// made returns the transactions so far.
func (s *session) made() []load.Transaction {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.lines)
}

// more waits until some more transactions were made.
func (s *session) more(t *testing.T, n int) {
	t.Helper()
	n += len(s.made())
	eventually(t, "the driver makes no transactions", func() bool { return len(s.made()) >= n || s.ended() })
}

// ended reports whether the driver has ended.
func (s *session) ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// stop ends the driver and returns all its transactions.
func (s *session) stop() []load.Transaction {
	_ = s.stdin.Close() // it may have ended
	<-s.done
	return s.made()
}

// use has a driver use hosts from a host once, and returns the transactions.
func (d driver) use(t *testing.T, w *lab.World, from lab.Host, hosts ...string) []load.Transaction {
	t.Helper()
	s := d.start(t, w, from, plan(w, 1, hosts...))
	<-s.done
	return s.made()
}

// eventually waits until something is done, as long as a busy machine may need.
func eventually(t *testing.T, complaint string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(complaint)
		}
	}
}
