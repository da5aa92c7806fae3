package exports_test

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/miekg/dns"

	"github.com/auralink/auralink/test/peers"
	"github.com/auralink/auralink/zones"
	"github.com/auralink/auralink/zones/formats"
)

const (
	// resolvedStub is where systemd-resolved answers.
	resolvedStub = "127.0.0.53:53"
	// ourServer is asked over the link vpn0, publicServer over the link eth9.
	ourServer, publicServer = "10.99.0.53", "10.98.0.53"
	// resolvedDir, in the environment, has the files of a case, and tells the
	// test that it runs inside of its own machine.
	resolvedDir = "AURALINK_TEST_RESOLVED"
)

// resolvedCases are the ways by which systemd-resolved is told of the domains.
var resolvedCases = []struct {
	name, format string
	file         string // of the format
	before       string // what puts the file where it is read
	after        string // what applies it to the link vpn0, once all runs
	leaks        bool
}{
	{
		name: "a script for a link", format: "systemd-resolved", file: "resolvectl.sh",
		after: "sh $DIR/resolvectl.sh vpn0",
	},
	{
		name: "a drop-in for a network", format: "systemd-resolved", file: "auralink.conf",
		before: "mkdir -p /etc/systemd/network/vpn0.network.d; install -m 644 $DIR/auralink.conf /etc/systemd/network/vpn0.network.d/\n" +
			"printf '[Match]\\nName=vpn0\\n[Network]\\nConfigureWithoutCarrier=yes\\n' > /etc/systemd/network/vpn0.network",
	},
	{
		name: "lines of wg-quick", format: "wireguard", file: "wireguard.conf",
		after: `sed -n 's/^PostUp = //; s/%i/vpn0/gp' $DIR/wireguard.conf > /run/up; bash -eu /run/up`,
	},
	{
		// Why there is no drop-in for resolved.conf.
		name: "resolved.conf", format: "systemd-resolved", file: "auralink.conf", leaks: true,
		before: "mkdir -p /etc/systemd/resolved.conf.d\n" +
			"sed 's/Network/Resolve/; /DNSDefaultRoute/d' $DIR/auralink.conf > /etc/systemd/resolved.conf.d/auralink.conf",
	},
}

// TestResolved has a real systemd-resolved ask: about the names of the view our
// server and no other, and about all others never ours. It runs in name spaces
// of its own, with a bus, links, and servers that are there alone.
func TestResolved(t *testing.T) {
	probe := exec.Command("sh", "-euc", "mount --make-rprivate /; mount -t proc proc /proc; mount -t tmpfs tmpfs /run")
	probe.SysProcAttr = ownMachine()
	if out, err := probe.CombinedOutput(); err != nil {
		t.Skipf("this user cannot have name spaces and mounts of its own: %v %s", err, out)
	}
	for program, debian := range map[string]string{"dbus-daemon": "dbus-daemon", "ip": "iproute2", "networkctl": "systemd"} {
		peers.Find(t, program, debian)
	}
	root := resolvedRoot(t)
	view := readTopology(t, "../../zones/formats/all/testdata/002-two-regions.yaml")
	for _, tt := range resolvedCases {
		t.Run(tt.name, func(t *testing.T) {
			dir := saveExport(t, writeExport(t, tt.format, view, formats.Options{Servers: []netip.Addr{netip.MustParseAddr(ourServer)}}))
			script := strings.Join([]string{resolvedMachine, tt.before, resolvedStart, tt.after}, "\n")
			if err := os.WriteFile(filepath.Join(dir, "machine.sh"), []byte(script), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(os.Args[0], "-test.run=^TestResolvedInside$", "-test.v")
			cmd.Env = append(os.Environ(), resolvedDir+"="+dir, "DIR="+dir, "ROOT="+root, fmt.Sprintf("LEAKS=%v", tt.leaks))
			cmd.SysProcAttr = ownMachine()
			out, err := cmd.CombinedOutput()
			if err != nil || !bytes.Contains(out, []byte("--- PASS: TestResolvedInside")) {
				t.Errorf("inside: %v\n%s", err, out)
			}
		})
	}
}

// ownMachine gives a process mounts, a network and processes of its own. When it
// ends, all of them do.
func ownMachine() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID,
		Pdeathsig:  syscall.SIGKILL,
	}
}

