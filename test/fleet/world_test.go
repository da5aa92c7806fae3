package fleet_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"

	"github.com/auralink/auralink/internal/fleet"
)

// longPushes has the long form run, with so many pushes: AURALINK_LONG, which make fleet
// sets; 0 for the bounded form.
var longPushes, _ = strconv.Atoi(os.Getenv("AURALINK_LONG")) // 0 if it is not set

// world is an etcd of three nodes, servers that follow it over links of their own, and
// clients that ask all the time.
type world struct {
	*testing.T
	*cluster
	servers []*server
	links   [][]*link // of each server, to each node
	asking  []*asking
	keep    int
	client  *clientv3.Client
	store   *fleet.Store

	mu       sync.Mutex // guards the rest
	asked    int        // questions of askings that have ended
	repeated int        // tries beyond the first of each question
	last     int        // the number of the newest text
	served   map[int]bool
	rows     []row
}

// row is a line of the table: what was done, and how long it took until all servers had
// what was pushed last.
type row struct {
	what string
	took []time.Duration
}

// newWorld starts a world with a number of servers, which all serve the first text.
func newWorld(t *testing.T, servers int) *world {
	t.Helper()
	w := &world{T: t, cluster: newCluster(t, 3), keep: 10, served: make(map[int]bool)}
	w.client = w.cluster.client()
	w.store = w.open(w.endpoints())
	w.push()
	for i := range servers {
		var links []*link
		var through []string
		for _, n := range w.nodes {
			l := newLink(t, n.client)
			links, through = append(links, l), append(through, l.at)
		}
		s := newServer(t, fmt.Sprintf("s%d", i), "etcd://"+strings.Join(through, ",")+w.prefix)
		s.start()
		w.servers, w.links = append(w.servers, s), append(w.links, links)
	}
	for _, s := range w.servers {
		s.awaitServes(w.last)
		w.asking = append(w.asking, ask(t, s, w.known))
	}
	return w
}

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
	_, err = store.Push(ctx, fleet.Proposal{Text: []byte(topology(number)), Who: "world", Compared: head, Keep: w.keep})
	return err
}

// push pushes a new text, and returns its number.
func (w *world) push() int {
	w.Helper()
	number := w.next()
	w.again(number)
	return number
}

// again pushes a text, whatever happens to etcd meanwhile.
func (w *world) again(number int) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	for {
		err := w.try(ctx, w.store, number)
		if err == nil {
			return
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

// measure does something that ends in a push, some times, and notes how long it takes
// from then until all servers have it.
func (w *world) measure(what string, times int, do func() (number int)) {
	w.Helper()
	r := row{what: what}
	for range times {
		number := do()
		begin := time.Now()
		w.all(number)
		r.took = append(r.took, time.Since(begin))
	}
	slices.Sort(r.took)
	w.rows = append(w.rows, r)
	w.Logf("%-55s %4d times, median %6s, longest %6s", what, times,
		r.took[len(r.took)/2].Round(time.Millisecond), r.took[len(r.took)-1].Round(time.Millisecond))
}

// others returns the nodes but for one.
func (w *world) others(than *node) []*node {
	return slices.DeleteFunc(slices.Clone(w.nodes), func(n *node) bool { return n == than })
}

// cutOff cuts the links of a server, or joins them.
func (w *world) cutOff(i int, cut bool) {
	for _, l := range w.links[i] {
		l.set(cut)
	}
}

// compact has etcd forget its own history.
func (w *world) compact() {
	w.Helper()
	head, err := w.store.Head(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(w.Context(), patience)
	defer cancel()
	if _, err := w.client.Compact(ctx, head.At, clientv3.WithCompactPhysical()); err != nil {
		w.Fatal(err)
	}
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

// killWriter has the program push a new text, and kills it after a while. It returns
// whether the text is there.
func (w *world) killWriter(after time.Duration) bool {
	w.Helper()
	number := w.next()
	path := filepath.Join(w.TempDir(), "topology.yaml")
	writeFile(w.T, path, topology(number))
	cmd := exec.Command(filepath.Join(programs, "auralink"), "push", path, "--to", w.url(), "--who", "mortal")
	if err := cmd.Start(); err != nil {
		w.Fatal(err)
	}
	time.Sleep(after)
	_ = cmd.Process.Kill() // an error means that it is done
	_ = cmd.Wait()
	_, text, err := current(w.Context(), w.store)
	if err != nil {
		w.Fatalf("after a writer was killed: %v", err)
	}
	there := string(text) == topology(number)
	if !there {
		w.forbid(number)
	}
	return there
}

// finish ends the asking, and judges what is left in etcd: the history that is kept, and
// no piece that nobody names.
func (w *world) finish() (asked int) {
	w.Helper()
	asked = w.asked
	for i, a := range w.asking {
		asked += a.end(w.T, w.servers[i].name)
		w.repeated += a.again
	}
	w.Logf("%d questions, %d asked again", asked, w.repeated)
	revisions, err := w.store.History(w.Context(), 0)
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
	return asked
}

// table prints what was measured, as docs/scale.md has it.
func (w *world) table(asked int) {
	fmt.Printf("\n| what happened | times | until all have it: median | longest |\n|---|---|---|---|\n")
	for _, r := range w.rows {
		fmt.Printf("| %s | %d | %s | %s |\n", r.what, len(r.took),
			r.took[len(r.took)/2].Round(time.Millisecond), r.took[len(r.took)-1].Round(time.Millisecond))
	}
	fmt.Printf("\n%d servers, %d questions, %d asked again, 0 lost, 0 wrong regions, 0 answers from what was not pushed\n\n", len(w.servers), asked, w.repeated)
}
