
if [ "$bad" -gt 0 ]; then
  printf '%s checks are not well\n' "$bad"
  exit 1
fi
printf 'all is well, as far as these checks go\n'
