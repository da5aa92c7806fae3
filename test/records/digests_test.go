package records_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auralink/auralink/test/peers"
)

// digestedZone is a zone with records of many types, and the digests that Knot has made of it.
const (
	digestedZone = `$TTL 60
@ SOA ns.X. Host.x. 2 3600 600 86400 300
@ NS NS.x.
@ MX 10 Mail.a.
* A 10.0.0.1
* A 10.0.0.2
X A 10.0.0.1
x A 10.0.0.1
b.X.y TXT "Some \"words\"" more
y SRV 1 2 3 Host.x.
z AAAA fd00::1
_sip._udp NAPTR 1 1 s SIP+D2U "" _sip._udp.Corp.example.
c CAA 0 issue "a; b"
t TYPE731 \# 2 00ff
s SSHFP 1 1 aabb
d DS 1 8 2 0000000000000000000000000000000000000000000000000000000000000000
d NS ns.d
ns.d A 10.0.0.9
`
	zoneDigest384 = "461329CFAF1562E890B7B690E384D9C7DA39ED80186F1C552B67BA2074F4E4DC74D1C6EB50A4FF272C2E206F7A8B9079"
	zoneDigest512 = "104C4A2E5DC7237C96FA0236A8EF0E95C7B9DE51D85E014466B124E0314C1CF2B857330B79E3BDE671D834FFCCA4F28CFDD70E1B331FF7CF4C1031029D4F1453"
)

// digestedZones are zones with digests.
var digestedZones = map[string]string{
	"right":             digestedZone + "@ ZONEMD 2 1 1 " + zoneDigest384 + "\n",
	"longer":            digestedZone + "@ ZONEMD 2 1 2 " + zoneDigest512[:64] + " " + strings.ToLower(zoneDigest512[64:]) + "\n",
	"of another serial": digestedZone + "@ ZONEMD 1 1 1 " + zoneDigest384 + "\n",
	"of other records":  digestedZone + "w A 10.0.0.3\n@ ZONEMD 2 1 1 " + zoneDigest384 + "\n",
	"of another target": strings.Replace(digestedZone, "ns.d\n", "ns2.d\n", 1) + "@ ZONEMD 2 1 1 " + zoneDigest384 + "\n",
	"none":              digestedZone,
	"elsewhere":         digestedZone + "x ZONEMD 2 1 1 " + zoneDigest384 + "\n",
	"two":               digestedZone + "@ ZONEMD 2 1 1 " + zoneDigest384 + "\n@ ZONEMD 2 1 2 " + zoneDigest512 + "\n",
	"of other kind":     digestedZone + "@ ZONEMD 2 1 240 " + zoneDigest384 + "\n",
}

// TestDigests: zones that a server does not load for their digest are told, and others are not.
func TestDigests(t *testing.T) {
	servers := []struct {
		args         []string
		file, config string
	}{
		{
			[]string{"knotd", "-c", "knot.conf"},
			"knot.conf", "server:\n    listen: ADDR@PORT\n    rundir: \".\"\ndatabase:\n    storage: db\nzone:\n  - domain: a\n    storage: \".\"\n    file: z\n    zonemd-verify: on\n",
		},
		{
			[]string{"unbound", "-d", "-c", "unbound.conf"},
			"unbound.conf", "server:\n  chroot: \"\"\n  username: \"\"\n  pidfile: \"\"\n  use-syslog: no\n  directory: DIR\n  interface: ADDR\n  port: PORT\n  module-config: iterator\nauth-zone:\n  name: a\n  zonefile: z\n  zonemd-check: yes\n",
		},
	}
	for _, s := range servers {
		for name, zone := range digestedZones {
			t.Run(s.file+"/"+name, func(t *testing.T) {
				t.Parallel()
				need(t, s.args[0])
				dir, at := t.TempDir(), peers.FreePort(t, hostOf(s.args[0]))
				write(t, filepath.Join(dir, "z"), zone)
				write(t, filepath.Join(dir, s.file), strings.NewReplacer("ADDR", at.Addr().String(), "PORT", fmt.Sprint(at.Port()), "DIR", dir).Replace(s.config))
				told, doubts := deafnessOf(t, filepath.Join(dir, s.file))
				answers, said := answersIn(t, dir, at, s.args, len(told) == 0)
				unsure := name == "two" || name == "of other kind"
				if answers != (len(told) == 0) && !unsure || unsure != (len(doubts) > 0) {
					t.Errorf("the server answers %v, of which is told %q and doubted %q\n%s", answers, told, doubts, said[max(0, len(said)-600):])
				}
			})
		}
	}
}
