package all_test

import (
	"strings"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

// FuzzRead: whatever a file says, reading it ends with a set or an error that
// names the file, and every name of the set can be asked for.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"$ORIGIN example.\n$TTL 30\n@ SOA a. b. 1 2 3 4 5\n*.\\042 A 10.0.0.1\nx\\.y NS z\n",
		"$ORIGIN rpz.\n@ 30 SOA a. b. 1 2 3 4 5\n*.x CNAME *.\ny CNAME rpz-passthru.\n32.1.0.0.10.rpz-ip CNAME .\n",
		"10.0.0.1 a b *.c\nfe80::1%eth0 d\n",
		`{"ResourceRecordSets": [{"Name": "\\052.x.", "Type": "A", "TTL": 1, "ResourceRecords": [{"Value": "10.0.0.1"}]}]}`,
		`{"ChangeBatch": {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": {"Name": "x", "Type": "AAAA"}}]}}`,
		`{"version": 1, "ttl": 3, "zones": [{"origin": ".", "names": [{"name": "*.", "addresses": ["::1"]}]}]}`,
		"server:\nlocal-zone: x redirect\nlocal-data: \"x A 10.0.0.1\" # y\nlocal-data: '*.y TXT z'\nlocal-zone: \".\" static\n",
		"$z = 'x'\nAdd-DnsServerPrimaryZone -Name $z\nAdd-DnsServerResourceRecordA -ZoneName $z -Name \"*\" -IPv4Address @('10.0.0.1', ::1) `\n -TimeToLive 1 | x { y } <# z #>\n",
		`{"format_version": "1", "terraform_version": "1", "planned_values": {"root_module": {"child_modules": [{"address": "module.m[\"a.b\"].module.n[0]", "resources": [{"mode": "managed", "type": "aws_route53_record", "name": "r", "index": 0, "values": {"name": "x", "type": "A"}}]}]}}, "configuration": {"root_module": {"module_calls": {"m": {"module": {"module_calls": {"n": {"module": {"resources": [{"mode": "managed", "type": "aws_route53_record", "name": "r", "expressions": {"zone_id": {"references": ["aws_route53_zone.z", "each.value.x", "var.y"]}}}]}}}}}}}}}`,
		"Resources:\n  Z: &z\n    Type: AWS::Route53::HostedZone\n    Properties: {Name: !Sub x, VPCs: [{VPCId: !Ref v}]}\n  Y: *z\n",
		"address=/x/#/10.0.0.1\nlocal=/*.x/\nserver=/y/#\nhost-record=a,b,10.0.0.1,3\naddress=/#/10.0.0.1\n",
	} {
		for i := range all.Readable() {
			f.Add(text, i)
		}
	}
	f.Fuzz(func(t *testing.T, text string, kind int) {
		readable := all.Readable()
		format := readable[(kind%len(readable)+len(readable))%len(readable)]
		b := holdings.NewBuilder()
		if err := format.Read(b, strings.NewReader(text), formats.Input{Name: "the-file"}); err != nil {
			if !strings.HasPrefix(err.Error(), "the-file:") {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		set, n := b.Set(), 0
		for e := range set.All() {
			if n++; n > 100 {
				break
			}
			if got, there := set.Entry(e.Name()); !there || got.Name() != e.Name() {
				t.Fatalf("%q is not found again", e.Name())
			}
			set.Resolve(e.Name(), dns.TypeA)
			set.ResolveBelow(strings.TrimPrefix(e.Name(), "*."), dns.TypeAAAA)
		}
	})
}
