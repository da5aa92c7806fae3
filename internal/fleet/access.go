package fleet

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"

	"github.com/auralink/auralink/internal/hint"
)

// Access is how to come to a fleet's etcd. All of it are paths of files: no secret
// is in a Corefile, a log or a command line.
type Access struct {
	// Cert, Key and CA are for TLS both ways: our certificate, its key, and who signs
	// etcd's certificates. All three, or none.
	Cert, Key, CA string
	// User is a file with one line, NAME:PASSWORD, of a user of etcd; empty for none.
	// A certificate may say who we are as well, by its common name.
	User string
}

// Times of a client. A link that is cut in silence is noticed after a ping and its
// time-out, if a watch or a lease uses it; else a request runs into its own time-out.
// etcd closes links that are pinged more often than every five seconds, and those that
// nothing uses if they are pinged at all.
const (
	pingEvery   = 10 * time.Second
	pingTimeout = 3 * time.Second
	redialAfter = time.Second
)

// config returns the configuration of etcd's client.
func (a Access) config(endpoints []string) (clientv3.Config, error) {
	config := clientv3.Config{
		Endpoints:            endpoints,
		DialTimeout:          pingTimeout,
		DialKeepAliveTime:    pingEvery,
		DialKeepAliveTimeout: pingTimeout,
		MaxUnaryRetries:      uint(len(endpoints)),
		Logger:               zap.NewNop(), // what fails is returned
		DialOptions: []grpc.DialOption{grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: redialAfter / 5, Multiplier: 1.6, Jitter: 0.2, MaxDelay: redialAfter},
			MinConnectTimeout: pingTimeout,
		})},
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
	if _, err := tls.LoadX509KeyPair(a.Cert, a.Key); err != nil {
		return nil, fmt.Errorf("reading the certificate: %w", err)
	}
	text, err := os.ReadFile(a.CA)
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
			pair, err := tls.LoadX509KeyPair(a.Cert, a.Key)
			return &pair, err
		},
	}, nil
}

// readUser reads the file with name and password. The error has nothing of it.
func readUser(path string) (name, password string, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", "", fmt.Errorf("reading the user: %w", err)
	}
	name, password, found := strings.Cut(string(bytes.TrimRight(text, "\r\n")), ":")
	if !found || name == "" || password == "" || strings.ContainsAny(password, "\r\n") {
		return "", "", fmt.Errorf("reading the user: %s is not one line, NAME:PASSWORD", path)
	}
	return name, password, nil
}
