package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/auralink/auralink/internal/fleet"
)

// world is an etcd of three nodes that wait for their disks, servers that follow it, each
// on a host of its own, and clients that ask all the time: each beside its server, where
// an outage of the network is none of theirs.
type world struct {
	*testing.T
	*cluster
	net     *fabric
	nodeOn  []*host // of each node
	servers []*server
	on      []*host // of each server
	asking  []*asking
	keep    int
	client  *clientv3.Client
	store   *fleet.Store
	report  report
	whole   time.Duration // that a push of the program takes

	mu       sync.Mutex // guards the rest
	asked    int        // questions of askings that have ended
	repeated int        // tries beyond the first of each question
	last     int        // the number of the newest text
	served   map[int]bool
}

// newWorld starts a world with a number of servers, which all serve the first text.
func newWorld(t *testing.T, servers int) *world {
	t.Helper()
	w := &world{T: t, net: newFabric(t), keep: 10, served: make(map[int]bool)}
	var nodes []*node
	for i, addr := range addrsFrom(firstNode, 3) {
		h := w.net.host(addr)
		nodes = append(nodes, &node{
			name: fmt.Sprintf("n%d", i), dir: t.TempDir(), in: h,
			client: netip.AddrPortFrom(addr, 2379).String(), peer: netip.AddrPortFrom(addr, 2380).String(),
		})
		w.nodeOn = append(w.nodeOn, h)
	}
	w.cluster = startCluster(t, nodes, nil)
	w.client = w.cluster.client()
	w.store = w.open(w.endpoints())
	w.push()
	for i, addr := range addrsFrom(firstServer, servers) {
		h := w.net.host(addr)
		at := [2]netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:53"), netip.MustParseAddrPort("127.0.0.1:9153")}
		s := newServerIn(t, h, at, fmt.Sprintf("s%d", i), w.url())
		s.start()
		w.servers, w.on = append(w.servers, s), append(w.on, h)
	}
	for _, s := range w.servers {
		s.awaitServes(w.last)
		w.asking = append(w.asking, ask(t, s, w.known))
	}
	return w
}

// addrsFrom returns addresses, one after the other.
func addrsFrom(addr netip.Addr, n int) (addrs []netip.Addr) {
	for ; len(addrs) < n; addr = addr.Next() {
		addrs = append(addrs, addr)
	}
	return addrs
}

// hostOf returns where a node is.
func (w *world) hostOf(n *node) *host { return w.nodeOn[slices.Index(w.nodes, n)] }

// open returns the fleet as the program opens it, with its own patience.
func (w *world) open(endpoints []string) *fleet.Store {
	w.Helper()
	store, err := fleet.Open(fleet.Address{Endpoints: endpoints, Prefix: w.prefix}, fleet.Access{})
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(store.Close)
	return store
}

// text returns the text of a number: a topology of 1,000 custom endpoints, some 33 KB.
func (w *world) text(number int) string { return large(number, 1000) }

// known reports whether a text was pushed, or may have been.
func (w *world) known(number int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.served[number]
}

// next returns the number of a new text, which may be served from now on.
func (w *world) next() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last++
	w.served[w.last] = true
	return w.last
}

// forbid says that a text must not be served: it was not pushed.
func (w *world) forbid(number int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.served, number)
}

// try pushes a text once, to what is there now.
func (w *world) try(ctx context.Context, store *fleet.Store, number int) error {
	head, err := store.Head(ctx)
	if err != nil {
		return err
	}
	_, err = store.Push(ctx, fleet.Proposal{Text: []byte(w.text(number)), Who: "world", Compared: head, Keep: w.keep})
	return err
}

// push pushes a new text, whatever happens to etcd meanwhile, and returns its number.
func (w *world) push() int {
	w.Helper()
	number := w.next()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	for {
		err := w.try(ctx, w.store, number)
		if err == nil {
			return number
		}
		if ctx.Err() != nil {
			w.Fatalf("text %d cannot be pushed: %v", number, err)
		}
	}
}

// all waits until all servers, or those that are named, serve a text.
func (w *world) all(number int, servers ...*server) {
	w.Helper()
	if len(servers) == 0 {
		servers = w.servers
	}
	for _, s := range servers {
		s.awaitServes(number)
	}
}

// stay checks that servers serve what they served before.
func (w *world) stay(number int, servers ...*server) {
	w.Helper()
	for _, s := range servers {
		if got := s.serves(); got != number {
			w.Errorf("%s is cut off and serves %d, and served %d", s.name, got, number)
		}
	}
}

// measure does something that ends in a push, some times, and notes how long it takes
// from then until all servers have it.
func (w *world) measure(what string, times int, do func() (number int)) {
	w.Helper()
	r := row{what: what}
	for range times {
		r.took = append(r.took, w.until(do()))
	}
	w.note(r)
}

// measureWhile breaks something, some times, and mends it again by what breaking it
// returned; it notes how long pushes take meanwhile, and afterwards.
func (w *world) measureWhile(broken, mended string, times int, breakIt func() (mend func())) {
	w.Helper()
	while, after := row{what: broken + ", and a push"}, row{what: mended + ", and a push"}
	for range times {
		mend := breakIt()
		while.took = append(while.took, w.until(w.push()))
		mend()
		after.took = append(after.took, w.until(w.push()))
	}
	w.note(while)
	w.note(after)
}

