package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const listedTopology = `regions: {east: {orchestras: ["0000"]}, west: {orchestras: ["0042"]}}
vpcs: {apps: {links: {east: [10.10.10.10, 10.10.11.10], west: [10.20.10.10]}}}
custom_endpoints: {sales-ab12-cd34: east, stock-ef56-gh78: west}
`

// a is an object, and items a list, of what a cloud lists.
type (
	a     = map[string]any
	items = []any
)

// owner is a name of a zone with its addresses.
type owner struct {
	name  string
	addrs []string
}

// zoned are the zones of the topology, in order.
var zoned = []struct {
	origin string
	owners []owner
}{
	{"endpoints.neo4j.io", append(five("sales-ab12-cd34", "10.10.10.10", "10.10.11.10"), five("stock-ef56-gh78", "10.20.10.10")...)},
	{"production-orch-0000.neo4j.io", []owner{{"@", []string{"10.10.10.10", "10.10.11.10"}}, {"*", []string{"10.10.10.10", "10.10.11.10"}}}},
	{"production-orch-0042.neo4j.io", []owner{{"@", []string{"10.20.10.10"}}, {"*", []string{"10.20.10.10"}}}},
}

func five(label string, addrs ...string) []owner {
	all := []owner{{label, addrs}}
	for _, prefix := range []string{"a-", "b-", "c-", "d-"} {
		all = append(all, owner{prefix + label, addrs})
	}
	return all
}

// absolute is the owner's whole name.
func (o owner) absolute(origin string) string {
	if o.name == "@" {
		return origin
	}
	return o.name + "." + origin
}

// each returns something for each address.
func (o owner) each(of func(addr string) any) items {
	var all items
	for _, addr := range o.addrs {
		all = append(all, of(addr))
	}
	return all
}

// eachZone returns a document for each zone: what of the zone itself, and then of each owner.
func eachZone(document func(origin string, sets items) any, of func(origin string) items, set func(origin string, o owner) any) string {
	var b strings.Builder
	for _, z := range zoned {
		sets := of(z.origin)
		for _, o := range z.owners {
			sets = append(sets, set(z.origin, o))
		}
		text, _ := json.MarshalIndent(document(z.origin, sets), "", "  ")
		b.Write(append(text, '\n'))
	}
	return b.String()
}

func itself(_ string, sets items) any { return sets }

// listedShapes are the ways in which the tools of clouds print the records of the topology.
func listedShapes() map[string]string {
	route53 := func(extra a) string {
		return eachZone(func(_ string, sets items) any { return a{"ResourceRecordSets": sets, "IsTruncated": false} },
			func(z string) items {
				return items{a{"Name": z + ".", "Type": "SOA", "TTL": 900, "ResourceRecords": items{}}}
			},
			func(z string, o owner) any {
				set := a{"Name": strings.Replace(o.absolute(z), "*", `\052`, 1) + ".", "Type": "A", "TTL": 30, "ResourceRecords": o.each(func(s string) any { return a{"Value": s} })}
				for name, value := range extra {
					set[name] = value
				}
				return set
			})
	}
	google := func(z string, o owner) any {
		return a{"kind": "dns#resourceRecordSet", "name": o.absolute(z) + ".", "type": "A", "ttl": 30, "rrdatas": o.each(func(s string) any { return s })}
	}
	soa := func(z string) items {
		return items{a{"kind": "dns#resourceRecordSet", "name": z + ".", "type": "SOA", "ttl": 900, "rrdatas": items{"x"}}}
	}
	azure := func(z, kind, name string) a {
		return a{"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/" + z + "/" + kind + "/" + name, "name": name, "type": "Microsoft.Network/privateDnsZones/" + kind}
	}
	script := ""
	for _, z := range zoned {
		script += "Add-DnsServerPrimaryZone -Name " + z.origin + " -ReplicationScope Forest\n"
		for _, o := range z.owners {
			script += fmt.Sprintf("Add-DnsServerResourceRecordA -ZoneName %q -Name %q `\n  -IPv4Address %s -TimeToLive 00:00:30\n", z.origin, o.name, strings.Join(o.addrs, ", "))
		}
	}
	return map[string]string{
		"route53.json": route53(nil), "latency.json": route53(a{"SetIdentifier": "x", "Region": "us-east-1"}), "failover.json": route53(a{"SetIdentifier": "x", "Failover": "PRIMARY"}),
		"gcp.json": eachZone(itself, soa, google), "api.json": eachZone(func(_ string, sets items) any { return a{"rrsets": sets} }, soa, google),
		"wrr.json": eachZone(itself, soa, func(z string, o owner) any {
			return a{"name": o.absolute(z) + ".", "type": "A", "ttl": 30, "routingPolicy": a{"wrr": a{"items": o.each(func(s string) any { return a{"weight": 1, "rrdatas": items{s}} })}}, "kind": "dns#resourceRecordSet"}
		}),
		"azure.json": eachZone(itself, func(z string) items { return items{azure(z, "SOA", "@")} }, func(z string, o owner) any {
			set := azure(z, "A", o.name)
			set["aRecords"], set["fqdn"] = o.each(func(s string) any { return a{"ipv4Address": s} }), o.absolute(z)+"."
			return set
		}),
		"powerdns.json": eachZone(func(z string, sets items) any { return a{"name": z + ".", "kind": "Native", "rrsets": sets} },
			func(z string) items {
				return items{a{"name": z + ".", "type": "SOA", "ttl": 30, "records": items{a{"content": "ns. host. 1 900 300 86400 30"}}}}
			},
			func(z string, o owner) any {
				return a{"name": o.absolute(z) + ".", "type": "A", "ttl": 30, "records": o.each(func(s string) any { return a{"content": s, "disabled": false} })}
			}),
		"plan.json": listedPlan(), "dns.ps1": script,
	}
}

