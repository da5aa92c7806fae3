package auralink

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
	"weak"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	clog "github.com/coredns/coredns/plugin/pkg/log"
	"github.com/coredns/coredns/plugin/transfer"

	"github.com/auralink/auralink/internal/corefast"
	"github.com/auralink/auralink/internal/follow"
	"github.com/auralink/auralink/zones"
)

const pluginName = "auralink"

var log = clog.NewWithPlugin(pluginName)

func init() { plugin.Register(pluginName, setup) }

func setup(c *caddy.Controller) error {
	a, err := parse(c)
	if err != nil {
		return plugin.Error(pluginName, err)
	}
	config := dnsserver.GetConfig(c)
	a.root = config.Root
	if !a.remote {
		a.topology = below(config.Root, a.topology)
	}
	a.taking.Snapshot = below(config.Root, a.taking.Snapshot)
	a.generation = c.Context()
	a.inspected = inspecting.Load()
	if err := a.checkSnapshot(); err != nil {
		return plugin.Error(pluginName, err)
	}
	if err := a.open(nil); err != nil {
		return plugin.Error(pluginName, a.describe(err))
	}

	a.position = position{controller: c, config: config, ahead: a.meet(c)}
	if a.inspected {
		inspected = a.neighbours
	}
	a.fast.Hook(config)
	config.AddPlugin(func(next plugin.Handler) plugin.Handler {
		a.Next = next
		return a
	})
	a.attend(c)
	return nil
}

// attend has the instance start and stop with CoreDNS's.
func (a *Auralink) attend(c *caddy.Controller) {
	c.OnFirstStartup(a.tellShared) // before anything listens
	c.OnStartup(func() error {
		block, err := a.lookAround()
		if err != nil {
			return plugin.Error(pluginName, err)
		}
		if err := a.board.open(a, block); err != nil {
			return plugin.Error(pluginName, err)
		}
		a.fast.Start(block, a.position.ahead)
		a.start()
		a.expectServers()
		return nil
	})
	// For a restart, CoreDNS stops the servers before it calls OnShutdown. When the process
	// ends, it calls OnShutdown first, and the servers go on for as long as health's
	// lameduck says. New topologies are taken until that is over.
	c.OnRestart(func() error {
		a.replaced.Store(true)
		return nil
	})
	c.OnShutdown(func() error {
		if a.replaced.Load() {
			a.stop()
		}
		return nil
	})
	c.OnFinalShutdown(func() error {
		a.stop()
		return nil
	})
	// CoreDNS starts a new instance before it binds the instance's sockets. If that
	// fails, it drops the new instance without a word, and tells the old one this.
	c.Set(generationKey{}, a.generation)
	c.OnRestartFailed(func() error {
		a.replaced.Store(false)
		a.restartFailed()
		return nil
	})
}

// tellShared warns of the addresses that another process serves as well.
func (a *Auralink) tellShared() error {
	for _, address := range corefast.Shared(a.position.config) {
		log.Warningf("%s is served by another process already, and questions may go to either: end the other one, or take another port", address)
	}
	return nil
}

// restartFailed is called on an old instance when CoreDNS could not restart. If
// CoreDNS keeps the old instance, the new ones are parked. If it has stopped the old
// instance's servers already, the new ones serve: only some plugin of the old
// instance failed to stop. Then this one ends.
func (a *Auralink) restartFailed() {
	if !a.kept() {
		a.stop()
		return
	}
	for _, other := range instances.since(a.generation) {
		other.park()
	}
	a.fast.Refresh()
}

// generationKey is the key under which CoreDNS's instance keeps its generation.
type generationKey struct{}

// kept reports whether CoreDNS still has the instance that the plugin was set up for.
// It has the instance until its servers are stopped. Only CoreDNS's callbacks may
// call this.
func (a *Auralink) kept() bool {
	return slices.ContainsFunc(caddy.Instances(), func(instance *caddy.Instance) bool {
		instance.StorageMu.RLock()
		defer instance.StorageMu.RUnlock()
		return instance.Storage[generationKey{}] == a.generation
	})
}

// startsWithin bounds the time from an instance's start to the start of its servers.
// CoreDNS takes milliseconds. It is a variable for tests.
var startsWithin = time.Minute

// expectServers parks the instance if CoreDNS starts none of its servers in time.
// CoreDNS drops an instance that fails to start. It tells only the old instance,
// which may not have this plugin. The timer holds the instance weakly: the runtime may
// keep a timer that was stopped until its time has come.
func (a *Auralink) expectServers() {
	if !a.fast.There() {
		return
	}
	started := weak.Make(a) // instances has it until it is stopped or parked
	a.expecting = time.AfterFunc(startsWithin, func() {
		if a := started.Value(); a != nil && !a.fast.Serves() {
			a.park()
		}
	})
}

