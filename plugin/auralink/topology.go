package auralink

import (
	"errors"
	"fmt"
	"time"

	"github.com/auralink/auralink/internal/follow"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/source"
	"github.com/auralink/auralink/internal/source/file"
	"github.com/auralink/auralink/internal/spell"
	"github.com/auralink/auralink/internal/topology"
)

var _ follow.Taker = (*Auralink)(nil)

// open has the process's follower of the topology, and a snapshot to serve. What was
// served before may be nil.
func (a *Auralink) open(before *serve.Snapshot) error {
	src, within, err := a.source()
	if err != nil {
		return err
	}
	follower, err := follow.Open(follow.Opening{
		Source:     src,
		Generation: a.generation,
		Options:    a.taking,
		Before:     before,
		Within:     within,
		Look:       a.inspected,
		Log:        log,
	})
	if err != nil {
		return err
	}
	s, err := follower.Pick(a.Check)
	if err != nil {
		return err
	}
	a.follower.Store(follower)
	a.served.Store(s)
	a.taken = s
	return nil
}

// source returns where the topology is, and how long to wait for it at the start.
func (a *Auralink) source() (source.Source, time.Duration, error) {
	if !a.remote {
		src, err := file.New(a.topology, topology.MaxOctets, file.Waits())
		return src, file.StartWithin(), err
	}
	src, err := a.scheme.Open(a.topology, source.Settings{
		Properties: a.sourceProperties,
		Path:       func(path string) string { return below(a.root, path) },
		Log:        log,
	})
	return src, a.scheme.StartWithin, err
}

// parseTopology reads where the topology is: the path of a file, or the URL of a scheme
// that this build knows.
func (a *Auralink) parseTopology(name string) (err error) {
	a.topology = name
	a.scheme, a.remote, err = source.SchemeOf(name)
	return err
}

// parseSourceProperty reads a property of the topology's source.
func (a *Auralink) parseSourceProperty(name string, args []string) error {
	if a.sourceProperties == nil {
		a.sourceProperties = make(map[string][]string)
	}
	a.sourceProperties[name] = args
	return nil
}

// checkTaking refuses properties that are about how a file is written: what comes from
// elsewhere is whole, and was judged by whoever put it there.
func (a *Auralink) checkTaking(seen map[string]bool) error {
	for _, name := range []string{"guard", "complete"} {
		if a.remote && seen[name] {
			return fmt.Errorf("%s is for files: what is pushed is whole, and was judged when it was pushed; leave it out", name)
		}
	}
	return nil
}

// checkSnapshot refuses to keep the last good topology where the topology is, or what people
// accept of it.
func (a *Auralink) checkSnapshot() error {
	if a.remote || a.taking.Snapshot == "" {
		return nil
	}
	for _, taken := range []string{a.topology, a.topology + file.AcceptSuffix} {
		if file.Same(a.taking.Snapshot, taken) {
			return fmt.Errorf("snapshot %q would take the place of %q: name a file of its own, such as snapshot.yaml", a.taking.Snapshot, taken)
		}
	}
	return nil
}

// join has the instance served what the follower has, from now on.
func (a *Auralink) join() {
	for !a.follower.Load().Join(a, a.taking) {
		if err := a.open(a.served.Load()); err != nil {
			log.Errorf("topology %q is followed no more: %v", a.topology, err)
			return
		}
	}
}

// leave ends that: the instance keeps what it serves. It may be called more than once.
func (a *Auralink) leave() {
	a.follower.Load().Leave(a)
	a.served.Store(a.served.Load())
}

// Check implements follow.Taker.
func (a *Auralink) Check(s *serve.Snapshot) error {
	return errors.Join(a.checkPinned(s.Plan), a.checkCached(s.Plan), a.checkProxied(s.Plan))
}

// Prepare implements follow.Taker.
func (a *Auralink) Prepare(s *serve.Snapshot) { a.fast.Prepare(s) }

// Take implements follow.Taker.
func (a *Auralink) Take(cell *serve.Cell) {
	s := a.served.share(cell)
	a.fast.Settle()
	if s == a.taken {
		return
	}
	a.taken = s
	a.tellStrangers(s)
	a.notify(s)
}

// checkPinned refuses a plan without the VPC that the Corefile names.
func (a *Auralink) checkPinned(p *plan.Plan) error {
	if a.options.VPC == "" {
		return nil
	}
	if _, ok := p.VPC(a.options.VPC); !ok {
		names := p.Names()
		there := "there are " + topology.Abridge(names, len(names))
		if question := spell.DidYouMean(a.options.VPC, names); question != "" {
			there = question
		}
		return fmt.Errorf("topology %q has no VPC %q, which the Corefile names: %s", a.topology, a.options.VPC, there)
	}
	return nil
}

// describe shows a topology's findings with their source lines, for whoever
// starts the server at a terminal.
func (a *Auralink) describe(err error) error {
	var invalid *topology.InvalidError
	if !errors.As(err, &invalid) {
		return err
	}
	return fmt.Errorf("invalid topology %q\n%s", a.topology, invalid.Findings.Report())
}

// parseGuard reads which changes are judged.
func (a *Auralink) parseGuard(args []string) error {
	if len(args) == 1 {
		switch g := follow.Guarding(args[0]); g {
		case follow.GuardInPlace, follow.GuardAlways, follow.GuardOff:
			a.taking.Guard = g
			return nil
		}
	}
	return fmt.Errorf("guard takes always, in-place or off, got %q", args)
}

// parseComplete reads that a text must end in a line of three dots.
func (a *Auralink) parseComplete(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("complete takes nothing, got %q", args)
	}
	a.taking.Complete = true
	return nil
}

// parseSnapshot reads where the last good topology is kept.
func (a *Auralink) parseSnapshot(args []string) error {
	if len(args) != 1 || args[0] == "" {
		return fmt.Errorf("snapshot takes one path, got %q", args)
	}
	a.taking.Snapshot = args[0]
	return nil
}
