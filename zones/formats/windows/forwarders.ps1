# @WRITTEN@
# Run it on a Windows DNS server, as an administrator. It adds and changes conditional
# forwarders, and removes none: those that are left over from before are named, and make
# it end with 1.
$ErrorActionPreference = 'Stop'
$servers = @SERVERS@
$domains = @(
@DOMAINS@
)
foreach ($domain in $domains) {
	$zone = Get-DnsServerZone -Name $domain -ErrorAction SilentlyContinue
	if ($null -eq $zone) {
		Add-DnsServerConditionalForwarderZone -Name $domain -MasterServers $servers -UseRecursion $false
	} elseif ($zone.ZoneType -eq 'Forwarder') {
		Set-DnsServerConditionalForwarderZone -Name $domain -MasterServers $servers -UseRecursion $false
	} else {
		throw "zone $domain is there already, and is no conditional forwarder"
	}
}
$left = Get-DnsServerZone | Where-Object {
	$_.ZoneType -eq 'Forwarder' -and $domains -notcontains $_.ZoneName -and
	$null -eq (Compare-Object @($_.MasterServers.IPAddressToString) $servers)
}
if ($left) {
	Write-Warning "left over: these domains are not planned, and still go to the server: $($left.ZoneName -join ', ')"
	exit 1
}
