package auralink

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/zones"
)

// snapshot is all that one state of the topology file leads to.
type snapshot struct {
	plan     *plan.Plan
	table    *authority.Table
	findings topology.Findings
	digest   [sha256.Size]byte // of the file
	loaded   time.Time
	counters *counters
}

// load reads the topology file and compiles it. The serial of its zones is the
// time, in seconds since 1970, but always greater than that of before, which
// may be nil.
func (a *Auralink) load(before *snapshot, now time.Time) (*snapshot, error) {
	text, err := readRegular(a.topology)
	if err != nil {
		return nil, fmt.Errorf("reading topology: %w", err)
	}
	digest := sha256.Sum256(text)
	if before != nil && before.digest == digest {
		return before, nil
	}
	p, findings, err := plan.Read(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("topology %q: %w", a.topology, err)
	}
	if err := a.checkPinned(p); err != nil {
		return nil, err
	}
	if err := a.checkCached(p); err != nil {
		return nil, err
	}
	serial := uint32(now.Unix()) //nolint:gosec // serials wrap (RFC 1982)
	if before != nil {
		serial = zones.NextSerial(before.table.Serial(), serial)
	}
	table, err := authority.Compile(p.Views(), serial)
	if err != nil {
		return nil, fmt.Errorf("topology %q: %w", a.topology, err)
	}
	return &snapshot{
		plan:     p,
		table:    table,
		findings: findings,
		digest:   digest,
		loaded:   now,
		counters: newCounters(p, table),
	}, nil
}

// readRegular reads a file of at most the size that a topology may have. It must
// be a regular one, and is opened so that a pipe does not wait for its writer.
func readRegular(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	text, err := io.ReadAll(io.LimitReader(file, topology.MaxOctets+1))
	if err != nil {
		return nil, err
	}
	if len(text) > topology.MaxOctets {
		return nil, fmt.Errorf("%s: %w: more than %d octets", path, topology.ErrTooLarge, topology.MaxOctets)
	}
	return text, nil
}

// loadSafely is load for a server that has answers to give: whatever a file does
// to the code that reads it must not end the process.
func (a *Auralink) loadSafely(before *snapshot, now time.Time) (s *snapshot, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("topology %q: internal error: %v", a.topology, r)
		}
	}()
	return a.load(before, now)
}

// checkPinned refuses a plan without the VPC that the Corefile names.
func (a *Auralink) checkPinned(p *plan.Plan) error {
	if a.vpc == "" {
		return nil
	}
	if _, ok := p.VPC(a.vpc); !ok {
		names := p.Names()
		return fmt.Errorf("topology %q has no VPC %q, which the Corefile names: there are %s",
			a.topology, a.vpc, topology.Abridge(names, len(names)))
	}
	return nil
}
