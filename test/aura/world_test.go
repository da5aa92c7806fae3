//go:build linux

package aura_test

import (
	"net"
	"testing"
	"time"

	"github.com/auralink/auralink/test/aura/lab"
	"github.com/auralink/auralink/test/peers"
)

// TestWorld: who reaches whom in a lab, as it is with Aura: private endpoints from the
// VPC and from behind it, from a laptop only over the VPN, and public addresses from
// everywhere.
func TestWorld(t *testing.T) {
	peers.Find(t, "wg", "wireguard-tools")
	w := newWorld(t, lab.Options{})
	reaches := func(from lab.Host, address string, want bool) {
		t.Helper()
		conn, err := dial(from, address+":7687")
		if (err == nil) != want {
			t.Errorf("%s reaches %s: %v, want %t", from, address, err, want)
		}
		if err == nil {
			_ = conn.Close()
		}
	}
	for _, host := range []lab.Host{lab.App, lab.OnPrem, lab.DNS} {
		for _, address := range []string{lab.EastPrivate, lab.EastPrivateTwo, lab.WestPrivate, lab.EastPublic, lab.WestPublic} {
			reaches(host, address, true)
		}
	}
	for _, vpn := range []bool{false, true, false} {
		if vpn {
			must(t, w.ConnectVPN())
		} else {
			must(t, w.DisconnectVPN())
		}
		reaches(lab.Laptop, lab.EastPublic, true)
		reaches(lab.Laptop, lab.EastPrivate, vpn)
		reaches(lab.Laptop, lab.WestPrivate, vpn)
	}
	must(t, lab.VPC.Firewall("ip daddr 10.10.11.10 tcp dport 7687 reject with tcp reset"))
	reaches(lab.App, lab.EastPrivateTwo, false)
	reaches(lab.App, lab.EastPrivate, true)
	must(t, lab.VPC.Firewall())
	reaches(lab.App, lab.EastPrivateTwo, true)
}

// TestDelay: a wire with a delay takes that long, each way.
func TestDelay(t *testing.T) {
	const delay = 40 * time.Millisecond
	newWorld(t, lab.Options{WestDelay: delay})
	for address, least := range map[string]time.Duration{lab.WestPrivate: 2 * delay, lab.EastPrivate: 0} {
		begin := time.Now()
		conn, err := dial(lab.App, address+":443")
		must(t, err)
		_ = conn.Close()
		if took := time.Since(begin); took < least || least == 0 && took > delay {
			t.Errorf("connecting to %s took %s, want at least %s", address, took, least)
		}
	}
}

// patience is for what is a millisecond away.
const patience = time.Second

// dial connects from a host, or gives up.
func dial(from lab.Host, address string) (conn net.Conn, err error) {
	return from.DialTimeout("tcp", address, patience)
}
