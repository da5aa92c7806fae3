// Package load has the official Go driver make transactions without end, and says of
// each where it was run. js/drive.js does the same with the official JavaScript driver,
// and prints the same lines.
package load

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
)

// Plan is what is to be done.
type Plan struct {
	// URIs are what an application would have been given: neo4j+s://HOST.
	URIs []string
	// CA is a file with the certificates of the authorities to trust.
	CA string
	// Password is that of the user neo4j.
	Password string
	// Rounds is how often each URI is used, or 0 for as long as the context is there.
	Rounds int
}

// Transaction is one transaction, as a line of JSON.
type Transaction struct {
	URI string `json:"uri"`
	// Mode is "r" for one that only reads, and "w" for one that may write.
	Mode string `json:"mode"`
	// Region and Host are where it was run.
	Region string `json:"region,omitempty"`
	Host   string `json:"host,omitempty"`
	// Error is why it was not, in the driver's words.
	Error string `json:"error,omitempty"`
}

// Run makes transactions and writes a line about each. Every second round uses one
// driver that was opened at the beginning, as applications do; the others open their
// own, so that every name is looked up anew. It ends early when nobody reads the lines.
func (p Plan) Run(ctx context.Context, out io.Writer) error {
	pem, err := os.ReadFile(p.CA)
	if err != nil {
		return fmt.Errorf("reading the authority: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return fmt.Errorf("%q has no certificate", p.CA)
	}
	kept := make(map[string]neo4j.DriverWithContext)
	defer func() {
		for _, driver := range kept {
			_ = driver.Close(context.Background()) // there is nothing left to lose
		}
	}()
	lines := json.NewEncoder(out)
	for _, uri := range p.URIs {
		if kept[uri], err = p.open(uri, roots); err != nil {
			return err
		}
	}
	for round := 0; ctx.Err() == nil && (p.Rounds == 0 || round < p.Rounds); round++ {
		for _, uri := range p.URIs {
			if err := p.use(uri, roots, kept[uri], round%2 == 1, lines); err != nil {
				return err
			}
		}
		time.Sleep(pause)
	}
	return nil
}

// pause is between two rounds, so that the machine has time for what is tested.
const pause = 50 * time.Millisecond

// open opens a driver that tries nothing twice, so that every failure is seen.
func (p Plan) open(uri string, roots *x509.CertPool) (neo4j.DriverWithContext, error) {
	driver, err := neo4j.NewDriverWithContext(uri, neo4j.BasicAuth("neo4j", p.Password, ""), func(c *config.Config) {
		c.TlsConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
		c.MaxTransactionRetryTime = 0
		c.SocketConnectTimeout = 10 * time.Second
		c.ConnectionAcquisitionTimeout = 30 * time.Second
	})
	if err != nil {
		return nil, fmt.Errorf("opening %q: %w", uri, err)
	}
	return driver, nil
}

// use makes a read and a write with the driver that is kept, or with one of its own.
func (p Plan) use(uri string, roots *x509.CertPool, driver neo4j.DriverWithContext, keep bool, lines *json.Encoder) error {
	if !keep {
		own, err := p.open(uri, roots)
		if err != nil {
			return err
		}
		defer own.Close(context.Background()) //nolint:errcheck // its transactions have ended
		driver = own
	}
	return errors.Join(lines.Encode(transact(driver, uri, "r")), lines.Encode(transact(driver, uri, "w")))
}

// transact makes one transaction.
func transact(driver neo4j.DriverWithContext, uri, mode string) (t Transaction) {
	t = Transaction{URI: uri, Mode: mode}
	access, query := neo4j.AccessModeRead, "RETURN 1"
	if mode == "w" {
		access, query = neo4j.AccessModeWrite, "CREATE (n)"
	}
	ctx := context.Background()
	session := driver.NewSession(ctx, neo4j.SessionConfig{AccessMode: access, DatabaseName: "neo4j"})
	defer session.Close(ctx) //nolint:errcheck // the transaction has ended
	result, err := session.Run(ctx, query, nil)
	if err != nil {
		t.Error = err.Error()
		return t
	}
	record, err := result.Single(ctx)
	if err != nil {
		t.Error = err.Error()
		return t
	}
	row := record.AsMap()
	t.Region, _ = row["region"].(string)
	t.Host, _ = row["host"].(string)
	return t
}
