//go:build linux

package lab

import (
	"fmt"
	"net/netip"
	"time"
)

// layNetworks makes the hosts and the wires between them.
func (w *World) layNetworks() error {
	for _, host := range Hosts {
		if err := host.create(); err != nil {
			return err
		}
	}
	if err := w.layInternet(); err != nil {
		return err
	}
	return w.layVPC()
}

// layInternet has hosts with public addresses reach each other. Nobody there knows a
// way to private addresses.
func (w *World) layInternet() error {
	if err := layBridge(Internet, "public", "203.0.113.1/24", map[Host]string{
		East: EastPublic + "/24", West: WestPublic + "/24", Laptop: LaptopPublic + "/24", Gateway: GatewayPublic + "/24",
		VPC: "203.0.113.4/24",
	}); err != nil {
		return err
	}
	return ip(Internet, fmt.Sprintf("addr add %s/32 dev lo\naddr add %s/32 dev lo\n", PublicResolver, ConsolePublic))
}

// layVPC lays the VPC's network, what is linked to it, and its way to the Internet.
func (w *World) layVPC() error {
	if err := layBridge(VPC, "inside", "10.0.0.1/16", map[Host]string{
		App: AppAddress + "/16", DNS: DNSAddress + "/16", Gateway: GatewayAddress + "/16",
	}); err != nil {
		return err
	}
	for _, link := range []struct {
		host           Host
		router, prefix string
		delay          time.Duration
	}{
		{East, "10.10.0.1/16", EastPrivate + "/16", w.options.EastDelay},
		{West, "10.20.0.1/16", WestPrivate + "/16", w.options.WestDelay},
		{OnPrem, "192.168.10.1/24", OnPremAddress + "/24", 0},
	} {
		at := end{VPC, "to-" + string(link.host), netip.MustParsePrefix(link.router)}
		cut, err := connect(at, end{link.host, "vpc", netip.MustParsePrefix(link.prefix)}, link.delay, w.meter)
		if err != nil {
			return err
		}
		w.wires = append(w.wires, cut)
	}
	return w.layRoutes()
}

// layBridge has hosts be neighbours on a router.
func layBridge(router Host, name, prefix string, hosts map[Host]string) error {
	if err := ip(router, fmt.Sprintf("link add %s type bridge\naddr add %s dev %s\nlink set %s up\n", name, prefix, name, name)); err != nil {
		return err
	}
	for host, prefix := range hosts {
		if err := ip(router, fmt.Sprintf("link add to-%s type veth peer name %s netns %s\nlink set to-%s master %s up\n", host, name, host, host, name)); err != nil {
			return err
		}
		if err := (end{host, name, netip.MustParsePrefix(prefix)}).address(); err != nil {
			return err
		}
	}
	return nil
}

// layRoutes says who routes, and where what is not next door goes.
func (w *World) layRoutes() error {
	for host, commands := range map[Host]string{
		Internet: "",
		VPC:      "route add default via 203.0.113.1\nroute add 10.8.0.0/24 via " + GatewayAddress + "\n",
		App:      "route add default via 10.0.0.1\n",
		DNS:      "route add default via 10.0.0.1\n",
		OnPrem:   "route add default via 192.168.10.1\n",
		Gateway:  "route add default via 203.0.113.1\nroute add 10.0.0.0/8 via 10.0.0.1\nroute add 192.168.10.0/24 via 10.0.0.1\n",
		Laptop:   "route add default via 203.0.113.1\n",
		East:     "addr add " + EastPrivateTwo + "/32 dev vpc\nroute add 10.0.0.0/8 via 10.10.0.1\nroute add 192.168.10.0/24 via 10.10.0.1\n",
		West:     "route add 10.0.0.0/8 via 10.20.0.1\nroute add 192.168.10.0/24 via 10.20.0.1\n",
	} {
		if err := ip(host, commands); err != nil {
			return err
		}
	}
	for _, router := range []Host{Internet, VPC, Gateway} {
		// One that limits how often it says that there is no route says it too rarely.
		if out, err := router.Command("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.icmp_ratelimit=0").CombinedOutput(); err != nil {
			return fmt.Errorf("having %s route: %w\n%s", router, err, out)
		}
	}
	// What leaves the VPC for the Internet has the VPC's public address.
	return VPC.NFT(`table ip nat {
  chain out { type nat hook postrouting priority 100; oifname "public" masquerade; }
}
`)
}
