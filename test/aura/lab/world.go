//go:build linux

package lab

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/auralink/auralink/test/aura/standin"
)

// The hosts.
const (
	Internet Host = "internet" // public DNS, the console's origin, and what routes between the rest
	East     Host = "east"     // Aura's region aws-us-east-1
	West     Host = "west"     // Aura's region aws-us-west-1
	VPC      Host = "vpc"      // the VPC's router
	App      Host = "app"      // a machine in the VPC
	DNS      Host = "dns"      // the VPC's DNS server
	Gateway  Host = "gateway"  // the VPN's end in the VPC
	OnPrem   Host = "onprem"   // a machine in the network behind the VPC
	Laptop   Host = "laptop"   // a machine on the Internet, whose user has the VPN
)

// Hosts are all of them.
var Hosts = []Host{Internet, East, West, VPC, App, DNS, Gateway, OnPrem, Laptop}

// The addresses.
const (
	PublicResolver = "203.0.113.53"
	ConsolePublic  = "203.0.113.80"
	EastPublic     = "203.0.113.10"
	WestPublic     = "203.0.113.20"
	GatewayPublic  = "203.0.113.8"
	LaptopPublic   = "203.0.113.7"

	EastPrivate    = "10.10.10.10"
	EastPrivateTwo = "10.10.11.10" // in another availability zone
	WestPrivate    = "10.20.10.10"

	AppAddress     = "10.0.0.7"
	DNSAddress     = "10.0.0.53"
	GatewayAddress = "10.0.0.8"
	OnPremAddress  = "192.168.10.7"
)

// What there is in the regions.
const (
	EastLabel     = "aws-us-east-1"
	WestLabel     = "aws-us-west-1"
	EastOrchestra = "production-orch-0000.neo4j.io"
	WestOrchestra = "production-orch-0042.neo4j.io"
	EastDatabase  = "abcd1234"
	WestDatabase  = "c466fb81"
	EastEndpoint  = "my-endpoint-abcdef-123456"
	WestEndpoint  = "west-m4yy-gtwk"
)

// Site is a region with the addresses at which it answers.
type Site struct {
	*standin.Region
	// Public is the ingress that everybody reaches, Private those of the private
	// endpoint.
	Public  *standin.Ingress
	Private []*standin.Ingress
}

// Options are what a lab can have otherwise.
type Options struct {
	// Programs is a directory with our programs, coredns and auralink.
	Programs string
	// EastDelay and WestDelay are how long a packet takes from the VPC to the region, and
	// as long back.
	EastDelay, WestDelay time.Duration
}

// World is a lab that was built.
type World struct {
	// Dir is for its files.
	Dir string

	Authority  *standin.Authority
	East, West *Site
	DNS        *PublicDNS
	Console    *Console

	options Options
	vpn     []*Program
	wires   []func()
	meter   *meter

	mu       sync.Mutex
	programs []*Program
}

// Build builds a lab, of which a process has one at a time.
func Build(options Options) (w *World, err error) {
	if !Possible() {
		return nil, errors.New("a lab needs root and namespaces")
	}
	w = &World{options: options, meter: newMeter()}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Close())
			w = nil
		}
	}()
	if w.Dir, err = os.MkdirTemp(Dir, "world"); err != nil {
		return w, err
	}
	for _, build := range []func() error{w.layNetworks, w.openRegions, w.openInternet, w.furnishHosts} {
		if err := build(); err != nil {
			return w, err
		}
	}
	return w, nil
}

// Close ends everything in the lab.
func (w *World) Close() error {
	w.stopAll()
	errs := []error{w.DisconnectVPN()}
	for _, site := range []*Site{w.East, w.West} {
		if site != nil {
			site.close()
		}
	}
	if w.DNS != nil {
		w.DNS.close()
	}
	if w.Console != nil {
		w.Console.close()
	}
	for _, cut := range w.wires {
		cut()
	}
	for _, host := range Hosts {
		if _, err := os.Stat("/run/netns/" + string(host)); err == nil {
			errs = append(errs, host.remove())
		}
	}
	return errors.Join(append(errs, os.RemoveAll(w.Dir))...)
}

func (s *Site) close() {
	for _, ingress := range append([]*standin.Ingress{s.Public}, s.Private...) {
		if ingress != nil {
			ingress.Close()
		}
	}
}

// openRegions has Aura's side be there.
func (w *World) openRegions() (err error) {
	if w.Authority, err = standin.NewAuthority("authority of the lab"); err != nil {
		return err
	}
	if w.East, err = w.openSite(East, EastLabel, EastOrchestra, EastPublic, EastPrivate, EastPrivateTwo); err != nil {
		return err
	}
	if w.West, err = w.openSite(West, WestLabel, WestOrchestra, WestPublic, WestPrivate); err != nil {
		return err
	}
	w.East.AddDatabase(EastDatabase)
	w.East.AddEndpoint(EastEndpoint, EastDatabase)
	w.West.AddDatabase(WestDatabase)
	w.West.AddEndpoint(WestEndpoint, WestDatabase)
	return nil
}

// openSite has a region answer at its addresses.
func (w *World) openSite(host Host, label, orchestra, public string, private ...string) (*Site, error) {
	region, err := standin.NewRegion(w.Authority, label, orchestra)
	if err != nil {
		return nil, err
	}
	site := &Site{Region: region}
	if site.Public, err = region.Open(host.Listen, netip.MustParseAddr(public)); err != nil {
		return site, err
	}
	for _, address := range private {
		ingress, err := region.Open(host.Listen, netip.MustParseAddr(address))
		if err != nil {
			return site, err
		}
		site.Private = append(site.Private, ingress)
	}
	return site, nil
}

// openInternet has public DNS and the console's origin be there.
func (w *World) openInternet() (err error) {
	if w.DNS, err = startPublicDNS(Internet, PublicResolver); err != nil {
		return err
	}
	if w.Console, err = startConsole(Internet, ConsolePublic, w.Authority); err != nil {
		return err
	}
	east, west := netip.MustParseAddr(EastPublic), netip.MustParseAddr(WestPublic)
	for name, addr := range map[string]netip.Addr{
		EastOrchestra: east, "*." + EastOrchestra: east, EastDatabase + ".databases.neo4j.io": east,
		WestOrchestra: west, "*." + WestOrchestra: west, WestDatabase + ".databases.neo4j.io": west,
	} {
		w.DNS.Set(name, addr)
	}
	for _, prefix := range []string{"", "a-", "b-", "c-", "d-"} {
		w.DNS.Set(prefix+EastEndpoint+".endpoints.neo4j.io", east)
		w.DNS.Set(prefix+WestEndpoint+".endpoints.neo4j.io", west)
	}
	for _, name := range consoleNames {
		w.DNS.Set(name, netip.MustParseAddr(ConsolePublic))
	}
	return nil
}

// furnishHosts tells each host its name server: those at home have the VPC's, and the
// rest of the world has public DNS. All of them trust the lab's authority.
func (w *World) furnishHosts() error {
	for _, host := range Hosts {
		server := PublicResolver
		if host == App || host == OnPrem {
			server = DNSAddress
		}
		if err := host.UseDNS([]string{server}); err != nil {
			return err
		}
	}
	return errors.Join(os.WriteFile(w.CA(), w.Authority.PEM(), 0o644), trust(w.Authority.PEM()))
}

// CA is a file with the certificate of the lab's authority.
func (w *World) CA() string { return filepath.Join(w.Dir, "ca.pem") }
