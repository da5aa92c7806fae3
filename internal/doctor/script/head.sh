#!/bin/sh
# The checks of Aura's documentation for SUBJECT, written by "auralink doctor".
#
#   sh check.sh [NAMESERVER]
#
# Run it where the clients are. Each line says what came, and what is expected. It needs
# nslookup, awk, nc and curl; what is missing is said, and counts as not well. It
# changes nothing. Exit status: 0 all is well, 1 something is not.

server=${1:-}
bad=0

# say prints one result: whether it is well, what was checked, what came, what was
# expected.
say() {
  if [ "$1" = ok ]; then mark='ok     '; else mark='NOT OK '; bad=$((bad + 1)); fi
  printf '%s %s: %s   # expected: %s\n' "$mark" "$2" "${3:-nothing}" "$4"
}

# together sorts lines, and puts them on one.
together() { sort -u | awk '{ printf "%s%s", gap, $0; gap = " " }'; }

# addresses prints the addresses of a name, sorted, on one line.
addresses() {
  nslookup "$1" ${server:+"$server"} 2>/dev/null | awk '
    /^Name:/ { found = 1; next }
    found && /^Address/ { sub(/^Address[^:]*:[ \t]*/, ""); print $1 }
  ' | together
}

# has reports whether a list in one word has any of the further words.
has() {
  list=" $1 "
  shift
  for word in "$@"; do
    case $list in *" $word "*) return 0 ;; esac
  done
  return 1
}

# leads NAME ADDRESS... : the name has exactly these addresses.
leads() {
  name=$1
  shift
  came=$(addresses "$name")
  wanted=$(printf '%s\n' "$@" | together)
  if [ "$came" = "$wanted" ]; then say ok "nslookup $name" "$came" "$wanted"; else say not "nslookup $name" "$came" "$wanted"; fi
}

# avoids NAME ADDRESS... : the name has none of these addresses, and may have none.
avoids() {
  name=$1
  shift
  came=$(addresses "$name")
  if has "$came" "$@"; then say not "nslookup $name" "$came" 'no address of a link'; else say ok "nslookup $name" "$came" 'no address of a link'; fi
}

# stays_public NAME ADDRESS... : the name has addresses, of which none is private or
# one of these.
stays_public() {
  name=$1
  shift
  came=$(addresses "$name")
  case " $came" in
    ' ' | *' 10.'* | *' 192.168.'* | *' 172.1'[6-9].* | *' 172.2'[0-9].* | *' 172.3'[01].* | *' 100.6'[4-9].* | *' 127.'* | *' 0.'* | *' fc'* | *' fd'*)
      say not "nslookup $name" "$came" 'public addresses' ;;
    *) if has "$came" "$@"; then say not "nslookup $name" "$came" 'public addresses'; else say ok "nslookup $name" "$came" 'public addresses'; fi ;;
  esac
}

# connects ADDRESS PORT REGION : a TCP connection comes about.
connects() {
  if nc -z -w 5 "$1" "$2" </dev/null >/dev/null 2>&1; then say ok "nc -vz $1 $2" connected "connected ($3)"; else say not "nc -vz $1 $2" 'not connected' "connected ($3)"; fi
}

# answers NAME : HTTPS answers with any status below 500.
answers() {
  status=$(curl -sS -o /dev/null -m 10 -w '%{http_code}' "https://$1/" 2>/dev/null)
  case $status in
    [1-4][0-9][0-9]) say ok "curl https://$1/" "$status" 'a status below 500' ;;
    *) say not "curl https://$1/" "${status:-no curl}" 'a status below 500' ;;
  esac
}