// listedPlan is a plan in which all zones are yet to be made, by one module for each.
func listedPlan() string {
	var modules items
	for _, z := range zoned {
		module := fmt.Sprintf("module.zone[%q]", z.origin)
		resources := items{a{"mode": "managed", "type": "aws_route53_zone", "name": "this", "index": 0, "values": a{"name": z.origin, "vpc": items{a{"vpc_id": "vpc-1"}}}}}
		for _, o := range z.owners {
			resources = append(resources, a{
				"mode": "managed", "type": "aws_route53_record", "name": "this", "index": o.name,
				"values": a{"name": strings.TrimPrefix(o.name, "@"), "type": "A", "ttl": 30, "records": o.each(func(s string) any { return s })},
			})
		}
		modules = append(modules, a{"address": module, "resources": resources})
	}
	references := items{"aws_route53_zone.this[0].zone_id", "aws_route53_zone.this[0]", "aws_route53_zone.this"}
	configuration := a{"module_calls": a{"zone": a{"module": a{"resources": items{
		a{"mode": "managed", "type": "aws_route53_record", "name": "this", "expressions": a{"zone_id": a{"references": references}}},
	}}}}}
	text, _ := json.Marshal(a{
		"format_version": "1.2", "terraform_version": "1.11.4", "complete": true,
		"planned_values": a{"root_module": a{"child_modules": modules}}, "configuration": a{"root_module": configuration},
	})
	return string(text)
}

// TestListedWithOneWrong: what the tools of clouds print of a right DNS has no findings, and
// with any one address of another region, or of none, it has.
func TestListedWithOneWrong(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("topology.yaml", []byte(listedTopology), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, text := range listedShapes() {
		t.Run(name, func(t *testing.T) {
			if status, said := auditText(t, name, text); status != 0 {
				t.Fatalf("status %d:\n%s\n%s", status, said, text)
			}
			for right, wrong := range map[string]string{"10.20.10.10": "10.10.10.10", "10.10.11.10": "10.99.9.9"} {
				pieces := strings.Split(text, right)
				for i := 1; i < len(pieces); i++ {
					changed := strings.Join(pieces[:i], right) + wrong + strings.Join(pieces[i:], right)
					if status, said := auditText(t, name, changed); status != 1 {
						t.Errorf("occurrence %d of %s as %s: status %d\n%s", i, right, wrong, status, said)
					}
				}
			}
		})
	}
}

// auditText audits a text as a file of that name.
func auditText(t *testing.T, name, text string) (status int, said string) {
	t.Helper()
	if err := os.WriteFile(filepath.Clean(name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	status = run([]string{"audit", name, "--against", "topology.yaml"}, strings.NewReader(""), &out, &out)
	return status, out.String()
}
