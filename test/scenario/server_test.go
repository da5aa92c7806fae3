//go:build linux

package scenario_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/auralink/auralink/test/peers"
)

// patience is how long a change may take to be served: two seconds by the project's
// promise, and more on a machine that has other things to do.
const patience = 20 * time.Second

// restVariable has how long a topology must rest, and rest is that: short, for each
// script writes its files just before. A script may set the variable to nothing.
const (
	restVariable = "AURALINK_TEST_REST"
	rest         = "100ms"
)

// startPatience is how long the server may take to start on a busy machine.
const startPatience = 20 * time.Second

// server is the server as a process.
type server struct {
	cmd *exec.Cmd
	log *syncBuffer
}

// syncBuffer is a buffer that a process writes while a test reads it.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func serve(ts *testscript.TestScript, neg bool, args []string) {
	w := worldOf(ts)
	refused := ""
	if len(args) == 2 && args[0] == "-refuse" {
		refused, args = args[1], nil
	}
	if neg || len(args) != 0 || w.server != nil {
		ts.Fatalf("usage: serve [-refuse WHAT], once")
	}
	corefile := "Corefile"
	if w.slow {
		corefile = writeSlow(ts)
	}
	w.server = start(ts, corefile, w.port, w.metrics, refused)
	if !w.slow {
		metrics, err := peers.FreeEverywhere()
		ts.Check(err)
		w.twin = start(ts, writeSlow(ts), w.twinPort, metrics, "")
	}
}

// start starts a server and waits until it serves.
func start(ts *testscript.TestScript, corefile string, port, metrics int, refused string) *server {
	s := &server{cmd: exec.Command(serverBinary(), "-conf", corefile), log: &syncBuffer{}}
	if refused != "" {
		s.cmd = inSandbox(ts, s.cmd)
	}
	s.cmd.Dir = ts.Getenv("WORK")
	s.cmd.Env = append(os.Environ(), "PORT="+strconv.Itoa(port), "METRICS="+strconv.Itoa(metrics),
		"UPSTREAM="+ts.Getenv("UPSTREAM"), "SILENT="+ts.Getenv("SILENT"),
		"BUSY="+ts.Getenv("BUSY"), restVariable+"="+ts.Getenv(restVariable), "REPOSITORY="+ts.Getenv("REPOSITORY"), refuse+"="+refused)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	ts.Check(s.cmd.Start())
	ts.Defer(func() { s.stop(ts) })
	eventually(ts, startPatience, "the server did not start", func() bool {
		_, err := exchange(query{from: "127.0.0.1", server: "127.0.0.1", port: port, name: "started.invalid."})
		return err == nil
	})
	return s
}

// directive is our directive in a Corefile, with or without a block of properties.
var (
	directive = regexp.MustCompile(`(?m)^(\s*)auralink (\S+)( \{)?$`)
	sockets   = regexp.MustCompile(`(?m)^\s*fastpath [0-9]+$`)
)

// writeSlow writes the Corefile with the fast path off, and returns its name.
func writeSlow(ts *testscript.TestScript) string {
	const name = "Corefile.without-fastpath"
	text := directive.ReplaceAllStringFunc(ts.ReadFile("Corefile"), func(line string) string {
		head, block := strings.CutSuffix(line, " {")
		if block {
			return head + " {\n    fastpath off"
		}
		return head + " {\n    fastpath off\n}"
	})
	text = sockets.ReplaceAllString(text, "")
	ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	return name
}

// stop ends the server as an operator does, and shows its log with a failure.
func (s *server) stop(ts *testscript.TestScript) {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	timer := time.AfterFunc(startPatience, func() { _ = s.cmd.Process.Kill() })
	defer timer.Stop()
	_ = s.cmd.Wait()
	ts.Logf("[server]\n%s", s.log)
}

func eventually(ts *testscript.TestScript, within time.Duration, complaint string, done func() bool) {
	for end := time.Now().Add(within); ; time.Sleep(20 * time.Millisecond) {
		if done() {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("%s within %s", complaint, within)
		}
	}
}

