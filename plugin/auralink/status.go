package auralink

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/authority"
	"github.com/auralink/auralink/internal/corefast"
	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/fastpath"
	"github.com/auralink/auralink/internal/follow"
	"github.com/auralink/auralink/internal/plan"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/sieve"
	"github.com/auralink/auralink/internal/status"
	"github.com/auralink/auralink/internal/topology"
	"github.com/auralink/auralink/internal/version"
	"github.com/auralink/auralink/internal/wire"
)

var _ status.Subject = (*Auralink)(nil)

// maxPublicUsers is how many users of the public path are shown.
const maxPublicUsers = 100

// parseStatus reads where the server's state is shown.
func (a *Auralink) parseStatus(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("status takes one address, such as 127.0.0.1:8053, got %q", args)
	}
	address, err := status.ParseAddress(args[0])
	if err != nil {
		return fmt.Errorf("status takes an address, such as 127.0.0.1:8053: %w", err)
	}
	a.board.address = address
	a.undeclared.told, a.strangers.told = &sieve.Told[undeclaredName]{}, &sieve.Told[status.Stranger]{}
	return nil
}

// boardOf is where an instance is shown.
type boardOf struct {
	address string // "" for nowhere
	key     string // the server block
	fast    []corefast.Outlook

	mu    sync.Mutex
	leave func() // nil while it is not shown
}

// open shows an instance from now on. It must be called on startup.
func (b *boardOf) open(a *Auralink, block *corefast.Block) error {
	if b.address == "" {
		return nil
	}
	config := a.position.config
	b.key = config.Transport + "://" + config.Zone + ":" + config.Port
	if hosts := slices.DeleteFunc(slices.Clone(config.ListenHosts), func(host string) bool { return host == "" }); len(hosts) > 0 {
		b.key += " on " + strings.Join(hosts, ", ")
	}
	b.fast = a.fast.Outlooks(block, a.position.ahead, a.served.Load())
	if !status.IsLoopback(b.address) {
		log.Warningf("status %s: whoever reaches that address can read names, addresses and clients' subnets", b.address)
	}
	log.Infof("status page of %s: http://%s/", b.key, b.address)
	return b.join(a)
}

func (b *boardOf) join(a *Auralink) (err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.address != "" && b.leave == nil {
		b.leave, err = status.Join(b.address, a)
	}
	return err
}

// reopen is open for an instance that was closed too early.
func (b *boardOf) reopen(a *Auralink) {
	if err := b.join(a); err != nil {
		log.Errorf("%v", err)
	}
}

// close ends that. It may be called more than once.
func (b *boardOf) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.leave != nil {
		b.leave()
		b.leave = nil
	}
}

// Key implements status.Subject.
func (a *Auralink) Key() string { return a.board.key }

// Served implements status.Subject.
func (a *Auralink) Served() (*plan.Plan, topology.Findings) {
	s := a.served.Load()
	return s.Plan, s.Findings.In(a.follower.Load().Name())
}

// Held implements status.Subject.
func (a *Auralink) Held() *plan.Plan {
	held := (*follow.HeldError)(nil)
	if !errors.As(a.follower.Load().Problem(), &held) {
		return nil
	}
	return held.Plan
}

// Queries implements status.Subject.
func (a *Auralink) Queries() map[string]uint64 { return serve.QueriesByView() }

// State implements status.Subject.
func (a *Auralink) State(now time.Time) status.State {
	s, follower := a.served.Load(), a.follower.Load()
	queries, undeclared := serve.QueriesByView(), serve.UndeclaredByView()
	state := status.State{
		Version: version.String(),
		Plan: status.Plan{
			Topology: follower.Name(), Loaded: s.Loaded, Age: int64(now.Sub(s.Loaded).Seconds()), Kept: follower.Stale(),
			Digest: string(s.Digest), Serial: s.Table.Serial(), Summary: follow.Summary(s.Plan),
			VPCs: len(s.Plan.VPCs), Regions: len(s.Plan.Regions), Endpoints: len(s.Plan.Table.Endpoints),
		},
		Problem:    problemOf(follower.Problem()),
		FastPath:   a.board.fastPath(),
		Views:      []status.View{},
		Strangers:  status.Strangers{Queries: queries[""], Seen: []status.Stranger{}},
		PublicPath: a.ledger.shown(now),
	}
	for i := range s.Plan.VPCs {
		v := &s.Plan.VPCs[i]
		state.Views = append(state.Views, status.View{
			VPC: v.Name, Mode: v.Endpoints.Mode, Reason: v.Endpoints.Reason, Queries: queries[v.Name], Undeclared: undeclared[v.Name],
		})
	}
	state.Strangers.Policy, _ = a.options.StrangersPolicy(s.Plan)
	for _, e := range a.strangers.told.Events() {
		e.Thing.Count, e.Thing.Since = e.Count, e.First
		state.Strangers.Seen = append(state.Strangers.Seen, e.Thing)
	}
	state.Undeclared = a.undeclaredNow(s)
	return state
}

