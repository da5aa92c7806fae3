package records_test

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/holdings"
	"github.com/auralink/auralink/test/peers"
)

// startedPDNS are the servers of PowerDNS, whose own check looks at no value: they are started,
// with each of some texts in the place of the settings that it has.
var startedPDNS = []struct {
	binary, file string
	usual        []string
	texts        []string
}{
	{
		"pdns_server", "pdns.conf",
		[]string{"launch=bind", "bind-config=named.conf", "local-address=ADDR", "local-port=PORT", "socket-dir=.", "daemon=no", "guardian=no", "security-poll-suffix="},
		[]string{
			"", "cache-ttl=x", "cache-ttl=-1", "cache-ttl=5x", "cache-ttl", "cache-ttl=5\ncache-ttl=x", "distributor-threads=0", "max-tcp-connections=-1",
			"allow-axfr-ips=x", "allow-axfr-ips=10.0.0.0/8 fd00::/64", "allow-axfr-ips=!10.0.0.0/8", "local-address=x", "local-address=ADDR:PORT", "local-address=ADDR,ADDR",
			"query-local-address=x", "forward-notify=10.0.0.1:53, fd00::1", "forward-notify=x", "resolver=no", "resolver=10.0.0.1:99999",
			"launch+=bind", "allow-axfr-ips+=10.0.0.1", "also-notify+=10.0.0.1", "bind-check-interval=x", "bind-hybrid=yes", "bind-hybrid=yes\nzone-cache-refresh-interval=0",
			"max-include-depth=20", "api=maybe", "xfr-max-received-mbytes=x",
		},
	},
	{
		"pdns_recursor", "recursor.conf",
		[]string{"local-address=ADDR", "local-port=PORT", "socket-dir=.", "daemon=no", "security-poll-suffix=", "threads=1", "allow-from=127.0.0.0/8", "auth-zones=a=z"},
		[]string{
			"", "max-cache-ttl=x", "max-cache-ttl=5x", "threads=-1", "dnssec=off", "dnssec=maybe", "nothing-below-nxdomain=maybe", "edns-padding-mode=always",
			"dns64-prefix=64:ff9b::/64", "allow-from=x", "allow-from=127.0.0.0/8 10.0.0.0/8", "local-address=x", "query-local-address=x", "minimum-ttl-override=x",
			"forward-zones=b=10.0.0.1:5353", "forward-zones=b=10.0.0.1:99999", "forward-zones=b=10.0.0.1;10.0.0.2", "forward-zones=b=10.0.0.1 10.0.0.2", "forward-zones=b=x",
			"forward-zones=b=10.0.0.1 c=10.0.0.2", "forward-zones=b=", "forward-zones=b", "forward-zones=b=[fd00::1]:53", "forward-zones=b=fd00::1", "forward-zones=a..b=10.0.0.1",
			"forward-zones=b=10.0.0.1\nforward-zones+=c=10.0.0.2", "forward-zones+=c=10.0.0.2", "forward-zones-recurse+=c=10.0.0.2", "auth-zones=b", "auth-zones+=b=z", "quiet=maybe",
		},
	},
}

// TestStartedPDNS: a value with which a server of PowerDNS ends is told, and of one with which it
// answers it is not said that it does not start.
func TestStartedPDNS(t *testing.T) {
	for _, server := range startedPDNS {
		for _, text := range server.texts {
			t.Run(server.binary+"/"+text, func(t *testing.T) {
				need(t, server.binary)
				dir, at := t.TempDir(), peers.FreePort(t, peers.Loopback())
				written := slices.DeleteFunc(slices.Clone(server.usual), func(line string) bool {
					key, _, _ := strings.Cut(line, "=")
					return strings.HasPrefix(text, key+"=") || strings.HasPrefix(text, key+"+=")
				})
				config := strings.NewReplacer("ADDR", at.Addr().String(), "PORT", fmt.Sprint(at.Port())).Replace(strings.Join(append(written, text), "\n"))
				write(t, filepath.Join(dir, "z"), checkedFiles["z"])
				write(t, filepath.Join(dir, "named.conf"), "zone \"a\" { type master; file \"z\"; };\n")
				write(t, filepath.Join(dir, server.file), config+"\n")
				found, err := existing.Options{}.Apart(filepath.Join(dir, server.file))
				if err != nil {
					t.Fatal(err)
				}
				faults := found.Set.Faults(nil, nil)
				stops := slices.ContainsFunc(faults, func(f holdings.Fault) bool { return f.Kind == holdings.NotLoaded })
				starts := answersBeforeEnd(t, dir, server.binary, at.String())
				if !starts && len(faults) == 0 || starts && stops {
					t.Errorf("the server starts %v, of which is told %q", starts, faults)
				}
			})
		}
	}
}

// answersBeforeEnd starts a program, and reports whether it answers a question at an address before
// it ends.
func answersBeforeEnd(t *testing.T, dir, binary, at string) bool {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	cmd := exec.CommandContext(ctx, binary, "--config-dir=.")
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended matters not
		close(ended)
	}()
	defer func() {
		stop()
		<-ended
	}()
	client := &dns.Client{Timeout: 100 * time.Millisecond}
	for {
		select {
		case <-ended:
			return false
		case <-time.After(20 * time.Millisecond):
		}
		if reply, _, err := client.ExchangeContext(ctx, new(dns.Msg).SetQuestion("b.a.", dns.TypeA), at); err == nil && reply != nil {
			return true
		}
	}
}
