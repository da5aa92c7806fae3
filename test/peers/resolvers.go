package peers

import (
	"fmt"
	"maps"
	"net/netip"
	"strconv"

	"github.com/miekg/dns"
)

// Resolving is what a resolver is given: files, and where it sends all that they
// do not answer. Each of the functions below says which of the files it loads;
// the others are those to which these refer.
type Resolving struct {
	// Files are written into the working directory: name → content.
	Files map[string]string
	// Upstream is a recursive resolver. Unbound and dnsmasq can do without one,
	// and are not to be asked for anything else then.
	Upstream netip.AddrPort
	// Ready are the questions of [Peer.Ready].
	Ready []dns.Question
}

// with returns the files and one more, the server's main configuration.
func (r Resolving) with(name, content string) map[string]string {
	files := maps.Clone(r.Files)
	files[name] = content
	return files
}

// mainFile is the name of a server's own configuration, which no export has.
const mainFile = "peer.conf"

// Unbound returns an Unbound with unbound.conf.
func Unbound(r Resolving) Peer {
	return Peer{
		Name: "Unbound", Package: "unbound", Binary: "unbound",
		Ready: r.Ready,
		Configure: func(at netip.AddrPort) Setup {
			config := fmt.Sprintf(unboundServer, at.Addr(), at.Port(), at.Port())
			if r.Upstream.IsValid() {
				config += fmt.Sprintf(unboundForward, r.Upstream.Addr(), r.Upstream.Port())
			}
			return Setup{Files: r.with(mainFile, config), Args: []string{"-d", "-c", mainFile}}
		},
	}
}

// unboundServer keeps Unbound from what it does by default as a service, and from
// refusing to ask loopback. It answers networks of tests as well. Like most, it takes no private addresses from public
// DNS.
const unboundServer = `server:
  interface: %s@%d
  port: %d
  access-control: 127.0.0.0/8 allow
  access-control: 10.0.0.0/8 allow
  do-daemonize: no
  do-not-query-localhost: no
  module-config: "iterator"
  private-address: 10.0.0.0/8
  private-address: fd00::/8
  num-threads: 1
  username: ""
  chroot: ""
  pidfile: ""
  directory: ""
  use-syslog: no
remote-control:
  control-enable: no
include: "unbound.conf"
`

const unboundForward = `forward-zone:
  name: "."
  forward-addr: %s@%d
`

// Dnsmasq returns a dnsmasq with dnsmasq.conf, which must do with one file: dnsmasq
// leaves its directory once it has read it. Root stays root, for a process that
// changes its user or group is not killed any more when the one that started it
// dies.
func Dnsmasq(r Resolving) Peer {
	return Peer{
		Name: "dnsmasq", Package: "dnsmasq-base", Binary: "dnsmasq",
		Ready: r.Ready,
		Configure: func(at netip.AddrPort) Setup {
			args := []string{
				"--keep-in-foreground", "--conf-file=dnsmasq.conf", "--pid-file",
				"--user=root", "--group=root", "--no-resolv", "--no-hosts",
				"--bind-interfaces", "--listen-address=" + at.Addr().String(), "--port=" + strconv.Itoa(int(at.Port())),
			}
			if r.Upstream.IsValid() {
				args = append(args, fmt.Sprintf("--server=%s#%d", r.Upstream.Addr(), r.Upstream.Port()))
			}
			return Setup{Files: r.Files, Args: args}
		},
	}
}

// BINDResolver returns a BIND that resolves, with named-options.conf in its
// options and named.conf beside them.
func BINDResolver(r Resolving) Peer {
	return Peer{
		Name: "BIND", Package: "bind9", Binary: "named",
		OnInterface: true,
		Configure: func(at netip.AddrPort) Setup {
			config := fmt.Sprintf(bindResolver, at.Port(), at.Addr(), r.Upstream.Port(), r.Upstream.Addr())
			return Setup{Files: r.with(mainFile, config), Args: []string{"-g", "-c", mainFile, "-n", "1"}}
		},
	}
}

const bindResolver = `options {
  directory ".";
  listen-on port %d { %s; };
  listen-on-v6 { none; };
  reuseport no;
  allow-recursion { any; };
  forward only;
  forwarders port %d { %s; };
  empty-zones-enable no;
  dnssec-validation no;
  pid-file none;
  session-keyfile none;
  lock-file none;
  include "named-options.conf";
};
controls {};
include "named.conf";
`

// KnotResolver returns a Knot Resolver with kresd.conf.
func KnotResolver(r Resolving) Peer {
	return Peer{
		Name: "Knot Resolver", Package: "knot-resolver", Binary: "kresd",
		Configure: func(at netip.AddrPort) Setup {
			config := fmt.Sprintf(knotResolver, at.Addr(), at.Port(), r.Upstream.Addr(), r.Upstream.Port())
			return Setup{Files: r.with(mainFile, config), Args: []string{"-n", "-q", "-c", mainFile, "."}}
		},
	}
}

const knotResolver = `net.listen('%s', %d)
cache.open(10 * MB, 'lmdb://.')
trust_anchors.remove('.')
dofile('kresd.conf')
policy.add(policy.all(policy.STUB('%s@%d')))
`

// PowerDNSRecursor returns a PowerDNS Recursor with recursor.lua.
func PowerDNSRecursor(r Resolving) Peer {
	return Peer{
		Name: "PowerDNS Recursor", Package: "pdns-recursor", Binary: "pdns_recursor",
		Configure: func(at netip.AddrPort) Setup {
			config := fmt.Sprintf(powerDNSRecursor, at.Addr(), at.Port(), r.Upstream)
			return Setup{Files: r.with("recursor.conf", config), Args: []string{"--config-dir=."}}
		},
	}
}

// powerDNSRecursor keeps the recursor from asking about security of its version,
// and lets it ask loopback.
const powerDNSRecursor = `local-address=%s
local-port=%d
forward-zones-recurse=.=%s
lua-config-file=recursor.lua
dont-query=
dnssec=process-no-validate
daemon=no
disable-syslog=yes
security-poll-suffix=
setuid=
setgid=
socket-dir=.
threads=1
pdns-distributes-queries=no
write-pid=no
`
