package auralink_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/lookup"
	"github.com/auralink/auralink/internal/status"
)

// statusCorefile has the server's state at OTHER.
const statusCorefile = ".:PORT {\nbind 127.0.0.1\nauralink topology.yaml {\nstatus OTHER\nstrangers refuse\n}\nwhoami\n}"

// statusTopology has a VPC of this host with individual records, and one of nobody's.
const statusTopology = `regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs:
  apps: {clients: [127.0.0.0/24], links: {east: [10.0.0.1], west: [10.0.0.2]}}
  batch: {clients: [10.1.0.0/16], links: {east: [10.0.1.1]}}
custom_endpoints: {foo: east, bar: west}
`

// stateOf returns what the server at a port shows.
func stateOf(t *testing.T, port string) (s status.State) {
	t.Helper()
	read(t, port, "/api/v1/status", &s)
	return s
}

// read requests a document.
func read(t *testing.T, port, path string, into any) {
	t.Helper()
	response, err := http.Get("http://" + net.JoinHostPort("127.0.0.1", port) + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v\n%s", path, response.Status, err, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatalf("%s: %v\n%s", path, err, body)
	}
}

// until waits for what a state must come to have.
func until(t *testing.T, port, what string, done func(s status.State) bool) status.State {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		s := stateOf(t, port)
		if done(s) {
			return s
		}
		if time.Now().After(end) {
			t.Fatalf("%s is not shown:\n%+v", what, s)
		}
	}
}

