#!/bin/sh
# Runs after the package was installed or upgraded, by dpkg and by rpm.
set -e
systemd-sysusers auralink.conf
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  # A server that runs goes on with the new version; none is started here.
  systemctl try-restart auralink.service
fi
if [ ! -e /etc/auralink/topology.yaml ]; then
  echo 'auralink: write /etc/auralink/topology.yaml (topology.example.yaml shows how), then:'
  echo '  auralink plan /etc/auralink/topology.yaml && systemctl enable --now auralink'
fi
