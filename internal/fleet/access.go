package fleet

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"

	"github.com/auralink/auralink/internal/hint"
	"github.com/auralink/auralink/internal/inputfile"
)

// Access is how to come to a fleet's etcd. All fields are paths of files, so
// that no secret stands in a Corefile, a log or a command line.
type Access struct {
	// Cert, Key and CA are for TLS both ways: our certificate, its key, and who signs
	// etcd's certificates. All three, or none.
	Cert, Key, CA string
	// User is a file with one line, NAME:PASSWORD, of a user of etcd; empty for none.
	// A certificate may say who we are as well, by its common name.
	User string
}

// Times of a client. etcd closes links that are pinged more often than every five
// seconds, and idle ones if they are pinged at all.
const (
	pingEvery = 10 * time.Second
	// silentWithin is how long the other end of a link may leave what was sent without an
	// acknowledgement. Then the link is dead (TCP_USER_TIMEOUT, where there is that).
	silentWithin = time.Second
	// dialWithin bounds the connection to an address. The system sends its first packet again
	// after a second (RFC 6298, section 2), so that a new dial is no slower.
	dialWithin = time.Second
	// shakeWithin bounds the whole of connecting: name, connection, TLS, and the first words of HTTP/2.
	shakeWithin = 3 * time.Second
	// window is how much a node sends before it waits for us: what a read of pieces has, as
	// a rule, so that it costs one round trip.
	window = 1 << 20
	// redialAfter is the time between two dials of a node that cannot be reached.
	redialAfter = 250 * time.Millisecond
)

// dial connects to a node, by the first of its addresses that takes it. It asks no proxy.
func dial(ctx context.Context, endpoint string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(endpoint)
	if err != nil {
		return nil, err
	}
	addrs, err := net.DefaultResolver.LookupHost(ctx, host)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: dialWithin}
	var conn net.Conn
	for _, addr := range addrs {
		if conn, err = dialer.DialContext(ctx, "tcp", net.JoinHostPort(addr, port)); err == nil {
			break
		}
	}
	return conn, err
}

// config returns the configuration of etcd's client.
func (a Access) config(endpoints []string) (clientv3.Config, error) {
	config := clientv3.Config{
		Endpoints:            endpoints,
		DialTimeout:          shakeWithin,
		DialKeepAliveTime:    pingEvery,
		DialKeepAliveTimeout: silentWithin,
		MaxUnaryRetries:      uint(len(endpoints)),
		Logger:               zap.NewNop(), // what fails is returned
		DialOptions: []grpc.DialOption{
			grpc.WithContextDialer(dial), grpc.WithInitialWindowSize(window), grpc.WithInitialConnWindowSize(window),
			grpc.WithConnectParams(grpc.ConnectParams{
				Backoff:           backoff.Config{BaseDelay: redialAfter, Multiplier: 1, Jitter: 0.2, MaxDelay: redialAfter},
				MinConnectTimeout: shakeWithin,
			}),
		},
	}
	var err error
	if config.TLS, err = a.tls(); err != nil {
		return config, err
	}
	if a.User == "" {
		return config, nil
	}
	if config.TLS == nil {
		return config, hint.Add(errors.New("a user without TLS would send the password for all to read"), "give certificate, key and CA as well")
	}
	config.Username, config.Password, err = readUser(a.User)
	return config, err
}

// tls returns the configuration of TLS, or nil for none. The certificate is read for
// each connection, so that it can be renewed without a restart.
func (a Access) tls() (*tls.Config, error) {
	switch {
	case a.Cert == "" && a.Key == "" && a.CA == "":
		return nil, nil
	case a.Cert == "" || a.Key == "" || a.CA == "":
		return nil, errors.New("TLS needs all three: certificate, key and CA")
	}
	if _, err := a.pair(); err != nil {
		return nil, fmt.Errorf("reading the certificate: %w", err)
	}
	text, err := inputfile.Read(a.CA, inputfile.MaxAuthorities)
	if err != nil {
		return nil, fmt.Errorf("reading the CA: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("reading the CA: %s has no certificate in PEM", a.CA)
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		RootCAs:    roots,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			pair, err := a.pair()
			return &pair, err
		},
	}, nil
}

// maxOwn bounds a certificate with those above it, a key, or a user, in octets.
const maxOwn = 1 << 20

// pair reads certificate and key.
func (a Access) pair() (tls.Certificate, error) {
	cert, err := inputfile.Read(a.Cert, maxOwn)
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := inputfile.Read(a.Key, maxOwn)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(cert, key)
}

// who says as whom we come to etcd, which goes by a certificate's name if there is no user.
func who(config clientv3.Config) string {
	if config.Username != "" {
		return fmt.Sprintf("user %q", config.Username)
	}
	if config.TLS != nil {
		if own, err := config.TLS.GetClientCertificate(nil); err == nil && own.Leaf != nil {
			return fmt.Sprintf("user %q, by the certificate's name,", own.Leaf.Subject.CommonName)
		}
	}
	return "the user"
}

// readUser reads the file with name and password. The error has nothing of it.
func readUser(path string) (name, password string, err error) {
	text, err := inputfile.Read(path, maxOwn)
	if err != nil {
		return "", "", fmt.Errorf("reading the user: %w", err)
	}
	name, password, found := strings.Cut(string(bytes.TrimRight(text, "\r\n")), ":")
	if !found || name == "" || password == "" || strings.ContainsAny(password, "\r\n") {
		return "", "", fmt.Errorf("reading the user: %s is not one line, NAME:PASSWORD", path)
	}
	return name, password, nil
}