// until waits until all servers have a text, and returns how long that took.
func (w *world) until(number int) time.Duration {
	w.Helper()
	begin := time.Now()
	w.all(number)
	return time.Since(begin)
}

// note notes a row.
func (w *world) note(r row) {
	w.Helper()
	slices.Sort(r.took)
	w.report.rows = append(w.report.rows, r)
	w.Log(r)
}

// others returns the nodes but for one.
func (w *world) others(than *node) []*node {
	return slices.DeleteFunc(slices.Clone(w.nodes), func(n *node) bool { return n == than })
}

// writers push at once, each a number of texts, and try again when another was first.
// What loses must not be served.
func (w *world) writers(n, each int) (won, lost int) {
	w.Helper()
	var mu sync.Mutex
	var together sync.WaitGroup
	for range n {
		store := w.open(w.endpoints())
		together.Go(func() {
			for pushed := 0; pushed < each; {
				number := w.next()
				err := w.try(w.Context(), store, number)
				var conflict *fleet.ConflictError
				mu.Lock()
				switch {
				case err == nil:
					pushed++
					won++
				case errors.As(err, &conflict):
					lost++
					w.forbid(number)
				default:
					w.Errorf("pushing %d: %v", number, err)
					pushed++
				}
				mu.Unlock()
			}
		})
	}
	together.Wait()
	return won, lost
}

// rollBack has the program push the text of the revision before once more, and returns
// the number of that text.
func (w *world) rollBack() int {
	w.Helper()
	back := headOf(w.T, w.store).Pointer.Last - 1
	r, err := w.store.Revision(w.Context(), back, 0)
	if err != nil {
		w.Fatal(err)
	}
	text, err := w.store.Text(w.Context(), r, 0)
	if err != nil {
		w.Fatal(err)
	}
	if out, status := auralink(w.cluster, "rollback", fmt.Sprint(back), "--keep", fmt.Sprint(w.keep)); status != 0 {
		w.Fatalf("rolling back to %d: status %d\n%s", back, status, out)
	}
	number := numberOf(text)
	if string(text) != w.text(number) {
		w.Errorf("revision %d is not what was pushed", back)
	}
	return number
}

// killWriter has the program push a new text, kills it after a while, and pushes another
// one, whose number it returns. What was on its way when the writer was killed may be done a moment later, but not once the
// pointer was swapped.
func (w *world) killWriter(after time.Duration) (next int) {
	w.Helper()
	number := w.next()
	path := filepath.Join(w.TempDir(), "topology.yaml")
	writeFile(w.T, path, w.text(number))
	cmd := command("auralink", 0, "push", path, "--to", w.url(), "--who", "mortal", "--keep", fmt.Sprint(w.keep))
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		w.Fatal(err)
	}
	begin := time.Now()
	dead := time.AfterFunc(after, func() { _ = cmd.Process.Kill() }) // an error means that it is done
	ended := cmd.Wait()
	alive := dead.Stop()
	if alive {
		w.whole = time.Since(begin)
	}
	next = w.push()
	before, err := w.store.Revision(w.Context(), headOf(w.T, w.store).Pointer.Last-1, 0)
	if err != nil {
		w.Fatal(err)
	}
	text, err := w.store.Text(w.Context(), before, 0)
	if err != nil {
		w.Fatalf("after a writer was killed: %v", err)
	}
	through := string(text) == w.text(number)
	if !through {
		w.forbid(number)
	}
	if !alive {
		w.report.killed++
		w.report.through += map[bool]int{true: 1}[through]
	}
	if alive && (ended != nil || !through) {
		w.Errorf("a writer that was not killed ended with %v, and its text was there: %v\n%s", ended, through, out.String())
	}
	return next
}

// restart kills all servers, and starts them again while nobody asks: a server that does
// not run answers nothing. The clocks of the servers are ahead by then.
func (w *world) restart(clocks func(i int) time.Duration) {
	for i, s := range w.servers {
		w.asked += w.asking[i].end(w.T, s.name)
		w.repeated += w.asking[i].again
		s.kill()
		s.clock = clocks(i)
		s.start()
	}
	for i, s := range w.servers {
		s.awaitServes(w.last)
		w.asking[i] = ask(w.T, s, w.known)
	}
}

// right is the clock of a server that is right.
func right(int) time.Duration { return 0 }

// finish ends the asking, and judges what is left in etcd: the history that is kept, no
// piece that nobody names, and no server that is not up to date.
func (w *world) finish() {
	w.Helper()
	for _, s := range w.servers {
		awaitState(w.T, w.store, s.name, fleet.UpToDate, headOf(w.T, w.store).Pointer.Current)
	}
	for i, a := range w.asking {
		w.asked += a.end(w.T, w.servers[i].name)
		w.repeated += a.again
	}
	w.Logf("%d questions, %d asked again", w.asked, w.repeated)
	if w.asked < 1000 {
		w.Errorf("only %d questions were asked", w.asked)
	}
	revisions, err := w.store.History(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	named := make(map[string]bool)
	for _, r := range revisions {
		for _, digest := range r.Pieces {
			named[digest] = true
		}
	}
	if got := keys(w.T, w.client, "pieces/"); len(revisions) != w.keep || got != int64(len(named)) {
		w.Errorf("%d revisions are kept, %d pieces are there and %d named", len(revisions), got, len(named))
	}
}
