
if ($script:bad -gt 0) {
  Write-Output "$($script:bad) checks are not well"
  exit 1
}
Write-Output 'all is well, as far as these checks go'
