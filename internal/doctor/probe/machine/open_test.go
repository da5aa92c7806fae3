package machine_test

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/machine"
)

func TestParseLsof(t *testing.T) {
	const out = `COMMAND   PID USER   FD   TYPE             DEVICE SIZE/OFF NODE NAME
java     4711 dave   45u  IPv6 0x1234567890abcdef      0t0  TCP 10.0.0.5:50432->203.0.113.9:7687 (ESTABLISHED)
node\x20x 12 dave   21u  IPv6 0x1234567890abcdee      0t0  TCP [2001:db8::5]:50433->[2001:db8::9]:443 (ESTABLISHED)
java     4711 dave   46u  IPv6 0x1234567890abcdef      0t0  TCP *:7687 (LISTEN)
`
	want := []doctor.OpenConnection{
		{Local: netip.MustParseAddrPort("10.0.0.5:50432"), Remote: netip.MustParseAddrPort("203.0.113.9:7687"), Program: "java (4711)"},
		{Local: netip.MustParseAddrPort("[2001:db8::5]:50433"), Remote: netip.MustParseAddrPort("[2001:db8::9]:443"), Program: `node\x20x (12)`},
	}
	if diff := cmp.Diff(want, machine.ParseLsof(out), comparers); diff != "" {
		t.Error(diff)
	}
}

func TestParseNetTCPConnection(t *testing.T) {
	const out = "10.0.0.5\t50432\t203.0.113.9\t7687\tjava\t4711\r\n" +
		"::ffff:10.0.0.5\t50433\t::ffff:203.0.113.9\t443\tmsedge\t12\r\n" +
		"fe80::1%12\t50434\t2001:db8::9\t443\t\t0\r\n\r\nGet-NetTCPConnection : an error\r\n"
	want := []doctor.OpenConnection{
		{Local: netip.MustParseAddrPort("10.0.0.5:50432"), Remote: netip.MustParseAddrPort("203.0.113.9:7687"), Program: "java (4711)"},
		{Local: netip.MustParseAddrPort("10.0.0.5:50433"), Remote: netip.MustParseAddrPort("203.0.113.9:443"), Program: "msedge (12)"},
		{Local: netip.MustParseAddrPort("[fe80::1]:50434"), Remote: netip.MustParseAddrPort("[2001:db8::9]:443"), Program: " (0)"},
	}
	if diff := cmp.Diff(want, machine.ParseNetTCPConnection(out), comparers); diff != "" {
		t.Error(diff)
	}
}
