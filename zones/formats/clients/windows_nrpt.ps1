# @WRITTEN@
$ErrorActionPreference = 'Stop'
$servers = @SERVERS@
$comment = 'auralink: VPC @VPC@'
Get-DnsClientNrptRule | Where-Object { $_.Comment -eq $comment } | ForEach-Object { Remove-DnsClientNrptRule -Name $_.Name -Force }
@RULES@
