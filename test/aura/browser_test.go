//go:build linux

package aura_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor/judge"
	"github.com/auralink/auralink/test/aura/lab"
	"github.com/auralink/auralink/test/aura/standin"
	"github.com/auralink/auralink/test/peers"
)

// page is what Browser and Bloom do: a page of a public origin that talks to the
// database by HTTPS, and by Bolt in a WebSocket with the official driver.
const page = `<!DOCTYPE html><title>lab</title><script src="/driver.js"></script><script>
const host = %q, report = {}
const fetched = fetch('https://' + host + '/', { signal: AbortSignal.timeout(15000) })
  .then(r => r.json()).then(d => { report.fetch = d.bolt_routing }, () => { report.fetch = 'nothing' })
const driver = neo4j.driver('neo4j+s://' + host, neo4j.auth.basic('neo4j', %q),
  { maxTransactionRetryTime: 0, connectionTimeout: 10000, connectionAcquisitionTimeout: 15000 })
const ran = driver.session({ database: 'neo4j', defaultAccessMode: 'READ' }).run('RETURN 1')
  .then(r => { report.bolt = r.records[0].get('region') }, () => { report.bolt = 'nothing' })
Promise.all([fetched, ran]).then(() => fetch('/report', { method: 'POST', body: JSON.stringify(report) }))
</script>`

// visit is what a page came to.
type visit struct{ Fetch, Bolt string }

// browse has a browser on the laptop open the page, and returns what it reports.
func browse(t *testing.T, w *lab.World, host string) visit {
	t.Helper()
	chromium := peers.Find(t, "chromium", "chromium")
	reports := make(chan visit, 1)
	driver, err := os.ReadFile("js/node_modules/neo4j-driver/lib/browser/neo4j-web.min.js")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip(installed)
	}
	must(t, err)
	w.Console.Handle("/driver.js", http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/javascript")
		_, _ = rw.Write(driver) // to whoever is still there
	}))
	w.Console.Handle("/page", http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(rw, page, host, standin.Password)
	}))
	w.Console.Handle("/report", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var v visit
		if json.NewDecoder(r.Body).Decode(&v) == nil {
			reports <- v
		}
	}))
	program, err := w.Start(lab.Laptop, chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--no-first-run", "--disable-component-update", "--disable-background-networking",
		"--user-data-dir="+t.TempDir(), "https://browser.neo4j.io/page")
	must(t, err)
	defer program.Stop()
	var got visit
	eventually(t, "the browser reports nothing: ", func() bool {
		select {
		case got = <-reports:
			return true
		default:
			return program.Ended()
		}
	})
	if got == (visit{}) {
		t.Fatalf("the browser reports nothing:\n%s", program.Log())
	}
	return got
}

// trustInBrowsers has browsers trust the lab's authority.
func trustInBrowsers(t *testing.T, w *lab.World) {
	t.Helper()
	certutil := peers.Find(t, "certutil", "libnss3-tools")
	db := filepath.Join(os.Getenv("HOME"), ".pki", "nssdb")
	must(t, os.RemoveAll(db))
	must(t, os.MkdirAll(db, 0o700))
	for _, args := range []string{"-N --empty-password", "-A -n lab -t C,, -i " + w.CA()} {
		if got := lab.Run(lab.Laptop.Command(certutil, append([]string{"-d", "sql:" + db}, strings.Fields(args)...)...)); got.Status != 0 {
			t.Fatalf("certutil %s: %+v", args, got)
		}
	}
}

// asksForAccess reports whether the doctor says, on the laptop, that its browser asks
// before pages of the console reach the link.
func asksForAccess(t *testing.T, w *lab.World) bool {
	t.Helper()
	got := w.Auralink(lab.Laptop, "doctor", "topology.yaml", "--only", "browser", "-o", "json")
	var r report
	if err := json.Unmarshal([]byte(got.Stdout), &r); err != nil {
		t.Fatalf("the doctor: %v\n%+v", err, got)
	}
	return r.found(judge.CodeLocalNetworkAccess)
}

// TestBrowser is the way of Browser and Bloom when public traffic is off: over the VPN,
// with the browser's policy, they end in the right region. Without the policy Local
// Network Access lets no packet through, and without the VPN there is nobody.
func TestBrowser(t *testing.T) {
	long(t)
	w := newWorld(t, lab.Options{})
	_, err := w.StartServer(lab.DNS, lab.Topology, lab.Corefile)
	must(t, err)
	trustInBrowsers(t, w)
	for _, site := range []*lab.Site{w.East, w.West} {
		site.Public.Behave(standin.Behaviour{NoNames: true})
	}
	nothing := visit{Fetch: "nothing", Bolt: "nothing"}
	for _, tt := range []struct {
		name        string
		vpn, policy bool
		want        visit
	}{
		{name: "neither", want: nothing},
		{name: "without the VPN", policy: true, want: nothing},
		{name: "without the policy", vpn: true, want: nothing},
		{name: "over the VPN, with the policy", vpn: true, policy: true, want: visit{Fetch: "neo4j+s://" + westPrivateURI + ":7687", Bolt: lab.WestLabel}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := "{}\n"
			if tt.policy {
				text = policy
			}
			must(t, lab.Laptop.WriteEtc(policyFile, text))
			if tt.vpn {
				must(t, w.ConnectVPN())
			}
			if got := asksForAccess(t, w); got == tt.policy {
				t.Errorf("the doctor says %t of Local Network Access", got)
			}
			w.West.Forget()
			if diff := cmp.Diff(tt.want, browse(t, w, westPrivateURI)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if tally := w.West.Tally(); tt.want == nothing && len(tally.Reads)+len(tally.Discoveries) > 0 {
				t.Errorf("the region saw %+v", tally)
			}
		})
	}
}
