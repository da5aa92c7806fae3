//go:build linux

// Package pages_test looks at our pages as people do: in Debian's Chromium, by keyboard, at
// several widths, light and dark, and with axe-core for those who do not see them.
package pages_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/auralink/auralink/test/peers"
)

// programs is the directory with our programs.
var programs string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "auralink-pages")
	if err != nil {
		return complain(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // it is in a directory for that
	programs = dir
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/auralink/auralink").Output()
	if err != nil {
		return complain(err)
	}
	cmd := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "./cmd/coredns", "./cmd/auralink")
	cmd.Dir = strings.TrimSpace(string(root))
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return complain(err)
	}
	return m.Run()
}

func complain(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// browser is a tab, and what its console has said.
type browser struct {
	context.Context
	mu   sync.Mutex
	said []string
}

// newBrowser opens a tab of a Chromium of the test's own.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(peers.Find(t, "chromium", "chromium")), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-dev-shm-usage", true))
	allocated, end := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(end)
	tab, closeTab := chromedp.NewContext(allocated)
	t.Cleanup(closeTab)
	b := &browser{Context: tab}
	b.do(t) // starts it
	messages := chromedp.Console(tab)
	go func() {
		for message, err := range messages {
			if err != nil {
				return // the tab is closed
			}
			if !strings.HasSuffix(message.URL, "/favicon.ico") {
				b.mu.Lock()
				b.said = append(b.said, message.String())
				b.mu.Unlock()
			}
		}
	}()
	within, cancel := context.WithTimeout(tab, 4*time.Minute)
	t.Cleanup(cancel)
	b.Context = within
	return b
}

// do has the tab act.
func (b *browser) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b, actions...); err != nil {
		t.Fatal(err)
	}
}

// quiet fails the test if the console has said anything: that a policy was broken, or a script.
func (b *browser) quiet(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.said) > 0 {
		t.Errorf("the console says %q", b.said)
		b.said = nil
	}
}

// eval returns what an expression comes to.
func eval[T any](t *testing.T, b *browser, expression string) T {
	t.Helper()
	value, err := chromedp.Run(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// run runs a script whose value nobody wants.
func (b *browser) run(t *testing.T, script string) {
	t.Helper()
	b.do(t, chromedp.Evaluate[chromedp.Void](script))
}

// until waits for an expression to be true.
func (b *browser) until(t *testing.T, what, expression string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !eval[bool](t, b, expression); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: %s\n%s", what, expression, eval[string](t, b, "document.body.innerText"))
		}
	}
}

// look sets the size of the window, and whether the page is dark.
func (b *browser) look(t *testing.T, width int64, scheme string) {
	t.Helper()
	b.do(t, chromedp.EmulateViewport(width, 900))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(b, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatal(err)
	}
}

// server is a running server whose state is shown.
type server struct {
	dns      netip.AddrPort
	url      string
	topology string // its path
}

// start starts the built server with a topology.
func start(t *testing.T, topology string) server {
	t.Helper()
	dir := t.TempDir()
	s := server{dns: peers.FreePort(t, netip.MustParseAddr("127.0.0.1")), topology: filepath.Join(dir, "topology.yaml")}
	shown := peers.FreePort(t, netip.MustParseAddr("127.0.0.1"))
	s.url = "http://" + shown.String() + "/"
	write(t, s.topology, topology)
	write(t, filepath.Join(dir, "Corefile"), fmt.Sprintf(".:%d {\nbind 127.0.0.1\nauralink topology.yaml {\nstatus %s\n}\n}\n", s.dns.Port(), shown))
	cmd := exec.Command(filepath.Join(programs, "coredns"), "-conf", "Corefile")
	cmd.Dir = dir
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()         // says that it was killed
		if t.Failed() {
			t.Logf("the server:\n%s", out.String())
		}
	})
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", shown.String())
		if err == nil {
			_ = conn.Close()
			return s
		}
		if time.Now().After(end) {
			t.Fatalf("the server does not answer: %v\n%s", err, out.String())
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// produce writes what a command line prints into a file, and returns its URL. Findings are fine.
func produce(t *testing.T, arguments ...string) (url string, octets int) {
	t.Helper()
	out, err := exec.Command(filepath.Join(programs, "auralink"), arguments...).Output()
	if err != nil && len(out) == 0 {
		t.Fatalf("%v: %v", arguments, err)
	}
	path := filepath.Join(t.TempDir(), "page.html")
	write(t, path, string(out))
	return "file://" + path, len(out)
}

// axe returns the source of axe-core.
func axe(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("../js/node_modules/axe-core/axe.min.js")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("js/node_modules is not there: npm ci --prefix test/aura/js")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}
