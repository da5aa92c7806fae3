package auralink

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/follow"
	"github.com/auralink/auralink/internal/inputfile"
	"github.com/auralink/auralink/internal/publicpath"
	"github.com/auralink/auralink/internal/serve"
	"github.com/auralink/auralink/internal/sieve"
)

const (
	// saveEvery is how often an account is saved that has changed, and stampEvery one
	// that has not, which says that somebody has kept it.
	saveEvery  = time.Minute
	stampEvery = 10 * time.Minute
	// publicSuffix is what the file's name has behind that of the snapshot.
	publicSuffix = ".public-path"
)

// ledger is the account of a topology, for all server blocks that name it, and goes on
// while the Corefile is read again.
type ledger struct {
	topology string
	account  *publicpath.Account
	path     string // where it is kept; "" for nowhere
	users    int
	ended    chan struct{}

	sieve   *sieve.Sieve
	seed    maphash.Seed
	unsaved bool // the last attempt to save failed
}

// ledgers are those of the process, by topology.
var ledgers = struct {
	sync.Mutex
	all map[string]*ledger
}{all: make(map[string]*ledger)}

// openLedger returns the ledger of a topology, kept beside a snapshot if there is one. It
// must be closed.
func openLedger(topology, snapshot string) *ledger {
	ledgers.Lock()
	defer ledgers.Unlock()
	path := ""
	if snapshot != "" {
		path = snapshot + publicSuffix
	}
	l := ledgers.all[topology]
	if l == nil {
		l = &ledger{topology: topology, account: readAccount(path), ended: make(chan struct{}), sieve: sieve.New(), seed: maphash.MakeSeed()}
		ledgers.all[topology] = l
		go l.run()
	}
	l.path = path
	l.users++
	return l
}

// maxAccount bounds what is read of a file with an account, in octets.
const maxAccount = 64 << 20

// readAccount returns the account of a file, or a new one.
func readAccount(path string) *publicpath.Account {
	if path == "" {
		return publicpath.New(time.Now())
	}
	file, err := inputfile.Read(path, maxAccount)
	if errors.Is(err, fs.ErrNotExist) {
		return publicpath.New(time.Now())
	}
	if err == nil {
		var account *publicpath.Account
		if account, err = publicpath.Decode(file, time.Now()); err == nil {
			return account
		}
	}
	log.Errorf("the account of who uses the public path begins anew: %s: %v", path, err)
	return publicpath.New(time.Now())
}

// run saves the account from time to time.
func (l *ledger) run() {
	ticker := time.NewTicker(saveEvery)
	defer ticker.Stop()
	stamped := time.Now()
	for {
		select {
		case <-l.ended:
			return
		case now := <-ticker.C:
			ledgers.Lock()
			if l.save(now.Sub(stamped) >= stampEvery) {
				stamped = now
			}
			ledgers.Unlock()
		}
	}
}

// save writes the account if it has changed or is to be written all the same, and reports
// whether it was. It must be called with ledgers locked.
func (l *ledger) save(anyhow bool) bool {
	if l.path == "" || !anyhow && !l.unsaved && !l.account.Changed() {
		return false
	}
	err := follow.Keep(l.path, l.account.Encode(time.Now()))
	if err != nil && !l.unsaved {
		log.Errorf("the account of who uses the public path cannot be written: %v", err)
	}
	l.unsaved = err != nil
	return err == nil
}

// close ends the use of a ledger. The last one to do so saves it.
func (l *ledger) close() {
	ledgers.Lock()
	defer ledgers.Unlock()
	if l.users--; l.users > 0 {
		return
	}
	close(l.ended)
	l.save(true)
	delete(ledgers.all, l.topology)
}

// ledgerOf is the ledger of an instance. What it is asked after it was closed counts as
// long as another instance has the same.
type ledgerOf struct {
	ledger atomic.Pointer[ledger]
	opened atomic.Bool
}

func (o *ledgerOf) open(topology, snapshot string) {
	if o.opened.CompareAndSwap(false, true) {
		o.ledger.Store(openLedger(topology, snapshot))
	}
}

func (o *ledgerOf) close() {
	if o.opened.CompareAndSwap(true, false) {
		o.ledger.Load().close()
	}
}

// note takes in a question that was passed on, if its name leads to Aura by public DNS.
func (o *ledgerOf) note(s *serve.Snapshot, who askers, r *dns.Msg) {
	l := o.ledger.Load()
	if l == nil || len(r.Question) != 1 {
		return
	}
	name := dnsname.Lower(r.Question[0].Name)
	kind, leads := s.PublicNames.Kind(name)
	subnet := subnetOf(who.client)
	if !leads || !subnet.IsValid() {
		return
	}
	view := ""
	if who.known {
		view = s.Table.View(who.view).Name
	}
	asks := publicpath.Who{Subnet: subnet, View: view, Kind: kind}
	l.account.Note(asks, name, time.Now())
	if l.sieve.Tell(maphash.Comparable(l.seed, asks), elapsed()) {
		log.Infof("%s uses the public path to Aura: it asks for %q (%s), which is not on a link of %s", subnet, name, kind, ofVPC(view))
	}
}

func ofVPC(view string) string {
	if view == "" {
		return "any VPC, for it is in none"
	}
	return fmt.Sprintf("VPC %q", view)
}

var (
	publicQueries = publicDesc("queries_total",
		"Counter of queries that were passed on for names that lead to Aura by public DNS, by the client's view and the kind of name.", "view", "kind")
	publicLast    = publicDesc("last_query_timestamp_seconds", "Time of the last of these queries, in seconds since 1970.", "view", "kind")
	publicSubnets = publicDesc("subnets", "Number of client subnets with such queries within seven days, as far as they are told apart.")
	publicSince   = publicDesc("since_timestamp_seconds", "Time since when these queries are counted without a gap, in seconds since 1970.")
	publicLeft    = publicDesc("left_out_total", "Counter of such queries of subnets that are not told apart any more, for want of room.")
)

func publicDesc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName("coredns", pluginName, "public_path_"+name), help, append([]string{"topology"}, labels...), nil)
}

func publicDescs() []*prometheus.Desc {
	return []*prometheus.Desc{publicQueries, publicLast, publicSubnets, publicSince, publicLeft}
}

// collectPublic collects from the ledgers.
func collectPublic(metrics chan<- prometheus.Metric) {
	ledgers.Lock()
	defer ledgers.Unlock()
	for topology, l := range ledgers.all {
		give := func(desc *prometheus.Desc, kind prometheus.ValueType, value float64, labels ...string) {
			metrics <- prometheus.MustNewConstMetric(desc, kind, value, append([]string{topology}, labels...)...)
		}
		s := l.account.Summary(time.Now())
		for _, t := range s.Totals {
			give(publicQueries, prometheus.CounterValue, float64(t.Count), t.View, string(t.Kind))
			give(publicLast, prometheus.GaugeValue, float64(t.Last.Unix()), t.View, string(t.Kind))
		}
		give(publicSubnets, prometheus.GaugeValue, float64(s.Subnets))
		give(publicSince, prometheus.GaugeValue, float64(s.Begun.Unix()))
		give(publicLeft, prometheus.CounterValue, float64(s.Left.Count))
	}
}
