package fleet

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// reachWithin is the time in which it is found out why nobody answers.
const reachWithin = 1500 * time.Millisecond

// unanswered says why etcd did not answer, node by node: the library that asks etcd waits
// for connections, and does not tell why there are none.
func (s *Store) unanswered() error {
	ctx, cancel := context.WithTimeout(context.Background(), reachWithin)
	defer cancel()
	endpoints := s.client.Endpoints()
	said := make([]string, len(endpoints))
	var together sync.WaitGroup
	for i, endpoint := range endpoints {
		together.Go(func() { said[i] = fmt.Sprintf("%s: %v", endpoint, reach(ctx, endpoint, s.tls)) })
	}
	together.Wait()
	return fmt.Errorf("etcd does not answer in time: %s", strings.Join(said, "; "))
}

// The errors of nodes, beside those of connections and of TLS.
var (
	errSilent    = errors.New("it takes the connection, and says nothing")
	errNoQuorum  = errors.New("it is there, but may have lost the other nodes, or be busy")
	errSpeaksNot = errors.New("it speaks no TLS: give no certificate, key and CA, or have etcd use TLS")
	errNoEtcd    = errors.New("it wants TLS (our certificate, its key and the CA), or is not etcd's port for clients")
)

// preface is what a client of HTTP/2 begins with (RFC 9113, section 3.4): a line, and a
// frame of settings without any.
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\x00\x00\x00\x04\x00\x00\x00\x00\x00"

// reach finds out how far one comes to a node: it begins HTTP/2 as etcd's client does.
// The error says what is in the way, if it is no more than that there is no answer.
func reach(ctx context.Context, endpoint string, config *tls.Config) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", endpoint)
	if err != nil {
		return withoutAddress(err)
	}
	defer conn.Close()
	if deadline, has := ctx.Deadline(); has {
		_ = conn.SetDeadline(deadline) // an error shows in what follows
	}
	if config != nil {
		config = config.Clone()
		config.NextProtos = []string{"h2"}
		config.ServerName, _, _ = net.SplitHostPort(endpoint)
		over := tls.Client(conn, config)
		if err := over.HandshakeContext(ctx); err != nil {
			return ofTLS(err, config)
		}
		conn = over
	}
	if _, err := io.WriteString(conn, preface); err != nil {
		return withoutAddress(err)
	}
	var head [9]byte // of a frame of HTTP/2
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return ofRead(err, head[:], config)
	}
	return ofHead(head[:])
}

// ofHead says what begins as the first octets of an answer do.
func ofHead(head []byte) error {
	if head[3] == 4 && !bytes.HasPrefix(head, []byte("HTTP")) {
		return errNoQuorum // the frame of settings: all is well so far
	}
	return errNoEtcd // HTTP/1, or an alert of TLS
}

// ofRead says what an answer that ends too soon means.
func ofRead(err error, head []byte, config *tls.Config) error {
	switch {
	case head[0] != 0:
		return ofHead(head)
	case isAlert(err):
		return ofTLS(err, config)
	case errors.Is(err, io.EOF):
		return errNoEtcd
	case isTimeout(err):
		return errSilent
	}
	return withoutAddress(err)
}

// ofTLS says what is wrong with a handshake.
func ofTLS(err error, config *tls.Config) error {
	var header tls.RecordHeaderError
	switch {
	case errors.As(err, &header), errors.Is(err, io.EOF):
		return errSpeaksNot
	case isAlert(err):
		return fmt.Errorf("it does not take our certificate%s: %w", ownDates(config), withoutAddress(err))
	case isTimeout(err):
		return errSilent
	}
	return err
}

// ownDates says when our certificate is valid, if it is not now: alerts call all of that
// expired.
func ownDates(config *tls.Config) string {
	own, err := config.GetClientCertificate(nil)
	if err != nil || own.Leaf == nil {
		return ""
	}
	now, from, to := time.Now(), own.Leaf.NotBefore, own.Leaf.NotAfter
	if now.After(from) && now.Before(to) {
		return ""
	}
	return fmt.Sprintf(", which is valid from %s to %s, and it is %s", from.UTC().Format(time.RFC3339), to.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
}

// isAlert reports whether the other side has said by TLS what it does not like.
func isAlert(err error) bool {
	return strings.Contains(err.Error(), "remote error: tls:") // the type is crypto/tls's own
}

// isTimeout reports whether the time was over.
func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// withoutAddress returns the error of a connection without its addresses: they are said.
func withoutAddress(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}
