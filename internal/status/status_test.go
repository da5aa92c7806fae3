package status_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/net/html"

	"github.com/auralink/auralink/internal/lookup"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/status"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/test/benchserver/scale"
)

// hostile is a text that would be markup on a page.
const hostile = `</script></style><img src=x onerror="document.title='taken'">'"&`

// subject is one that a test makes.
type subject struct {
	key          string
	served, held *plan.Plan
	findings     topology.Findings
	queries      atomic.Uint64
	state        status.State
}

func (s *subject) Key() string                             { return s.key }
func (s *subject) Served() (*plan.Plan, topology.Findings) { return s.served, s.findings }
func (s *subject) Held() *plan.Plan                        { return s.held }
func (s *subject) Queries() map[string]uint64              { return map[string]uint64{"apps": s.queries.Load()} }
func (s *subject) State(time.Time) status.State            { return s.state }

func (s *subject) Ask(q status.Question) (lookup.Document, error) {
	if q.Type == "wrong" {
		return lookup.Document{}, fmt.Errorf("%q is no type", q.Type)
	}
	d := lookup.New(q.Name, 1)
	d.Client = q.Client
	d.AsksElsewhere()
	return d, nil
}

// newSubject returns one with all that can be shown, each text of which is hostile.
func newSubject(tb testing.TB, key string) *subject {
	tb.Helper()
	at := time.Unix(1_700_000_000, 0)
	return &subject{
		key: key, served: planOf(tb, oneLink), held: planOf(tb, twoLinks),
		findings: topology.Findings{{Severity: topology.SeverityWarning, Code: topology.CodeNoLinks, Message: hostile, Hint: hostile, Place: topology.Place{Line: 1, Column: 1, Source: hostile}}},
		state: status.State{
			Version:    hostile,
			Plan:       status.Plan{Topology: hostile, Loaded: at, Summary: hostile},
			Problem:    &status.Problem{Held: true, Message: hostile, Codes: []string{"wildcard"}, Release: hostile, Acceptance: hostile},
			FastPath:   []status.FastPath{{Address: ":53", Sockets: 1}, {Address: hostile, Off: hostile}},
			Views:      []status.View{{VPC: "apps", Mode: plan.Wildcard, Reason: plan.SingleLink, Queries: 7}, {VPC: hostile}},
			Strangers:  status.Strangers{Policy: hostile, Seen: []status.Stranger{{Subnet: hostile, What: hostile, Line: hostile, Count: 3, Since: at}}},
			Undeclared: []status.Undeclared{{VPC: hostile, Label: hostile, Line: hostile, Count: 4, Since: at}},
			PublicPath: status.PublicPath{Since: at, Subnets: 1, Users: []status.PublicUser{{Subnet: hostile, VPC: hostile, Kind: hostile, Name: hostile, Count: 5, Last: at}}, Left: 2},
		},
	}
}

const (
	oneLink  = "regions: {east: {orchestras: [\"0000\"]}}\nvpcs: {apps: {links: {east: [10.0.0.1]}}}\ncustom_endpoints: {foo: east}\n"
	twoLinks = "regions: {east: {orchestras: [\"0000\"]}, west: {orchestras: [\"0042\"]}}\nvpcs: {apps: {links: {east: [10.0.0.1], west: [10.0.0.2]}}}\ncustom_endpoints: {foo: east}\n"
)

