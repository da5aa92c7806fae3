//go:build linux

package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/sys/unix"
)

// probesPerSecond is how many queries the prober adds to the load, few beside it.
const probesPerSecond = 1000

// probePatience is how long an answer may take. One that takes longer counts as
// one that took as long.
const probePatience = time.Second

// prober asks a server at random times (a Poisson process, so that it meets what
// a random query meets) while dnsperf has it under load, and notes how long each
// answer takes. dnsperf's own figures have in them how long dnsperf itself was
// waiting for its processor; the prober takes the time just before it sends, and
// the kernel the time at which the answer has come (SO_TIMESTAMPNS): whether
// those who ask are awake then does not count.
type prober struct {
	socket  int
	queries [][]byte
	sent    [1 << 16]atomic.Int64 // by ID: when, in nanoseconds since 1970; 0 once it is answered
}

// newProber connects to a server.
func newProber(to netip.AddrPort, n names, edns bool) (*prober, error) {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("opening the prober's socket: %w", err)
	}
	p := &prober{socket: socket}
	if err := p.prepare(to, n, edns); err != nil {
		p.close()
		return nil, fmt.Errorf("preparing the prober: %w", err)
	}
	return p, nil
}

func (p *prober) close() { _ = unix.Close(p.socket) } // nothing is lost with it

func (p *prober) prepare(to netip.AddrPort, n names, edns bool) error {
	if err := unix.SetsockoptInt(p.socket, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1); err != nil {
		return err
	}
	wait := unix.NsecToTimeval((50 * time.Millisecond).Nanoseconds())
	if err := unix.SetsockoptTimeval(p.socket, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &wait); err != nil {
		return err
	}
	if err := unix.Connect(p.socket, &unix.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()}); err != nil {
		return err
	}
	var err error
	p.queries, err = packedQueries(n, edns)
	return err
}

// packedQueries returns queries for some of the names, evenly spread, as octets.
func packedQueries(n names, edns bool) (queries [][]byte, err error) {
	some := min(n.count(), 1000)
	for i := range some {
		m := new(dns.Msg).SetQuestion(n.owner(i*n.count()/some), dns.TypeA)
		if edns {
			m.SetEdns0(dns.DefaultMsgSize, false)
		}
		packed, err := m.Pack()
		if err != nil {
			return nil, fmt.Errorf("packing a query: %w", err)
		}
		queries = append(queries, packed)
	}
	return queries, nil
}

// probe asks for so long and returns how long the answers took, in order, and how
// many there were not.
func (p *prober) probe(ctx context.Context, duration time.Duration) (latencies []time.Duration, lost int) {
	var asked atomic.Int64 // -1 until that is known
	asked.Store(-1)
	var tasks sync.WaitGroup
	tasks.Go(func() { latencies = p.receive(&asked) })
	tasks.Go(func() { asked.Store(p.send(ctx, duration)) })
	tasks.Wait()
	for _, latency := range latencies {
		if latency >= probePatience {
			lost++
		}
	}
	for range int(asked.Load()) - len(latencies) {
		latencies = append(latencies, probePatience)
		lost++
	}
	slices.Sort(latencies)
	return latencies, lost
}

// send sends the queries and returns how many. Several may be under way.
func (p *prober) send(ctx context.Context, duration time.Duration) (asked int64) {
	takeThread()
	random := rand.New(rand.NewPCG(3, 4))
	next := time.Now()
	for end := next.Add(duration); ctx.Err() == nil; asked++ {
		next = next.Add(time.Duration(random.ExpFloat64() * float64(time.Second/probesPerSecond)))
		if next.After(end) {
			break
		}
		rest := unix.NsecToTimespec(max(0, time.Until(next).Nanoseconds()))
		_ = unix.Nanosleep(&rest, nil) // cut short by a signal, it asks a bit early
		query := p.queries[random.IntN(len(p.queries))]
		id := uint16(asked) // wraps, once a minute
		binary.BigEndian.PutUint16(query, id)
		p.sent[id].Store(time.Now().UnixNano())
		_, _ = unix.Write(p.socket, query) // what is not sent is not answered
	}
	return asked
}

// receive takes answers until there is one for each query, or none has come for
// so long that the last ones are lost.
func (p *prober) receive(asked *atomic.Int64) []time.Duration {
	takeThread()
	latencies := make([]time.Duration, 0, 1<<16)
	packet, control := make([]byte, dns.MaxMsgSize), make([]byte, unix.CmsgSpace(binary.Size(unix.Timespec{})))
	var until time.Time // known once all is sent
	for {
		all := asked.Load()
		if all >= 0 && until.IsZero() {
			until = time.Now().Add(probePatience)
		}
		if all >= 0 && (len(latencies) >= int(all) || time.Now().After(until)) {
			return latencies
		}
		length, controlLength, _, _, err := unix.Recvmsg(p.socket, packet, control, 0)
		if err != nil || length < 2 {
			continue // nothing came for a while
		}
		came, ok := timestamp(control[:controlLength])
		if sent := p.sent[binary.BigEndian.Uint16(packet)].Swap(0); ok && sent != 0 {
			latencies = append(latencies, time.Duration(max(0, came-sent)))
		}
	}
}

// timestamp returns the time in a packet's control message, in nanoseconds since
// 1970.
func timestamp(control []byte) (int64, bool) {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil || len(messages) != 1 || messages[0].Header.Type != unix.SCM_TIMESTAMPNS {
		return 0, false
	}
	var at unix.Timespec
	if _, err := binary.Decode(messages[0].Data, binary.NativeEndian, &at); err != nil {
		return 0, false
	}
	return at.Nano(), true
}

// takeThread keeps the goroutine on a thread of its own, which is tied to the
// processor of those who ask and wakes up in time. The thread ends with the
// goroutine.
func takeThread() {
	runtime.LockOSThread()
	if runtime.NumCPU() > 1 {
		var set unix.CPUSet
		set.Set(clientCPU)
		_ = unix.SchedSetaffinity(0, &set) // as with taskset: where it can be had
	}
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0) // else it is late by 50 µs
}

// percentile returns the nearest rank of sorted values, of which there is at least
// one.
func percentile(sorted []time.Duration, percent int) time.Duration {
	return sorted[(len(sorted)*percent+99)/100-1]
}
