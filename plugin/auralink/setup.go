package auralink

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/plugin"
	clog "github.com/coredns/coredns/plugin/pkg/log"
	"github.com/coredns/coredns/plugin/transfer"

	"github.com/auralink/auralink/internal/corefast"
	"github.com/auralink/auralink/internal/follow"
	"github.com/auralink/auralink/internal/spell"
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
	c.OnStartup(func() error {
		block, err := a.lookAround()
		if err != nil {
			return plugin.Error(pluginName, err)
		}
		if err := a.board.open(a, block); err != nil {
			return plugin.Error(pluginName, err)
		}
		a.fast.Start(block, a.position.ahead, a.served.Load())
		a.start()
		a.expectServers()
		return nil
	})
	// Before a restart's OnShutdown the servers are stopped. At the end of the process
	// they answer on, and for as long as health's lameduck says: new topologies are
	// taken until that is over.
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

// below returns where a path of the Corefile leads: below the root, unless the path
// is absolute.
func below(root, path string) string {
	if path == "" || root == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(root, path)
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

// generationKey is where CoreDNS's instance has the generation it was set up as.
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
// which may not have this plugin.
func (a *Auralink) expectServers() {
	if !a.fast.There() {
		return
	}
	a.expecting = time.AfterFunc(startsWithin, func() {
		if !a.fast.Serves() {
			a.park()
		}
	})
}

// stop ends what start began. It may be called more than once.
func (a *Auralink) stop() {
	if a.expecting != nil {
		a.expecting.Stop() // the timer would keep the instance in memory, with its snapshot
	}
	a.leave()
	a.closeNotifier()
	a.fast.Stop()
	instances.remove(a)
	a.ledger.close()
	a.board.close()
}

// park stops an instance that CoreDNS seems to have dropped. If a question reaches
// the instance all the same, unpark lets it go on. CoreDNS also calls a restart
// failed when the new instance serves and the old one had an error while it stopped.
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

// remarks returns what the server block lacks, for whoever wrote it.
func (a *Auralink) remarks() (list []string) {
	_, certain := a.certainView(a.served.Load())
	// A pinned block with transfer may be for secondaries alone.
	if forSecondaries := a.xfer != nil && a.options.VPC != ""; !a.behind.answers() && !forSecondaries {
		list = append(list, "there is no plugin after auralink that answers other names, such as forward: questions for names that are not ours fail")
	}
	if a.xfer != nil && !certain {
		list = append(list, fmt.Sprintf("topology %q has several VPCs: its zones cannot be transferred; name one with the property vpc", a.topology))
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

// newAuralink makes a plugin without a topology.
func newAuralink() *Auralink {
	a := &Auralink{undeclared: newUndeclaredLog(), strangers: newStrangersLog(), taking: follow.Options{Guard: follow.GuardInPlace}}
	a.Doubt(nil)
	a.fast.Options = a.fastOptions()
	return a
}

// parse reads the directive.
func parse(c *caddy.Controller) (*Auralink, error) {
	a := newAuralink()
	for i := 0; c.Next(); i++ {
		if i > 0 {
			return nil, plugin.ErrOnce
		}
		args := c.RemainingArgs()
		if len(args) != 1 {
			return nil, c.ArgErr()
		}
		if err := a.parseTopology(args[0]); err != nil {
			return nil, c.Err(err.Error())
		}
		if err := a.parseBlock(c); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *Auralink) parseBlock(c *caddy.Controller) error {
	properties := map[string]func(args []string) error{
		"vpc":         a.parseVPC,
		"fallthrough": a.parseFallthrough,
		"ratelimit":   a.parseRateLimit,
		"fastpath":    a.parseFastPath,
		"strangers":   a.parseStrangers,
		"guard":       a.parseGuard,
		"complete":    a.parseComplete,
		"snapshot":    a.parseSnapshot,
		"nobypass":    a.parseNoBypass,
		"trust_ecs":   a.parseTrustECS,
		"notify":      a.parseNotify,
		"status":      a.parseStatus,
	}
	seen := make(map[string]bool)
	for c.NextBlock() {
		name := c.Val()
		property, known := properties[name]
		if slices.Contains(a.scheme.Properties, name) {
			known, property = true, func(args []string) error { return a.parseSourceProperty(name, args) }
		}
		if !known {
			return c.Errf("unknown property %q%s", name, a.meant(name, properties))
		}
		if seen[name] && name != "notify" {
			return c.Errf("property %q stands twice", name)
		}
		seen[name] = true
		if err := property(c.RemainingArgs()); err != nil {
			return c.Err(err.Error())
		}
	}
	if err := a.checkTaking(seen); err != nil {
		return c.Err(err.Error())
	}
	if a.options.VPC != "" && len(a.options.Trusted) > 0 {
		return c.Errf("trust_ecs has no meaning beside vpc, by which all clients are answered alike: leave one of them out")
	}
	return nil
}

// meant says what an unknown property may have been meant to be.
func (a *Auralink) meant(name string, properties map[string]func([]string) error) string {
	known := append(slices.Sorted(maps.Keys(properties)), a.scheme.Properties...)
	if question := spell.DidYouMean(name, known); question != "" {
		return ": " + question
	}
	return ""
}

func (a *Auralink) parseVPC(args []string) error {
	if len(args) != 1 || args[0] == "" {
		return fmt.Errorf("vpc takes one name, got %q", args)
	}
	a.options.VPC = args[0]
	return nil
}

func (a *Auralink) parseFallthrough(args []string) error {
	a.Fall.SetZonesFromArgs(args)
	return nil
}
