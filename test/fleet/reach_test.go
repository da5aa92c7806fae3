package fleet_test

import (
	"net"
	"strings"
	"testing"
	"time"
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
