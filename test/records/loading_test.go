package records_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
)

const (
	loadedSOA = "$TTL 300\n@ SOA ns.corp.example. host.corp.example. 1 3600 600 86400 300\n"
	loadedNS  = "@ NS ns.corp.example.\n"
)

// TestNotLoaded: which zones BIND, NSD and Knot do not load, as their own checks say. A
// file by itself is judged as BIND's check does.
func TestNotLoaded(t *testing.T) {
	tests := []struct{ name, zone string }{
		{"all is right", loadedSOA + loadedNS + "* A 10.0.0.1\n"},
		{"no NS", loadedSOA + "* A 10.0.0.1\n"},
		{"a server in the zone without an address", loadedSOA + "@ NS ns\nx A 10.0.0.1\n"},
		{"a server in the zone that is an alias", loadedSOA + "@ NS ns\nns CNAME ns.corp.example.\n"},
		{"a server that is an alias in the zone", loadedSOA + "@ NS ns\nns CNAME x\nx A 10.0.0.1\n"},
		{"a server that a wildcard makes an alias", loadedSOA + "@ NS ns\n* CNAME x\nx A 10.0.0.1\n"},
		{"a server below a DNAME", loadedSOA + "@ NS a.ns\nns DNAME x\na.x A 10.0.0.1\n"},
		{"a form feed between words", more("x\fA 10.0.0.1")},
		{"a vertical tab between words", more("x A\v10.0.0.1")},
		{"a form feed at the end", more("x A 10.0.0.1\f")},
		{"lines that end as Windows has it", strings.ReplaceAll(more("x A 10.0.0.1"), "\n", "\r\n")},
		{"a comment that ends as Windows has it", more("x A 10.0.0.1 ; words\r\n; words\r")},
		{"a line that is blank for Windows", more("\r\nx A 10.0.0.1")},
		{"lines that end as an old Mac has it", strings.ReplaceAll(more("x A 10.0.0.1"), "\n", "\r")},
		{"a line that ends as an old Mac has it", more("x A 10.0.0.1\ry A 10.0.0.2")},
		{"a carriage return in parentheses", more("x A (\r10.0.0.1 )")},
		{"a carriage return in quotes", more("x TXT \"a\rb\"")},
		{"a carriage return within an address", more("x A 10.0\r.0.1")},
		{"a CNAME with hashing", more("x CNAME foo.\nx NSEC3PARAM 1 0 0 -")},
		{"hashing below the apex", more("x NSEC3PARAM 1 0 0 -\ny NSEC3PARAM 1 0 0 aa")},
		{"hashing in two ways", more("@ NSEC3PARAM 1 0 0 -\n@ NSEC3PARAM 1 0 0 aa")},
		{"hashing twice", more("@ NSEC3PARAM 1 0 0 aa\n@ NSEC3PARAM 1 0 0 AA")},
		{"a DS at the apex", more("@ DS 1 8 2 " + strings.Repeat("ab ", 32))},
		{"a signature below the apex", more("x RRSIG A 13 4 300 20301231000000 20201231000000 1 endpoints.neo4j.io. ZZZZ")},
		{"a CNAME with a signature", more("x CNAME foo.\nx NSEC y CNAME NSEC")},
		{"a CNAME with a signature and a text", more("x CNAME foo.\nx NSEC y CNAME NSEC\nx TXT a")},
		{"a server in the zone with an address", loadedSOA + "@ NS ns\nns AAAA fd00::1\n"},
		{"a server whose address stands before it", loadedSOA + "ns A 10.0.0.1\n@ NS ns\n"},
		{"a server that a wildcard covers", loadedSOA + "@ NS ns\n* A 10.0.0.1\n"},
		{"no SOA", "$TTL 300\n" + loadedNS + "* A 10.0.0.1\n"},
		{"two SOAs", loadedSOA + "@ SOA ns.corp.example. host.corp.example. 2 3600 600 86400 300\n" + loadedNS},
		{"an SOA twice", loadedSOA + strings.TrimPrefix(loadedSOA, "$TTL 300\n") + loadedNS},
		{"an address that is none", loadedSOA + loadedNS + "x A 10.0.0\n"},
		{"a type that is none", loadedSOA + loadedNS + "x IN FOO bar\n"},
		{"a directive that is none", loadedSOA + loadedNS + "$FOO bar\n"},
		{"a quote that is not closed", loadedSOA + loadedNS + "x TXT \"foo\n"},
		{"another class", loadedSOA + loadedNS + "x CH TXT foo\n"},
		{"an empty label", loadedSOA + loadedNS + "x..y A 10.0.0.1\n"},
		{"a CNAME beside an address", loadedSOA + loadedNS + "x CNAME foo.\nx A 10.0.0.1\n"},
		{"a CNAME beside a text and apart", loadedSOA + loadedNS + "x TXT foo\ny A 10.0.0.1\nx CNAME foo.\n"},
		{"two CNAMEs", loadedSOA + loadedNS + "x CNAME foo.\nx CNAME bar.\n"},
		{"a CNAME twice", loadedSOA + loadedNS + "x CNAME foo.\nx CNAME foo.\n"},
		{"a CNAME at the apex", loadedSOA + loadedNS + "@ CNAME foo.\n"},
		{"a name below a DNAME", loadedSOA + loadedNS + "x DNAME foo.\ny.x A 10.0.0.1\n"},
		{"a wildcard below a DNAME", loadedSOA + loadedNS + "x DNAME foo.\n*.x A 10.0.0.1\n"},
		{"two DNAMEs", loadedSOA + loadedNS + "x DNAME foo.\nx DNAME bar.\n"},
		{"a DNAME", loadedSOA + loadedNS + "x DNAME foo.\nx A 10.0.0.1\n"},
		{"a record outside", loadedSOA + loadedNS + "x.example.org. A 10.0.0.1\n"},
		{"a delegation without an address", loadedSOA + loadedNS + "sub NS ns.sub\n"},
		{"odd types", loadedSOA + loadedNS + "x NAPTR 1 1 s SIP+D2U \"\" _sip._udp.corp.example.\ny TYPE731 \\# 1 00\n"},
		{"an MX without a preference", more("x MX ns.x.")},
		{"an MX", more("x MX 10 ns.x.")},
		{"an MX with a preference that is too large", more("x MX 70000 ns.x.")},
		{"a long text", more(`x TXT "` + strings.Repeat("a", 255) + `" "b"`)},
		{"a long text of escapes", more(`x TXT "` + strings.Repeat(`\097`, 255) + `"`)},
		{"a text that is too long", more(`x TXT "` + strings.Repeat("a", 256) + `"`)},
		{"no text", more("x TXT")},
		{"an SRV without a port", more("x SRV 1 2 ns.x.")},
		{"an SRV", more("x SRV 1 2 3 ns.x.")},
		{"a CAA with flags that are too large", more(`x CAA 300 issue "a"`)},
		{"a CAA", more(`x CAA 0 issue "a; b"`)},
		{"a DS with letters for a digest", more("x DS 1 8 2 zz")},
		{"a DS with a short digest", more("x DS 1 8 2 aabb")},
		{"a DS", more("x DS 1 8 2 " + strings.Repeat("ab ", 32))},
		{"two hosts of a PTR", more("x PTR a b")},
		{"two targets", more("x CNAME foo. bar.")},
		{"an SSHFP with letters for a digest", more("x SSHFP 1 1 zz")},
		{"no target", more("x CNAME")},
		{"an address in quotes", more(`x A "10.0.0.1"`)},
		{"two addresses in a line", more("x A 10.0.0.1 10.0.0.2")},
		{"a parenthesis behind an address", more("x A 10.0.0.1 )")},
		{"a parenthesis alone", more(")")},
		{"parentheses", more("x A (\n10.0.0.1 ) ; )")},
		{"words behind $TTL", more("$TTL 60 5")},
		{"words behind $ORIGIN", more("$ORIGIN b. c.")},
		{"$GENERATE", more("$GENERATE 1-3 h$ A 10.0.0.$")},
		{"an SOA that lacks a field", soa("1 3600 600 86400")},
		{"an SOA with a field too many", soa("1 3600 600 86400 300 5")},
		{"a serial of 11 digits", soa("12345678901 3600 600 86400 300")},
		{"a serial with a unit", soa("1h 3600 600 86400 300")},
		{"times with units", soa("1 1h 10m 1d 5m")},
		{"a time that is none", soa("1 foo 10m 1d 5m")},
		{"no TTL", strings.TrimPrefix(loadedSOA, "$TTL 300\n") + loadedNS},
		{"no TTL before the SOA", "@ NS ns.corp.example.\n" + strings.TrimPrefix(loadedSOA, "$TTL 300\n")},
		{"a TTL before the SOA", "@ 60 NS ns.corp.example.\n" + strings.TrimPrefix(loadedSOA, "$TTL 300\n")},
	}
	checks := []struct {
		server, config, text string
		check                []string
	}{
		{"BIND", "", "", []string{"named-checkzone", "endpoints.neo4j.io", "FILE"}},
		{"BIND", "named.conf", "zone \"endpoints.neo4j.io\" { type primary; file \"db.endpoints.neo4j.io\"; };\n", []string{"named-checkzone", "endpoints.neo4j.io", "FILE"}},
		{"NSD", "nsd.conf", "server:\n  zonesdir: \"\"\nzone:\n  name: endpoints.neo4j.io\n  zonefile: db.endpoints.neo4j.io\n", []string{"nsd-checkzone", "endpoints.neo4j.io", "FILE"}},
		{
			"Knot", "knot.conf", "zone:\n  - domain: endpoints.neo4j.io\n    storage: DIR\n    file: db.endpoints.neo4j.io\n",
			[]string{"knotc", "-c", "CONFIG", "zone-check", "endpoints.neo4j.io"},
		},
	}
	checks = append(checks, struct {
		server, config, text string
		check                []string
	}{"gdnsd", "config", "options => { listen => 127.0.0.1, run_dir => \"DIR\", state_dir => \"DIR\" }\n", []string{"gdnsd", "-c", "DIR", "checkconf"}})
	for _, tt := range tests {
		for _, c := range checks {
			t.Run(tt.name+"/"+c.server+c.config, func(t *testing.T) {
				need(t, c.check[0])
				if c.server == "gdnsd" && (strings.HasPrefix(tt.name, "a serial") || strings.HasPrefix(tt.name, "a delegation")) {
					t.Skip("gdnsd takes any digits for a number, and wants an address of each server below the zone")
				}
				dir := t.TempDir()
				file := filepath.Join(dir, "db.endpoints.neo4j.io")
				if c.server == "gdnsd" { // which has zones by the names of their files
					if file = filepath.Join(dir, "zones", "endpoints.neo4j.io"); os.Mkdir(filepath.Dir(file), 0o700) != nil {
						t.Fatal(file)
					}
				}
				write(t, file, tt.zone)
				read := file
				if c.config != "" {
					read = filepath.Join(dir, c.config)
					write(t, read, strings.ReplaceAll(c.text, "DIR", dir))
				}
				args := slices.Clone(c.check[1:])
				for i, arg := range args {
					args[i] = strings.NewReplacer("FILE", file, "CONFIG", read, "DIR", dir).Replace(arg)
				}
				out, err := exec.Command(c.check[0], args...).CombinedOutput()
				wanted := err == nil
				set, readErr := existing.Options{}.Apart(read)
				if readErr != nil {
					t.Fatal(readErr)
				}
				var got []string
				for _, f := range set.Set.Faults([]string{"endpoints.neo4j.io."}, nil) {
					if f.Kind == holdings.NotLoaded {
						got = append(got, f.String())
					}
				}
				// What BIND alone refuses is a note, where nothing says that BIND has the file.
				for _, note := range set.Set.Notes() {
					if strings.Contains(note.Message, "BIND does not load zone") {
						got = append(got, note.Message)
					}
				}
				if loaded := len(got) == 0; loaded != wanted {
					t.Errorf("faults %q; %s says %s", got, c.server, out)
				}
			})
		}
	}
}

// more is a zone with further records, and soa one with these numbers in its SOA.
func more(records string) string { return loadedSOA + loadedNS + records + "\n" }

func soa(numbers string) string {
	return "$TTL 300\n@ SOA ns.corp.example. host.corp.example. " + numbers + "\n" + loadedNS
}

// writeBelow is write for a file in a directory that is made where there is none.
func writeBelow(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, file, text)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
