//go:build linux

package aura_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/doctor/judge"
	"github.com/auralink/auralink/test/aura/lab"
	"github.com/auralink/auralink/test/aura/load"
	"github.com/auralink/auralink/test/aura/standin"
	"github.com/auralink/auralink/test/peers"
)

// What the documentation has one write, zone by zone.
const (
	wildcardZone = `$TTL 1
@ IN SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 1
@ IN NS ns.example.org.
* IN A 10.10.10.10
`
	eastZone = `$TTL 1
@ IN SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 1
@ IN NS ns.example.org.
@ IN A 10.10.10.10
* IN A 10.10.10.10
`
)

// bindOptions are of a BIND that has some zones and sends other questions on.
const bindOptions = `options {
  directory "DIR";
  listen-on port 53 { any; };
  listen-on-v6 { none; };
  recursion yes;
  allow-query { any; };
  allow-recursion { any; };
  forwarders { ` + lab.PublicResolver + `; };
  forward only;
  dnssec-validation no;
  empty-zones-enable no;
  max-cache-ttl 1;
  max-ncache-ttl 1;
  pid-file none;
  session-keyfile none;
  lock-file none;
};
controls {};
`

// byExport is how the same BIND loads an export.
const byExport = bindOptions + `include "named.conf";` + "\n"

// bind is a BIND on the VPC's DNS host.
type bind struct {
	dir     string
	program *lab.Program
}

// documentation are its zones for both regions.
func documentation() map[string]string {
	return map[string]string{
		"endpoints.neo4j.io":            wildcardZone,
		"production-orch-0000.neo4j.io": eastZone,
		"production-orch-0042.neo4j.io": strings.ReplaceAll(eastZone, lab.EastPrivate, lab.WestPrivate),
	}
}

// startBIND starts BIND on the VPC's DNS host with zones by their names, and with options
// instead of those of the same name.
func startBIND(t *testing.T, w *lab.World, zones map[string]string, options ...string) bind {
	t.Helper()
	b := bind{dir: t.TempDir()}
	config := bindOptions
	for _, option := range options {
		keyword, _, _ := strings.Cut(option, " ")
		config = regexp.MustCompile(`(?m)^  `+keyword+` .*$`).ReplaceAllString(config, "  "+option)
	}
	for name, text := range zones {
		b.write(t, "db."+name, text)
		config += `zone "` + name + `" { type primary; file "db.` + name + `"; };` + "\n"
	}
	b.configure(t, config)
	// AppArmor knows programs by their paths, and would keep BIND out of the directory.
	named := filepath.Join(b.dir, "named")
	program, err := os.ReadFile(peers.Find(t, "named", "bind9"))
	must(t, err)
	must(t, os.WriteFile(named, program, 0o700))
	b.program, err = w.Start(lab.DNS, named, "-g", "-c", b.dir+"/main.conf", "-n", "1")
	must(t, err)
	eventually(t, "BIND does not answer", func() bool {
		_, err := lab.Ask(lab.DNS, "127.0.0.1:53", "neo4j.io.", dns.TypeA)
		return err == nil || b.program.Ended()
	})
	if b.program.Ended() {
		t.Fatalf("BIND does not start:\n%s", b.program.Log())
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("[BIND]\n%s", b.program.Log())
		}
	})
	return b
}

func (b bind) write(t *testing.T, name, text string) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o644))
}

func (b bind) configure(t *testing.T, text string) {
	t.Helper()
	b.write(t, "main.conf", strings.ReplaceAll(text, "DIR", b.dir))
}

// reload has BIND read its files anew, as "rndc reload" does.
func (b bind) reload(t *testing.T) {
	t.Helper()
	must(t, b.program.Signal(syscall.SIGHUP))
}

// TestWildcard is the failure that auralink exists for. The documentation's wildcard
// stands in a real BIND while a second region is linked: the official drivers end in
// the wrong region, or are refused there. We say so, and one export later all is right.
func TestWildcard(t *testing.T) {
	w := newWorld(t, lab.Options{})
	b := startBIND(t, w, documentation())
	must(t, w.WriteTopology(lab.Topology))

	t.Run("refused", func(t *testing.T) {
		for _, d := range drivers {
			for _, transaction := range d.use(t, w, lab.App, westCustom) {
				if !strings.Contains(transaction.Error, "unrecognized name") {
					t.Errorf("the %s driver: %+v", d.name, transaction)
				}
			}
		}
		if asked := w.East.Tally().Misdirected[westCustom]; asked == 0 {
			t.Error("nobody went to the wrong region")
		}
	})
	catchAll(w)
	t.Run("misled", func(t *testing.T) {
		for _, d := range drivers {
			made(t, d.use(t, w, lab.App, westPrivateURI), lab.WestLabel)
			made(t, d.use(t, w, lab.App, eastCustom, eastPrivateURI), lab.EastLabel)
			for _, transaction := range d.use(t, w, lab.App, westCustom) {
				want := load.Transaction{URI: transaction.URI, Mode: transaction.Mode, Host: transaction.Host, Region: lab.EastLabel}
				if transaction != want {
					t.Errorf("the %s driver: %+v, want it misled", d.name, transaction)
				}
			}
		}
	})
	t.Run("audit", func(t *testing.T) {
		for _, of := range []string{filepath.Join(b.dir, "db.endpoints.neo4j.io"), "dns://" + lab.DNSAddress} {
			got := w.Auralink(lab.App, "audit", of, "--against", "topology.yaml")
			if got.Status != 1 || !strings.Contains(got.Stdout, westCustom) || !strings.Contains(got.Stdout, "error: ") {
				t.Errorf("audit of %s: %+v", of, got)
			}
		}
	})
	s := &scene{World: w, topology: lab.Topology, password: standin.Password}
	t.Run("doctor", func(t *testing.T) {
		if got, _ := s.examine(t); got.Ready || !got.found(judge.CodeWildcardAcrossRegions) {
			t.Errorf("the doctor: %+v", got)
		}
	})
	t.Run("mended", func(t *testing.T) {
		if got := w.Auralink(lab.DNS, "export", "topology.yaml", "--vpc", "apps", "--format", "bind", "--out", b.dir); got.Status != 0 {
			t.Fatalf("export: %+v", got)
		}
		b.configure(t, byExport)
		b.reload(t)
		eventually(t, "BIND does not have the export", func() bool { return answers(westCustom, lab.WestPrivate) })
		for _, d := range drivers {
			made(t, d.use(t, w, lab.App, westCustom, westPrivateURI), lab.WestLabel)
			made(t, d.use(t, w, lab.App, eastCustom, eastPrivateURI), lab.EastLabel)
		}
		if got := w.Auralink(lab.App, "audit", "dns://"+lab.DNSAddress, "--against", "topology.yaml"); got.Status != 0 {
			t.Errorf("audit: %+v", got)
		}
		if got, _ := s.examine(t); got.found(judge.CodeWildcardAcrossRegions) || got.found(judge.CodeWrongRegion) {
			t.Errorf("the doctor: %+v", got)
		}
	})
}
