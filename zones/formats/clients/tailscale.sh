#!/bin/sh
# @WRITTEN@
set -eu
#@ if DOMAINS
# The key is no argument: those of a process are there for everybody to see.
curl --fail-with-body --silent --show-error --request PATCH \
  --header @/dev/fd/3 --header 'Content-Type: application/json' --data-binary @- \
  "https://api.tailscale.com/api/v2/tailnet/${TAILNET:--}/dns/split-dns" 3<<KEY <<'EOF'
Authorization: Bearer $TAILSCALE_API_KEY
KEY
@SPLIT@
EOF
#@ end
