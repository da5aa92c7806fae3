#!/bin/sh
# Runs before the package is removed; not when it is upgraded: dpkg then says
# "upgrade", rpm the number of versions that stay.
set -e
case "$1" in
  remove|0)
    if [ -d /run/systemd/system ]; then
      systemctl disable --now auralink.service
    fi ;;
esac
