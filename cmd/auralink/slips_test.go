package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const slipsTopology = `regions: {aws-us-east-1: {orchestras: ["0000"]}, aws-us-west-1: {orchestras: ["0042"]}}
vpcs:
  apps: {clients: [10.0.0.0/16], links: {aws-us-east-1: [10.10.10.10], aws-us-west-1: [10.20.10.10]}}
  batch: {clients: [10.1.0.0/16], links: {aws-us-east-1: [10.1.7.7]}}
custom_endpoints: {sales-ab12-cd34: aws-us-east-1}
`

const slipsList = "exports:\n  - {vpc: apps, format: bind, out: zones/apps}\n"

// mistakenLines are command lines with a mistake each.
var mistakenLines = []string{
	// Verbs.
	"plna", "planm topology.yaml", "topology.yaml", "Plan", "lokup sales-ab12-cd34 --vpc apps", "exprot --vpc apps --out out",
	"formts", "shcema", "versin", "grpah", "adit zone.json --against topology.yaml", "dif --against old.yaml", "help plna", "help exprot", "palns", "palns topology.yaml", "formtas", "verzoin",
	// Flags.
	"plan --vcp apps", "plan -vpc apps", "plan -client 10.0.0.5", "plan --cleint 10.0.0.5", "plan --otput json", "plan --outptu json", "plan -output json",
	"export -out out --vpc apps", "export -format json --vpc apps", "export --fromat json --vpc apps", "export --formt json --vpc apps", "export --vpc apps --shpae one-zone --out out",
	"export --vpc apps --servr 10.0.0.53 --format openvpn", "export --vpc apps --sets zone=rpz.example.org --format rpz", "export --vpc apps --chek --out out", "export --al", "export -all",
	"diff --againt old.yaml", "diff -against old.yaml", "audit zone.json --agaist topology.yaml", "audit -against topology.yaml zone.json",
	"lookup --vcp apps sales-ab12-cd34", "lookup -vpc apps sales-ab12-cd34", "lookup --clinet 10.0.0.5 sales-ab12-cd34", "graph --againt old.yaml", "formats --outpu json", "formats -output json",
	// Values.
	"plan --vpc aps", "plan --vpc Apps", "plan --vpc bacth", "plan --client 10.0.0.5:53", "plan --client 10.0.0.5/32", "plan --client [10.0.0.5]", "plan -o jsn", "plan -o md", "plan -o makrdown", "plan -o JSON",
	"plan -o htm", "plan -o txt", "graph -o png", "graph -o SVG", "graph -o mermiad", "export --vpc apps --format bnd --out out", "export --vpc apps --format jsno", "export --vpc apps --format bind9 --out out",
	"export --vpc apps --format cloud-dns --out out", "export --vpc apps --format windows --server 10.0.0.53", "export --vpc apps --format octo --set target=x --out out",
	"export --vpc apps --format Bind --out out", "export --vpc apps --format wire-guard --server 10.0.0.53", "export --vpc apps --shape onezone --out out", "export --vpc apps --shape per-names --out out", "export --vpc apps --shape one_zone --out out",
	"export --vpc apps --format rpz --shape one-zone", "export --vpc apps --format json --server 10.0.0.53", "export --vpc apps --format openvpn --server 10.0.0.53:53", "export --vpc apps --format openvpn --server 10.0.0.53/32", "export --vpc apps --format openvpn --server [10.0.0.53]",
	"export --vpc apps --format rpz --set zones=rpz.example.org", "export --vpc apps --format route53 --set vpc_id=vpc-0a1b2c3d --set vpc-region=us-east-1 --out out", "export --vpc apps --format hosts --set parital=yes",
	"diff --against old.yaml --force regoin", "diff --against old.yaml --force Region", "export --vpc apps --out out --force wildcrad", "diff --against old.yaml --force clint", "diff --against old.yaml --force clinets", "diff --against old.yaml --force blk", "diff --against old.yaml --force region,serail", "completion bahs", "completion zhs", "completion fsh", "formats bnd", "formats rpzz", "formats Route53",
	"lookup --vpc apps sales-ab12-cd34 AAA", "lookup --vpc apps sales-ab12-cd34 HTPS", "audit zone.json --against topology.yaml --as rout53", "audit zone.json --against topology.yaml --as aws",
	"plan --client 10.0.0.5,10.0.0.6", "lookup AAAA sales-ab12-cd34 --vpc apps",
	// What is missing, or is too much.
	"export topology.yaml apps --out out", "plan topology.yaml batch", "export topology.yaml bind --vpc apps --out out", "plan help",
	"export", "export --format json", "export --format route53 --out out", "export --vpc apps", "export --vpc apps --format route53 --out out", "export --vpc apps --format rpz --check", "export --format openvpn",
	"export --vpc apps --format octodns --out out", "export --vpc apps --format hosts", "lookup sales-ab12-cd34", "lookup 10.0.0.5 sales-ab12-cd34", "export apps --out out", "export bind --vpc apps --out out", "plan apps", "lookup --vpc apps --client 10.0.0.5 sales-ab12-cd34",
	// Files.
	"plan topolgy.yaml", "plan topology.yml", "plan Topology.yaml", "diff --against odl.yaml", "audit zone.jsn --against topology.yaml", "audit zone.json --against topologi.yaml", "export --list topology.export.yaml",
}