// exchange asks from an address of this host, and returns the reply.
func exchangeFrom(t *testing.T, from, port, name string, qtype uint16) *dns.Msg {
	t.Helper()
	client := &dns.Client{Dialer: &net.Dialer{LocalAddr: &net.UDPAddr{IP: net.ParseIP(from)}, Timeout: 10 * time.Second}}
	reply, _, err := client.Exchange(new(dns.Msg).SetQuestion(name, qtype), net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

// TestStatusShows: what clients do is shown: queries by view, endpoints that nobody declared with
// their counts, with the fast path and without, and the clients in no VPC.
func TestStatusShows(t *testing.T) {
	for name, corefile := range map[string]string{
		"fast path": statusCorefile,
		"without":   strings.Replace(statusCorefile, "status OTHER", "status OTHER\nfastpath off", 1),
	} {
		t.Run(name, func(t *testing.T) {
			port, other, _ := startCorefile(t, fastDirectives, corefile, map[string]string{"topology.yaml": statusTopology})
			before := stateOf(t, other)
			if len(before.Undeclared) > 0 || before.Problem != nil || before.Plan.VPCs != 2 || before.Plan.Endpoints != 2 {
				t.Fatalf("at first: %+v", before)
			}
			const asked = 25
			for range asked {
				exchangeFrom(t, "127.0.0.1", port, "forgotten.endpoints.neo4j.io.", dns.TypeA)
				exchangeFrom(t, "127.0.0.1", port, "a-forgotten.endpoints.neo4j.io.", dns.TypeA)
				exchangeFrom(t, "127.0.0.1", port, "foo.endpoints.neo4j.io.", dns.TypeA)
			}
			s := until(t, other, "the undeclared endpoint", func(s status.State) bool {
				return len(s.Undeclared) == 1 && s.Undeclared[0].Count == asked && s.Views[0].Queries-before.Views[0].Queries == 3*asked
			})
			if u := s.Undeclared[0]; u.VPC != "apps" || u.Line != "forgotten: REGION" {
				t.Errorf("%+v", u)
			}
			if n := s.Views[0].Undeclared - before.Views[0].Undeclared; n != 2*asked {
				t.Errorf("%d questions for undeclared endpoints are counted", n)
			}
			if f := s.FastPath[0]; (f.Sockets > 0) != (name == "fast path") || f.Sockets == 0 && f.Off != "the Corefile says so" {
				t.Errorf("%+v", f)
			}
			// Declared, it is shown no more.
			replace(t, "topology.yaml", strings.Replace(statusTopology, "foo: east", "foo: east, forgotten: west", 1))
			until(t, other, "the new plan", func(s status.State) bool { return s.Plan.Endpoints == 3 && len(s.Undeclared) == 0 })
		})
	}
}

// TestStatusStrangers: a subnet in no VPC is shown with the line that it may lack.
func TestStatusStrangers(t *testing.T) {
	topology := strings.Replace(statusTopology, "127.0.0.0/24", "127.0.9.0/24", 1)
	port, other, _ := startCorefile(t, fastDirectives, strings.Replace(statusCorefile, "refuse", "pass", 1), map[string]string{"topology.yaml": topology})
	for range 3 {
		exchangeFrom(t, "127.0.5.1", port, "foo.endpoints.neo4j.io.", dns.TypeA)
	}
	s := until(t, other, "the stranger", func(s status.State) bool { return len(s.Strangers.Seen) == 1 && s.Strangers.Seen[0].Count == 3 })
	if got := s.Strangers.Seen[0]; got.Subnet != "127.0.5.0/24" || got.Line != "clients: [127.0.0.0/8]" || !strings.Contains(got.What, `"foo.endpoints.neo4j.io."`) {
		t.Errorf("%+v", got)
	}
}

// replace renames a finished file over another one.
func replace(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// TestStatusHeld: a change that is held back is shown with its picture, and the line that is shown
// releases it; a text that cannot be taken is shown as well.
func TestStatusHeld(t *testing.T) {
	_, other, _ := startCorefile(t, fastDirectives, statusCorefile, map[string]string{"topology.yaml": statusTopology})
	moved := strings.Replace(statusTopology, "bar: west", "bar: east", 1)
	if err := os.WriteFile("topology.yaml", []byte(moved), 0o600); err != nil {
		t.Fatal(err)
	}
	s := until(t, other, "the held change", func(s status.State) bool { return s.Problem != nil && s.Problem.Held })
	if strings.Join(s.Problem.Codes, " ") != "region wildcard" || s.Problem.Acceptance == "" {
		t.Errorf("%+v", s.Problem)
	}
	var picture struct {
		Boxes []struct {
			Lines []struct{ Text, Change string }
		}
	}
	read(t, other, "/api/v1/change", &picture)
	drawn := false
	for _, b := range picture.Boxes {
		for _, l := range b.Lines {
			drawn = drawn || l.Change == "moved" && l.Text == "bar from west"
		}
	}
	if !drawn {
		t.Errorf("the move is not drawn: %+v", picture)
	}
	replace(t, "topology.yaml", "regions: [\n")
	until(t, other, "the broken text", func(s status.State) bool { return s.Problem != nil && !s.Problem.Held })
	if err := os.WriteFile("topology.yaml", []byte(s.Problem.Acceptance+"\n"+moved), 0o600); err != nil {
		t.Fatal(err)
	}
	until(t, other, "the released change", func(s status.State) bool { return s.Problem == nil })
}

// TestStatusAsk: what is said of a question is what is answered.
func TestStatusAsk(t *testing.T) {
	port, other, _ := startCorefile(t, fastDirectives, statusCorefile, map[string]string{"topology.yaml": statusTopology})
	before := stateOf(t, other)
	names := []string{"foo", "d-bar", "nobody", "x.production-orch-0042", "production-orch-0000", "production-orch-0001", "api"}
	for _, from := range []string{"127.0.0.1", "127.0.7.1"} {
		for _, name := range names {
			host := name + ".neo4j.io."
			if !strings.Contains(name, "orch") && name != "api" {
				host = name + ".endpoints.neo4j.io."
			}
			for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeSOA} {
				reply := exchangeFrom(t, from, port, host, qtype)
				var said lookup.Document
				read(t, other, "/api/v1/ask?client="+from+"&name="+url.QueryEscape(host)+"&type="+dns.TypeToString[qtype], &said)
				if wentOn := len(reply.Extra) > 0; wentOn != (said.Status == "") { // whoami's
					t.Errorf("%s asks for %s %d: went on is %v, said %q (%s)", from, host, qtype, wentOn, said.Status, said.Why)
				} else if !wentOn {
					compareSaid(t, from, reply, said)
				}
			}
		}
	}
	var said lookup.Document
	if read(t, other, "/api/v1/ask?client=10.9.9.9&name=foo", &said); said.Status != "REFUSED" {
		t.Errorf("a stranger is told %+v", said)
	}
	asked := uint64(len(names) * 3)
	if after := stateOf(t, other); after.Views[0].Queries-before.Views[0].Queries != asked {
		t.Errorf("%d questions are counted, of %d by DNS", after.Views[0].Queries-before.Views[0].Queries, asked)
	}
}

// compareSaid compares a reply of ours with what was said of its question.
func compareSaid(t *testing.T, from string, reply *dns.Msg, said lookup.Document) {
	t.Helper()
	var answer []string
	for _, rr := range reply.Answer {
		answer = append(answer, rr.String())
	}
	slices.Sort(answer) // they rotate
	slices.Sort(said.Answer)
	if said.Status != dns.RcodeToString[reply.Rcode] || !slices.Equal(answer, said.Answer) {
		t.Errorf("%s asks for %s: answered %s %v, said %s %v", from, reply.Question[0].String(), dns.RcodeToString[reply.Rcode], answer, said.Status, said.Answer)
	}
}

// TestStatusReload: the address stays open while the Corefile is read again, be it well or in
// vain, and shows the new one; without the option it is closed.
func TestStatusReload(t *testing.T) {
	port, other, _ := startCorefile(t, fastDirectives, statusCorefile, map[string]string{"topology.yaml": statusTopology})
	address := net.JoinHostPort("127.0.0.1", other)
	end, ended := make(chan struct{}), make(chan int)
	go func() {
		refused := 0
		for {
			select {
			case <-end:
				ended <- refused
				return
			default:
			}
			conn, err := net.Dial("tcp", address)
			if err != nil {
				refused++
				continue
			}
			_ = conn.Close()
			time.Sleep(time.Millisecond)
		}
	}()
	fallingThrough := strings.Replace(statusCorefile, "status OTHER", "status OTHER\nfallthrough", 1)
	for range 3 {
		if err := restart(t, statusCorefile, port, other); err != nil {
			t.Fatal(err)
		}
		if err := restart(t, "bad {", port, other); err == nil {
			t.Fatal("a Corefile that is none was taken")
		}
		if err := restart(t, fallingThrough, port, other); err != nil {
			t.Fatal(err)
		}
	}
	close(end)
	if refused := <-ended; refused > 0 {
		t.Errorf("%d connections were refused meanwhile", refused)
	}
	var said lookup.Document
	read(t, other, "/api/v1/ask?client=127.0.0.1&name=nobody", &said)
	if said.Result != "not_ours" && !strings.Contains(said.Why, "fallthrough") {
		t.Errorf("the old Corefile is shown: %+v", said)
	}
	if s := stateOf(t, other); len(s.Servers) != 1 {
		t.Errorf("%v are shown", s.Servers)
	}
	if err := restart(t, strings.Replace(statusCorefile, "status OTHER\n", "", 1), port, other); err != nil {
		t.Fatal(err)
	}
	if conn, err := net.Dial("tcp", address); err == nil {
		_ = conn.Close()
		t.Error("the address is still open")
	}
}

// TestStatusTaken: where the address is taken the server does not start.
func TestStatusTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port, other, _ := startCorefile(t, fastDirectives, ".:PORT {\nbind 127.0.0.1\nauralink topology.yaml\nwhoami\n}", map[string]string{"topology.yaml": statusTopology})
	err = restart(t, strings.Replace(statusCorefile, "status OTHER", "status "+taken.Addr().String(), 1), port, other)
	if err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("it has started: %v", err)
	}
}