func planOf(tb testing.TB, text string) *plan.Plan {
	tb.Helper()
	p, _, err := plan.Read(strings.NewReader(text))
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// freeAddress returns an address of loopback that nobody uses.
func freeAddress(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// show shows a subject until the test ends, and returns the address.
func show(tb testing.TB, s status.Subject) string {
	tb.Helper()
	address := freeAddress(tb)
	leave, err := status.Join(address, s)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(leave)
	return address
}

// reply is what came of a request.
type reply struct {
	status int
	header http.Header
}

// get requests a path, with a Host header if one is given.
func get(tb testing.TB, method, address, path, host string) (reply, string) {
	tb.Helper()
	r, err := http.NewRequest(method, "http://"+address+path, nil)
	if err != nil {
		tb.Fatal(err)
	}
	if host != "" {
		r.Host = host
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return reply{response.StatusCode, response.Header}, string(body)
}

// TestGuarded: only who names the server by an address reads, nobody writes, and no answer is
// without its policy.
func TestGuarded(t *testing.T) {
	address := show(t, newSubject(t, "dns://."))
	_, port, _ := net.SplitHostPort(address)
	for _, tc := range []struct {
		method, path, host string
		want               int
	}{
		{"GET", "/", "", 200},
		{"HEAD", "/", "", 200},
		{"GET", "/plan", "127.0.0.1", 200},
		{"GET", "/live", "localhost:" + port, 200},
		{"GET", "/api/v1/status", "[::1]:" + port, 200},
		{"GET", "/api/v1/schema", "192.0.2.1", 200},
		{"GET", "/", "rebound.example", 421},
		{"GET", "/api/v1/status", "rebound.example:" + port, 421},
		{"GET", "/api/v1/status", "127.0.0.1.rebound.example", 421},
		{"GET", "/", "localhost.rebound.example", 421},
		{"POST", "/", "", 405},
		{"PUT", "/api/v1/status", "", 405},
		{"OPTIONS", "/", "", 405},
		{"DELETE", "/plan", "", 405},
		{"GET", "/nosuch", "", 404},
		{"GET", "/?server=nosuch", "", 404},
		{"GET", "/api/v1/ask?name=x&type=wrong", "", 400},
	} {
		response, body := get(t, tc.method, address, tc.path, tc.host)
		if response.status != tc.want {
			t.Errorf("%s %s of %q: %d, want %d", tc.method, tc.path, tc.host, response.status, tc.want)
		}
		if tc.want == 421 && strings.Contains(body, "apps") {
			t.Errorf("%s of %q tells something", tc.path, tc.host)
		}
		policy := response.header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http:") {
			t.Errorf("%s %s: the policy is %q", tc.method, tc.path, policy)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"Cross-Origin-Resource-Policy": "same-origin", "Access-Control-Allow-Origin": "",
		} {
			if got := response.header.Get(name); got != want {
				t.Errorf("%s %s: %s is %q", tc.method, tc.path, name, got)
			}
		}
	}
}

// TestPages: all that there is to know is on the page, as text.
func TestPages(t *testing.T) {
	address := show(t, newSubject(t, "dns://."))
	for path, want := range map[string][]string{
		"/":                             {hostile, "apps", "A change is held back: wildcard", "None", "2 more", "Fast path", "on, 1 socket", "10.0.0.2", "dns://."},
		"/live":                         {hostile, "apps"},
		"/plan":                         {hostile, "single-link", "10.0.0.1"},
		"/?client=192.0.2.1&name=a.b.c": {"no VPC has 192.0.2.1 among its clients"},
		"/?name=x&type=wrong":           {`"wrong" is no type`},
	} {
		_, body := get(t, "GET", address, path, "")
		document, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		for n := range document.Descendants() {
			if n.Type == html.TextNode {
				text.WriteString(n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "style" {
					t.Errorf("%s: <%s> has %s=%q", path, n.Data, a.Key, a.Val)
				}
			}
			if n.Data == "img" {
				t.Errorf("%s: a text is markup", path)
			}
		}
		for _, part := range want {
			if !strings.Contains(text.String(), part) && part != "None" {
				t.Errorf("%s lacks %q", path, part)
			}
		}
	}
}

// TestDocuments: each document is valid by the schema.
func TestDocuments(t *testing.T) {
	empty := &subject{key: "dns://.", served: planOf(t, oneLink), state: status.State{
		FastPath: []status.FastPath{}, Views: []status.View{}, Undeclared: []status.Undeclared{},
		Strangers: status.Strangers{Seen: []status.Stranger{}}, PublicPath: status.PublicPath{Users: []status.PublicUser{}},
	}}
	for name, s := range map[string]*subject{"full": newSubject(t, "dns://."), "empty": empty} {
		address := show(t, s)
		_, served := get(t, "GET", address, "/api/v1/schema", "")
		read, err := jsonschema.UnmarshalJSON(strings.NewReader(served))
		if err != nil {
			t.Fatal(err)
		}
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource("api.json", read); err != nil {
			t.Fatal(err)
		}
		for path := range documents {
			schema, err := compiler.Compile("api.json#/$defs/" + path)
			if err != nil {
				t.Fatal(err)
			}
			response, body := get(t, "GET", address, "/api/v1/"+path+"?name=foo", "")
			document, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
			if err != nil {
				t.Fatalf("%s, %s: %v\n%s", name, path, err, body)
			}
			if err := schema.Validate(document); err != nil {
				t.Errorf("%s, %s: %v", name, path, err)
			}
			if response.header.Get("Content-Type") != "application/json" {
				t.Errorf("%s, %s: %s", name, path, response.header.Get("Content-Type"))
			}
		}
	}
}

// TestJoin: an address is open from the first who joins to the last who leaves, without a gap;
// of two with one key the newer is shown, and all keys are listed.
func TestJoin(t *testing.T) {
	address := freeAddress(t)
	join := func(s *subject) func() {
		leave, err := status.Join(address, s)
		if err != nil {
			t.Fatal(err)
		}
		return leave
	}
	old, other, fresh := newSubject(t, "dns://."), newSubject(t, "tls://."), newSubject(t, "dns://.")
	old.state.Version, fresh.state.Version = "old", "new"
	version := func() (string, int) {
		_, body := get(t, "GET", address, "/api/v1/status", "")
		var state status.State
		if err := json.Unmarshal([]byte(body), &state); err != nil {
			t.Fatal(err)
		}
		return state.Version, len(state.Servers)
	}
	leaveOld, leaveOther := join(old), join(other)
	if v, n := version(); v != "old" || n != 2 {
		t.Errorf("%s of %d servers is shown", v, n)
	}
	done := make(chan struct{})
	var gaps atomic.Int32
	go func() {
		defer close(done)
		for range 200 {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				gaps.Add(1)
				continue
			}
			_ = conn.Close()
		}
	}()
	leaveFresh := join(fresh)
	leaveOld()
	leaveOld()
	<-done
	if gaps.Load() > 0 {
		t.Errorf("%d connections were refused while one joined and another one left", gaps.Load())
	}
	if v, n := version(); v != "new" || n != 2 {
		t.Errorf("%s of %d servers is shown", v, n)
	}
	if _, err := status.Join("192.0.2.1:1", old); err == nil {
		t.Error("an address of nobody's was opened")
	}
	leaveFresh()
	leaveOther()
	if conn, err := net.Dial("tcp", address); err == nil {
		_ = conn.Close()
		t.Error("the address is still open")
	}
	join(old)()
}

// TestRates: a rate is that of the questions between two looks.
func TestRates(t *testing.T) {
	s := newSubject(t, "dns://.")
	s.state.Views[0].Queries = 0
	address := show(t, s)
	time.Sleep(1200 * time.Millisecond)
	s.state.Views[0].Queries = 1000
	_, body := get(t, "GET", address, "/api/v1/status", "")
	var state status.State
	if err := json.Unmarshal([]byte(body), &state); err != nil {
		t.Fatal(err)
	}
	if rate := state.Views[0].Rate; rate <= 0 || rate > 1000 {
		t.Errorf("the rate is %v", rate)
	}
}

// TestParseAddress: nobody but this machine reads, unless that is spelled out.
func TestParseAddress(t *testing.T) {
	for text, want := range map[string]string{
		"8053": "127.0.0.1:8053", ":8053": "127.0.0.1:8053", "127.0.0.2:1": "127.0.0.2:1", "[::1]:8053": "[::1]:8053", "localhost:8053": "localhost:8053",
		"0.0.0.0:8053": "0.0.0.0:8053", "example.org:8053": "", "10.0.0.1": "", "x": "", ":http": "", ":70000": "", "[::1]": "",
	} {
		got, err := status.ParseAddress(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for address, want := range map[string]bool{"127.0.0.1:1": true, "[::1]:1": true, "localhost:1": true, "0.0.0.0:1": false, "10.0.0.1:1": false} {
		if status.IsLoopback(address) != want {
			t.Errorf("%s: %v", address, !want)
		}
	}
}

// BenchmarkLive is what the page of 1,000 VPCs asks for every three seconds.
func BenchmarkLive(b *testing.B) {
	var text bytes.Buffer
	if _, err := (scale.Size{Endpoints: 10_000, VPCs: 1000, Regions: 20}).WriteTo(&text); err != nil {
		b.Fatal(err)
	}
	s := newSubject(b, "dns://.")
	s.served = planOf(b, text.String())
	s.held = s.served
	s.state.Views = nil
	for i := range s.served.VPCs {
		s.state.Views = append(s.state.Views, status.View{VPC: s.served.VPCs[i].Name})
	}
	address := show(b, s)
	for b.Loop() {
		if response, _ := get(b, "GET", address, "/live", ""); response.status != 200 {
			b.Fatal(response.status)
		}
	}
}
