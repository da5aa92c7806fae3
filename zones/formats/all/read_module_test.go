package all_test

import (
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// moduleWith is a module with a zone and a record, whose address is an expression.
func moduleWith(locals, address, more string) string {
	return `{"locals": ` + locals + `, "resource": {"aws_route53_zone": {"z": {"name": "a.test", "vpc": {"vpc_id": "vpc-1"}}},
"aws_route53_record": {"r": {"zone_id": "${aws_route53_zone.z.zone_id}", "name": "x", "type": "A", "ttl": 60, "records": ["` + address + `"]` + more + `}}}}`
}

// stateWith is a state file with a zone, and with instances of one record.
func stateWith(instances string) string {
	return `{"version": 4, "terraform_version": "1.9.0", "lineage": "l", "resources": [
{"mode": "managed", "type": "aws_route53_zone", "name": "z", "instances": [{"attributes": {"zone_id": "Z1", "name": "a.test", "vpc": [{"vpc_id": "vpc-1"}]}}]},
{"mode": "managed", "type": "aws_route53_record", "name": "r", "instances": [` + instances + `]}]}`
}

// TestReadModulesAndStates: locals stand for what Terraform takes them for, blocks may be lists, and
// what is there for now alone is told.
func TestReadModulesAndStates(t *testing.T) {
	const record = `{"attributes": {"zone_id": "Z1", "name": "x.a.test", "fqdn": "x.a.test", "type": "A", "records": ["10.0.0.1"]}`
	const association = `{"version": 4, "terraform_version": "1.9.0", "lineage": "l", "resources": [
{"mode": "managed", "type": "aws_route53_resolver_rule_association", "name": "a", "instances": [{"attributes": {"resolver_rule_id": "ID", "vpc_id": "vpc-1"}}]}]}`
	const unknown = "x.a.test. → not-known-yet.auralink.invalid"
	const lists = `{"resource": [{"aws_route53_zone": [{"z": {"name": "a.test", "vpc": {"vpc_id": "vpc-1"}}}]},
{"aws_route53_record": {"r": {"zone_id": "${aws_route53_zone.z.zone_id}", "name": "x", "type": "A", "ttl": 60, "records": ["10.0.0.1"]}}}]}`
	for name, tt := range map[string]struct{ text, want, note string }{
		"a local of locals":        {moduleWith(`{"a": "${local.b}", "b": "10.0.${local.c.d}", "c": {"d": "0.1"}}`, "${local.a}", ""), "x.a.test. 10.0.0.1 ", ""},
		"a local in itself":        {moduleWith(`{"a": "${local.b}", "b": "${local.a}"}`, "${local.a}", ""), unknown, ""},
		"a local that grows":       {moduleWith(`{"a": "${local.a}${local.a}", "b": "10.0.0.1"}`, "${local.a}", ""), unknown, ""},
		"a local with an escape":   {moduleWith(`{"a": "$${local.b}", "b": "10.0.0.1"}`, "${local.a}", ""), unknown, ""},
		"locals in lists":          {moduleWith(`[{"b": "10.0.0.1"}, [{"a": "${local.b}"}]]`, "${local.a}", ""), "x.a.test. 10.0.0.1 ", ""},
		"resources in lists":       {lists, "x.a.test. 10.0.0.1 ", ""},
		"what OpenTofu leaves out": {moduleWith(`{}`, "10.0.0.1", `, "lifecycle": {"enabled": false}`), "x.a.test. 10.0.0.1 ", "has lifecycle.enabled"},
		"a whole object":           {stateWith(record + "}"), "x.a.test. 10.0.0.1,", ""},
		"one that is deposed":      {stateWith(record + `, "deposed": "00aa"}`), "zone a.test.", "deposed (00aa)"},
		"beside another one":       {stateWith(strings.Replace(record, "10.0.0.1", "10.0.0.9", 1) + `, "deposed": "00aa"}, ` + record + "}"), "x.a.test. 10.0.0.1,", "deposed (00aa)"},
		"a rule elsewhere":         {strings.Replace(association, "ID", "rslvr-rr-1", 1), "", "ties resolver rule rslvr-rr-1"},
		"a rule of each VPC":       {strings.Replace(association, "ID", "rslvr-autodefined-rr-internet-resolver", 1), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			set := together(t, tt.text)
			if got := dump(set); !strings.Contains(got, tt.want) || strings.Contains(got, "10.0.0.9") {
				t.Errorf("got:\n%s\nwant %s", got, tt.want)
			}
			var unread []string
			for _, note := range told(set) {
				if strings.HasPrefix(note, "not read: ") {
					unread = append(unread, note)
				}
			}
			if got := strings.Join(unread, "\n"); (tt.note == "") != (got == "") || !strings.Contains(got, tt.note) {
				t.Errorf("told %q, want %q", got, tt.note)
			}
		})
	}
}

// TestReadModuleAndItsState: a module and its state have one zone, and are not to be taken together.
func TestReadModuleAndItsState(t *testing.T) {
	state := stateWith(`{"attributes": {"zone_id": "Z1", "name": "x.a.test", "fqdn": "x.a.test", "type": "A", "records": ["10.0.0.1"]}}`)
	module := moduleWith("{}", "10.0.0.1", "")
	for name, tt := range map[string]struct {
		module string
		want   string
	}{
		"its own":         {module, "audit one alone"},
		"another one":     {strings.ReplaceAll(strings.ReplaceAll(module, `"z": {`, `"y": {`), "zone.z.", "zone.y."), "there are two zones"},
		"of another name": {strings.Replace(module, `"name": "a.test"`, `"name": "b.test"`, 1), ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := holdings.NewBuilder()
			for file, text := range map[string]string{"state": state, "module": tt.module} {
				if err := all.ReadAny(b, strings.NewReader(text), formats.Input{Name: file}); err != nil {
					t.Fatal(err)
				}
			}
			var unread []string
			for _, note := range told(b.Set()) {
				if strings.HasPrefix(note, "not read: ") {
					unread = append(unread, note)
				}
			}
			if len(unread) > 1 || (tt.want == "") != (len(unread) == 0) || !strings.Contains(strings.Join(unread, ""), tt.want) {
				t.Errorf("told %q, want %q", unread, tt.want)
			}
		})
	}
}
