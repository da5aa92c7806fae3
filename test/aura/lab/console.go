//go:build linux

package lab

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net/http"
	"sync"

	"github.com/auralink/auralink/test/aura/standin"
)

// Console is where the pages of the console, Browser and Bloom come from, and the
// control plane: names of Aura's that are always public.
type Console struct {
	server *http.Server

	mu    sync.Mutex
	pages map[string]http.Handler // by path
}

// consoleNames are those that are always public.
var consoleNames = []string{
	"console.neo4j.io", "browser.neo4j.io", "bloom.neo4j.io", "api.neo4j.io", "customer-metrics-api.neo4j.io", "neo4j.io",
}

// startConsole serves the console's names at an address of a host, by HTTPS.
func startConsole(host Host, address string, authority *standin.Authority) (*Console, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	certificate, err := authority.Issue(key, standin.Valid, consoleNames...)
	if err != nil {
		return nil, err
	}
	listener, err := host.Listen("tcp", address+":443")
	if err != nil {
		return nil, fmt.Errorf("starting the console: %w", err)
	}
	c := &Console{pages: make(map[string]http.Handler)}
	c.server = &http.Server{Handler: c}
	config := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	go func() { _ = c.server.Serve(tls.NewListener(listener, config)) }() // it ends with Close
	return c, nil
}

func (c *Console) close() { _ = c.server.Close() }

// Handle has the console serve a path.
func (c *Console) Handle(path string, handler http.Handler) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pages[path] = handler
}

// ServeHTTP implements http.Handler.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	page := c.pages[r.URL.Path]
	c.mu.Unlock()
	switch {
	case page != nil:
		page.ServeHTTP(w, r)
	case r.Host == "api.neo4j.io":
		http.Error(w, "{}", http.StatusUnauthorized)
	default:
		fmt.Fprintln(w, "the console's origin")
	}
}