// undeclaredNow returns the custom endpoints that were asked for, and that the topology
// still does not declare. What a prefix makes of one of them is that one.
func (a *Auralink) undeclaredNow(s *serve.Snapshot) []status.Undeclared {
	all, list := a.undeclared.told.Events(), []status.Undeclared{}
	there := make(map[undeclaredName]bool)
	for _, e := range all {
		there[e.Thing] = true
	}
	for _, e := range all {
		_, base := topology.BaseLabels(e.Thing.label)
		if base != "" && there[undeclaredName{e.Thing.vpc, base}] || !pasteable(e.Thing.label) || !a.isUndeclared(s, e.Thing) {
			continue
		}
		list = append(list, status.Undeclared{
			VPC: e.Thing.vpc, Label: e.Thing.label, Line: e.Thing.label + ": REGION", Count: e.Count, Since: e.First,
		})
	}
	return list
}

// pasteable reports whether a label may be that of an endpoint: whoever pastes it must not
// paste what else somebody has asked for.
func pasteable(label string) bool {
	return strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// isUndeclared reports whether a custom endpoint is undeclared in what is served.
func (a *Auralink) isUndeclared(s *serve.Snapshot, u undeclaredName) bool {
	view, known := s.Table.ViewNamed(u.vpc)
	var buf [wire.MaxName]byte
	name, err := wire.Pack(&buf, u.label+"."+topology.EndpointsOrigin)
	return known && err == nil && a.options.Lookup(s.Table, view, name, dns.TypeA).Endpoint == authority.Undeclared
}

// problemOf says what is wrong, if anything is.
func problemOf(err error) *status.Problem {
	if err == nil {
		return nil
	}
	p := &status.Problem{Message: err.Error(), Codes: []string{}}
	if held := (*follow.HeldError)(nil); errors.As(err, &held) {
		p.Held, p.Message, p.Codes, p.Release = true, held.Why(), held.Codes(), held.Release()
		if held.Acceptance.From != held.Acceptance.To && !held.Used {
			p.Acceptance = held.Acceptance.String()
		}
	}
	return p
}

// fastPath says what the fast path is on each address.
func (b *boardOf) fastPath() []status.FastPath {
	opened := fastpath.Opened()
	list := []status.FastPath{}
	for _, o := range b.fast {
		f := status.FastPath{Address: o.Address, Off: o.Off}
		if o.Off == "" {
			f.Sockets = opened[o.Address].Sockets
			if f.Sockets == 0 {
				f.Off = "its sockets are not open; the log says why"
			}
		}
		list = append(list, f)
	}
	return list
}

// shown returns who uses the public path, for people to see.
func (o *ledgerOf) shown(now time.Time) status.PublicPath {
	shown := status.PublicPath{Users: []status.PublicUser{}, Since: now}
	l := o.ledger.Load()
	if l == nil {
		return shown
	}
	summary, entries := l.account.Summary(now), l.account.Entries()
	shown.Since, shown.Subnets = summary.Begun, summary.Subnets
	for _, e := range entries[:min(len(entries), maxPublicUsers)] {
		shown.Users = append(shown.Users, status.PublicUser{
			Subnet: e.Subnet.String(), VPC: e.View, Kind: string(e.Kind), Name: dnsname.TrimDot(e.Name), Count: e.Count, Last: e.Last,
		})
	}
	shown.Left = len(entries) - len(shown.Users)
	return shown
}
