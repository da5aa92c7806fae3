package standin_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"

	"github.com/auralink/auralink/test/aura/standin"
)

const (
	orchestra = "production-orch-0000.neo4j.io"
	database  = "c466fb81"
	endpoint  = "test-m4yy-gtwk"
)

// scene is a region at an address of this machine, whose names resolve.
type scene struct {
	authority *standin.Authority
	region    *standin.Region
	ingress   *standin.Ingress
	private   string // the host of the Private URI
	custom    string // the host of the custom endpoint
}

func newScene(t *testing.T) scene {
	t.Helper()
	authority, err := standin.NewAuthority("test")
	if err != nil {
		t.Fatal(err)
	}
	region, err := standin.NewRegion(authority, "east", orchestra)
	if err != nil {
		t.Fatal(err)
	}
	s := scene{authority: authority, region: region}
	s.private, s.custom = region.AddDatabase(database), region.AddEndpoint(endpoint, database)
	here := netip.MustParseAddr("127.0.0.1")
	if s.ingress, err = region.OpenPorts(net.Listen, here, 0, 0, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.ingress.Close)
	resolveHere(t, map[string]netip.Addr{orchestra: here, "endpoints.neo4j.io": here})
	return s
}

// driver opens the official driver.
func (s scene) driver(t *testing.T, host, password string) neo4j.DriverWithContext {
	t.Helper()
	uri := fmt.Sprintf("neo4j+s://%s:%d", host, s.ingress.BoltAddr().Port)
	driver, err := neo4j.NewDriverWithContext(uri, neo4j.BasicAuth("neo4j", password, ""), func(c *config.Config) {
		c.TlsConfig = &tls.Config{RootCAs: s.authority.Pool()}
		c.SocketConnectTimeout = 2 * time.Second
		c.MaxTransactionRetryTime = 0
		c.ConnectionAcquisitionTimeout = 3 * time.Second
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = driver.Close(context.Background()) })
	return driver
}

// place is where a query says that it was run.
type place struct{ Region, Host, Mode string }

func query(driver neo4j.DriverWithContext, mode neo4j.AccessMode, text string) (place, error) {
	ctx := context.Background()
	session := driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: mode, DatabaseName: "neo4j"})
	defer session.Close(ctx) //nolint:errcheck // the transaction has ended
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		return place{}, err
	}
	defer tx.Close(ctx) //nolint:errcheck // so has this
	result, err := tx.Run(ctx, text, map[string]any{"list": []any{1, -200, 3.5, true, nil, strings.Repeat("x", 70_000)}})
	if err != nil {
		return place{}, err
	}
	record, err := result.Single(ctx)
	if err != nil {
		return place{}, err
	}
	row := record.AsMap()
	return place{row["region"].(string), row["host"].(string), row["mode"].(string)}, tx.Commit(ctx)
}

