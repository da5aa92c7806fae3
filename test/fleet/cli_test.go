package fleet_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/auralink/auralink/internal/fleet"
)

// TestScripts runs the command lines of testdata, each with a fleet of its own in one
// etcd.
func TestScripts(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", programs+string(filepath.ListSeparator)+os.Getenv("PATH"))
			env.Setenv("AURALINK_FLEET", "etcd://"+c.nodes[0].client+"/"+filepath.Base(env.WorkDir))
			env.Setenv("AURALINK_WHO", "tester")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":  exits,
			"server": func(ts *testscript.TestScript, _ bool, args []string) { enrol(ts, c, args) },
		},
	})
}

// exits runs a command that must end with a status: exits STATUS COMMAND...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	status := 0
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		status = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if status != want {
		ts.Fatalf("%s ended with status %d, not %d", args[1], status, want)
	}
}

// running are the servers that scripts have started.
var running sync.Map

// enrol starts a real server, or ends it: server start NAME, server stop NAME.
func enrol(ts *testscript.TestScript, c *cluster, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: server start|stop NAME")
	}
	key := ts.Getenv("AURALINK_FLEET") + " " + args[1]
	if args[0] == "stop" {
		s, _ := running.Load(key)
		s.(*server).stop()
		awaitGone(ts, args[1])
		return
	}
	s := newServer(c.t, args[1], ts.Getenv("AURALINK_FLEET"))
	running.Store(key, s)
	s.start()
}

// awaitGone waits until the fleet knows that a server has stopped.
func awaitGone(ts *testscript.TestScript, name string) {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		cmd := exec.Command(filepath.Join(programs, "auralink"), "fleet", ts.Getenv("AURALINK_FLEET"))
		out, _ := cmd.Output() // the status says that not all are up to date
		if regexp.MustCompile(`(?m)^` + name + ` +gone `).Match(out) {
			return
		}
	}
	ts.Fatalf("server %s is not gone", name)
}

// auralink runs a command line against the fleet /test.
func auralink(c *cluster, args ...string) (out string, status int) {
	cmd := exec.Command(filepath.Join(programs, "auralink"), args...)
	cmd.Env = append(os.Environ(), "AURALINK_FLEET="+c.url(), "AURALINK_WHO=tester")
	text, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return string(text), exit.ExitCode()
	}
	if err != nil {
		return err.Error(), -1
	}
	return string(text), 0
}

// TestPushesAtOnce: of several pushes at once some win, each as a revision of its own,
// and the others are told by whom the fleet was changed, and how.
func TestPushesAtOnce(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	dir := t.TempDir()
	push(t, c.store(), []byte(topology(1)))
	const writers = 6
	won, lost := 0, 0
	for round := range 10 {
		var together sync.WaitGroup
		outs, statuses := make([]string, writers), make([]int, writers)
		for i := range writers {
			number := 2 + round*writers + i
			path := filepath.Join(dir, fmt.Sprintf("%d.yaml", number))
			writeFile(t, path, topology(number))
			together.Go(func() { outs[i], statuses[i] = auralink(c, "push", path, "--message", fmt.Sprint(number)) })
		}
		together.Wait()
		for i := range writers {
			switch {
			case statuses[i] == 0 && strings.Contains(outs[i], "revision "):
				won++
			case statuses[i] == 2 && strings.Contains(outs[i], "somebody else was first") && strings.Contains(outs[i], "tester has pushed revision"):
				lost++
			default:
				t.Fatalf("status %d: %s", statuses[i], outs[i])
			}
		}
		if lost > 0 {
			break
		}
	}
	if head, err := c.store().Head(t.Context()); err != nil || head.Pointer.Last != int64(won+1) || lost == 0 || won == 0 {
		t.Errorf("%d have won and %d lost; the fleet is at %d: %v", won, lost, head.Pointer.Last, err)
	}
}

// TestWait: push --wait ends when all servers have the revision, and says who has not.
func TestWait(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	store := c.store()
	push(t, store, []byte(topology(1)))
	dir := t.TempDir()
	file := func(number int) string {
		path := filepath.Join(dir, fmt.Sprintf("%d.yaml", number))
		writeFile(t, path, topology(number))
		return path
	}
	if out, status := auralink(c, "push", file(1), "--wait", "--timeout", "1s"); status != 1 {
		t.Errorf("nobody has it, and the status is %d: %s", status, out)
	}
	servers := []*server{newServer(t, "a", c.url()), newServer(t, "b", c.url())}
	for _, s := range servers {
		s.start()
		s.awaitServes(1)
		awaitState(t, store, s.name, fleet.UpToDate, 1)
	}
	out, status := auralink(c, "push", file(2), "--wait")
	if status != 0 || !strings.Contains(out, "up to date: 2 servers") || servers[0].serves() != 2 || servers[1].serves() != 2 {
		t.Errorf("status %d: %s", status, out)
	}
	servers[1].kill()
	out, status = auralink(c, "push", file(3), "--wait", "--timeout", "3s")
	if status != 1 || !strings.Contains(out, "\nb ") || strings.Contains(out, "\na ") {
		t.Errorf("b is killed, and the status is %d: %s", status, out)
	}
	awaitState(t, store, "b", fleet.Gone, 2)
	if out, status := auralink(c, "fleet", "--forget", "a"); status != 2 || !strings.Contains(out, "not gone") {
		t.Errorf("status %d: %s", status, out)
	}
	if out, status := auralink(c, "fleet", "--forget", "b"); status != 0 {
		t.Errorf("status %d: %s", status, out)
	}
	if out, status := auralink(c, "push", file(3), "--wait"); status != 0 || !strings.Contains(out, "nothing to push") {
		t.Errorf("status %d: %s", status, out)
	}
}

// TestPushUnheard: whoever stops reading what is printed has pushed all the same.
func TestPushUnheard(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1)
	path := filepath.Join(t.TempDir(), "topology.yaml")
	writeFile(t, path, topology(1))
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = reader.Close() // nobody reads
	defer func() { _ = writer.Close() }()
	cmd := exec.Command(filepath.Join(programs, "auralink"), "push", path, "--uncompared")
	cmd.Env = append(os.Environ(), "AURALINK_FLEET="+c.url(), "AURALINK_WHO=tester")
	cmd.Stdout, cmd.Stderr = writer, writer
	if err := cmd.Run(); err != nil {
		t.Error(err)
	}
	if got := headOf(t, c.store()).Pointer.Current; got != 1 {
		t.Errorf("revision %d is current, want 1", got)
	}
}
