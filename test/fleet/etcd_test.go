package fleet_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"

	"github.com/auralink/auralink/internal/fleet"
	"github.com/auralink/auralink/test/peers"
)

// patience is how long a test waits for what must come.
const patience = time.Minute

// node is one etcd, a process of its own.
type node struct {
	name, client, peer string
	in                 place
	dir                string
	flags              []string
	clock              time.Duration // how far its clock is ahead
	cmd                *exec.Cmd
	done               chan struct{}
}

// cluster is an etcd of one or more nodes.
type cluster struct {
	t     *testing.T
	nodes []*node
	tls   *authority // nil for none
	// prefix is that of the fleet.
	prefix string
}

// fast has an etcd not wait for its disk: most tests are not about that.
const fast = "--unsafe-no-fsync"

// newCluster starts an etcd on this host, which does not wait for its disk.
func newCluster(t *testing.T, size int, flags ...string) *cluster {
	return startCluster(t, localNodes(t, size), nil, append(flags, fast)...)
}

// localNodes returns nodes on this host.
func localNodes(t *testing.T, size int) []*node {
	var nodes []*node
	for i := range size {
		n := &node{name: fmt.Sprintf("n%d", i), dir: t.TempDir(), in: here{}}
		n.client, n.peer = peers.FreePort(t, peers.Loopback()).String(), peers.FreePort(t, peers.Loopback()).String()
		nodes = append(nodes, n)
	}
	return nodes
}

// startCluster starts an etcd of some nodes, with TLS if there is an authority.
func startCluster(t *testing.T, nodes []*node, ca *authority, flags ...string) *cluster {
	t.Helper()
	c := &cluster{t: t, nodes: nodes, tls: ca, prefix: "/test"}
	var members []string
	for _, n := range nodes {
		members = append(members, n.name+"=http://"+n.peer)
	}
	scheme := "http://"
	if ca != nil {
		scheme = "https://"
		flags = append(flags, ca.etcdFlags()...)
	}
	for _, n := range nodes {
		n.flags = append([]string{
			"--name", n.name, "--data-dir", filepath.Join(n.dir, "data"), "--log-level", "error",
			"--listen-client-urls", scheme + n.client, "--advertise-client-urls", scheme + n.client,
			"--listen-peer-urls", "http://" + n.peer, "--initial-advertise-peer-urls", "http://" + n.peer,
			"--initial-cluster", strings.Join(members, ","),
		}, flags...)
		c.start(n)
	}
	t.Cleanup(func() {
		for _, n := range c.nodes {
			n.kill()
		}
	})
	c.awaitLeader()
	return c
}

// start starts a node, which has what it had before.
func (c *cluster) start(n *node) {
	c.t.Helper()
	n.cmd = command("etcd", n.clock, n.flags...)
	log, err := os.OpenFile(filepath.Join(n.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		c.t.Fatal(err)
	}
	defer log.Close()
	n.cmd.Stdout, n.cmd.Stderr = log, log
	n.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := n.in.Do(n.cmd.Start); err != nil {
		c.t.Fatal(err)
	}
	n.done = make(chan struct{})
	go func(cmd *exec.Cmd, done chan struct{}) {
		defer close(done)
		_ = cmd.Wait() // it is killed
	}(n.cmd, n.done)
}

// kill ends a node at once, as kill -9 does.
func (n *node) kill() {
	_ = n.cmd.Process.Kill() // an error means that it has ended
	<-n.done
}

// pause stops a node in its tracks: its connections stay, and nothing answers.
func (n *node) pause() { _ = n.cmd.Process.Signal(syscall.SIGSTOP) }

// resume lets it go on.
func (n *node) resume() { _ = n.cmd.Process.Signal(syscall.SIGCONT) }

// endpoints returns HOST:PORT of all nodes.
func (c *cluster) endpoints() []string {
	var list []string
	for _, n := range c.nodes {
		list = append(list, n.client)
	}
	return list
}

// client returns a client of all nodes, or of some.
func (c *cluster) client(endpoints ...string) *clientv3.Client {
	c.t.Helper()
	if len(endpoints) == 0 {
		endpoints = c.endpoints()
	}
	config := clientv3.Config{Endpoints: endpoints, Logger: zap.NewNop(), DialTimeout: patience}
	if c.tls != nil {
		config.TLS = c.tls.config(c.t, "root")
	}
	client, err := clientv3.New(config)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = client.Close() })
	return client
}

// awaitLeader waits until the cluster answers.
func (c *cluster) awaitLeader() {
	c.t.Helper()
	client := c.client()
	defer client.Close()
	await(c.t, "etcd answers", func() bool {
		ctx, cancel := context.WithTimeout(c.t.Context(), time.Second)
		defer cancel()
		_, err := client.Get(ctx, "x")
		return err == nil || c.tls != nil && strings.Contains(err.Error(), "denied")
	})
}

// leader returns the node that leads, as of the nodes that answer. It waits for the end of
// an election.
func (c *cluster) leader() (leader *node) {
	c.t.Helper()
	client := c.client()
	defer client.Close()
	await(c.t, "a node leads", func() bool {
		for _, n := range c.nodes {
			ctx, cancel := context.WithTimeout(c.t.Context(), time.Second)
			status, err := client.Status(ctx, n.client)
			cancel()
			if err == nil && status.Header.MemberId == status.Leader {
				leader = n
			}
		}
		return leader != nil
	})
	return leader
}

// store returns the fleet /test by a client of its own.
func (c *cluster) store() *fleet.Store {
	c.t.Helper()
	return fleet.NewStore(c.client(), c.prefix)
}

// url returns the fleet's URL.
func (c *cluster) url() string { return "etcd://" + strings.Join(c.endpoints(), ",") + c.prefix }

// await waits until something is so.
func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after %s it is not so that %s", patience, what)
		}
	}
}