// stop ends what start began. It may be called more than once.
func (a *Auralink) stop() {
	if a.expecting != nil {
		a.expecting.Stop()
	}
	a.fast.Stop() // which still answers what has come in: as all others do
	a.leave()
	a.closeNotifier()
	instances.remove(a)
	a.ledger.close()
	a.board.close()
}

// park stops an instance that CoreDNS seems to have dropped. CoreDNS also calls a
// restart failed when the new instance serves and the old one had an error while it
// stopped: if a question reaches the instance all the same, unpark lets it go on.
func (a *Auralink) park() {
	a.fast.Abandon()
	a.leave()
	a.closeNotifier()
	instances.remove(a)
	a.ledger.close()
	a.board.close()
	a.parked.Store(true)
}

func (a *Auralink) unpark() {
	if a.parked.CompareAndSwap(true, false) {
		instances.add(a)
		a.ledger.open(a.topology, a.taking.Snapshot)
		a.openNotifier()
		a.board.reopen(a)
		a.join()
	}
}

// position is where in a Corefile the plugin stands.
type position struct {
	controller *caddy.Controller
	config     *dnsserver.Config
	ahead      int // how many plugins stand ahead
}

// lookAround looks up the plugins that this one works with, and refuses to work with
// some. It must not be called before CoreDNS has made its servers.
func (a *Auralink) lookAround() (*corefast.Block, error) {
	config := a.position.config
	block := corefast.NewBlock(a.position.controller, pluginName)
	if err := errors.Join(a.lookAtCaches(block), a.lookAtProxies(block)); err != nil {
		return nil, err
	}
	a.behind = pluginsBehind(config, a.position.ahead)
	a.options.Manner = mannerOf(config, a.behind)
	a.options.Recursing = a.behind.recursing()
	a.passesCH = passesCH(config)
	a.lookAtWays(block)
	a.refusesAloud = allIndifferent(block.Ahead(), a.position.ahead)
	if t, ok := config.Handler("transfer").(*transfer.Transfer); ok {
		a.xfer, a.options.Transfers = t, true
	}
	if err := a.lookAtSecondaries(config); err != nil {
		return nil, err
	}
	a.exposed = exposed(config)
	if handler := config.Handler("tls"); handler != nil {
		a.challenges = alone(handler)
	}
	return block, nil
}

// remarks returns warnings about the server block, for the log.
func (a *Auralink) remarks() (list []string) {
	_, certain := a.certainView(a.served.Load())
	// A pinned block with transfer may be for secondaries alone.
	if forSecondaries := a.xfer != nil && a.options.VPC != ""; !a.behind.answers() && !forSecondaries {
		list = append(list, "there is no plugin after auralink that answers other names, such as forward: questions for names that are not ours fail")
	}
	if a.xfer != nil && !certain {
		list = append(list, fmt.Sprintf("topology %q has several VPCs: its zones cannot be transferred; name one with the property vpc", a.topology))
	}
	return append(list, a.unasked()...)
}

// unasked returns warnings about zones of the server block that nobody asks for.
func (a *Auralink) unasked() (list []string) {
	for _, key := range a.position.controller.ServerBlockKeys {
		for _, zone := range plugin.Host(key).NormalizeExact() {
			switch _, err := netip.ParseAddr(strings.Trim(zone, "[].")); {
			case err == nil:
				list = append(list, fmt.Sprintf("%s is taken for a zone of that name, which no question is for, and not for an address: bind says where a server listens", key))
			case strings.HasPrefix(zone, "*."):
				list = append(list, fmt.Sprintf("%s is taken for a zone below a label *, which no question is for: a zone has all names below it, so leave *. out", key))
			}
		}
	}
	return list
}

// start begins to serve.
func (a *Auralink) start() {
	for _, remark := range a.remarks() {
		log.Warningf("%s", remark)
	}
	instances.add(a)
	a.ledger.open(a.topology, a.taking.Snapshot)
	s := a.served.Load()
	log.Infof("serving topology %q: %s", a.topology, follow.Summary(s.Plan))
	a.tellStrangers(s)
	if a.xfer != nil && s.Plan.Serial == 0 {
		log.Infof("topology %q has no serial: where a pair of servers has it, their serials may differ, and a secondary of both may miss changes; "+
			"write one into it, such as serial: %d", a.topology, zones.NextSerial(s.Table.Serial(), 0))
	}
	a.openNotifier()
	a.join()
}
