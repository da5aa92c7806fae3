//go:build linux

package soak_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/network"
	"github.com/auralink/auralink/test/peers"
)

// secondaryConfig is an NSD that transfers the zones of apps from both servers, and asks
// them for changes every few seconds beside being told.
const secondaryConfig = `server:
  ip-address: %s@53
  username: ""
  chroot: ""
  database: ""
  zonesdir: "."
  zonelistfile: "zone.list"
  xfrdfile: ""
  xfrdir: "."
  pidfile: ""
  server-count: 1
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
`

const secondaryZone = `zone:
  name: %q
  zonefile: "%[1]s.zone"
  max-refresh-time: 5
  min-refresh-time: 1
  max-retry-time: 2
  min-retry-time: 1
`

// secondaryZones are what it has of the view of apps.
var secondaryZones = []string{"production-orch-0000.neo4j.io", "endpoints.neo4j.io"}

// secondary is the peer.
func secondary() peers.Peer {
	text := fmt.Sprintf(secondaryConfig, secondaryAddr)
	for _, zone := range secondaryZones {
		text += fmt.Sprintf(secondaryZone, zone)
		for _, addr := range serverAddrs {
			text += fmt.Sprintf("  allow-notify: %s NOKEY\n  request-xfr: %[1]s@%d NOKEY\n", addr, transferPort)
		}
	}
	return peers.Peer{
		Name: "NSD", Package: "nsd", Binary: "nsd",
		Configure: func(netip.AddrPort) peers.Setup {
			return peers.Setup{Files: map[string]string{"nsd.conf": text}, Args: []string{"-d", "-c", "nsd.conf"}}
		},
		Ready: []dns.Question{{Name: secondaryZones[0] + ".", Qtype: dns.TypeSOA, Qclass: dns.ClassINET}},
	}
}

// startSecondary starts it on its host, on a thread that lives as long as it does.
func startSecondary(t *testing.T, on *network.Network) {
	t.Helper()
	dir, started, end, ended := t.TempDir(), make(chan error), make(chan struct{}), make(chan struct{})
	peers.Find(t, "nsd", "nsd")
	go func() {
		defer close(ended)
		_ = on.Do(func() error {
			server, err := peers.Launch(secondary(), peers.Place{Dir: dir, Addr: netip.AddrPortFrom(secondaryAddr, 53)})
			if err != nil {
				started <- err
				return err
			}
			defer server.Stop()
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			if err = server.AwaitReady(ctx); err != nil {
				err = fmt.Errorf("%w\n%s", err, server.Log())
			}
			started <- err
			<-end
			return err
		})
	}()
	t.Cleanup(func() {
		close(end)
		<-ended
	})
	if err := <-started; err != nil {
		t.Fatal(err)
	}
}

// follower asks the secondary, and judges what it has been given.
type follower struct {
	network *network.Network
	judge   *judge
	counts  counts
}

// run asks until the context is done.
func (f *follower) run(ctx context.Context) error {
	return f.network.Do(func() error {
		r := rand.New(rand.NewPCG(7, uint64(time.Now().UnixNano())))
		all := zoneNames()
		for ctx.Err() == nil {
			f.ask(all[r.IntN(len(all))])
			time.Sleep(25 * time.Millisecond)
		}
		return nil
	})
}

// zoneNames are the names that are in zones of the secondary.
func zoneNames() (list []name) {
	for _, n := range names() {
		if n.kind != public && (n.kind != database || n.region == east) {
			list = append(list, n)
		}
	}
	return list
}

// ask asks for one name. It returns what the answer is, or "" if there was none.
func (f *follower) ask(n name) string {
	f.counts.asked++
	m := new(dns.Msg).SetQuestion(n.text, dns.TypeA)
	reply, err := exchange(secondaryAddr, netip.AddrPortFrom(secondaryAddr, 53), "udp", m)
	if err != nil {
		f.counts.lost++
		return ""
	}
	addrs, text, err := read(reply)
	if err != nil {
		f.counts.lost++ // a zone that it does not have yet
		return ""
	}
	f.counts.answered++
	if !f.judge.any(apps, n, text) {
		f.counts.never++
		f.judge.count(func(*counts) {
			f.judge.tell("the secondary says that %s is %s %v, which no version has", n.text, text, addrs)
		})
	}
	return text
}

// converged reports whether it has all names as a version has them.
func (f *follower) converged(v version) (behind string) {
	_ = f.network.Do(func() error {
		for _, n := range zoneNames() {
			if got, want := f.ask(n), v.transferred(apps, n); got != want {
				behind = fmt.Sprintf("%s is %q, want %q of version %d", n.text, got, want, v.number)
				return nil
			}
		}
		return nil
	})
	return behind
}
