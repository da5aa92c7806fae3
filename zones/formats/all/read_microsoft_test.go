package all_test

import (
	"strings"
	"testing"

	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/zones/formats"
	"github.com/auralink/auralink/zones/formats/all"
)

const windowsHeader = `
HostName                  RecordType Type       Timestamp            TimeToLive      RecordData
--------                  ---------- ----       ---------            ----------      ----------
`

// TestWindows reads what Get-DnsServerResourceRecord prints.
func TestWindows(t *testing.T) {
	const hint = "list the records once more with | ConvertTo-Json -Depth 3, or with | Format-Table -AutoSize | Out-String -Width 4096"
	check(t, []odd{
		{
			name: "the table, behind the command", kind: "windows",
			text: "PS C:\\> Get-DnsServerResourceRecord -ZoneName \"endpoints.neo4j.io\"\r\n" + strings.ReplaceAll(windowsHeader+
				`@                         A          1          4/25/2024 7:00:00 AM 00:10:00        10.0.0.1
@                         NS         2          0                    01:00:00        dc01.corp.example.
@                         SOA        6          0                    01:00:00        [128][dc01.corp.example.][h...
*                         A          1          0                    1.00:00:00      10.0.0.2
sales-ab12                AAAA       28         0                    00:00:30        fd00::1
www                       CNAME      5          0                    00:00:30        sales-ab12.endpoints.neo4j.io.
www2                      CNAME      5          0                    00:00:30        a-long-name-of-an-alias.endp...
_gc._tcp.Default-First... SRV        33         4/25/2025 2:00:00 AM 00:10:00        [0][100][3268][dc01.corp...
away                      NS         2          0                    01:00:00        ns.away.example.
old.endpoints.neo4j.io    A          1          0                    01:00:00        10.0.0.3

PS C:\> `, "\n", "\r\n"),
			want: `zone endpoints.neo4j.io. else nxdomain, f:7
claim away.endpoints.neo4j.io. else refer, f:13
endpoints.neo4j.io. 10.0.0.1 ttl 600, f:5
*.endpoints.neo4j.io. 10.0.0.2 ttl 86400, f:8
old.endpoints.neo4j.io.endpoints.neo4j.io. 10.0.0.3 ttl 3600, f:14
sales-ab12.endpoints.neo4j.io. fd00::1 ttl 30, f:9
www.endpoints.neo4j.io. → sales-ab12.endpoints.neo4j.io ttl 30, f:10
www2.endpoints.neo4j.io. what a record of type CNAME makes of it, f:11
`,
			notes: []string{
				`f:11: what the CNAME record of www2.endpoints.neo4j.io leads to is cut off, "a-long-name-of-an-alias.endp...": ` + hint,
				`f:12: the record is not read: its name "_gc._tcp.Default-First..." is cut off`,
			},
		},
		{
			name: "the table of older servers, wrapped, in two groups", kind: "windows",
			text: `
   ZoneName: a.example

HostName     RecordType Timestamp  TimeToLive RecordData
--------     ---------- ---------  ---------- ----------
a-my-endpoi      A      0          00:00:30   10.0.0.1
nt-123456
@               SOA     0          00:00:30   [1][x.]

   ZoneName: b.example

HostName     RecordType Timestamp  TimeToLive RecordData
--------     ---------- ---------  ---------- ----------
host             A      0          00:00:30   10.0.0.2
`,
			want: "zone a.example. else nxdomain, f:8\na-my-endpoint-123456.a.example. 10.0.0.1 ttl 30, f:6\nhost.b.example. 10.0.0.2 ttl 30, f:14\n",
			notes: []string{
				"not read: f:1: there is no SOA among the records of b.example: they may not be all, and which names the zone hides cannot be told",
			},
		},
		{
			name: "JSON, as deep as it goes by itself", kind: "windows",
			text: `[{"DistinguishedName":"DC=sales,DC=endpoints.neo4j.io,cn=MicrosoftDNS,DC=DomainDnsZones,DC=corp,DC=example","HostName":"sales","RecordType":"A",
 "TimeToLive":{"Ticks":36000000000,"Hours":1,"TotalSeconds":3600},"RecordData":{"CimClass":"root/Microsoft/Windows/DNS:DnsServerResourceRecordA","CimInstanceProperties":"IPv4Address = \"10.0.0.1\"","CimSystemProperties":"x"},"Type":1},
{"DistinguishedName":"DC=www,DC=endpoints.neo4j.io,cn=MicrosoftDNS,DC=x","Hostname":"www","RecordType":"CName","timetolive":null,"RecordData":{"CimInstanceProperties":["HostNameAlias = \"sales.endpoints.neo4j.io.\""]}},
{"DistinguishedName":"DC=@,DC=endpoints.neo4j.io,cn=MicrosoftDNS,DC=x","HostName":"@","RecordType":"SOA","RecordData":{"CimInstanceProperties":[{"Name":"SerialNumber","Value":1}]}},
{"DistinguishedName":"DC=*,DC=endpoints.neo4j.io,cn=MicrosoftDNS,DC=x","HostName":"*","RecordType":"AAAA","TimeToLive":"00:01:00","RecordData":{"CimInstanceProperties":[{"Name":"IPv6Address","Value":{"IPAddressToString":"fd00::1"}}]}}]`,
			want: `zone endpoints.neo4j.io. else nxdomain, f:4
*.endpoints.neo4j.io. fd00::1 ttl 60, f:5
sales.endpoints.neo4j.io. 10.0.0.1 ttl 3600, f:1
www.endpoints.neo4j.io. → sales.endpoints.neo4j.io, f:3
`,
		},
		{
			name: "one record in JSON, of a zone in a file", file: "endpoints.neo4j.io.json", kind: "windows",
			text: `{"DistinguishedName": null, "HostName": "sales", "RecordType": "A", "TimeToLive": {"TotalSeconds": 30},
 "RecordData": {"IPv4Address": {"Address": 16777226, "AddressFamily": 2, "IPAddressToString": "10.0.0.1"}}}`,
			want: "sales.endpoints.neo4j.io. 10.0.0.1 ttl 30, f:1\n",
			notes: []string{
				"not read: f:1: there is no SOA among the records of endpoints.neo4j.io: they may not be all, and which names the zone hides cannot be told",
			},
		},
		{
			name: "CSV of an export by itself", kind: "windows",
			text: "#TYPE Microsoft.Management.Infrastructure.CimInstance#root/Microsoft/Windows/DNS/DnsServerResourceRecord\r\n" +
				`"DistinguishedName","HostName","RecordClass","RecordData","RecordType","Timestamp","TimeToLive","Type","PSComputerName"` + "\r\n" +
				`"DC=www,DC=endpoints.neo4j.io,cn=MicrosoftDNS,DC=DomainDnsZones,DC=corp,DC=example","www","IN","DnsServerResourceRecordA","A",,"01:00:00","1",` + "\r\n" +
				`"DC=@,DC=endpoints.neo4j.io,cn=MicrosoftDNS,DC=DomainDnsZones,DC=corp,DC=example","@","IN","DnsServerResourceRecordSoa","SOA",,"01:00:00","6",` + "\r\n",
			want:  "zone endpoints.neo4j.io. else nxdomain, f:4\nwww.endpoints.neo4j.io. what a record of type A makes of it, f:3\n",
			notes: []string{"f:3: what the A record of www.endpoints.neo4j.io leads to is not in the listing: " + hint},
		},
		{
			name: "CSV with columns of one's own", kind: "windows",
			text: "ZoneName;HostName;RecordType;Data;TTL\nendpoints.neo4j.io;sales;A;10.0.0.1;60\nendpoints.neo4j.io;sales;A;10.0.0.2;60\nendpoints.neo4j.io;six;AAAA;10.0.0.1;60\nendpoints.neo4j.io;x\na..b;x;A;10.0.0.1;60\n",
			want: "sales.endpoints.neo4j.io. 10.0.0.1, 10.0.0.2 ttl 60, f:2\nsix.endpoints.neo4j.io. what a record of type AAAA makes of it, f:4\n",
			notes: []string{
				`f:4: the record is not read: "10.0.0.1" is not an address of type AAAA`,
				`f:6: the record is not read: its zone "a..b" is not a domain name`,
				"not read: f:5: the line is not read: it has not the 5 cells of the header",
				"not read: f:1: there is no SOA among the records of endpoints.neo4j.io: they may not be all, and which names the zone hides cannot be told",
			},
		},
		{
			name: "CSV of several zones, each with a header of its own", kind: "windows",
			text: "\"HostName\",\"RecordType\",\"Data\",\"ZoneName\"\n\"@\",\"SOA\",\"x\",\"a.example\"\n\"www\",\"A\",\"10.0.0.1\",\"a.example\"\n" +
				"\"ZoneName\",\"Data\",\"HostName\",\"RecordType\"\n\"b.example\",\"x\",\"@\",\"SOA\"\n\"b.example\",\"10.0.0.2\",\"www\",\"A\"\n" +
				"#TYPE Selected.Microsoft.Management.Infrastructure.CimInstance\n\"HostName\";\"RecordType\";\"Data\";\"ZoneName\"\n\"@\";\"SOA\";\"x\";\"c.example\"\n\"www\";\"A\";\"10.0.0.3\";\"c.example\"\n",
			want: "zone a.example. else nxdomain, f:2\nzone b.example. else nxdomain, f:5\nzone c.example. else nxdomain, f:9\n" +
				"www.a.example. 10.0.0.1, f:3\nwww.b.example. 10.0.0.2, f:6\nwww.c.example. 10.0.0.3, f:10\n",
		},
		{
			name: "tables without blank lines between them", kind: "windows",
			text: "PS C:\\> Get-DnsServerResourceRecord 'a.example' -ComputerName dc01\nHostName RecordType RecordData\n-------- ---------- ----------\n@        SOA        x\nwww      A          10.0.0.1\n" +
				"PS C:\\> Get-DnsServerResourceRecord -Zone:b.example\nHostName RecordData RecordType\n-------- ---------- ----------\nwww      10.0.0.2   A\n@        x          SOA\n" +
				"HostName RecordType RecordData\n-------- ---------- ----------\nftp      A          10.0.0.3\n",
			want: "zone a.example. else nxdomain, f:4\nzone b.example. else nxdomain, f:10\nwww.a.example. 10.0.0.1, f:5\nftp.b.example. 10.0.0.3, f:13\nwww.b.example. 10.0.0.2, f:9\n",
		},
		{
			name: "a command that does not spell its zone out", kind: "windows",
			text: "PS C:\\> Get-DnsServerResourceRecord -ZoneName a.example\nHostName RecordType RecordData\n-------- ---------- ----------\n@        SOA        x\n\n" +
				"PS C:\\> foreach ($z in $zones) { Get-DnsServerResourceRecord -ZoneName $z.ZoneName }\nHostName RecordType RecordData\n-------- ---------- ----------\nwww      A          10.0.0.1\n",
			want:  "zone a.example. else nxdomain, f:4\n",
			notes: []string{"not read: f:9: the record is not read: which zone the command above it was for cannot be told"},
		},
		{
			name: "a list", kind: "windows",
			text: "PS C:\\> Get-DnsServerResourceRecord -ZoneName a.example | Format-List\n\n\nDistinguishedName : DC=@,DC=a.example,cn=MicrosoftDNS,DC=DomainDnsZones,DC=corp,DC=exam\n                    ple\nHostName          : @\n" +
				"RecordType        : SOA\nRecordData        : DnsServerResourceRecordSoa\n\nHostName          : www\nRecordType        : A\nTimeToLive        : 00:01:00\nIPv4Address       : 10.0.0.1\n" +
				"HostName          : ftp\nRecordType        : A\nRecordData        : DnsServerResourceRecordA\n",
			want:  "zone a.example. else nxdomain, f:4\nftp.a.example. what a record of type A makes of it, f:14\nwww.a.example. 10.0.0.1 ttl 60, f:10\n",
			notes: []string{"f:14: what the A record of ftp.a.example leads to is not in the listing: " + hint},
		},
		{
			name: "columns by what they are taken out of", kind: "windows",
			text: "zonename: a.example\n\nHostName {$_.RecordData.Ipv4address}\n-------- --------------------------\nhost     10.0.0.1\n",
			want: "host.a.example. 10.0.0.1, f:5\n",
			notes: []string{
				"not read: f:1: there is no SOA among the records of a.example: they may not be all, and which names the zone hides cannot be told",
			},
		},
		{
			name: "WINS", kind: "windows",
			text: "ZoneName,HostName,RecordType,RecordData\na.example,@,SOA,x\na.example,@,WINS,[10.0.0.5]\na.example,t,TXT,words\n",
			want: "zone a.example. else nxdomain, f:2\na.example. what a record of type WINS makes of it, f:3\nt.a.example. no address, f:4\n",
			notes: []string{
				"f:3: WINS is not read: what it makes of a.example is not known here",
			},
		},
	})
}

// TestWindowsErrors: a name that is cut off may be any, and a table without its zone is
// of none.
func TestWindowsErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{
			"a name that is cut off", windowsHeader + "a-my-endpoint-abcdef-1... A          1          0                    01:00:00        10.0.0.1\n",
			`f:4: the name "a-my-endpoint-abcdef-1..." is cut off, and may be any that begins so: list the records once more with | ConvertTo-Json -Depth 3, or with | Format-Table -AutoSize | Out-String -Width 4096`,
		},
		{
			"a table without its zone", windowsHeader + "www                       A          1          0                    01:00:00        10.0.0.1\n",
			"f:4: the name is relative, and the file does not say for which zone it is",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := all.ReadAny(holdings.NewBuilder(), strings.NewReader(tt.text), formats.Input{Name: "f"})
			if err == nil || err.Error() != tt.want {
				t.Errorf("error %v\n want %s", err, tt.want)
			}
		})
	}
}
