# The checks of Aura's documentation for SUBJECT, written by "auralink doctor".
#
#   powershell -File check.ps1 [-Server NAMESERVER]
#
# Run it where the clients are. Each line says what came, and what is expected. It
# changes nothing. Exit status: 0 all is well, 1 something is not.
param([string]$Server = '')

$script:bad = 0

function Write-Result([bool]$Ok, [string]$What, [string]$Came, [string]$Expected) {
  $mark = 'ok     '
  if (-not $Ok) { $mark = 'NOT OK '; $script:bad++ }
  if ($Came -eq '') { $Came = 'nothing' }
  Write-Output "$mark ${What}: $Came   # expected: $Expected"
}

function Get-Addresses([string]$Name) {
  $ask = @{ Name = $Name; Type = 'A_AAAA'; DnsOnly = $true; ErrorAction = 'SilentlyContinue' }
  if ($Server -ne '') { $ask['Server'] = $Server }
  @(Resolve-DnsName @ask | Where-Object { $_.IPAddress } | ForEach-Object { $_.IPAddress } | Sort-Object -Unique)
}

# Test-Leads NAME ADDRESS... : the name has exactly these addresses.
function Test-Leads {
  $name, $wanted = $args
  $came = Get-Addresses $name
  $wanted = @($wanted | Sort-Object -Unique)
  Write-Result (($came -join ' ') -eq ($wanted -join ' ')) "Resolve-DnsName $name" ($came -join ' ') ($wanted -join ' ')
}

# Test-Avoids NAME ADDRESS... : the name has none of these addresses.
function Test-Avoids {
  $name, $links = $args
  $came = Get-Addresses $name
  $hit = @($came | Where-Object { $links -contains $_ })
  Write-Result ($hit.Count -eq 0) "Resolve-DnsName $name" ($came -join ' ') 'no address of a link'
}

# Test-StaysPublic NAME ADDRESS... : the name has addresses, of which none is private.
function Test-StaysPublic {
  $name, $links = $args
  $came = Get-Addresses $name
  $private = '^(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.|127\.|0\.|fc|fd)'
  $hit = @($came | Where-Object { ($_ -match $private) -or ($links -contains $_) })
  Write-Result (($came.Count -gt 0) -and ($hit.Count -eq 0)) "Resolve-DnsName $name" ($came -join ' ') 'public addresses'
}

# Test-Connects ADDRESS PORT REGION : a TCP connection comes about.
function Test-Connects([string]$Address, [string]$Port, [string]$Region) {
  $ok = (Test-NetConnection -ComputerName $Address -Port $Port -WarningAction SilentlyContinue).TcpTestSucceeded
  $came = 'not connected'
  if ($ok) { $came = 'connected' }
  Write-Result $ok "Test-NetConnection $Address -Port $Port" $came "connected ($Region)"
}

# Test-Answers NAME : HTTPS answers with any status below 500.
function Test-Answers([string]$Name) {
  $status = 0
  try {
    $status = (Invoke-WebRequest -Uri "https://$Name/" -UseBasicParsing -TimeoutSec 10).StatusCode
  } catch {
    if ($_.Exception.Response) { $status = [int]$_.Exception.Response.StatusCode }
  }
  Write-Result (($status -ge 100) -and ($status -lt 500)) "Invoke-WebRequest https://$Name/" "$status" 'a status below 500'
}
