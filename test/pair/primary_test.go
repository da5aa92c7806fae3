package pair_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/auralink/auralink/test/peers"
)

// built is a directory with the server.
var built string

func TestMain(m *testing.M) { os.Exit(peers.BuildAndRun(m, "coredns", &built)) }

// primary is one of the two servers.
type primary struct {
	*testing.T
	addr, metricsAt netip.AddrPort
	dir             string
	lines           string // of its server block, instead of those for secondaries
	tells           string // the property notify
	server          *peers.Server
}

// secret is the key's, in Base64.
const (
	keyName = "transfer."
	secret  = "NoTCJU+DMqFWywaPyxSijrDEA/eC3nK0xi3AMEZuPVk="
)

// corefile is that of a primary: a view, transferred to whoever has the key.
func (p *primary) corefile() string {
	if p.lines != "" {
		return fmt.Sprintf(".:%d {\nbind %s\n%s}\n", p.addr.Port(), p.addr.Addr(), p.lines)
	}
	return fmt.Sprintf(`.:%d {
	bind %s
	errors
	prometheus %s
	tsig {
		secret %s %s
		require AXFR IXFR
	}
	auralink topology.yaml {
		vpc apps
		snapshot snapshot.yaml
		%s
	}
	transfer {
		to *
	}
}
`, p.addr.Port(), p.addr.Addr(), p.metricsAt, keyName, secret, p.tells)
}

// newPrimary makes a primary with a topology, which tells the secondaries.
func newPrimary(t *testing.T, text string, secondaries ...netip.AddrPort) *primary {
	t.Helper()
	p := &primary{T: t, dir: t.TempDir(), addr: peers.FreePort(t, peers.Loopback()), metricsAt: peers.FreePort(t, peers.Loopback())}
	if len(secondaries) > 0 {
		p.tells = fmt.Sprintf("notify %s key %s source %s", strings.Trim(fmt.Sprint(secondaries), "[]"), keyName, p.addr.Addr())
	}
	p.put(text)
	return p
}

// start starts it, and ends it with the test.
func (p *primary) start() {
	p.Helper()
	peer := peers.Peer{
		Name: "auralink", Binary: filepath.Join(built, "coredns"),
		Configure: func(netip.AddrPort) peers.Setup {
			return peers.Setup{Files: map[string]string{"Corefile": p.corefile()}, Args: []string{"-conf", "Corefile"}}
		},
	}
	server, err := peers.Launch(peer, peers.Place{Dir: p.dir, Addr: p.addr})
	if err != nil {
		p.Fatal(err)
	}
	p.server = server
	p.Cleanup(func() {
		server.Stop()
		if p.Failed() {
			p.Logf("the server at %s logged:\n%s", p.addr, server.Log())
		}
	})
	ctx, cancel := context.WithTimeout(p.Context(), within)
	defer cancel()
	if err := server.AwaitReady(ctx); err != nil {
		p.Fatal(err)
	}
}

// end has it end as a service manager does, and waits.
func (p *primary) end() {
	p.Helper()
	if err := syscall.Kill(p.server.Group(), syscall.SIGTERM); err != nil {
		p.Fatal(err)
	}
	await(p.T, "the server ends", func() bool { return syscall.Kill(p.server.Group(), 0) != nil })
}

// die kills it as it is.
func (p *primary) die() {
	p.Helper()
	if err := syscall.Kill(-p.server.Group(), syscall.SIGKILL); err != nil {
		p.Fatal(err)
	}
	p.server.Stop()
}

// put replaces the topology whole.
func (p *primary) put(text string) {
	p.Helper()
	path := filepath.Join(p.dir, "topology.yaml")
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		p.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		p.Fatal(err)
	}
}

// metric returns the sum of the metric's values whose labels have all the parts.
func (p *primary) metric(name string, parts ...string) (sum float64) {
	p.Helper()
	response, err := http.Get("http://" + p.metricsAt.String() + "/metrics")
	if err != nil {
		p.Fatal(err)
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		labelled, value, _ := strings.Cut(lines.Text(), "} ")
		if metric, labels, _ := strings.Cut(labelled, "{"); metric == name && hasAll(labels, parts) {
			number, err := strconv.ParseFloat(value, 64)
			if err != nil {
				p.Fatal(err)
			}
			sum += number
		}
	}
	return sum
}

func hasAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

// within bounds what takes seconds, for a machine that is busy.
const within = 40 * time.Second

// await returns when something is so.
func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain: %s", what)
		}
	}
}
