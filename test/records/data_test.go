package records_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
)

// data are records whose data BIND, NSD or Knot takes, of all types that have some but service
// bindings, which are not read in any case.
var data = []string{
	"A 10.0.0.1", "AAAA fd00::1", "MX 10 a.", "KX 10 a.", "RT 10 a.", "AFSDB 1 a.", "SRV 1 2 3 a.", "TXT a b", "SPF a", `HINFO "a b" c`, "RP a. b.",
	`CAA 0 issue "a"`, "PTR a.", "NAPTR 10 20 s SIP+D2U a b.", `NAPTR 10 20 "s" "SIP+D2U" "" b.`,
	"LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m", "LOC 52 N 4 E 0", "LOC 52 22 N 4 53 32 E 10m 5m",
	"APL 1:10.0.0.0/8 !2:fd00::/8", "X25 311061700956", "ISDN 150862028003217 004", "ISDN 150862028003217",
	"CERT 1 2 8 AwEAAa==", "CERT PKIX 2 RSASHA256 AwEA Aa==", "DHCID AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=", "OPENPGPKEY AwEAAQ==",
	"IPSECKEY 10 1 2 10.0.0.1 AwEAAQ==", "IPSECKEY 10 0 2 . AwEAAQ==", "IPSECKEY 10 3 2 a. AwEAAQ==",
	"HIP 2 200100107B1A74DF365639CC39F1D578 AwEAAQ== a.", "EUI48 00-00-5e-00-53-2a", "EUI64 00-00-5e-ef-10-00-00-2a",
	"NID 10 0014:4fff:ff20:ee64", "L32 10 10.1.2.0", "L64 10 2001:0DB8:1140:1000", "LP 10 a.", "URI 10 1 a", `URI 10 1 "ftp://a/b"`,
	"MB a.", "MG a.", "MR a.", "MINFO a. b.", "NSEC a. A RRSIG NSEC", "NSEC a. A TYPE1234",
	"NSEC3 1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr A RRSIG", "NSEC3 1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr", "NSEC3PARAM 1 0 12 aabbccdd",
	"RRSIG A 8 4 300 20300101000000 20200101000000 1234 endpoints.neo4j.io. AwEAAQ==", "RRSIG TYPE99 8 4 300 1900000000 1800000000 1234 endpoints.neo4j.io. AwEA AQ==",
	"DNSKEY 256 3 8 AwEAAQ==", "CDNSKEY 0 3 0 AA==", "CDS 0 0 0 00", "DS 1 8 1 aabbccddeeff00112233445566778899aabbccdd", "SSHFP 1 1 aabbccddeeff00112233445566778899aabbccdd",
	"TLSA 3 1 1 " + digest256, "SMIMEA 3 1 1 " + digest256, "CSYNC 66 3 A NS AAAA", "ZONEMD 1 1 1 " + digest384, `TYPE731 \# 3 abcd ef`, `TYPE731 \# 0`, `TYPE1 \# 4 0A000001`, `TYPE15 \# 4 000A 0161`,
}

const (
	digest256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	digest384 = digest256 + "00112233445566778899aabbccddeeff"
)

// dataSlips returns what slips of the pen make of a record's data: a word that is missing, twice,
// one of another kind, one that is too large, and a letter that is no digit.
func dataSlips(record string) (list []string) {
	words := strings.Fields(record)
	with := func(i int, instead ...string) {
		list = append(list, strings.Join(slices.Replace(slices.Clone(words), i, i+1, instead...), " "))
	}
	for i := 1; i < len(words); i++ {
		word := words[i]
		with(i)
		with(i, word, word)
		with(i, "foo")
		with(i, "70000")
		with(i, "300")
		with(i, "-1")
		with(i, word[:len(word)-1])
		with(i, word+"Z")
		with(i, word+"..")
	}
	return append(list, words[0], record+" foo", record+" 1")
}

// odd are slips that nobody takes and that are not told, of types that hardly anybody has.
var odd = map[string]bool{"X25 311061700956..": true, "IPSECKEY 10 0 2 .Z AwEAAQ==": true}

// TestRecordData: data that is not what its type has, and that BIND, NSD and Knot all refuse, is
// told; and of what a server takes nothing is said. AURALINK_SLIPS="1 3000" tries all slips.
func TestRecordData(t *testing.T) {
	servers := dataServers(t)
	dir := t.TempDir()
	nobody := 0
	try := func(t *testing.T, record string) {
		t.Helper()
		refused, told := make([]bool, len(servers)), make([]bool, len(servers))
		for i, s := range servers {
			refused[i] = s.refuses(t, dir, "x "+record)
			told[i] = slices.ContainsFunc(s.faults(t, dir), func(f holdings.Fault) bool { return f.Kind == holdings.NotLoaded })
			if told[i] && !refused[i] {
				t.Errorf("%s: %s takes it, and is said not to load it", record, s.name)
			}
		}
		if slices.Contains(refused, false) || odd[record] {
			return
		}
		if nobody++; !told[0] || !told[2] { // NSD takes some numbers that are too large, and no others
			t.Errorf("%s: nobody takes it, and that is said of %v", record, told)
		}
	}
	var all []string
	for _, record := range data {
		t.Run(strings.Fields(record)[0], func(t *testing.T) { try(t, record) })
		all = append(all, dataSlips(record)...)
	}
	random, count := slipping(t)
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, record := range all[:min(count, len(all))] {
		try(t, record)
	}
	t.Logf("%d of %d slips were tried; nobody takes %d of them", min(count, len(all)), len(all), nobody)
}
