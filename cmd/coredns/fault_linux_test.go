package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/miekg/dns"
	"golang.org/x/sys/unix"

	"github.com/auralink/auralink/test/peers"
)

// mayFail, if set in the environment, has the command be refused recvmmsg(2) when its
// standard input ends.
const mayFail = "AURALINK_TEST_MAY_FAIL"

func init() {
	if os.Getenv(mayFail) == "" {
		return
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		if err := forbid(unix.SYS_RECVMMSG, unix.ENOBUFS); err != nil {
			fmt.Fprintln(os.Stderr, "refusing recvmmsg:", err)
			return
		}
		fmt.Fprintln(os.Stderr, "recvmmsg is refused")
	}()
}

// forbid makes a system call of this process fail from now on.
func forbid(call uint32, errno unix.Errno) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	program := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // the number
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: call, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(errno)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	_, _, failed := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&filter)))
	if failed != 0 {
		return failed
	}
	return nil
}

// lines is what a command writes, as it does so.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// waitFor waits until a text is there.
func (l *lines) waitFor(t *testing.T, text string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !strings.Contains(l.String(), text); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no %q in:\n%s", text, l)
		}
	}
}

// TestReceiveRefused: where the kernel does not let the fast path read any more,
// CoreDNS has all queries after a moment and one line of the log, and the process
// still ends when it is told to.
func TestReceiveRefused(t *testing.T) {
	port := peers.FixedPort(t)
	corefile := filepath.Join(t.TempDir(), "Corefile")
	topology, err := filepath.Abs("../../topology.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(".:%s {\n\tbind 127.0.0.1\n\tauralink %s {\n\t\tvpc apps\n\t\tfastpath 2\n\t}\n}\n", port, topology)
	if err := os.WriteFile(corefile, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out lines
	cmd := exec.CommandContext(t.Context(), self, "-conf", corefile)
	cmd.Env = append(os.Environ(), runMain+"=1", mayFail+"=1")
	cmd.Stdout, cmd.Stderr = &out, &out
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	t.Cleanup(func() { _ = cmd.Process.Kill() })

	address := net.JoinHostPort("127.0.0.1", port)
	askInARow(t, address, 20, &out)
	_ = stdin.Close()
	out.waitFor(t, "recvmmsg")
	if strings.Contains(out.String(), "refusing recvmmsg") {
		t.Skipf("this system has no seccomp filters:\n%s", &out)
	}
	askInARow(t, address, 100, &out)
	if got := strings.Count(out.String(), "fast path off on"); got != 1 {
		t.Errorf("the log has it %d times, want once:\n%s", got, &out)
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(time.Minute): // some 2 s, on a busy machine
		t.Fatalf("it did not end:\n%s", &out)
	}
}

// askInARow asks until so many questions in a row are answered.
func askInARow(t *testing.T, address string, n int, out *lines) {
	t.Helper()
	client := dns.Client{Timeout: 500 * time.Millisecond}
	question := new(dns.Msg).SetQuestion("x.production-orch-0000.neo4j.io.", dns.TypeA)
	end := time.Now().Add(time.Minute)
	for row := 0; row < n; row++ {
		reply, _, err := client.Exchange(question, address)
		switch {
		case err == nil && len(reply.Answer) > 0:
			continue
		case time.Now().After(end):
			t.Fatalf("answer %v, error %v; its log:\n%s", reply, err, out)
		}
		row = -1
		time.Sleep(10 * time.Millisecond)
	}
}
