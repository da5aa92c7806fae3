package exports_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/zones"
)

// standIn does what our script asks of Azure's command line, which Debian does not
// have: a zone is a file with the number of its record sets, a link is a file.
const standIn = `#!/bin/sh
[ "$1 $2" = "network private-dns" ] || exit 2
shift 2
command=
while case "${1:-}" in --*|'') false ;; esac; do command="$command $1"; shift; done
while [ $# -gt 0 ]; do
	case $1 in
	--resource-group) group=$2 ;;
	--zone-name) zone=$2 ;;
	--name) name=$2 ;;
	--file-name) file=$2 ;;
	--virtual-network) vnet=$2 ;;
	--query|--output|--registration-enabled|--subscription) ;;
	*) echo "az: unrecognized argument $1" >&2; exit 2 ;;
	esac
	shift 2
done
cd "$AZURE_STATE/$group" || exit 3
case $command in
' zone list') ls ;;
' zone import')
	mkdir -p "$name"
	grep -v '^[;$]' "$OLDPWD/$file" | awk '{ print $1, $3 }' | sort -u | wc -l >"$name/sets"
	;;
' record-set list') expr "$(cat "$zone/sets")" + "${AZURE_MORE:-0}" ;;
' link vnet list') cat "$zone"/link-* 2>/dev/null || : ;;
' link vnet create')
	[ ! -e "$zone/link-$name" ] || { echo "az: $name is there" >&2; exit 1; }
	echo "$vnet" >"$zone/link-$name"
	;;
*) echo "az: no command $command" >&2; exit 2 ;;
esac
`

// TestAzureScript runs zones.sh with what stands in for Azure's command line: zones
// are imported, counted, and linked only when they are whole.
func TestAzureScript(t *testing.T) {
	both := []string{"endpoints.neo4j.io", "production-orch-0000.neo4j.io"}
	tests := []struct {
		name  string
		there []string // before
		more  string   // record sets than were imported
		want  int
		says  string
		links []string
	}{
		{"a new group", nil, "", 0, "", both},
		{"zones that are there", both, "", 0, "", both},
		{
			"a zone that is no longer planned",
			[]string{"old.endpoints.neo4j.io"},
			"", 1,
			"still answer:\nold.endpoints.neo4j.io", both,
		},
		{
			"a record set too many", nil, "1", 1,
			"left over: endpoints.neo4j.io has 4 record sets, not 3", both,
		},
		{"a record set that was not imported", nil, "-1", 1, "missing: production-orch-0000.neo4j.io has 4 record sets, not 5", nil},
	}
	view := readTopology(t, "../../zones/formats/all/testdata/001-single-region.yaml")
	files, refusal := cloudNamed(t, "azure-zone").export(t, view, zones.ShapePerName)
	if refusal != nil {
		t.Fatal(refusal)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bin, state := saved(t, map[string]string{"az": standIn}), t.TempDir()
			if err := os.Chmod(filepath.Join(bin, "az"), 0o700); err != nil {
				t.Fatal(err)
			}
			for _, zone := range append(tt.there, "") {
				if err := os.MkdirAll(filepath.Join(state, "group", zone), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			env := []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "AZURE_STATE=" + state, "AZURE_MORE=" + tt.more}
			status, out := run(t, saved(t, files), env, "sh", "zones.sh", "group", "the-vnet", "--subscription", "s")
			if status != tt.want || !strings.Contains(out, tt.says) {
				t.Errorf("zones.sh ended with %d, want %d and %q:\n%s", status, tt.want, tt.says, out)
			}
			var links []string
			found, err := filepath.Glob(filepath.Join(state, "group", "*", "link-auralink-apps"))
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range found {
				links = append(links, filepath.Base(filepath.Dir(path)))
			}
			if diff := cmp.Diff(tt.links, links); diff != "" {
				t.Errorf("links (-want +made):\n%s\n%s", diff, out)
			}
		})
	}
}

// TestAzureNetworks: all networks of a list are linked, whichever were before and in
// whatever order they are given.
func TestAzureNetworks(t *testing.T) {
	view := readTopology(t, "../../zones/formats/all/testdata/001-single-region.yaml")
	files, refusal := cloudNamed(t, "azure-zone").export(t, view, zones.ShapePerName)
	if refusal != nil {
		t.Fatal(refusal)
	}
	bin, state := saved(t, map[string]string{"az": standIn}), t.TempDir()
	if err := os.Chmod(filepath.Join(bin, "az"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(state, "group"), 0o700); err != nil {
		t.Fatal(err)
	}
	env := []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "AZURE_STATE=" + state}
	want := map[string]bool{}
	for _, networks := range []string{"/vnet/a", "/vnet/e", "/vnet/b,/vnet/A", "/vnet/c,/vnet/b", "/vnet/d,/vnet/c,/vnet/a"} {
		if status, out := run(t, saved(t, files), env, "sh", "zones.sh", "group", networks); status != 0 {
			t.Fatalf("zones.sh ended with %d for %s:\n%s", status, networks, out)
		}
		for network := range strings.SplitSeq(networks, ",") {
			want[strings.ToLower(network)] = true
		}
		for _, zone := range []string{"endpoints.neo4j.io", "production-orch-0000.neo4j.io"} {
			links, err := filepath.Glob(filepath.Join(state, "group", zone, "link-*"))
			if err != nil {
				t.Fatal(err)
			}
			linked := map[string]bool{}
			for _, link := range links {
				text, err := os.ReadFile(link)
				if err != nil {
					t.Fatal(err)
				}
				linked[strings.ToLower(strings.TrimSpace(string(text)))] = true
			}
			if diff := cmp.Diff(want, linked); diff != "" || len(links) != len(want) {
				t.Errorf("%s after %s: %d links (-want +made):\n%s", zone, networks, len(links), diff)
			}
		}
	}
}
