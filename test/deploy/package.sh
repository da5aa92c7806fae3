#!/bin/bash
# Boots a bare Debian 12, installs the deb package DEB there, upgrades it to the deb
# package NEWER, and removes it. As root, with debootstrap, systemd-nspawn
# (systemd-container) and a network:
#
#   test/deploy/package.sh DEB NEWER [BARE]
#
# BARE is a tar file with the bare Debian, which is made where it is not there yet.
#
# What has to hold: nothing is started that nobody asked for; the server runs by its
# unit, as its user, with one capability, and answers on loopback alone; a reload takes a
# new Corefile without an end, and refuses a bad one; what was written into /etc/auralink
# outlives an upgrade, which restarts the server; a purge leaves what somebody wrote, and
# nothing else.
set -euo pipefail

deb=$1 newer=$2 bare=${3:-}
root=$(mktemp -d)
chmod 755 "$root" # it becomes /, for all users
container=
finish() {
  if [[ -n $container ]]; then
    kill "$container" 2>/dev/null || true
    wait "$container" 2>/dev/null || true
  fi
  rm -rf --one-file-system "$root"
}
trap finish EXIT

say() { printf 'package: %s\n' "$*"; }
fail() {
  say "FAILED: $*"
  inside journalctl -u auralink --no-pager -n 50 || true
  exit 1
}

say "a bare Debian"
if [[ -n $bare && -e $bare ]]; then
  tar -C "$root" -xf "$bare"
else
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,iproute2,bind9-dnsutils,man-db bookworm "$root" >/dev/null
  if [[ -n $bare ]]; then tar -C "$root" -cf "$bare" .; fi
fi
cp "$deb" "$root/first.deb"
cp "$newer" "$root/newer.deb"

# Its init is the only child of systemd-nspawn.
systemd-nspawn --directory "$root" --register=no --keep-unit --private-network --console=pipe --boot >/dev/null 2>&1 </dev/null &
container=$!
init=
inside() { nsenter --target "$init" --mount --uts --ipc --net --pid -- "$@"; }
# Waits until a command holds, for two minutes at most: the machine may be busy.
await() {
  local what=$1
  shift
  for _ in $(seq 600); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.2
  done
  fail "$what"
}
booted() {
  init=$(pgrep --parent "$container") && [[ $(inside systemctl is-system-running) =~ ^(running|degraded)$ ]]
}
await "it does not boot" booted

say "install"
inside dpkg -i /first.deb
inside id auralink
[[ $(inside systemctl is-active auralink) == inactive ]] || fail "it was started"
[[ $(inside systemctl is-enabled auralink) == disabled ]] || fail "it was enabled"
[[ ! -e $root/etc/auralink/topology.yaml ]] || fail "a topology was made up"
inside systemd-analyze verify auralink.service
for page in auralink auralink-plan auralink-coredns; do
  inside man --where "$page" >/dev/null || fail "$page has no manual page"
done
[[ -e $root/usr/share/bash-completion/completions/auralink ]] || fail "there is no completion"

say "start"
cp "$root/etc/auralink/topology.example.yaml" "$root/etc/auralink/topology.yaml"
inside auralink plan /etc/auralink/topology.yaml >/dev/null || fail "the example does not plan"
inside sh -c 'cd /etc/auralink && auralink-coredns -check Corefile' || fail "the Corefile is not fine"
inside systemctl enable --now auralink
answers() { [[ $(inside dig +short +time=1 +tries=1 "@$1" abcd1234.production-orch-0000.neo4j.io) == 10.10.10.10 ]]; }
pid() { inside systemctl show --property MainPID --value auralink; }
status() { inside grep "^$1:" "/proc/$(pid)/status" | cut -f 2; }
await "it does not answer" answers 127.0.0.1
[[ $(status Uid) == "$(inside id --user auralink)" ]] || fail "it runs as user $(status Uid)"
[[ $(status CapEff) == 0000000000000400 ]] || fail "it has the capabilities $(status CapEff), and not port 53 alone"
[[ $(status NoNewPrivs)$(status Seccomp) == 12 ]] || fail "it is not confined"
beyond=$(inside ss -Hlnut | grep -v -e '127\.0\.0\.1' || true)
[[ -z $beyond ]] || fail "it listens beyond loopback: $beyond"
await "there is no snapshot" test -s "$root/var/lib/auralink/snapshot.yaml"
inside systemd-analyze security --threshold=20 auralink >/dev/null || fail "it is exposed"

say "reload"
before=$(pid)
sed -i 's/bind 127.0.0.1$/bind 127.0.0.1 127.0.0.2/' "$root/etc/auralink/Corefile"
inside systemctl reload auralink || fail "a reload failed"
await "it does not take a new Corefile" answers 127.0.0.2
cp "$root/etc/auralink/Corefile" "$root/good"
echo '.:53 {' >>"$root/etc/auralink/Corefile"
! inside systemctl reload auralink 2>/dev/null || fail "it was reloaded with a bad Corefile"
answers 127.0.0.2 || fail "it does not go on beside a bad Corefile"
cp "$root/good" "$root/etc/auralink/Corefile"
rm "$root/good"
[[ $(pid) == "$before" ]] || fail "a reload is a restart"

say "upgrade"
echo '# changed' >>"$root/etc/auralink/Corefile"
inside dpkg -i /newer.deb
grep -q '^# changed$' "$root/etc/auralink/Corefile" || fail "the Corefile was overwritten"
await "it does not answer after the upgrade" answers 127.0.0.2
[[ $(pid) != "$before" ]] || fail "the old version runs on"
[[ -s $root/var/lib/auralink/snapshot.yaml ]] || fail "the snapshot is gone"

say "remove and purge"
inside dpkg -r auralink
! inside systemctl is-active --quiet auralink || fail "it runs on"
[[ -e $root/etc/auralink/Corefile ]] || fail "remove took the configuration"
inside dpkg -P auralink
left=$(find "$root" -xdev -name '*auralink*' -not -path "$root/var/lib/dpkg/*" -not -path "$root/proc/*" -not -path "$root/sys/*" -not -path "$root/var/log/*")
[[ $left == "$root/etc/auralink" ]] || fail "left behind: $left"
[[ $(ls "$root/etc/auralink") == topology.yaml ]] || fail "left behind: $(ls "$root/etc/auralink")"
say "ok"
