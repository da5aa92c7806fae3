package auralink

import (
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/topology"
)

// load reads the topology file and compiles it. What was loaded before may be nil;
// it is returned if the file is the same.
func (a *Auralink) load(before *serve.Snapshot, now time.Time) (*serve.Snapshot, error) {
	text, err := readRegular(a.topology)
	if err != nil {
		return nil, fmt.Errorf("reading topology: %w", err)
	}
	s, err := serve.Read(text, before, now)
	if err != nil {
		return nil, fmt.Errorf("topology %q: %w", a.topology, err)
	}
	if s == before {
		return s, nil
	}
	if err := a.checkPinned(s.Plan); err != nil {
		return nil, err
	}
	if err := a.checkCached(s.Plan); err != nil {
		return nil, err
	}
	return s, nil
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
func (a *Auralink) loadSafely(before *serve.Snapshot, now time.Time) (s *serve.Snapshot, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("topology %q: internal error: %v", a.topology, r)
		}
	}()
	return a.load(before, now)
}

// checkPinned refuses a plan without the VPC that the Corefile names.
func (a *Auralink) checkPinned(p *plan.Plan) error {
	if a.options.VPC == "" {
		return nil
	}
	if _, ok := p.VPC(a.options.VPC); !ok {
		names := p.Names()
		return fmt.Errorf("topology %q has no VPC %q, which the Corefile names: there are %s",
			a.topology, a.options.VPC, topology.Abridge(names, len(names)))
	}
	return nil
}