// resolvedRoot returns the directory under which systemd-resolved is: the root,
// or where its Debian package has been unpacked, for to install it takes over
// /etc/resolv.conf.
func resolvedRoot(t *testing.T) string {
	t.Helper()
	unpacked, err := filepath.Abs("../../bin/debian")
	if err != nil {
		t.Fatal(err)
	}
	for _, root := range []string{"", unpacked} {
		if _, err := os.Stat(root + "/lib/systemd/systemd-resolved"); err == nil {
			return root
		}
	}
	const missing = "systemd-resolved is not there: unpack the Debian package systemd-resolved into bin/debian (apt-get download, dpkg -x)"
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

// resolvedMachine makes the machine: what the system has for systemd stays
// outside, and two links have a server each.
const resolvedMachine = `set -eu
mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mount -t sysfs -o ro sysfs /sys # so that there is no udev to wait for
mount -t tmpfs tmpfs /etc/systemd
mkdir /run/dbus /run/systemd /etc/systemd/network
: > /run/resolv.conf; mount --bind /run/resolv.conf "$(readlink -m /etc/resolv.conf)" 2>/dev/null || true
if ! getent passwd systemd-resolve >/dev/null; then
	cp /etc/passwd /etc/group /run/
	echo 'systemd-resolve:x:997:997::/:/usr/sbin/nologin' >> /run/passwd; mount --bind /run/passwd /etc/passwd
	echo 'systemd-resolve:x:997:' >> /run/group; mount --bind /run/group /etc/group
fi
install -d -o systemd-network -g systemd-network /run/systemd/netif
install -d -o systemd-resolve -g systemd-resolve /run/systemd/resolve
ip link set lo up
ip link add vpn0 type bridge; ip addr add 10.99.0.53/24 dev vpn0; ip link set vpn0 up
ip link add eth9 type bridge; ip addr add 10.98.0.53/24 dev eth9; ip link set eth9 up
printf '[Match]\nName=eth9\n[Network]\nDNS=10.98.0.53\nDNSDefaultRoute=yes\nConfigureWithoutCarrier=yes\n' > /etc/systemd/network/eth9.network
`

// resolvedStart starts the bus, with the policy of systemd-resolved, the network
// and, once the links are there, systemd-resolved itself.
const resolvedStart = `
if [ -n "$ROOT" ]; then
	cp -r /usr/share/dbus-1/system.d /run/policy
	cp "$ROOT"/usr/share/dbus-1/system.d/* /run/policy/
	mount --bind /run/policy /usr/share/dbus-1/system.d
fi
dbus-daemon --system --nofork --nopidfile > /run/bus.log 2>&1 &
until [ "$(stat -c %a /run/dbus/system_bus_socket 2>&1)" = 777 ]; do sleep 0.1; done # before that, root alone may connect
/lib/systemd/systemd-networkd > /run/networkd.log 2>&1 &
while ! grep -qs '^DNS=10.98' /run/systemd/netif/links/*; do sleep 0.1; done
"$ROOT/lib/systemd/systemd-resolved" > /run/resolved.log 2>&1 &
export PATH="$ROOT/usr/bin:$PATH"
while ! resolvectl dns eth9 2>/dev/null | grep -q 10.98; do sleep 0.1; done
`

// machineWithin bounds the time that the machine takes to start; it is so long
// because the real one may be busy.
const machineWithin = 30 * time.Second

// TestResolvedInside is the part of [TestResolved] that runs inside.
func TestResolvedInside(t *testing.T) {
	dir := os.Getenv(resolvedDir)
	if dir == "" {
		t.Skip("it is run by TestResolved")
	}
	ctx, cancel := context.WithTimeout(t.Context(), machineWithin)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", filepath.Join(dir, "machine.sh"))
	t.Cleanup(func() {
		if t.Failed() {
			logs, _ := exec.Command("sh", "-c", "tail /run/*.log").CombinedOutput()
			t.Logf("the daemons say:\n%s", logs)
		}
	})
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ours, public := listenDNS(t, ourServer), listenDNS(t, publicServer)
	inView := []string{
		"my-endpoint-abcdef-123456.endpoints.neo4j.io.", "a-test-m4yy-gtwk.endpoints.neo4j.io.",
		"production-orch-0000.neo4j.io.", "a.b.production-orch-0042.neo4j.io.",
	}
	others := []string{"undeclared.endpoints.neo4j.io.", "api.neo4j.io.", "production-orch-9999.neo4j.io.", "www.example.com."}
	for _, name := range append(others, inView...) {
		askResolved(t, name)
	}
	got := [][]string{ours.asked(), public.asked()}
	if os.Getenv("LEAKS") == "true" {
		if leaked := len(got[0]); leaked <= len(inView) {
			t.Errorf("our server was asked only %d names: resolved.conf would do", leaked)
		}
		return
	}
	if diff := cmp.Diff([][]string{inView, others}, got); diff != "" {
		t.Errorf("names asked of our server, and of the public one (-want +got):\n%s", diff)
	}
}

// askResolved asks systemd-resolved, which must have an answer.
func askResolved(t *testing.T, name string) {
	t.Helper()
	m := new(dns.Msg)
	m.SetQuestion(name, dns.TypeA)
	client := dns.Client{Timeout: 20 * time.Second}
	reply, _, err := client.Exchange(m, resolvedStub)
	if err != nil || len(reply.Answer) != 1 {
		t.Fatalf("%s: %v\n%s", name, err, reply)
	}
}

// namesAsked is a server that answers every question for an address with its
// own, and keeps the names.
type namesAsked struct {
	mu    sync.Mutex
	names []string
}

// listenDNS starts a server at port 53 of an address.
func listenDNS(t *testing.T, addr string) *namesAsked {
	t.Helper()
	n := &namesAsked{}
	ready := make(chan struct{})
	server := &dns.Server{
		Addr: addr + ":53", Net: "udp", NotifyStartedFunc: func() { close(ready) },
		Handler: dns.HandlerFunc(func(w dns.ResponseWriter, m *dns.Msg) {
			n.mu.Lock()
			defer n.mu.Unlock()
			n.names = append(n.names, strings.ToLower(m.Question[0].Name))
			reply := new(dns.Msg)
			reply.SetReply(m)
			reply.Answer = []dns.RR{zones.AddressRR(m.Question[0].Name, 5, netip.MustParseAddr(addr))}
			_ = w.WriteMsg(reply) // who does not get it fails the test
		}),
	}
	go func() {
		if err := server.ListenAndServe(); err != nil {
			t.Error(err)
		}
	}()
	t.Cleanup(func() { _ = server.Shutdown() })
	<-ready
	return n
}

// asked returns the names, each once, in the order of their questions.
func (n *namesAsked) asked() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var names []string
	for _, name := range n.names {
		if len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	return names
}
