package auralink

import (
	"net/netip"
	"testing"
)

// TestAdmitted: a client is known by the address that the rules of acl are matched
// with, however the socket or the connection spells it.
func TestAdmitted(t *testing.T) {
	a := newAdmitted()
	for _, client := range []string{"10.0.0.1", "::ffff:10.0.0.2", "fe80::1%eth0", "fd00::1"} {
		a.note(netip.MustParseAddr(client))
	}
	for client, want := range map[string]bool{
		"10.0.0.1": true, "10.0.0.2": true, "fe80::1": true, "fd00::1": true,
		"10.0.0.3": false, "fd00::2": false,
	} {
		if got := a.has(netip.MustParseAddr(client)); got != want {
			t.Errorf("%s: admitted %t, want %t", client, got, want)
		}
	}
	var none *admitted
	none.note(netip.MustParseAddr("10.0.0.1"))
	if !none.has(netip.MustParseAddr("10.0.0.3")) {
		t.Error("without acl somebody may not ask")
	}
}

// TestAdmittedForgets: the clients that asked least recently give way.
func TestAdmittedForgets(t *testing.T) {
	a := newAdmitted()
	first, busy := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	a.note(first)
	a.note(busy)
	for addr := netip.MustParseAddr("10.0.0.0"); a.clients.Len() < mostAdmitted; addr = addr.Next() {
		a.note(addr)
	}
	if !a.has(busy) {
		t.Fatalf("%s was forgotten", busy)
	}
	a.note(netip.MustParseAddr("192.0.2.3"))
	if a.has(first) || !a.has(busy) {
		t.Errorf("after one more: %s is known: %t, %s: %t", first, a.has(first), busy, a.has(busy))
	}
}
