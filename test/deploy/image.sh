#!/bin/bash
# Runs an image as it is meant to be run: as the user that it names, without
# capabilities, with a root that cannot be written to, in a network of its own. As
# root, with buildah:
#
#   test/deploy/image.sh oci-archive:dist/auralink-image-amd64.tar
#
# What has to hold: it holds two programs and is not root; without a topology it says
# what is missing; with one it answers, keeps its snapshot in the volume alone, takes a
# new topology, and ends when it is told to.
set -euo pipefail

image=$1
work=$(mktemp -d)
chmod 755 "$work" # the user of the image is another one
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
container=
running=
finish() {
  if [[ -n $running ]]; then kill "$running" 2>/dev/null || true; fi
  if [[ -n $container ]]; then buildah rm "$container" >/dev/null; fi
  rm -rf --one-file-system "$work"
}
trap finish EXIT

say() { printf 'image: %s\n' "$*"; }
fail() { say "FAILED: $*"; exit 1; }

say "what it holds"
container=$(buildah from --quiet "$image")
mounted=$(buildah mount "$container")
setting() { buildah inspect "$container" | python3 -c 'import json, sys; print(*eval("json.load(sys.stdin)[\"OCIv1\"][\"config\"]" + sys.argv[1]))' "$1"; }
user=$(buildah inspect --format '{{.OCIv1.Config.User}}' "$container")
[[ $user == 65532:65532 ]] || fail "it runs as ${user@Q}"
[[ $(setting '["Volumes"]') == /var/lib/auralink ]] || fail "it has other volumes"
programs=$(cd "$mounted" && find . -type f -perm /111 | sort | tr '\n' ' ')
[[ $programs == "./usr/bin/auralink ./usr/bin/auralink-coredns " ]] || fail "programs: $programs"
[[ -z $(find "$mounted" -perm /6000 -o -perm -2 -not -type l) ]] || fail "anybody may write to it, or become root"
read -ra command <<<"$(setting '["Entrypoint"]') $(setting '["Cmd"]')"
directory=$(buildah inspect --format '{{.OCIv1.Config.WorkingDir}}' "$container")

mkdir "$work/root" "$work/etc" "$work/state"
# As whatever runs containers does.
mkdir "$mounted/proc"
echo nameserver 192.0.2.53 >"$mounted/etc/resolv.conf"
chown "$user" "$work/state"
cp deploy/package/Corefile topology.example.yaml "$work/etc/"

# A container's namespaces, with the port of DNS open to all users, as docker has it.
# The capabilities that are kept are for becoming the user, who has none.
run() {
  # shellcheck disable=SC2016 # the shell inside expands them
  exec unshare --net --mount --pid --ipc --uts --fork --kill-child sh -euc '
    ip link set lo up
    sysctl -qw net.ipv4.ip_unprivileged_port_start=0
    mount --bind "$1" "$2/root"
    mount --bind "$2/etc" "$2/root/etc/auralink"
    mount -o remount,bind,ro "$2/root/etc/auralink"
    mount --bind "$2/state" "$2/root/var/lib/auralink"
    mount -t proc proc "$2/root/proc"
    mount -o remount,bind,ro "$2/root"
    root=$2/root user=$3 directory=$4
    shift 4
    exec setpriv --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all,+sys_chroot,+setuid,+setgid \
      unshare --root="$root" --wd="$directory" --setuid="${user%:*}" --setgid="${user#*:}" "$@"
  ' sh "$mounted" "$work" "$user" "$directory" "${command[@]}"
}

say "without a topology"
status=0
(run) >"$work/log" 2>&1 || status=$?
((status != 0)) || fail "it started"
grep -q 'topology.yaml: no such file' "$work/log" || fail "it says $(cat "$work/log")"

say "with one"
cp topology.example.yaml "$work/etc/topology.yaml"
(run) >"$work/log" 2>&1 &
running=$!
server() { pgrep --parent "$running" auralink-core; }
# Waits until the database has an address, for a minute at most.
await() {
  for _ in $(seq 300); do
    kill -0 "$running" 2>/dev/null || fail "it ended: $(cat "$work/log")"
    if [[ $(nsenter --target "$(server)" --net dig +short +time=1 +tries=1 @127.0.0.1 abcd1234.production-orch-0000.neo4j.io 2>/dev/null) == "$1" ]]; then
      return
    fi
    sleep 0.2
  done
  fail "there is no answer $1: $(cat "$work/log")"
}
await 10.10.10.10
status() { grep "^$1:" "/proc/$(server)/status" | cut -f 2; }
[[ $(status Uid) == 65532 && $(status Gid) == 65532 ]] || fail "it runs as $(status Uid)"
[[ $(status CapEff)$(status CapPrm) =~ ^0+$ ]] || fail "it has capabilities"
[[ -s $work/state/snapshot.yaml ]] || fail "there is no snapshot"

say "a new topology"
sed 's/10\.10\.10\.10/10.10.10.99/' topology.example.yaml >"$work/etc/topology.next"
mv "$work/etc/topology.next" "$work/etc/topology.yaml"
await 10.10.10.99
[[ -z $(find "$mounted" -newer "$work/etc/topology.example.yaml" -type f) ]] || fail "it has written beside its volume"

say "its end"
kill "$(server)"
wait "$running" || fail "it ended with status $?: $(cat "$work/log")"
running=
say "ok"
