package all_test

import (
	"strings"
	"testing"
)

// TestReadConflictsOfTerraform: what Terraform does not make as it is written is told.
func TestReadConflictsOfTerraform(t *testing.T) {
	const zone, top = `{"resource": {"aws_route53_zone": {"z": {"name": "a.test", "vpc": {"vpc_id": "vpc-1"}}}`, `, "aws_route53_record": {`
	record := func(name, kind, more string) string {
		return `"` + name + `": {"zone_id": "${aws_route53_zone.z.zone_id}", "name": "x", "type": "` + kind + `", "ttl": 60, "records": ["10.0.0.1"]` + more + `}`
	}
	one := zone + top + record("r", "A", "") + "}"
	exclusive := func(sets string) string {
		return `, "aws_route53_records_exclusive": {"e": {"zone_id": "${aws_route53_zone.z.zone_id}", "resource_record_set": ` + sets + `}}}}`
	}
	for name, tt := range map[string]struct{ text, want string }{
		"one record":                     {one + "}}", ""},
		"a type in lower case":           {zone + top + record("r", "a", "") + "}}}", "has the type a, which Terraform refuses"},
		"two resources for one":          {zone + top + record("r", "A", "") + "," + record("s", "A", "") + "}}}", "aws_route53_record.r and aws_route53_record.s are one record, x.a.test A"},
		"with one that is weighted":      {zone + top + record("r", "A", `, "set_identifier": "1"`) + "," + record("s", "A", `, "set_identifier": "2"`) + "}}}", ""},
		"nothing is left":                {one + exclusive("[]"), "aws_route53_records_exclusive.e removes x.a.test A, which aws_route53_record.r makes"},
		"it is left":                     {one + exclusive(`[{"name": "x.a.test", "type": "A", "ttl": 60, "resource_records": [{"value": "10.0.0.1"}]}]`), ""},
		"another one is left":            {one + exclusive(`[{"name": "y.a.test", "type": "A", "ttl": 60, "resource_records": [{"value": "10.0.0.1"}]}]`), "removes x.a.test A"},
		"what is left is not known":      {one + exclusive(`"${local.sets}"`), "which records it leaves to the zone is not known"},
		"changes are ignored":            {zone + top + record("r", "A", `, "lifecycle": {"ignore_changes": ["ttl", "records"]}`) + "}}}", "has ignore_changes with records"},
		"changes of its TTL are ignored": {zone + top + record("r", "A", `, "lifecycle": [{"ignore_changes": ["ttl"]}]`) + "}}}", ""},
		"removed and not destroyed":      {one + `}, "removed": [{"from": "aws_route53_record.old", "lifecycle": {"destroy": false}}]}`, "aws_route53_record.old is removed from the module, and not destroyed"},
		"removed and destroyed":          {one + `}, "removed": {"from": "aws_route53_record.old", "lifecycle": {"destroy": true}}}`, ""},
		"moved and imported":             {one + `}, "moved": [{"from": "aws_route53_record.old", "to": "aws_route53_record.r"}], "import": [{"to": "aws_route53_record.r", "id": "Z_x_A"}]}`, ""},
		"a count of none":                {zone + top + record("r", "A", `, "count": 0`) + "}}}", ""},
		"a count that is not known":      {zone + top + record("r", "A", `, "count": "${var.on ? 1 : 0}"`) + "}}}", "has a count"},
		"for each of none":               {zone + top + record("r", "A", `, "for_each": {}`) + "}}}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var unread []string
			for _, note := range told(together(t, tt.text)) {
				if strings.HasPrefix(note, "not read: ") {
					unread = append(unread, note)
				}
			}
			if got := strings.Join(unread, "\n"); (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
				t.Errorf("told %q, want %q", got, tt.want)
			}
		})
	}
}
