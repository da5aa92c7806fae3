package status

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/auralink/auralink/internal/graph"
	"github.com/auralink/auralink/internal/page"
)

//go:generate go test . -run ^TestSchema$ -update

// schema is the JSON Schema of all that /api/v1 has. It is generated from the types.
//
//go:embed api.schema.json
var schema []byte

// errNoServer is for a server block that is not there.
var errNoServer = errors.New("no server block has that key")

// handler returns the handler of all requests.
func (b *board) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", b.page(b.writePage))
	mux.HandleFunc("/live", b.page(b.writeLive))
	mux.HandleFunc("/plan", b.page(writePlan))
	mux.HandleFunc("/api/v1/status", b.document(func(s Subject, _ *http.Request) (any, error) { return b.state(s, time.Now()), nil }))
	mux.HandleFunc("/api/v1/plan", b.document(planDocument))
	mux.HandleFunc("/api/v1/picture", b.document(pictureDocument))
	mux.HandleFunc("/api/v1/change", b.document(b.changeDocument))
	mux.HandleFunc("/api/v1/ask", b.document(func(s Subject, r *http.Request) (any, error) { return s.Ask(questionOf(r)) }))
	mux.HandleFunc("/api/v1/schema", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/schema+json")
		_, _ = w.Write(schema)
	})
	return b.guarded(mux)
}

// guarded refuses what only a browser that was led astray would ask, and all that is not
// for reading.
func (b *board) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", page.Policy())
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cache-Control", "no-store")
		switch {
		case !b.names(r.Host):
			refuse(w, r, http.StatusMisdirectedRequest, "this server is asked by its address: "+b.address)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			refuse(w, r, http.StatusMethodNotAllowed, "this server is read, and takes nothing")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// names reports whether a Host header is one of a page of this server's own: by an
// address, which no other page can have as its origin, as localhost, or as the option
// has it. A name that somebody else's DNS has led here is none of them.
func (b *board) names(header string) bool {
	host := header
	if name, _, err := net.SplitHostPort(header); err == nil {
		host = name
	}
	own, _, _ := net.SplitHostPort(b.address)
	if host == own || strings.EqualFold(host, "localhost") {
		return true
	}
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil
}

// page returns the handler of a page.
func (b *board) page(write func(w io.Writer, s Subject, r *http.Request) error) http.HandlerFunc {
	return b.answer("text/html; charset=utf-8", write)
}

// document returns the handler of a document in JSON.
func (b *board) document(of func(s Subject, r *http.Request) (any, error)) http.HandlerFunc {
	return b.answer("application/json", func(w io.Writer, s Subject, r *http.Request) error {
		document, err := of(s, r)
		if err != nil {
			return err
		}
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(document)
	})
}

// trouble is the document for a request that cannot be answered.
type trouble struct {
	// Error says why.
	Error string `json:"error"`
}

// refuse writes why there is no answer, in the form that was asked for.
func refuse(w http.ResponseWriter, r *http.Request, status int, why string) {
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		http.Error(w, why, status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(trouble{why}) // whoever has gone needs no answer
}

// answer writes a whole answer or an error. A few are made at a time.
func (b *board) answer(contentType string, write func(w io.Writer, s Subject, r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case b.turns <- struct{}{}:
			defer func() { <-b.turns }()
		case <-time.After(within):
			refuse(w, r, http.StatusServiceUnavailable, "too many read at once")
			return
		case <-r.Context().Done():
			return
		}
		s, there := b.subject(r.URL.Query().Get("server"))
		if !there {
			refuse(w, r, http.StatusNotFound, errNoServer.Error())
			return
		}
		var out bytes.Buffer
		if err := write(&out, s, r); err != nil {
			refuse(w, r, http.StatusBadRequest, err.Error())
			return
		}
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(out.Bytes()) // whoever has gone needs no answer
	}
}

// questionOf reads a question.
func questionOf(r *http.Request) Question {
	q := r.URL.Query()
	return Question{Client: strings.TrimSpace(q.Get("client")), Name: strings.TrimSpace(q.Get("name")), Type: strings.TrimSpace(q.Get("type"))}
}

// maxNames is how many names of each VPC the page of a plan has.
const maxNames = 20

func writePlan(w io.Writer, s Subject, _ *http.Request) error {
	p, findings := s.Served()
	return page.WritePlan(w, p, findings, page.PlanOptions{Names: maxNames})
}

// changeDocument returns the picture of the change that is held back, or null.
func (b *board) changeDocument(s Subject, _ *http.Request) (any, error) {
	drawn, err := b.drawn(s)
	return drawn.Picture, err
}

// pictureDocument returns the picture of the plan that is served.
func pictureDocument(s Subject, _ *http.Request) (any, error) {
	p, _ := s.Served()
	return graph.New(p), nil
}

func planDocument(s Subject, _ *http.Request) (any, error) {
	p, findings := s.Served()
	return page.NewPlan(p, findings, page.PlanOptions{Names: maxNames}), nil
}
