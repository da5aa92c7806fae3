package auralink_test

import (
	"context"
	"errors"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/plugin/auralink"
)

// Plugins that are there for these tests alone: one says who it is, one fails to stop.
func init() {
	plugin.Register("iam", func(c *caddy.Controller) error {
		c.Next()
		name := strings.Join(c.RemainingArgs(), " ")
		dnsserver.GetConfig(c).AddPlugin(func(plugin.Handler) plugin.Handler { return iam(name) })
		return nil
	})
	plugin.Register("stubborn", func(c *caddy.Controller) error {
		c.Next()
		c.OnShutdown(func() error { return errors.New("will not stop") })
		return nil
	})
}

// iam answers everything with its name.
type iam string

func (iam) Name() string { return "iam" }

func (i iam) ServeDNS(_ context.Context, w dns.ResponseWriter, r *dns.Msg) (int, error) {
	m := new(dns.Msg).SetReply(r)
	m.Answer = []dns.RR{&dns.TXT{Hdr: dns.RR_Header{Name: r.Question[0].Name, Rrtype: dns.TypeTXT, Class: dns.ClassINET}, Txt: []string{string(i)}}}
	return dns.RcodeSuccess, w.WriteMsg(m)
}

// restart has the server of startFast read another Corefile, and returns the error.
func restart(t *testing.T, corefile, port, other string) error {
	t.Helper()
	_, err := caddy.Instances()[0].Restart(corefileInput(corefile, port, other))
	awaitServers(t)
	return err
}

// TestStartFails: where a Corefile that fails to start would have been the first with
// this plugin, its sockets are given back all the same.
func TestStartFails(t *testing.T) {
	auralink.StartWithin(t, 100*time.Millisecond)
	port, other, _ := startFast(t, ".:PORT {\nwhoami\n}")
	taken, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", other))
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if err := restart(t, ".:PORT {\nauralink topology.yaml\nwhoami\n}\n.:OTHER {\nbind 127.0.0.1\nwhoami\n}", port, other); err == nil {
		t.Fatal("it has started")
	}
	for end := time.Now().Add(30 * time.Second); len(fastpath.Opened()) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("left behind: %v", fastpath.Opened())
		}
	}
}

// TestOldWillNotStop: where another plugin of the old Corefile fails to stop, what is
// not ours is answered by the new one alone.
func TestOldWillNotStop(t *testing.T) {
	for name, block := range map[string]string{
		"with auralink":    ".:PORT {\nauralink topology.yaml\niam new\n}",
		"without auralink": ".:PORT {\niam new\n}",
	} {
		t.Run(name, func(t *testing.T) {
			port, other, _ := startFast(t, ".:PORT {\nstubborn\nauralink topology.yaml\niam old\n}")
			if err := restart(t, block, port, other); err == nil {
				t.Fatal("the old one has stopped")
			}
			got := make(map[string]int)
			for range 100 {
				m, err := dns.Exchange(new(dns.Msg).SetQuestion("example.org.", dns.TypeTXT), net.JoinHostPort("127.0.0.1", port))
				if err != nil {
					t.Fatal(err)
				}
				got[m.Answer[0].(*dns.TXT).Txt[0]]++
			}
			if diff := cmp.Diff(map[string]int{"new": 100}, got); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRestartsKeepNothing: an instance of a Corefile that was replaced is kept by
// nothing, and neither is what it has served, although its servers started at once.
func TestRestartsKeepNothing(t *testing.T) {
	const corefile = ".:PORT {\nauralink topology.yaml\nwhoami\n}\n.:OTHER {\nauralink topology.yaml\nwhoami\n}"
	port, other, _ := startFast(t, corefile)
	var old []weak.Pointer[auralink.Auralink]
	for range 3 {
		old = append(old, auralink.Instances()...)
		if err := restart(t, corefile, port, other); err != nil {
			t.Fatal(err)
		}
	}
	if len(old) != 6 {
		t.Fatalf("%d instances have served, want 6", len(old))
	}
	awaitForgotten(t, old)
}

// TestReplacedPlansAreForgotten: what is served no more is kept by nothing, in the
// slow path or in the fast one.
func TestReplacedPlansAreForgotten(t *testing.T) {
	port, other, _ := startFast(t, ".:PORT {\nauralink topology.yaml\nwhoami\n}\n.:OTHER {\nauralink topology.yaml\nwhoami\n}")
	old := auralink.Served()
	if len(old) != 2 || old[0] != old[1] {
		t.Fatalf("two server blocks serve %v: want one snapshot", old)
	}
	if err := os.WriteFile("new.yaml", []byte(fastTopology+"ttl: 17\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename("new.yaml", "topology.yaml"); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); auralink.Served()[0] == old[0]; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the new topology is not served")
		}
	}
	for _, port := range []string{port, other} { // whoever was answering has done so
		if _, err := dns.Exchange(new(dns.Msg).SetQuestion("x.production-orch-0000.neo4j.io.", dns.TypeA), net.JoinHostPort("127.0.0.1", port)); err != nil {
			t.Error(err)
		}
	}
	awaitForgotten(t, old)
}

// awaitForgotten waits until nothing of what there was is kept.
func awaitForgotten[T any](t *testing.T, old []weak.Pointer[T]) {
	t.Helper()
	kept := func() int {
		runtime.GC()
		n := 0
		for _, p := range old {
			if p.Value() != nil {
				n++
			}
		}
		return n
	}
	for end := time.Now().Add(20 * time.Second); kept() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d of %d are kept", kept(), len(old))
		}
	}
}
