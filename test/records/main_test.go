package records_test

import (
	"os"
	"testing"

	"github.com/auralink/auralink/test/peers"
)

func TestMain(m *testing.M) { os.Exit(peers.Run(m)) }

// packages are the Debian packages of the programs that check configurations and zones.
var packages = map[string]string{
	"named": "bind9", "named-checkconf": "bind9-utils", "named-checkzone": "bind9-utils", "dnsmasq": "dnsmasq-base", "gdnsd": "gdnsd",
	"knotd": "knot", "knotc": "knot", "kzonecheck": "knot-dnssecutils", "kresd": "knot-resolver",
	"nsd-checkconf": "nsd", "nsd-checkzone": "nsd", "pdns_server": "pdns-server", "pdns_recursor": "pdns-recursor", "unbound": "unbound", "unbound-checkconf": "unbound",
}

// need skips a test where a program is not there, and fails it in CI.
func need(t *testing.T, program string) string {
	t.Helper()
	return peers.Find(t, program, packages[program])
}
