package fleet_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/fleet"
)

// TestUnanswered: where etcd cannot be reached, the error says of each node what is in the
// way, and no command says that it has done anything.
func TestUnanswered(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	plain, secure := newCluster(t, 1), startCluster(t, localNodes(t, 1), ca, fast)
	silent, err := net.Listen("tcp", "127.0.0.1:0") // nobody accepts
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	with := func(ca *authority, name string, shift time.Duration) []string {
		ca.shift = shift
		cert, key := ca.sign(t, name)
		return []string{"--tls-cert", cert, "--tls-key", key, "--tls-ca", ca.path("ca.crt")}
	}
	good := with(ca, "root", 0)
	tests := []struct {
		name, at string
		access   []string
		want     string
	}{
		{"wrong port", closed.Addr().String(), nil, "connection refused"},
		{"silence", silent.Addr().String(), nil, "it takes the connection, and says nothing"},
		{"no such host", "nowhere.invalid", nil, "nowhere.invalid:2379: lookup nowhere.invalid"},
		{"port of nodes", plain.nodes[0].peer, nil, "or is not etcd's port for clients"},
		{"no TLS where it is wanted", secure.nodes[0].client, nil, "it wants TLS (our certificate, its key and the CA)"},
		{"TLS where there is none", plain.nodes[0].client, good, "it speaks no TLS"},
		{"our certificate is not valid yet", secure.nodes[0].client, with(ca, "early", 48*time.Hour), "it does not take our certificate, which is valid from "},
		{"our certificate has expired", secure.nodes[0].client, with(ca, "late", -48*time.Hour), "it does not take our certificate, which is valid from "},
		{"an authority of nobody's", secure.nodes[0].client, with(newAuthority(t), "root", 0), "certificate signed by unknown authority"},
		{"two nodes", closed.Addr().String() + "," + silent.Addr().String(), nil, "connection refused; " + silent.Addr().String() + ": it takes"},
	}
	for _, tt := range tests {
		args := append([]string{"pull", "etcd://" + tt.at + "/test"}, tt.access...)
		if out, status := auralink(plain, args...); status != 2 || !strings.Contains(out, tt.want) {
			t.Errorf("%s: status %d, want %q\n%s", tt.name, status, tt.want, out)
		}
	}
}

// TestExpiredNode: a node whose certificate is not valid any more is not believed, and
// the error says so.
func TestExpiredNode(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	cert, key := ca.sign(t, "root")
	ca.shift = -48 * time.Hour
	ca.sign(t, "node")
	ca.shift = 0
	nodes := localNodes(t, 1)
	c := &cluster{t: t, nodes: nodes, prefix: "/test"}
	n := nodes[0]
	n.flags = append([]string{
		"--data-dir", n.dir + "/data", "--listen-client-urls", "https://" + n.client, "--advertise-client-urls", "https://" + n.client,
		"--listen-peer-urls", "http://" + n.peer, "--initial-advertise-peer-urls", "http://" + n.peer, "--initial-cluster", "default=http://" + n.peer, fast,
	}, ca.etcdFlags()...)
	c.start(n)
	defer n.kill()
	await(t, "the node's certificate is refused", func() bool {
		out, status := auralink(c, "history", "--tls-cert", cert, "--tls-key", key, "--tls-ca", ca.path("ca.crt"))
		return status == 2 && strings.Contains(out, "x509: certificate has expired or is not yet valid: current time")
	})
}

// TestMajorityAway: a command says of a node without the others what it is.
func TestMajorityAway(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 3)
	push(t, c.store(), []byte(topology(1)))
	c.nodes[0].kill()
	c.nodes[1].kill()
	out, status := auralink(c, "pull")
	for _, want := range []string{
		c.nodes[0].client + ": connect: connection refused",
		c.nodes[2].client + ": it is there, but may have lost the other nodes",
	} {
		if status != 2 || !strings.Contains(out, want) {
			t.Errorf("status %d, want %s\n%s", status, want, out)
		}
	}
}

// bothOf returns the fleet that two nodes have, as far as their users know.
func bothOf(t *testing.T, a, b *node) *fleet.Store {
	t.Helper()
	store, err := fleet.Open(fleet.Address{Endpoints: []string{a.client, b.client}, Prefix: "/test"}, fleet.Access{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store
}

// TestLeaderless: a node that has lost the others says so, and costs reads no time.
func TestLeaderless(t *testing.T) {
	t.Parallel()
	lost, there := newCluster(t, 3), newCluster(t, 1)
	push(t, there.store(), []byte(topology(1)))
	lost.nodes[0].kill()
	lost.nodes[1].kill()
	left := lost.nodes[2]
	client := lost.client(left.client)
	await(t, "the node that is left has no leader", func() bool {
		status, err := client.Status(t.Context(), left.client)
		return err == nil && status.Leader == 0
	})
	store := bothOf(t, left, there.nodes[0])
	begin := time.Now()
	const reads = 40
	for range reads {
		headOf(t, store)
	}
	if took := time.Since(begin); took > reads*50*time.Millisecond { // each other one would wait
		t.Errorf("%d reads have taken %s", reads, took)
	}
}

// TestSilent: a node that takes questions and says nothing holds up nobody for long.
func TestSilent(t *testing.T) {
	t.Parallel()
	silent, there := newCluster(t, 1), newCluster(t, 1)
	for _, c := range []*cluster{silent, there} {
		push(t, c.store(), []byte(topology(1)))
	}
	store := bothOf(t, silent.nodes[0], there.nodes[0])
	for range 4 {
		headOf(t, store) // both are connected
	}
	silent.nodes[0].pause()
	defer silent.nodes[0].resume()
	for range 4 {
		begin := time.Now()
		if _, _, err := current(t.Context(), store); err != nil || time.Since(begin) > 1500*time.Millisecond {
			t.Errorf("after %s: %v", time.Since(begin), err)
		}
	}
}

// TestBehind: what is read as of a revision that a node has not yet is asked of another.
func TestBehind(t *testing.T) {
	t.Parallel()
	behind, ahead := newCluster(t, 1), newCluster(t, 1)
	for i := range uint64(5) {
		push(t, ahead.store(), lines(100, i))
	}
	head := headOf(t, ahead.store())
	store := bothOf(t, behind.nodes[0], ahead.nodes[0])
	for range 4 {
		r, err := store.Revision(t.Context(), head.Pointer.Current, head.At)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Text(t.Context(), r, head.At); err != nil {
			t.Fatal(err)
		}
	}
}

// TestElection: what is written while there is no leader is done as soon as there is one.
func TestElection(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 3, "--heartbeat-interval", "50", "--election-timeout", "300")
	store := c.store()
	push(t, store, []byte(topology(1)))
	head := headOf(t, store)
	if _, err := store.Push(t.Context(), fleet.Proposal{Text: []byte(topology(2)), Compared: head, Canary: []string{"a"}, Keep: 5}); err != nil {
		t.Fatal(err)
	}
	head = headOf(t, store)
	c.nodes[0].kill()
	c.nodes[1].kill()
	left := c.nodes[2]
	client := c.client(left.client)
	await(t, "the node that is left has no leader", func() bool {
		status, err := client.Status(t.Context(), left.client)
		return err == nil && status.Leader == 0
	})
	promoted := make(chan error, 1)
	go func() { promoted <- store.Promote(t.Context(), head) }()
	time.Sleep(300 * time.Millisecond)
	c.start(c.nodes[0])
	if err := <-promoted; err != nil {
		t.Error(err)
	}
}
