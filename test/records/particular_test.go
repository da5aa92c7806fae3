package records_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
)

// particular are lines of a zone of which BIND, NSD or Knot alone refuse some.
var particular = []string{
	"x CAA 0 is_sue a", "x CAA 0 is-sue a", `x CAA 0 "issue" a`, `x CAA 0 "" a`, "x CAA 0 ISSUE a", "x CAA 0 issuewild9 a", "x CAA 0 issueissueissuei a",
	`x TXT \999`, `x TXT "\25"`, `x TXT \255`, `x TXT \a`, `x MX 10 a\300b.`, `x MX 10 a\2b.`, `x PTR \999`, `x CNAME \999`, `x\999 TXT a`, `x\25 TXT a`, `x\065 TXT a`,
	"x TXT ( ( a ) )", "x TXT ( a ( b ) c )", `x TXT "a""b"`, `x TXT "a"b`, `x TXT a"b"`, `"x" TXT a`, "$ORIGIN a", "$ORIGIN @", "$ORIGIN a.endpoints.neo4j.io.", "*.a NS b.",
	"x EUI48 0-0-5e-0-53-2a", "x EUI48 00-00-5e-00-53-2ag", "x EUI48 00-00-5e-00-53-2", "x EUI64 0-0-5e-ef-10-0-0-2a", "x EUI64 00-00-5e-ef-10-00-00-2ag", "x NID 1 1:2:3:4", "x NID 1 0014:4fff:ff20:ee64:",
	"x LOC 95 22 23.000 N 4 53 32.000 E -2.00m", "x LOC 52 60 23.000 N 4 53 32.000 E -2.00m", "x LOC 52 22 60.000 N 4 53 32.000 E -2.00m", "x LOC 52 22 23.0001 N 4 53 32.000 E 0m",
	"x LOC 52 22 23 N 4 53 32 E 42849672.96m", "x LOC 52 22 23 N 4 53 32 E 42849672.95m", "x LOC 52 22 23 N 4 53 32 E -100000.01m", "x LOC 52 N 200 E 0", "x LOC 52 99 N 4 E 0",
	"x SSHFP 1 1 dead", "x SSHFP 1 2 dead", "x SSHFP 4 2 " + digest256, "x SSHFP 1 3 dead", "x CDS 1 8 1 aabb", "x CDS 0 0 0 0", "x ZONEMD 1 1 3 00",
	"x NSEC a.", "x NSEC a. TKEY", "x NSEC a. OPT", "x NSEC a. TYPE70000", "x NSEC3 1 0 0 - IMQ912BREQP1POLAH3RMONG3", "x NSEC3 1 0 0 - IMQ912BREQP1POLAH3RMONG", "x NSEC3 2 0 0 - IMQ912BREQP1POLAH3RMONG3",
	signedUntil + "20301301000000 20200101000000" + signer, signedUntil + "20300230000000 20200101000000" + signer, signedUntil + "20300101000060 20200101000000" + signer, signedUntil + "19300101000000 20200101000000" + signer,
	signedUntil + "5000000000 20200101000000" + signer, signedUntil + "1900000000 1800000000" + signer, signedUntil + "4294967295 20200101000000" + signer, signedUntil + "2020010100000 20200101000000" + signer,
	"x RRSIG TKEY 8 4 300 20300101000000 20200101000000" + signer,
	"x X25 1", "x X25 1234", "x X25 123a", "x IPSECKEY 1 4 1 a AAAA", "x IPSECKEY 1 1 1 10.0.0.1", "x IPSECKEY 1 0 1 a. AwEAAQ==", "x KEY 49152 3 8",
	"x URI 1 1 a", `x URI 1 1 "a"`, `x NAPTR 1 1 "u" "x" "!^(.*)!a\\2!" .`, `x NAPTR 1 1 "u" "x" "!^(.*)!a\\1!i" .`, `x NAPTR 1 1 "u" "x" "!^(.*)!a\\1!x" .`, `x NAPTR 1 1 "u" "x" "!^(.*!a!" .`,
	"x CERT 1 2 8 AwEAAa==", "x DNSKEY 256 3 8 AA==AA==", "x OPENPGPKEY AB==", "x NSAP 0x47.0005.80", "x NSAP 0x470", "x NSAP 0x", "x NSAP 47",
	"x SVCB 1 . alpn=h2 port=8443", "x SVCB 1 . foo=h2", "x SVCB 1 a. port=a", "x SVCB 1 a. ipv4hint=10.0.0", "x SVCB 1 a. alpn=h2 alpn=h3", "x SVCB 1 a. mandatory=alpn", "x HTTPS 1", "x HTTPS a .",
	"x TYPE1 10.0.0.1", "x TYPE15 10 a.", "x TYPE731 a", `x TYPE65534 \# 2 abc`, `x TYPE70000 \# 2 abcd`, `x TYPE0 \# 2 abcd`, `x TYPE255 \# 2 abcd`, `x TYPE41 \# 0`, `x TYPE3 \# 3 016100`,
	`x MX \# 5 000a016100`, `x TYPE15 \# 4 000a0161`, `x TYPE16 \# 2 0261`, `x TYPE16 \# 0`, `x CAA \# 4 00025f61`, `x CAA \# 4 00016161`, `x SSHFP \# 4 0101dead`, `x SRV \# 8 0001000200030161`, `x HINFO \# 2 0161`,
	"x TKEY a", "x TSIG a", "x ANY", "x AXFR", "x IXFR", "x OPT", "x MAILA a", "x MAILB a", "x MD a.", "x MF a.", "x NULL", `x NULL \# 2 abcd`, "x UID 1", "x UNSPEC a", "x NXNAME", "$GENERATE 0-7 h$ TKEY a",
	"x MB a.", "x PX 10 a. b.", "x WKS 10.0.0.1 TCP 80", "x ISDN a", "x AVC a", "x DLV 1 5 1 aabbccddeeff00112233445566778899aabbccdd", "x NXT a. A", "x SIG A 8 4 300 20300101000000 20200101000000" + signer,
	"x GPOS 1 1 1", "x A6 0 ::1", "x SINK 1 1 1 aa", "x NINFO a", "x TALINK a. b.", "x AMTRELAY 0 0 0 .", "x RESINFO a", "x WALLET a b", "x DSYNC CDS 1 1 a.", "x EID aa", "x HIP 2 20010010 AwEAAQ==",
}

