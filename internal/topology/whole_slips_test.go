package topology_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/topology"
)

// wholeSlip has a mistake that goes through a whole file, or several.
const wholeSlip = `regions:
  aws-us-east-1:
    orchestras: ["0000"]
  aws-us-west-1:
    orchestras: ["0042"]
vpcs:
  apps:
    clients: [10.0.0.0/16]
    links:
      aws-us-east-1: [10.10.10.10, 10.10.11.10]
      aws-us-west-1: [10.20.10.10]
  batch:
    clients: [10.1.0.0/16]
    links:
      aws-us-east-1: [10.1.7.7]
custom_endpoints:
  sales-ab12-cd34: aws-us-east-1
  stock-ef56-gh78: aws-us-west-1
`

// TestWholeSlips: who follows the hints has every name and address in the region in which they were
// before the slip, whatever the region is called then.
func TestWholeSlips(t *testing.T) {
	want := ledIn(t, wholeSlip)
	for name, slip := range map[string][]string{
		"a region as a console has it":             {"  aws-us-east-1:\n    o", "  AWS us-east-1:\n    o"},
		"with the name of its place":               {"  aws-us-east-1:\n    o", "  us-east-1 (N. Virginia):\n    o"},
		"with underscores where it is declared":    {"  aws-us-east-1:\n    o", "  aws_us_east_1:\n    o"},
		"with slashes everywhere":                  {"aws-us-east", "aws/us-east"},
		"with another hyphen in a link":            {"aws-us-east-1: [10.1.7.7]", "aws\u2011us\u2011east\u20111: [10.1.7.7]"},
		"with minus signs at an endpoint":          {"gh78: aws-us-west-1", "gh78: aws\u2212us\u2212west\u22121"},
		"of a zone":                                {"aws-us-east-1: [10.1.7.7]", "aws-us-east-1a: [10.1.7.7]"},
		"without its number":                       {"cd34: aws-us-east-1", "cd34: aws-us-east"},
		"tabs":                                     {"  ", "\t"},
		"tabs of a level":                          {"      aws", "\t\t\taws"},
		"regions as a list":                        {"  aws-us-east-1:\n    o", "  - aws-us-east-1:\n    o", "  aws-us-west-1:\n    o", "  - aws-us-west-1:\n    o"},
		"comments of other languages":              {"vpcs:", "// ours\nvpcs:", "custom_endpoints:", "-- theirs\n; all\ncustom_endpoints:", "regions:", "/* Aura's */\nregions:"},
		"a block of Markdown":                      {"regions:", "```yaml\nregions:", "gh78: aws-us-west-1\n", "gh78: aws-us-west-1\n```\n"},
		"what was typed before":                    {"regions:", "$ cat topology.yaml\nregions:"},
		"all of it below a key":                    {"\n", "\n  ", "regions:", "topology:\n  regions:"},
		"another word for addresses":               {"[10.1.7.7]", "{ips: [10.1.7.7]}"},
		"a network for a range":                    {"[10.0.0.0/16]", "[vpc-0a1b2c3d]"},
		"a mask that is turned around":             {"[10.0.0.0/16]", "[10.0.0.0/0.0.255.255]"},
		"a serial that is too long":                {"vpcs:", "serial: 20261129010\nvpcs:"},
		"no space behind several colons in braces": {"\n  aws-us-east-1:\n    orchestras: [\"0000\"]\n  aws-us-west-1:\n    orchestras: [\"0042\"]", " {aws-us-east-1:{orchestras:[\"0000\"]}, aws-us-west-1:{orchestras:[\"0042\"]}}"},
	} {
		t.Run(name, func(t *testing.T) {
			slipped := strings.NewReplacer(slip...).Replace(wholeSlip)
			if slipped == wholeSlip {
				t.Fatal("nothing is changed")
			}
			log, right := mended(t, slipped)
			if diff := cmp.Diff(want, ledIn(t, right)); diff != "" {
				t.Errorf("(-want +got):\n%s\n%s", diff, log)
			}
		})
	}
}

// ledIn returns by which orchestra's region each address and each endpoint is.
func ledIn(t *testing.T, text string) []string {
	t.Helper()
	parsed, findings, err := topology.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(findings.Report())
	}
	var led []string
	orchestras := func(region int) string { return strings.Join(parsed.Regions[region].Orchestras, " ") }
	for _, vpc := range parsed.VPCs {
		for _, link := range vpc.Links {
			led = append(led, fmt.Sprintf("%s %v: %s", vpc.Name, link.Addrs, orchestras(link.Region)))
		}
	}
	for _, e := range parsed.Endpoints {
		led = append(led, e.Label+": "+orchestras(int(e.Region)))
	}
	slices.Sort(led)
	return led
}

