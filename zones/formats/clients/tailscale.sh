#!/bin/sh
# @WRITTEN@
set -eu
#@ if DOMAINS
curl --fail-with-body --silent --show-error --request PATCH \
  --header "Authorization: Bearer $TAILSCALE_API_KEY" --header 'Content-Type: application/json' --data-binary @- \
  "https://api.tailscale.com/api/v2/tailnet/${TAILNET:--}/dns/split-dns" <<'EOF'
@SPLIT@
EOF
#@ end