const (
	signedUntil = "x RRSIG A 8 4 300 "
	signer      = " 1 endpoints.neo4j.io. AwEAAQ=="
)

// TestParticularRecord: of lines that some servers alone refuse, each is told of those, and of those
// that some of their versions do not know, that it is not read.
func TestParticularRecord(t *testing.T) {
	servers := dataServers(t)
	dir := t.TempDir()
	for _, line := range particular {
		t.Run(line, func(t *testing.T) {
			for _, s := range servers {
				if refused, said := s.refuses(t, dir, line), s.faults(t, dir); refused != (len(said) > 0) {
					t.Errorf("%s refuses it: %v; and said is %v", s.name, refused, said)
				}
			}
		})
	}
}

// dataServer is a server whose check takes a zone file.
type dataServer struct {
	name, config, text string
	check              []string
}

func dataServers(t *testing.T) []dataServer {
	t.Helper()
	servers := []dataServer{
		{"BIND", "named.conf", "zone \"endpoints.neo4j.io\" { type primary; file \"zone\"; check-names ignore; };\n", []string{"named-checkzone", "-i", "none", "-k", "ignore", "endpoints.neo4j.io"}},
		{"NSD", "nsd.conf", "server:\n  zonesdir: \"\"\nzone:\n  name: endpoints.neo4j.io\n  zonefile: zone\n", []string{"nsd-checkzone", "endpoints.neo4j.io"}},
		{"Knot", "knot.conf", "zone:\n  - domain: endpoints.neo4j.io\n    storage: DIR\n    file: zone\n    semantic-checks: off\n", []string{"kzonecheck", "-o", "endpoints.neo4j.io"}},
	}
	for i, s := range servers {
		servers[i].check[0] = need(t, s.check[0])
	}
	return servers
}

// refuses writes a zone with a line, and reports whether the server refuses it.
func (s dataServer) refuses(t *testing.T, dir, line string) bool {
	t.Helper()
	file := filepath.Join(dir, "zone")
	write(t, file, loadedSOA+loadedNS+line+"\n")
	return exec.Command(s.check[0], append(slices.Clone(s.check[1:]), file)...).Run() != nil
}

// faults returns what is said of the zone that was written.
func (s dataServer) faults(t *testing.T, dir string) []holdings.Fault {
	t.Helper()
	config := filepath.Join(dir, s.config)
	write(t, config, strings.ReplaceAll(s.text, "DIR", dir))
	found, err := existing.Options{}.Apart(config)
	if err != nil {
		t.Fatal(err)
	}
	said := found.Set.Faults([]string{"endpoints.neo4j.io."}, nil)
	return slices.DeleteFunc(said, func(f holdings.Fault) bool {
		return f.Kind != holdings.NotLoaded && !strings.Contains(f.Message, "does not load")
	})
}