// TestDriver: the official driver reads at readers and writes at the writer, by the
// Private URI and by the custom endpoint, in every version of Bolt.
func TestDriver(t *testing.T) {
	s := newScene(t)
	servers := s.region.Servers(database)
	for minor := range 9 {
		for _, host := range []string{s.private, s.custom} {
			t.Run(fmt.Sprintf("5.%d/%s", minor, host), func(t *testing.T) {
				s.ingress.Behave(standin.Behaviour{BoltMinor: &minor})
				s.region.Forget()
				driver := s.driver(t, host, standin.Password)
				got, err := query(driver, neo4j.AccessModeWrite, "CREATE (n)")
				if diff := cmp.Diff(place{"east", servers[0], "w"}, got); err != nil || diff != "" {
					t.Errorf("writing: %v (-want +got):\n%s", err, diff)
				}
				got, err = query(driver, neo4j.AccessModeRead, "RETURN 1")
				if err != nil || got.Mode != "r" || got.Host == servers[0] {
					t.Errorf("reading: %+v, %v", got, err)
				}
				if _, err = query(driver, neo4j.AccessModeRead, "CREATE (n)"); err == nil {
					t.Error("it writes at a reader")
				}
				want := standin.Tally{
					Reads: map[string]int{got.Host: 1}, Writes: map[string]int{servers[0]: 1}, Routes: map[string]int{host: 1}, Addresses: map[string]int{"127.0.0.1": 2},
					Misdirected: map[string]int{}, Discoveries: map[string]int{},
				}
				if diff := cmp.Diff(want, s.region.Tally()); diff != "" {
					t.Errorf("the region's tally (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestBehaviour: what can be wrong, as the driver says it.
func TestBehaviour(t *testing.T) {
	s := newScene(t)
	old := uint16(tls.VersionTLS11)
	for _, tt := range []struct {
		name      string
		behaviour standin.Behaviour
		host      string
		password  string
		mode      neo4j.AccessMode
		want      string // in the error; empty for none
	}{
		{name: "nothing"},
		{name: "slow", behaviour: standin.Behaviour{Slow: 20 * time.Millisecond}},
		{name: "catch-all", behaviour: standin.Behaviour{CatchAll: true}, host: "other.endpoints.neo4j.io"},
		{name: "name of another region", host: "other.endpoints.neo4j.io", want: "tls: unrecognized name"},
		{name: "expired", behaviour: standin.Behaviour{Certificate: standin.Expired}, want: "certificate has expired"},
		{name: "not yet valid", behaviour: standin.Behaviour{Certificate: standin.NotYet}, want: "not yet valid"},
		{name: "other name", behaviour: standin.Behaviour{Certificate: standin.OtherName}, want: "certificate is valid for ingress.example.net, not"},
		{name: "other issuer", behaviour: standin.Behaviour{Certificate: standin.OtherIssuer}, want: "unknown authority"},
		{name: "old versions", behaviour: standin.Behaviour{MinVersion: old, MaxVersion: old}, want: "protocol version not supported"},
		{name: "old suites", behaviour: standin.Behaviour{MaxVersion: tls.VersionTLS12, Suites: []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}}, want: "handshake failure"},
		{name: "silent", behaviour: standin.Behaviour{Silent: true}, want: "deadline exceeded"},
		{name: "reset", behaviour: standin.Behaviour{Reset: true}, want: "reset by peer"},
		{name: "drop after the first message", behaviour: standin.Behaviour{DropAfter: 1}, want: "ConnectivityError"},
		{name: "no Bolt", behaviour: standin.Behaviour{NoBolt: true}, want: "server did not accept any of the requested Bolt versions"},
		{name: "wrong password", password: "guess", want: "Neo.ClientError.Security.Unauthorized"},
		{name: "no writer", behaviour: standin.Behaviour{NoWriter: true}, want: "ConnectivityError"},
		{name: "no reader", behaviour: standin.Behaviour{NoReader: true}, mode: neo4j.AccessModeRead, want: "ConnectivityError"},
		{name: "unresolvable reader", behaviour: standin.Behaviour{NoReader: true, FurtherReader: "p-none.invalid"}, mode: neo4j.AccessModeRead, want: "lookup p-none.invalid"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.ingress.Behave(tt.behaviour)
			host, password := tt.host, tt.password
			if host == "" {
				host = s.custom
			}
			if password == "" {
				password = standin.Password
			}
			_, err := query(s.driver(t, host, password), tt.mode, "RETURN 1")
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("the driver says %v, want %q", err, tt.want)
			}
		})
	}
}

// TestUnknownName: a connection for a name of another region ends in the alert
// unrecognized_name, 112, and one without a name as well.
func TestUnknownName(t *testing.T) {
	s := newScene(t)
	for _, name := range []string{"other.endpoints.neo4j.io", orchestra, ""} {
		config := &tls.Config{ServerName: name, InsecureSkipVerify: name == "", RootCAs: s.authority.Pool()}
		_, err := tls.Dial("tcp", s.ingress.BoltAddr().String(), config)
		var alert *net.OpError
		if !errors.As(err, &alert) || alert.Op != "remote error" || alert.Err.Error() != "tls: unrecognized name" {
			t.Errorf("%q: %v", name, err)
		}
	}
	want := map[string]int{"other.endpoints.neo4j.io": 1, orchestra: 1, "": 1}
	if diff := cmp.Diff(want, s.region.Tally().Misdirected); diff != "" {
		t.Errorf("misdirected (-want +got):\n%s", diff)
	}
}

// TestDropIdle: a silent connection ends after the time that is set.
func TestDropIdle(t *testing.T) {
	s := newScene(t)
	s.ingress.Behave(standin.Behaviour{DropIdle: 50 * time.Millisecond})
	conn, err := tls.Dial("tcp", s.ingress.BoltAddr().String(), &tls.Config{ServerName: s.private, RootCAs: s.authority.Pool()})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	_, err = conn.Read(make([]byte, 1))
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() || err == nil {
		t.Errorf("the connection is still there: %v", err)
	}
}

// TestDiscovery: the document needs no credentials and names the Private URI; all else
// is refused, as a proof that HTTPS works.
func TestDiscovery(t *testing.T) {
	s := newScene(t)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.authority.Pool(), MinVersion: tls.VersionTLS12}}}
	defer client.CloseIdleConnections()
	base := fmt.Sprintf("https://%s:%d", s.custom, s.ingress.HTTPSAddr().Port)
	for range 2 { // over one connection
		response, err := client.Get(base + "/")
		if err != nil {
			t.Fatal(err)
		}
		var document map[string]string
		if err := json.NewDecoder(response.Body).Decode(&document); err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if got, want := document["bolt_routing"], "neo4j+s://"+s.private+":7687"; got != want {
			t.Errorf("bolt_routing is %q, want %q", got, want)
		}
	}
	response, err := client.Get(base + "/db/neo4j/query/v2")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("without credentials: %s", response.Status)
	}
	if diff := cmp.Diff(map[string]int{s.custom: 2}, s.region.Tally().Discoveries); diff != "" {
		t.Errorf("discoveries (-want +got):\n%s", diff)
	}
}

// TestAuthority: the certificate is what programs want that read files.
func TestAuthority(t *testing.T) {
	authority, err := standin.NewAuthority("test")
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority.PEM()) || !pool.Equal(authority.Pool()) {
		t.Error("the file is not the authority")
	}
}