// TestSlips mends each command line by what the hints say, to the letter: then it does what
// it is for, with the status 0, or 1 where that is the verb's own.
func TestSlips(t *testing.T) {
	for _, line := range mistakenLines {
		t.Run(line, func(t *testing.T) {
			dir := t.TempDir()
			t.Chdir(dir)
			for name, text := range map[string]string{
				"topology.yaml": slipsTopology, "old.yaml": slipsTopology, "topology.exports.yaml": slipsList, "zone.json": `{"ResourceRecordSets": [{"Name": "endpoints.neo4j.io.", "Type": "SOA"}]}`,
			} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			mendLine(t, strings.Fields(line))
		})
	}
}

// mendLine runs a command line, and follows the hints until none is needed.
func mendLine(t *testing.T, args []string) {
	t.Helper()
	var log strings.Builder
	for range 4 {
		var out, errs bytes.Buffer
		status := run(args, strings.NewReader(""), &out, &errs)
		fmt.Fprintf(&log, "auralink %s: %d\n%s", strings.Join(args, " "), status, errs.String())
		if status < statusTrouble && log.Len() > 0 {
			if !strings.Contains(log.String(), "hint:") {
				t.Fatalf("this is no mistake:\n%s", log.String())
			}
			return
		}
		mended := followed(args, errs.String())
		if slices.Equal(mended, args) {
			t.Fatalf("the hint says nothing that can be followed:\n%s", log.String())
		}
		args = mended
	}
	t.Fatalf("the hints do not lead anywhere:\n%s", log.String())
}

var (
	saysError = regexp.MustCompile(`(?m)^auralink: error: (.*)$`)
	saysHint  = regexp.MustCompile(`(?m)^auralink: hint: (.*)$`)
	inQuotes  = regexp.MustCompile(`"([^"]*)"|unknown flag (-\S+)|(?:open|stat) (\S+): no such file`)
	asks      = regexp.MustCompile(`did you mean "([^"]*)"`)
	// toAdd are flags that a hint names with what stands for a value, and with which one a
	// person would write there.
	toAdd   = regexp.MustCompile(`--(vpc|set|server|out)(?:, one of: ([\w-]+)| ([\w-]+=)?[A-Z]+)`)
	without = regexp.MustCompile(`(?:without (?:the port|the prefix length|anything around it)|two hyphens|who asks goes behind --client|one of them, such as):? (.+)`)
	another = regexp.MustCompile(`^leave --(\w+) out`)
	verb    = regexp.MustCompile(`(?:a verb comes first|flags come behind the verb): auralink (.*)$|^auralink (help \w+)$`)
	last    = regexp.MustCompile(`^the type comes last: (\S+) (\S+)$`)
	instead = regexp.MustCompile(`--set (\w+)=(\w+)`)
)

// examples are values that a person has at hand.
var examples = map[string]string{"vpc-id=": "vpc-0a1b2c3d", "vpc-region=": "us-east-1", "target=": "private", "server": "10.0.0.53", "out": "out"}

// followed returns a command line as the hint to its error has it.
func followed(args []string, said string) []string {
	err, hint := saysError.FindStringSubmatch(said), saysHint.FindStringSubmatch(said)
	if err == nil || hint == nil {
		return args
	}
	args = slices.Clone(args)
	wrong := ""
	if m := inQuotes.FindStringSubmatch(err[1]); m != nil {
		wrong = m[1] + m[2] + m[3]
	}
	if m := asks.FindStringSubmatch(hint[1]); m != nil {
		return replaced(args, wrong, m[1])
	}
	if m := without.FindStringSubmatch(hint[1]); m != nil {
		if i := slices.Index(args, strings.TrimPrefix(m[1], "-")); i >= 0 { // two hyphens
			wrong = args[i]
		}
		return replaced(args, wrong, m[1])
	}
	if m := verb.FindStringSubmatch(hint[1]); m != nil {
		return strings.Fields(m[1] + m[2])
	}
	if m := last.FindStringSubmatch(hint[1]); m != nil {
		at := slices.Index(args, m[2])
		args[at], args[at+1] = m[1], m[2]
		return args
	}
	if m := another.FindStringSubmatch(hint[1]); m != nil {
		at := slices.Index(args, "--"+m[1])
		return slices.Delete(args, at, at+2)
	}
	added := false
	for _, m := range toAdd.FindAllStringSubmatch(hint[1], -1) {
		value := m[2]
		if value == "" {
			value = m[3] + examples[m[3]+map[bool]string{true: "", false: m[1]}[m[3] != ""]]
		}
		args, added = append(args, "--"+m[1], value), true
	}
	if m := instead.FindStringSubmatch(hint[1]); m != nil && !added {
		return append(args, "--set", m[1]+"="+m[2])
	}
	return args
}

// replaced returns arguments with a word in the place of another one, which may be a part
// of one.
func replaced(args []string, wrong, right string) []string {
	for i, arg := range args {
		name, value, valued := strings.Cut(arg, "=")
		parts := strings.Split(arg, ",")
		switch {
		case len(parts) > 1 && slices.Contains(parts, wrong):
			parts[slices.Index(parts, wrong)] = right
			args[i] = strings.Join(parts, ",")
			return args
		case arg == wrong:
			return slices.Concat(args[:i], strings.Fields(right), args[i+1:])
		case valued && (name == wrong || value == wrong):
			args[i] = strings.Replace(arg, wrong, right, 1)
			return args
		}
	}
	return args
}
