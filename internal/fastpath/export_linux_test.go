package fastpath

import (
	"sync/atomic"
	"testing"
)

// Stage tells the test binary, by the environment, what it was started for.
const Stage = "AURALINK_TEST_STAGE"

// Prepared is the stage in a network namespace that was prepared, without privileges.
const Prepared = "prepared"

// UsePortable makes sockets that are opened from now on until the test ends be
// served a packet at a time.
func UsePortable(t *testing.T) {
	before := batches
	batches = func(int) bool { return false }
	t.Cleanup(func() { batches = before })
}

// Faults are what goes wrong with the sockets that are opened while a test runs.
type Faults struct {
	// Only says of which sockets, by their numbers, or of all if it is nil.
	Only                        map[int]bool
	receiving, sending, refused atomic.Pointer[error]
	stuck                       atomic.Bool
	receives                    atomic.Int64 // that are to fail still
	opened                      int
}

// InjectFaults makes sockets that are opened from now on until the test ends go
// wrong when that is asked for.
func InjectFaults(t *testing.T) *Faults {
	f := new(Faults)
	wrap = func(c conn) conn {
		f.opened++
		if f.Only != nil && !f.Only[f.opened-1] {
			return c
		}
		return &faulty{conn: c, faults: f}
	}
	t.Cleanup(func() { wrap = func(c conn) conn { return c } })
	return f
}

// Receive has the next calls to read fail.
func (f *Faults) Receive(err error, times int64) {
	f.receiving.Store(&err)
	f.receives.Store(times)
}

// Send has calls to write fail, or not any more.
func (f *Faults) Send(err error) {
	if f.sending.Store(nil); err != nil {
		f.sending.Store(&err)
	}
}

// Refuse has the kernel refuse all packets for their own sake.
func (f *Faults) Refuse(err error) { f.refused.Store(&err) }

// Stick has calls to read that go on for ever, whatever interrupts them.
func (f *Faults) Stick() { f.stuck.Store(true) }

// faulty is a conn that goes wrong.
type faulty struct {
	conn
	faults *Faults
}

// read returns the next error of what reads.
func (c *faulty) read() error {
	if c.faults.receives.Add(-1) >= 0 {
		return *c.faults.receiving.Load()
	}
	return nil
}

func (c *faulty) receive(b *batch) error {
	if c.faults.stuck.Load() {
		select {}
	}
	if err := c.read(); err != nil {
		return err
	}
	return c.conn.receive(b)
}

func (c *faulty) send(b *batch) (refused int) {
	if c.faults.sending.Load() == nil && c.faults.refused.Load() == nil {
		return c.conn.send(b)
	}
	for i := range b.packets[:b.n] {
		if b.packets[i].reply > 0 {
			refused++
		}
	}
	return refused
}

func (c *faulty) probe() error {
	if err := c.read(); err != nil {
		return err
	}
	if wrong := c.faults.sending.Load(); wrong != nil {
		return *wrong
	}
	return c.conn.probe()
}
