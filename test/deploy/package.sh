#!/bin/bash
# Installs the deb package DEB on a bare Debian 12, which debootstrap downloads,
# upgrades it to the deb package NEWER, and removes it. As root:
#
#   test/deploy/package.sh DEB NEWER
#
# What has to hold: the server starts as its user with what the package brings and
# answers on loopback alone; what was written into /etc/auralink outlives an
# upgrade; a purge leaves no file but what somebody wrote.
set -euo pipefail

deb=$1 newer=$2
root=$(mktemp -d)
server=
finish() {
  if [[ -n $server ]]; then kill "$server" 2>/dev/null || true; fi
  umount "$root/proc" 2>/dev/null || true
  rm -rf "$root"
}
trap finish EXIT

say() { printf 'package: %s\n' "$*"; }
fail() { say "FAILED: $*"; exit 1; }
inside() { chroot "$root" "$@"; }

say "a bare Debian"
debootstrap --variant=minbase --include=systemd,iproute2,bind9-dnsutils,util-linux bookworm "$root" >/dev/null
mount -t proc proc "$root/proc"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

say "install"
cp "$deb" "$root/first.deb"
inside dpkg -i /first.deb
inside id auralink
inside systemd-analyze verify auralink.service
[[ ! -e $root/etc/auralink/topology.yaml ]] || fail "a topology was made up"
inside sh -c 'cp /etc/auralink/topology.example.yaml /etc/auralink/topology.yaml'
inside auralink plan /etc/auralink/topology.yaml >/dev/null || fail "the example does not plan"

# In a network of its own, in which port 53 is free, and as the unit says: as the
# user auralink, with one capability.
serve() {
  # shellcheck disable=SC2016 # the shell inside expands them
  unshare --net --pid --fork --kill-child chroot "$root" sh -ec '
    mount -t proc proc /proc; ip link set lo up
    install -d -o auralink -g auralink /var/lib/auralink
    cd /etc/auralink
    setpriv --reuid auralink --regid auralink --clear-groups --no-new-privs \
      --inh-caps -all,+net_bind_service --ambient-caps -all,+net_bind_service --bounding-set -all,+net_bind_service \
      /usr/bin/auralink-coredns -conf /etc/auralink/Corefile &
    for _ in $(seq 100); do
      if dig +short +time=1 +tries=1 @127.0.0.1 abcd1234.production-orch-0000.neo4j.io >/answer 2>/dev/null && [ -s /answer ]; then break; fi
      sleep 0.1
    done
    cat /answer
    ss -Hlnu | grep -v "127.0.0.1:" && echo "it listens beyond loopback" >&2 && exit 1
    ls /var/lib/auralink/snapshot.yaml >/dev/null'
}
say "serve"
answers=$(serve)
[[ $answers == *10.10.10.10* ]] || fail "answered ${answers@Q}"

say "upgrade"
echo '# changed' >>"$root/etc/auralink/Corefile"
cp "$newer" "$root/newer.deb"
inside dpkg -i /newer.deb
grep -q '^# changed$' "$root/etc/auralink/Corefile" || fail "the Corefile was overwritten"
[[ -e $root/var/lib/auralink/snapshot.yaml ]] || fail "the snapshot is gone"
answers=$(serve)
[[ $answers == *10.10.10.10* ]] || fail "after the upgrade it answered ${answers@Q}"

say "remove and purge"
inside dpkg -r auralink
[[ -e $root/etc/auralink/Corefile ]] || fail "remove took the configuration"
inside dpkg -P auralink
left=$(find "$root" -xdev -name '*auralink*' -not -path '*/proc/*' -not -path "$root/var/lib/dpkg/*")
[[ $left == "$root/etc/auralink" ]] || fail "left behind: $left"
say "ok"
