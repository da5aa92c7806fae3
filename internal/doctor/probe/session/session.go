// Package session asks a database as an application would: by Neo4j's official
// driver, with credentials. It reads at a reader, and begins one transaction for
// writing, which writes nothing and is rolled back. The driver is linked here alone.
package session

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"

	"github.com/auralink/auralink/internal/doctor"
)

// Login is how to connect to a database.
type Login struct {
	// Host is that of the URI, and Port its port.
	Host string
	Port uint16
	// Database is the name of the database; "" for the user's own.
	Database string
	// User and Password are the credentials. Neither is kept by anything that is
	// returned.
	User, Password string
	// Roots vouch for certificates; nil for the system's.
	Roots *x509.CertPool
	// Patience is how long one connection may take to come about, and each step.
	Patience time.Duration
}

// Connections is how many connections to the same ingress a session may have open at
// once: one to each server of the three that a routing table has.
const Connections = 3

// Ask opens a session by "neo4j+s://", and reads and begins to write in it.
func Ask(ctx context.Context, l Login) *doctor.Session {
	s := &doctor.Session{Name: l.Host, Port: l.Port, Database: l.Database}
	uri := "neo4j+s://" + net.JoinHostPort(l.Host, strconv.Itoa(int(l.Port)))
	driver, err := neo4j.NewDriverWithContext(uri, neo4j.BasicAuth(l.User, l.Password, ""), l.configure)
	if err != nil {
		s.Outcome, s.Error = doctor.Failed, err.Error()
		return s
	}
	defer func() { _ = driver.Close(ctx) }() // nobody waits for it
	table := new(tableReader)
	read := l.transact(ctx, driver, neo4j.AccessModeRead, table)
	s.Table, s.TTL = table.servers, table.ttl
	if len(s.Table) == 0 {
		s.Outcome, s.Code, s.Error = read.outcome, read.Code, read.Error
		return s
	}
	s.Outcome, s.Read = doctor.Connected, read.on(s.Table)
	s.Write = l.transact(ctx, driver, neo4j.AccessModeWrite, table).on(s.Table)
	return s
}

// configure sets what the driver is to do otherwise than by default.
func (l Login) configure(c *config.Config) {
	c.TlsConfig = &tls.Config{RootCAs: l.Roots, MinVersion: tls.VersionTLS12}
	c.SocketConnectTimeout = l.Patience
	c.ConnectionAcquisitionTimeout = 2 * l.Patience
	c.MaxTransactionRetryTime = 0
	c.MaxConnectionPoolSize = 1
	c.TelemetryDisabled = true
	c.UserAgent = "auralink-doctor/1"
}

// transaction is one that was tried, and how its failure is to be taken.
type transaction struct {
	doctor.Transaction
	outcome doctor.Outcome
}

// transact begins a transaction, asks for a number in it, and rolls it back. The table
// may be nil.
func (l Login) transact(ctx context.Context, driver neo4j.DriverWithContext, mode neo4j.AccessMode, table *tableReader) transaction {
	ctx, cancel := context.WithTimeout(ctx, 3*l.Patience)
	defer cancel()
	options := neo4j.SessionConfig{AccessMode: mode, DatabaseName: l.Database}
	if table != nil {
		options.BoltLogger = table
	}
	session := driver.NewSession(ctx, options)
	defer func() { _ = session.Close(ctx) }() // nothing is left to be done in it
	start := time.Now()
	server, err := roundTrip(ctx, session)
	t := transaction{outcome: outcomeOf(err)}
	t.Server, t.OK, t.Took = server, err == nil, float64(time.Since(start).Microseconds())/1000
	if err != nil {
		t.Code, t.Error = describe(err)
	}
	return t
}

// roundTrip asks for a number in a transaction of its own, and returns who answered.
func roundTrip(ctx context.Context, session neo4j.SessionWithContext) (server string, err error) {
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		return "", err
	}
	result, err := tx.Run(ctx, "RETURN 1 AS one", nil)
	if err != nil {
		_ = tx.Close(ctx) // the first error is the one to tell
		return "", err
	}
	summary, err := result.Consume(ctx)
	if err != nil {
		_ = tx.Close(ctx) // the first error is the one to tell
		return "", err
	}
	return summary.Server().Address(), tx.Rollback(ctx)
}

// on returns the transaction with the server at which it failed, if the error names one
// of a routing table.
func (t transaction) on(table []doctor.RouteServer) *doctor.Transaction {
	for _, s := range table {
		if t.Server == "" && strings.Contains(t.Error, s.Host) {
			t.Server = net.JoinHostPort(s.Host, strconv.Itoa(int(s.Port)))
		}
	}
	return &t.Transaction
}
