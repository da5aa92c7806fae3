package probe_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor"
)

// proxyServer is a proxy that brings whatever is asked for to one server, if any.
type proxyServer struct {
	*httptest.Server
	to string // where every tunnel leads; "" to refuse all

	mu    sync.Mutex
	asked []string // "CONNECT host:port authorization"
}

func newProxy(t *testing.T, to string) *proxyServer {
	t.Helper()
	p := &proxyServer{to: to}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *proxyServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, strings.TrimSpace(r.Method+" "+r.Host+" "+r.Header.Get("Proxy-Authorization")))
	p.mu.Unlock()
	there, err := net.Dial("tcp", p.to)
	if err != nil {
		http.Error(w, "not there", http.StatusForbidden)
		return
	}
	defer there.Close()
	w.WriteHeader(http.StatusOK)
	here, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer here.Close()
	go func() { _, _ = io.Copy(there, buffered) }() // until one of them has enough
	_, _ = io.Copy(here, there)
}

// aura answers with a discovery document.
func aura(t *testing.T) string {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(doctor.Discovery{BoltRouting: "neo4j+s://" + database + ":7687"}) // to whoever is still there
	}))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// byProxy returns what probes brought that went through a proxy.
func byProxy(all []doctor.Evidence) []*doctor.HTTPS {
	var found []*doctor.HTTPS
	for _, e := range all {
		if e.HTTPS != nil && e.HTTPS.Proxy != "" {
			found = append(found, e.HTTPS)
		}
	}
	return found
}

// TestProxy: HTTPS by the proxy of the environment, whose password is used and told to
// nobody else.
func TestProxy(t *testing.T) {
	for _, tt := range []struct {
		name, to string
		status   int
		outcome  doctor.Outcome
	}{
		{"a proxy that reaches the link", aura(t), http.StatusOK, doctor.Connected},
		{"a proxy that does not", "", 0, doctor.Failed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newProxy(t, tt.to)
			all := probes(t, asked("127.0.0.1:1", patience, doctor.KindHTTPS), environment("HTTPS_PROXY="+strings.Replace(p.URL, "//", "//me:secret@", 1)))
			found := byProxy(all)
			if len(found) != 1 {
				t.Fatalf("%+v", all)
			}
			got := found[0]
			if got.Proxy != p.URL || got.Name != database || got.Status != tt.status || got.Outcome != tt.outcome || tt.status > 0 && got.Discovery == nil {
				t.Errorf("%+v", got)
			}
			const basic = "Basic bWU6c2VjcmV0" // me:secret
			if diff := cmp.Diff([]string{"CONNECT " + database + ":443 " + basic}, p.asked); diff != "" {
				t.Errorf("what the proxy was asked (-want +got):\n%s", diff)
			}
			text, err := json.Marshal(all)
			if err != nil || strings.Contains(string(text), "secret") || strings.Contains(string(text), "bWU6") {
				t.Errorf("the password is told: %v\n%s", err, text)
			}
		})
	}
}

// TestWhichProxies: those of HTTPS that have no exemption for the names of the link.
func TestWhichProxies(t *testing.T) {
	const proxy = "http://127.0.0.1:1"
	for _, tt := range []struct {
		name        string
		environment []string
		want        int
	}{
		{"none", nil, 0},
		{"of HTTPS", []string{"https_proxy=" + proxy}, 1},
		{"of all", []string{"ALL_PROXY=" + proxy}, 1},
		{"without a scheme", []string{"HTTPS_PROXY=127.0.0.1:1"}, 1},
		{"of HTTP alone", []string{"HTTP_PROXY=" + proxy}, 0},
		{"the same twice", []string{"HTTPS_PROXY=" + proxy, "https_proxy=" + proxy}, 1},
		{"two", []string{"HTTPS_PROXY=" + proxy, "https_proxy=http://127.0.0.1:2"}, 2},
		{"all is exempt", []string{"HTTPS_PROXY=" + proxy, "NO_PROXY=*"}, 0},
		{"the domain is exempt", []string{"HTTPS_PROXY=" + proxy, "no_proxy=localhost, .neo4j.io"}, 0},
		{"another domain is exempt", []string{"HTTPS_PROXY=" + proxy, "NO_PROXY=.eo4j.io,example.org"}, 1},
		{"nothing is exempt", []string{"HTTPS_PROXY=" + proxy, "NO_PROXY=,"}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all := probes(t, asked("127.0.0.1:1", patience, doctor.KindHTTPS), environment(tt.environment...))
			if got := byProxy(all); len(got) != tt.want {
				t.Errorf("%d go through a proxy, want %d", len(got), tt.want)
			}
		})
	}
}