// matchLog implements: log [-count N] REGEXP. With a count the log must have
// exactly so many matches, at once and half a second later.
func matchLog(ts *testscript.TestScript, neg bool, args []string) {
	s := worldOf(ts).server
	want := -1
	if len(args) == 3 && args[0] == "-count" {
		n, err := strconv.Atoi(args[1])
		ts.Check(err)
		want, args = n, args[2:]
	}
	if len(args) != 1 || s == nil {
		ts.Fatalf("usage: log [-count N] REGEXP, after serve")
	}
	re, err := regexp.Compile(args[0])
	ts.Check(err)
	count := func() int { return len(re.FindAllString(s.log.String(), -1)) }
	switch {
	case neg:
		if count() > 0 {
			ts.Fatalf("the log matches %q", re)
		}
	case want < 0:
		eventually(ts, patience, fmt.Sprintf("the log did not come to match %q", re), func() bool { return count() > 0 })
	default:
		eventually(ts, patience, fmt.Sprintf("the log has %d matches of %q, not %d", count(), re, want), func() bool { return count() >= want })
		time.Sleep(500 * time.Millisecond)
		if got := count(); got != want {
			ts.Fatalf("the log has %d matches of %q, not %d", got, re, want)
		}
	}
}

func printMetrics(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: metrics")
	}
	_, err := ts.Stdout().Write(readMetrics(ts))
	ts.Check(err)
}

func readMetrics(ts *testscript.TestScript) []byte {
	response, err := http.Get("http://127.0.0.1:" + ts.Getenv("METRICS") + "/metrics")
	ts.Check(err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	ts.Check(err)
	return text
}

// below implements: below METRIC VALUE, for a metric without labels.
func below(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: below METRIC VALUE")
	}
	bound, err := strconv.ParseFloat(args[1], 64)
	ts.Check(err)
	match := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(args[0]) + ` (\S+)$`).FindSubmatch(readMetrics(ts))
	if match == nil {
		ts.Fatalf("there is no metric %s", args[0])
	}
	value, err := strconv.ParseFloat(string(match[1]), 64)
	ts.Check(err)
	ts.Logf("%s is %g", args[0], value)
	if value >= bound {
		ts.Fatalf("%s is %g, not below %g", args[0], value, bound)
	}
}

// reloadCorefile makes the server read its Corefile again, once without waiting
// for it, or so many times.
func reloadCorefile(ts *testscript.TestScript, neg bool, args []string) {
	w := worldOf(ts)
	if neg || len(args) > 1 || w.server == nil {
		ts.Fatalf("usage: reload-corefile [N], after serve")
	}
	if w.slow || w.twin != nil {
		writeSlow(ts)
	}
	if w.twin != nil {
		ts.Check(w.twin.cmd.Process.Signal(syscall.SIGUSR1))
	}
	if len(args) == 0 {
		ts.Check(w.server.cmd.Process.Signal(syscall.SIGUSR1))
		return
	}
	times, err := strconv.Atoi(args[0])
	ts.Check(err)
	for range times {
		w.server.logs(ts, "Reloading complete", func() { ts.Check(w.server.cmd.Process.Signal(syscall.SIGUSR1)) })
	}
}

// reloadTopology implements: reload-topology N FILE FILE. It replaces the topology N
// times by a copy of one of the files, in turn, each time by renaming, and waits
// until that is loaded.
func reloadTopology(ts *testscript.TestScript, neg bool, args []string) {
	w := worldOf(ts)
	if neg || len(args) != 3 || w.server == nil {
		ts.Fatalf("usage: reload-topology N FILE FILE, after serve")
	}
	times, err := strconv.Atoi(args[0])
	ts.Check(err)
	for i := range times {
		text := ts.ReadFile(args[1+i%2])
		ts.Check(os.WriteFile(ts.MkAbs("topology.new"), []byte(text), 0o600))
		w.server.logs(ts, "loaded topology", func() {
			ts.Check(os.Rename(ts.MkAbs("topology.new"), ts.MkAbs("topology.yaml")))
		})
	}
}

// logs does something and waits until the server's log has the text once more.
func (s *server) logs(ts *testscript.TestScript, text string, do func()) {
	before := strings.Count(s.log.String(), text)
	do()
	eventually(ts, startPatience, fmt.Sprintf("the log did not come to have %q", text), func() bool {
		return strings.Count(s.log.String(), text) > before
	})
}
