package all_test

import "testing"

// TestReadPowerShell: scripts that write the DNS of a Windows server are read as far as
// they are literal, and what is not is told.
func TestReadPowerShell(t *testing.T) {
	check(t, []odd{
		{
			name: "literal commands", kind: "windows",
			text: `#Requires -Modules DnsServer
<# the zone,
   by hand #>
Import-Module DnsServer
Add-DnsServerPrimaryZone -Name "endpoints.neo4j.io" -ReplicationScope Forest -DynamicUpdate None
Add-DnsServerResourceRecordA -ZoneName 'endpoints.neo4j.io' -Name "*" -IPv4Address "10.10.10.10", 10.10.11.10 -TimeToLive 00:01:00 # all
Add-DnsServerResourceRecordA -ZoneName endpoints.neo4j.io ` + "`" + `
    -Name "@" -IPv4Address @("10.10.10.10") -CreatePtr
Add-DnsServerResourceRecordAAAA -IPv6Address fd00::1 -Name six -ZoneName endpoints.neo4j.io; Add-DnsServerResourceRecordCName -Name "c" -HostNameAlias "x.corp.example." -ZoneName "endpoints.neo4j.io"
DnsServer\Add-DnsServerResourceRecord -A -Name d -ZoneName endpoints.neo4j.io -IPv4Address 10.0.0.4
Add-DnsServerConditionalForwarderZone -Name "production-orch-0000.neo4j.io" -MasterServers 10.0.0.53,10.0.0.54 -ReplicationScope Forest
`,
			want: `zone endpoints.neo4j.io. else nxdomain, f:5
claim production-orch-0000.neo4j.io. else refer, f:11
endpoints.neo4j.io. 10.10.10.10, f:7
*.endpoints.neo4j.io. 10.10.10.10, 10.10.11.10, f:6
c.endpoints.neo4j.io. → x.corp.example, f:9
d.endpoints.neo4j.io. 10.0.0.4, f:10
six.endpoints.neo4j.io. fd00::1, f:9
`,
		},
		{
			name: "variables that have one value, and a zone that is there already", kind: "windows",
			text: "$zone = 'a.test'\n$ip = \"10.0.0.1\"\ntry {\n  Add-DnsServerResourceRecordA -ZoneName $zone -Name x -IPv4Address $ip, 10.0.0.2\n} catch { Write-Host $_ }\n" +
				"Add-DnsServerResourceRecordCName -ZoneName $zone -Name y -HostNameAlias \"x.$zone\"\n",
			want:  "x.a.test. 10.0.0.1, 10.0.0.2, f:4\ny.a.test. → x.a.test, f:6\n",
			notes: []string{"not read: f:4: zone a.test is made elsewhere: what else it has, and which names it hides, cannot be told"},
		},
		{
			name: "what is not literal", kind: "windows",
			text: `$zone = "a.test"
$zone = "b.test"
Add-DnsServerPrimaryZone -Name c.test -ZoneFile c.test.dns
Add-DnsServerResourceRecordA -ZoneName $zone -Name x -IPv4Address 10.0.0.1
Import-Csv records.csv | ForEach-Object { Add-DnsServerResourceRecordA -ZoneName c.test -Name $_.Name -IPv4Address $_.Address }
if ($east) { Add-DnsServerResourceRecordA -ZoneName c.test -Name y -IPv4Address 10.0.0.1 }
Add-DnsServerResourceRecordA @params
Add-DnsServerResourceRecordA -ZoneName c.test -Name z -IPv4Address (Get-Address "z")
Add-DnsServerResourceRecordA w c.test 10.0.0.1
Remove-DnsServerResourceRecord -ZoneName c.test -Name old -RRType A -Force
Add-DnsServerResourceRecordA -ZoneName c.test -ZoneScope east -Name s -IPv4Address 10.0.0.1
dnscmd dc1 /RecordAdd c.test v A 10.0.0.1
Add-DnsServerQueryResolutionPolicy -Name p -Action IGNORE -Fqdn "EQ,*.c.test"
Set-DnsServerForwarder -IPAddress 10.0.0.2
Add-DnsServerResourceRecordA -ZoneName c.test -Name dry -IPv4Address 10.0.0.1 -WhatIf
Write-Host "Add-DnsServerResourceRecordA is done" # Add-DnsServerResourceRecordA -ZoneName c.test
Invoke-Expression "Add-DnsServerResourceRecordA -ZoneName c.test -Name q -IPv4Address 10.0.0.1"
& "Add-DnsServerResourceRecordA" -ZoneName c.test -Name r -IPv4Address 10.0.0.1
`,
			want: "zone c.test. else nxdomain, f:3\nr.c.test. 10.0.0.1, f:18\n",
			notes: []string{
				"f:15: Add-DnsServerResourceRecordA is left out: with -WhatIf it does nothing",
				`not read: f:4: Add-DnsServerResourceRecordA is not read: it has a -zonename that is not literal, "$zone"`,
				"not read: f:5: Add-DnsServerResourceRecordA is not read: it stands in a block, which need not be run, or runs more than once",
				"not read: f:6: Add-DnsServerResourceRecordA is not read: it stands in a block, which need not be run, or runs more than once",
				`not read: f:7: Add-DnsServerResourceRecordA is not read: it has the value "@params", and no parameter before it`,
				`not read: f:8: Add-DnsServerResourceRecordA is not read: it has a -ipv4address that is not literal, "(...)"`,
				`not read: f:9: Add-DnsServerResourceRecordA is not read: it has the value "w", and no parameter before it`,
				"not read: f:10: Remove-DnsServerResourceRecord is not read: it changes what there is, and what that is, is not known",
				"not read: f:11: Add-DnsServerResourceRecordA is not read: it is for the zone scope east alone: the server's policies say who is answered from it",
				"not read: f:12: dnscmd is not read: write it with Add-DnsServerResourceRecord, or audit what Get-DnsServerResourceRecord prints",
				"not read: f:13: Add-DnsServerQueryResolutionPolicy is not read: it changes what there is, and what that is, is not known",
				`not read: f:17: what the text "Add-DnsServerResourceRecordA -ZoneName c.test -Name q -IPv4A..." is for is not known: it has a command in it that changes the server`,
			},
		},
		{
			name: "a script that does not run", kind: "windows",
			text:  "Add-DnsServerPrimaryZone -Name c.test -ReplicationScope Forest\nAdd-DnsServerResourceRecordA -ZoneName c.test -Name z -IPv4Address 10.0.0.1\nWrite-Host \"done\n",
			want:  "zone c.test. else nxdomain, f:1\nz.c.test. 10.0.0.1, f:2\n",
			notes: []string{"not read: f:3: a quotation, a comment or a block begins here that nothing closes: PowerShell runs nothing of the script"},
		},
		{
			name: "a block that is not closed", kind: "windows",
			text:  "Add-DnsServerPrimaryZone -Name c.test -ReplicationScope Forest\nif ($x) {\n  Write-Host a\n",
			want:  "zone c.test. else nxdomain, f:1\n",
			notes: []string{"not read: f:2: a quotation, a comment or a block begins here that nothing closes: PowerShell runs nothing of the script"},
		},
		{
			name: "commands for two servers", kind: "windows",
			text:  "Add-DnsServerPrimaryZone -Name c.test -ZoneFile c.test.dns -ComputerName DC1\nAdd-DnsServerResourceRecordA -ZoneName c.test -Name z -IPv4Address 10.0.0.1 -ComputerName dc2\n",
			want:  "zone c.test. else nxdomain, f:1\nz.c.test. 10.0.0.1, f:2\n",
			notes: []string{"not read: f:1: the script is for 2 servers, and which of them clients ask is not known: dc1, dc2"},
		},
		{
			name: "zones that are there already, and what is asked for in vain", kind: "windows",
			text: "Add-DnsServerConditionalForwarderZone -Name a.test -MasterServers 10.0.0.53\nAdd-DnsServerPrimaryZone -Name a.test -ReplicationScope Forest\n" +
				"Add-DnsServerPrimaryZone -Name b.test -ReplicationScope Forest\nAdd-DnsServerConditionalForwarderZone -Name b.test -MasterServers 10.0.0.53\n" +
				"Add-DnsServerPrimaryZone -Name c.test -ReplicationScope Custom\nAdd-DnsServerPrimaryZone -Name d.test -ReplicationScope Custom -DirectoryPartitionName x.test\n" +
				"Set-DnsServerGlobalQueryBlockList -List wpad, isatap\nSet-DnsServerGlobalQueryBlockList -List wpad, sales\n",
			want: "claim a.test. else refer, f:1\nzone b.test. else nxdomain, f:3\nzone d.test. else nxdomain, f:6\n",
			notes: []string{
				"f:4: Add-DnsServerConditionalForwarderZone is left out: zone b.test is there already, and it fails",
				"not read: f:2: Add-DnsServerPrimaryZone is not read: it makes a zone that is there already, by a command in f:1: it fails, and that one counts",
				"not read: f:5: Add-DnsServerPrimaryZone is not read: it has the -ReplicationScope Custom and no -DirectoryPartitionName, which that needs",
				`not read: f:8: Set-DnsServerGlobalQueryBlockList is not read: it has the server leave names unanswered whose first label is "sales", in all its zones`,
			},
		},
	})
}
