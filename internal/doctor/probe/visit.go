package probe

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/netip"
	"net/url"
	"sync"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/boltprobe"
	"github.com/auralink/auralink/internal/doctor/probe/dial"
	"github.com/auralink/auralink/internal/doctor/probe/tlsprobe"
)

// visits are the connections on which probes look at a spot. A spot is visited once:
// the probes of certificate, discovery document, Bolt and region look at the same
// visit, so that a private ingress has one connection for a name and port of it, and
// not four.
type visits struct {
	dialer dial.Dialer
	tools  Tools

	mu   sync.Mutex
	all  map[doctor.Spot]*visit
	dead map[netip.AddrPort]*failures
}

func newVisits(d dial.Dialer, t Tools) *visits {
	return &visits{dialer: d, tools: t, all: make(map[doctor.Spot]*visit), dead: make(map[netip.AddrPort]*failures)}
}

// visit is what came of one connection to a spot.
type visit struct {
	once sync.Once
	// unasked says that it did not come to it, and why.
	unasked   string
	handshake doctor.Handshake
	// https is set for a spot of HTTPS, bolt for one of Bolt.
	https *doctor.HTTPS
	bolt  *doctor.Bolt
}

// at returns the visit to a spot, which is made if it was not yet.
func (v *visits) at(ctx context.Context, spot doctor.Spot) *visit {
	v.mu.Lock()
	there, known := v.all[spot]
	if !known {
		there = new(visit)
		v.all[spot] = there
	}
	v.mu.Unlock()
	there.once.Do(func() { v.make(ctx, spot, there) })
	return there
}

func (v *visits) make(ctx context.Context, spot doctor.Spot, there *visit) {
	conn, err := v.open(ctx, spot)
	if there.unasked = notAsked(err); there.unasked != "" {
		return
	}
	if conn != nil {
		defer conn.Close()
	}
	there.handshake = v.handshake(spot, conn, err)
	switch spot.Port {
	case doctor.PortHTTPS:
		there.https = v.https(spot, conn, err)
	case doctor.PortBolt:
		there.bolt = bolt(spot, conn, err)
	}
}

// failures are how often no connection to an address and port came about, while none
// ever did.
type failures struct {
	count int
	last  error
}

// enough is after how many failures an address is taken to be dead: whoever drops
// everything would otherwise cost the time-out for each name.
const enough = 3

// open connects to a spot and shakes hands there.
func (v *visits) open(ctx context.Context, spot doctor.Spot) (*tls.Conn, error) {
	at := netip.AddrPortFrom(spot.Addr, spot.Port)
	v.mu.Lock()
	before := v.dead[at]
	if before == nil {
		before = new(failures)
		v.dead[at] = before
	}
	count, last := before.count, before.last
	v.mu.Unlock()
	if count >= enough {
		return nil, last
	}
	conn, err := v.dialer.TCP(ctx, at)
	v.mu.Lock()
	switch {
	case err == nil:
		before.count = math.MinInt // it lives
	case notAsked(err) == "" && ctx.Err() == nil:
		before.count++
		before.last = err
	}
	v.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return dial.Secure(ctx, conn, spot.Name)
}

// handshake returns what is to be told of a handshake.
func (v *visits) handshake(spot doctor.Spot, conn *tls.Conn, err error) doctor.Handshake {
	h := doctor.Handshake{Spot: spot, Outcome: dial.Outcome(err), Error: dial.Text(err), Clock: v.tools.Now()}
	if err != nil {
		h.Alert = alertOf(err)
		return h
	}
	state := conn.ConnectionState()
	h.Version, h.Suite = tlsprobe.Version(state.Version).String(), tlsprobe.Suite(state.CipherSuite).String()
	for _, certificate := range state.PeerCertificates {
		h.Chain = append(h.Chain, tlsprobe.Describe(certificate))
	}
	h.Flaws, h.Error = tlsprobe.Flaws(state.PeerCertificates, spot.Name, v.tools.Roots, h.Clock)
	return h
}

// alertOf returns the name of the alert that ended a handshake, or "".
func alertOf(err error) string {
	if alert, is := dial.Alert(err); is {
		return alert.String()
	}
	return ""
}

// https asks for the discovery document on a connection, if there is one.
func (v *visits) https(spot doctor.Spot, conn *tls.Conn, err error) *doctor.HTTPS {
	h := &doctor.HTTPS{Spot: spot, Alert: alertOf(err), Clock: v.tools.Now()}
	if err == nil {
		err = askDocument(conn, h)
	}
	h.Outcome, h.Error = dial.Outcome(err), dial.Text(err)
	return h
}

// maxDocument is how much of a response's body is read, in octets.
const maxDocument = 1 << 16

func askDocument(conn io.ReadWriter, h *doctor.HTTPS) error {
	request := documentRequest(h.Name)
	if err := request.Write(conn); err != nil {
		return err
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return describe(response, h)
}

// documentRequest asks for the discovery document of a host.
func documentRequest(host string) *http.Request {
	return &http.Request{
		Method: http.MethodGet, URL: &url.URL{Scheme: "https", Host: host, Path: "/"}, Host: host,
		Header: http.Header{"Accept": {"application/json"}, "User-Agent": {"auralink-doctor/1"}},
		Close:  true,
	}
}

// describe notes what a response says.
func describe(response *http.Response, h *doctor.HTTPS) error {
	h.Status, h.Location = response.StatusCode, response.Header.Get("Location")
	h.Date, _ = http.ParseTime(response.Header.Get("Date")) // the zero time, if there is none
	body, err := io.ReadAll(io.LimitReader(response.Body, maxDocument))
	if err != nil {
		return err
	}
	var document doctor.Discovery
	if json.Unmarshal(body, &document) == nil && document != (doctor.Discovery{}) {
		h.Discovery = &document
	}
	return nil
}

// bolt shakes hands by Bolt on a connection, if there is one.
func bolt(spot doctor.Spot, conn *tls.Conn, err error) *doctor.Bolt {
	b := &doctor.Bolt{Spot: spot, Alert: alertOf(err)}
	if err == nil {
		var hello boltprobe.Hello
		hello, err = boltprobe.Shake(conn)
		b.Server = hello.Server
		if hello.Version != (boltprobe.Version{}) {
			b.Version = hello.Version.String()
		}
	}
	b.Outcome, b.Error = dial.Outcome(err), dial.Text(err)
	return b
}