// TestUndeclaredRegion: a region that a cloud has is never taken for another one.
func TestUndeclaredRegion(t *testing.T) {
	for _, region := range []string{"aws-us-east-2", "aws-eu-west-1", "aws-us-south-1", "gcp-us-west-1", "us-east4"} {
		text := strings.Replace(wholeSlip, "aws-us-east-1: [10.1.7.7]", region+": [10.1.7.7]", 1)
		log, right := mended(t, text)
		if strings.Contains(log, "did you mean") || !strings.Contains(right, "\n  "+region+": {}\n") {
			t.Errorf("%s: %s", region, log)
		}
	}
}

// TestUnsureRegion: where a slip may stand for several directions none is offered.
func TestUnsureRegion(t *testing.T) {
	for _, tt := range []struct{ declared, linked, want string }{
		{"aws-us-west-1", "aws-us-est-1", "declared under regions: aws-us-east-1, aws-us-west-1"},
		{"aws-us-west-1", "aws-us-wast-1", "declared under regions: aws-us-east-1, aws-us-west-1"},
		{"aws-us-west-1", "aws-us-eats-1", `did you mean "aws-us-east-1"? declared under regions: aws-us-east-1, aws-us-west-1`},
		{"aws-us-west-1", "aws-us-wst-1", `did you mean "aws-us-west-1"? declared under regions: aws-us-east-1, aws-us-west-1`},
		{"aws-us-wst-1", "aws-us-west-1", `did you mean "aws-us-wst-1"? declared under regions: aws-us-east-1, aws-us-wst-1`},
		{"aws-us-est-1", "aws-us-west-1", "declare it under regions: add aws-us-west-1: {}, with its orchestras; declared under regions: aws-us-east-1, aws-us-est-1"},
	} {
		text := strings.ReplaceAll(wholeSlip, "aws-us-west-1", tt.declared)
		text = strings.Replace(text, "aws-us-east-1: [10.1.7.7]", tt.linked+": [10.1.7.7]", 1)
		_, findings, err := topology.Parse(strings.NewReader(text))
		if err == nil || findings[0].Hint != tt.want {
			t.Errorf("%+v: %s", tt, findings.Report())
		}
	}
}

// TestLostAlias: an alias whose anchor is gone is never quoted: that is no value of anybody's.
func TestLostAlias(t *testing.T) {
	text := strings.Replace(wholeSlip, "    links:\n      aws-us-east-1: [10.1.7.7]", "    links: *l", 1)
	_, findings, err := topology.Parse(strings.NewReader(text))
	if err == nil || len(findings) != 1 || findings[0].Message != "not valid YAML: *l is an alias of YAML, which is not supported" ||
		!strings.HasPrefix(findings[0].Hint, "put the value itself in its place") {
		t.Error(findings.Report())
	}
}

// TestBlanks: all characters that look like blanks are told at once.
func TestBlanks(t *testing.T) {
	_, findings, err := topology.Parse(strings.NewReader(strings.Replace(wholeSlip, "    clients", "\u00a0\u00a0\u00a0\u00a0clients", 1)))
	if err == nil || len(findings) != 1 || findings[0].Hint != "put a space in its place, and in that of 3 others" {
		t.Error(findings.Report())
	}
}

// TestOtherSyntax: a file of another language is called so.
func TestOtherSyntax(t *testing.T) {
	for text, want := range map[string]string{
		"ttl = 30\n\n[regions.aws-us-east-1]\norchestras = [\"0000\"]\n":            "TOML or INI",
		"[regions]\naws-us-east-1 = 0000\n":                                         "TOML or INI",
		"resource \"aws_vpc_endpoint\" \"aura\" {\n  vpc_id = aws_vpc.apps.id\n}\n": "Terraform's own language",
		"<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n":           "HTML or XML",
	} {
		_, findings, err := topology.Parse(strings.NewReader(text))
		if err == nil || len(findings) != 1 || findings[0].Message != "the file is "+want+", and no YAML" || findings[0].Line != 1 {
			t.Errorf("%s: %s", text, findings.Report())
		}
	}
}
