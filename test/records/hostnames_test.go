package records_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
)

// hostnames are lines of zones that BIND checks as a whole: by their names (check-names), and by
// their keys.
var hostnames = []string{
	"my_h A 10.0.0.1", "-a A 10.0.0.1", "a- A 10.0.0.1", "a.-b AAAA fd00::1", "*.a A 10.0.0.1", "a.*.b A 10.0.0.1", "*.my_h A 10.0.0.1", "my_x TXT a", "my_x SRV 1 1 1 a.", "my_x NS b.", "my_x KX 1 b.", "my_x L32 1 10.0.0.1",
	"gc._msdcs A 10.0.0.1", "gc._msdcs AAAA fd00::1", "gc._msdcs.x A 10.0.0.1", "a.gc._msdcs A 10.0.0.1", "_msdcs A 10.0.0.1", "a._msdcs AAAA ::1", "gc._msdcs MX 1 b.", "gc._msdcs.my_x A 10.0.0.1",
	"_spf A 10.0.0.1", "a._spf A 10.0.0.1", "a_b._spf.b A 10.0.0.1", "a._spf_verify A 10.0.0.1", "a._spf_rate A 10.0.0.1", "a._spf AAAA ::1", "a._spf MX 1 b.", "a._domainkey A 10.0.0.1",
	`_x A \# 4 0a000001`, `_x TYPE1 \# 4 0a000001`, "_x TYPE1 10.0.0.1", "my_mx MX 1 b.", "my_x WKS 10.0.0.1 TCP 80", "my_x A6 0 ::1", "my_x RT 1 b.",
	"@ NS my_ns.example.", "sub NS my_ns.example.", "@ MX 1 my_mx.example.", "@ MX 0 .", "_s._tcp SRV 1 1 1 my_h.example.", "_s._tcp SRV 1 1 1 .", "a SRV 1 1 1 my_h", "a PTR my_h.example.", "a KX 1 my_h.example.",
	"a AFSDB 1 my_h.", "a RP my_h. .", "a RP a.my_h. .", "a MINFO my_h. a.", "a RT 1 my_h.", "a PX 1 my_h. a.", `a NAPTR 1 1 u x "" my_h.`, "a MB my_h.", "a CNAME my_h.", "a LP 1 my_h.",
	"@ CDS 0 0 0 00", "@ CDNSKEY 0 3 0 AA==", "@ CDS 0 0 0 00\n@ CDNSKEY 0 3 0 AA==", "x CDS 1 8 1 aabbccddeeff00112233445566778899aabbccdd", "@ CDS 1 8 1 aabbccddeeff00112233445566778899aabbccdd",
	"@ CDNSKEY 256 3 8 AwEAAQ==", "@ DNSKEY 256 3 8 AwEAAQ==\n@ CDNSKEY 256 3 8 AwEAAQ==", "@ CDNSKEY 257 3 RSASHA256 AwEAAQI=\n@ DNSKEY 257 3 8 AwEAAQ==", "@ DNSKEY 257 3 8 AwEAAQ==\n@ CDS 0 0 0 00", "@ DNSKEY 257 3 8 AwEAAQ==\n@ CDS 1 13 1 aabbccddeeff00112233445566778899aabbccdd",
	"@ CDS 0 0 0 00\n@ CDS 1 8 1 aabbccddeeff00112233445566778899aabbccdd", "@ DNSKEY 257 3 8 AwEAAQ==\n@ CDS 0 0 0 00\n@ CDS 1 8 1 aabbccddeeff00112233445566778899aabbccdd",
}

// TestHostnames: BIND is said not to load a zone with one of the lines where it says so itself.
func TestHostnames(t *testing.T) {
	check := need(t, "named-checkconf")
	dir := t.TempDir()
	config := filepath.Join(dir, "named.conf")
	write(t, config, "zone \"endpoints.neo4j.io\" { type primary; file \"zone\"; };\n")
	for _, line := range hostnames {
		t.Run(line, func(t *testing.T) {
			write(t, filepath.Join(dir, "zone"), loadedSOA+loadedNS+line+"\n")
			cmd := exec.Command(check, "-z", "named.conf")
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			found, readErr := existing.Options{}.Apart(config)
			if readErr != nil {
				t.Fatal(readErr)
			}
			said := found.Set.Faults([]string{"endpoints.neo4j.io."}, nil)
			told := slices.ContainsFunc(said, func(f holdings.Fault) bool { return f.Kind == holdings.NotLoaded })
			if refused := err != nil; refused != told {
				t.Errorf("refused %v, and said is %v: %s", refused, said, out)
			}
		})
	}
}
