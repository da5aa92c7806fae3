package standin

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// serveHTTPS speaks HTTP on a connection.
func (i *Ingress) serveHTTPS(conn *tls.Conn, to server) {
	serveHTTP(conn, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { i.discover(w, r, conn, to) }))
}

// discover answers with the discovery document, which needs no credentials, and
// refuses everything else.
func (i *Ingress) discover(w http.ResponseWriter, r *http.Request, conn *tls.Conn, to server) {
	b := i.behaviour.Load()
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Access-Control-Allow-Headers", "*")
	w.Header().Set("Date", time.Now().Add(b.Ahead).UTC().Format(http.TimeFormat))
	switch {
	case b.Unavailable:
		http.Error(w, "no healthy upstream", http.StatusServiceUnavailable)
		return
	case r.Method == http.MethodOptions:
		w.WriteHeader(http.StatusNoContent)
		return
	case b.Unauthorized || r.URL.Path != "/":
		w.Header().Set("WWW-Authenticate", `Basic realm="Neo4j"`)
		http.Error(w, `{"errors":[{"code":"Neo.ClientError.Security.Unauthorized"}]}`, http.StatusUnauthorized)
		return
	}
	i.region.count(func(t *Tally) map[string]int { return t.Discoveries }, conn.ConnectionState().ServerName)
	host := to.database + "." + i.region.Orchestra
	routing := b.BoltRouting
	if routing == "" {
		routing = "neo4j+s://" + host + ":7687"
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{ // to whoever is still there
		"bolt_routing":  routing,
		"query":         "https://" + host + "/db/{databaseName}/query/v2",
		"neo4j_version": serverVersion,
		"neo4j_edition": "enterprise",
	})
}

// serveWebSocket speaks Bolt in a WebSocket, as browsers do.
func (i *Ingress) serveWebSocket(conn net.Conn, speak func(net.Conn)) {
	serveHTTP(conn, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		socket, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // any origin
		if err != nil {
			return // it has answered
		}
		defer socket.CloseNow() //nolint:errcheck // it was closed in the open, or is lost
		speak(websocket.NetConn(r.Context(), socket, websocket.MessageBinary))
	}))
}

// serveHTTP speaks HTTP on one connection until it ends.
func serveHTTP(conn net.Conn, handler http.Handler) {
	one := &oneConn{conn: conn, done: make(chan struct{})}
	server := &http.Server{Handler: handler, ConnState: func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			one.end()
		}
	}}
	inner := server.Handler
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner.ServeHTTP(w, r)
		if r.Header.Get("Upgrade") != "" { // then nobody says that it is closed
			one.end()
		}
	})
	_ = server.Serve(one) // it ends with the connection
}

// oneConn is a listener that has one connection.
type oneConn struct {
	conn  net.Conn
	mu    sync.Mutex
	given bool
	ended bool
	done  chan struct{}
}

// errServed says that the one connection has ended.
var errServed = errors.New("the connection was served")

// Accept implements net.Listener.
func (o *oneConn) Accept() (net.Conn, error) {
	o.mu.Lock()
	given := o.given
	o.given = true
	o.mu.Unlock()
	if !given {
		return o.conn, nil
	}
	<-o.done
	return nil, errServed
}

func (o *oneConn) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.ended {
		o.ended = true
		close(o.done)
	}
}

// Close implements net.Listener.
func (o *oneConn) Close() error { return nil }

// Addr implements net.Listener.
func (o *oneConn) Addr() net.Addr { return o.conn.LocalAddr() }
