package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"
	"github.com/spf13/cobra"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/hint"
)

// subject returns what is wanted of the network: by a topology, or by --name and
// --expect, which read none, not even the one that is there.
func (f *doctorFlags) subject(cmd *cobra.Command, args []string) (doctor.Subject, error) {
	if f.name != "" {
		return f.given(args)
	}
	if len(f.expect) > 0 {
		return doctor.Subject{}, hint.Add(errors.New("--expect without --name"), "auralink doctor --name HOST --expect IP")
	}
	if len(args) > 1 {
		return doctor.Subject{}, hint.Add(fmt.Errorf("unexpected argument %q", args[1]), "usage: "+cmd.UseLine())
	}
	r, err := readUsable(cmd, topologyIn(args))
	if err != nil {
		return doctor.Subject{}, err
	}
	vpc, err := pickVPC(r.plan, f.vpc)
	if err != nil {
		return doctor.Subject{}, err
	}
	databases := make([]string, len(f.databases))
	for i, text := range f.databases {
		if databases[i], err = hostName(text); err != nil {
			return doctor.Subject{}, fmt.Errorf("--database %w", err)
		}
	}
	return doctor.NewSubject(r.topology, vpc, doctor.Choice{Databases: databases, MadeUp: madeUpLabel()}), nil
}

// given returns the subject of a name that was given with its addresses.
func (f *doctorFlags) given(args []string) (doctor.Subject, error) {
	host, err := hostName(f.name)
	if err != nil {
		return doctor.Subject{}, fmt.Errorf("--name %w", err)
	}
	if f.vpc != "" || len(f.databases) > 0 {
		return doctor.Subject{}, errTwoPurposes
	}
	var addrs []netip.Addr
	for _, text := range slices.Concat(f.expect, args) {
		addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
		if err != nil {
			return doctor.Subject{}, hint.Add(fmt.Errorf("--expect %q is not an IP address", text), "--expect 10.10.10.10")
		}
		if !slices.Contains(addrs, addr) {
			addrs = append(addrs, addr)
		}
	}
	if len(addrs) == 0 {
		return doctor.Subject{}, hint.Add(errors.New("--name without --expect"), "--expect IP, the addresses of the private endpoint")
	}
	return doctor.GivenSubject(host, addrs), nil
}

// hostName returns the host of a name, or of a URI as it is copied from the console.
func hostName(text string) (string, error) {
	host := text
	if _, rest, isURI := strings.Cut(text, "://"); isURI {
		host = rest
	}
	host, _, _ = strings.Cut(host, "/")
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		host = host[at+1:]
	}
	host, _, _ = strings.Cut(host, ":")
	host = dnsname.TrimDot(dnsname.Lower(host))
	if _, ok := dns.IsDomainName(host); !ok || host == "" || strings.ContainsAny(host, " \t*") {
		return "", fmt.Errorf("%q is not a host", text)
	}
	return host, nil
}

// madeUpLabel returns a label that no host has.
func madeUpLabel() string { return "auralink-" + strings.ToLower(rand.Text()[:16]) }
