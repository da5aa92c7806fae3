package existing

import (
	"errors"
	"net"
	"time"

	"github.com/auralink/auralink/zones"
)

// Limits bound what is read of one zone by transfer: a server may have no end.
type Limits struct {
	// Records and Octets are how many come at most; Time is how long that may take.
	Records int
	Octets  int64
	Time    time.Duration
}

// The errors of transfers that have no end in sight, or are none.
var (
	errManyRecords  = errors.New("it gives far more records than the view has names: is it the right zone?")
	errManyOctets   = errors.New("it gives far more octets than the view has names: is it the right zone?")
	errLongTransfer = errors.New("the transfer takes too long")
	errOutside      = errors.New("it gives records of names outside of the zone")
)

// limitsOf returns limits that leave room for a zone with some other names than those
// of the view, and with some other records: each name with 4 records of 128 octets,
// at least 10,000 of them in a second.
func limitsOf(v zones.View) Limits {
	names := 0
	for range ViewNames(v) {
		names++
	}
	l := Limits{Records: 100_000 + 4*names, Time: time.Minute + time.Duration(names)*100*time.Microsecond}
	l.Octets = 128 * int64(l.Records)
	return l
}

// boundedConn is a connection from which no more octets are read than are left.
type boundedConn struct {
	net.Conn
	left int64
}

// Read implements the io.Reader interface.
func (c *boundedConn) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errManyOctets
	}
	n, err := c.Conn.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}
