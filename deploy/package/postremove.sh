#!/bin/sh
# Runs after the package was removed. dpkg's purge takes what the server wrote as
# well; the topology and the user stay.
set -e
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
fi
if [ "$1" = purge ]; then
  rm -rf /var/lib/auralink
fi
