package session

import (
	"context"
	"net"
	"strconv"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"

	"github.com/auralink/auralink/internal/doctor"
)

// Silent opens one connection, asks for a number by it, says nothing for a while, and
// asks again. The error is that of the first question: there was no connection to be
// silent on.
func Silent(ctx context.Context, l Login, wait time.Duration) (doctor.Silence, error) {
	uri := "bolt+s://" + net.JoinHostPort(l.Host, strconv.Itoa(int(l.Port)))
	driver, err := neo4j.NewDriverWithContext(uri, neo4j.BasicAuth(l.User, l.Password, ""), l.configure, func(c *config.Config) {
		c.MaxConnectionLifetime = 2*wait + time.Hour // or the driver would open a new one
	})
	if err != nil {
		return doctor.Silence{}, err
	}
	defer func() { _ = driver.Close(ctx) }() // nobody waits for it
	if t := l.transact(ctx, driver, neo4j.AccessModeRead, nil); !t.OK {
		return doctor.Silence{}, &failedError{t}
	}
	select {
	case <-time.After(wait):
	case <-ctx.Done():
		return doctor.Silence{}, ctx.Err()
	}
	t := l.transact(ctx, driver, neo4j.AccessModeRead, nil)
	s := doctor.Silence{Seconds: int(wait.Seconds()), Alive: t.OK}
	if !t.OK {
		s.End = t.outcome
	}
	return s, nil
}

// failedError is the error of a transaction that failed.
type failedError struct{ transaction }

// Error implements error.
func (e *failedError) Error() string { return e.transaction.Error }
