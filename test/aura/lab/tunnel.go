//go:build linux

package lab

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/sys/unix"
	"golang.zx2c4.com/wireguard/conn"
	"golang.zx2c4.com/wireguard/device"
	"golang.zx2c4.com/wireguard/ipc"
	"golang.zx2c4.com/wireguard/tun"
)

// The VPN's devices, addresses and port. The laptop reaches the VPC by it.
const (
	gatewayDevice = "wg-gateway"
	laptopDevice  = "wg-laptop"
	wireguardPort = "51820"

	// GatewayVPN and LaptopVPN are the ends of the tunnel.
	GatewayVPN = "10.8.0.1"
	LaptopVPN  = "10.8.0.2"
)

// beTunnel is WireGuard as a program: a device that wg can set up, until it is killed.
func beTunnel(name string) (status int) {
	complain := func(err error) int {
		fmt.Fprintln(os.Stderr, "lab:", err)
		return 1
	}
	const mtu = 1420
	link, err := tun.CreateTUN(name, mtu)
	if err != nil {
		return complain(fmt.Errorf("making the device %s: %w", name, err))
	}
	guard := device.NewDevice(link, conn.NewDefaultBind(), device.NewLogger(device.LogLevelError, name+": "))
	file, err := ipc.UAPIOpen(name)
	if err != nil {
		return complain(fmt.Errorf("opening the socket of %s: %w", name, err))
	}
	listener, err := ipc.UAPIListen(name, file)
	if err != nil {
		return complain(fmt.Errorf("listening for wg: %w", err))
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			return complain(err)
		}
		go guard.IpcHandle(client)
	}
}

// ConnectVPN brings the tunnel up, if it is not, and has the laptop ask the VPC's DNS.
func (w *World) ConnectVPN() error {
	if w.vpn != nil {
		return nil
	}
	keys, err := wireguardKeys()
	if err != nil {
		return err
	}
	for _, side := range []struct {
		host                Host
		device, own, prefix string
		peer                []string
		routes              string
	}{
		{
			Gateway, gatewayDevice, keys[0].private, GatewayVPN + "/24",
			[]string{"peer", keys[1].public, "allowed-ips", LaptopVPN + "/32"},
			"",
		},
		{
			Laptop, laptopDevice, keys[1].private, LaptopVPN + "/24",
			[]string{"peer", keys[0].public, "endpoint", GatewayPublic + ":" + wireguardPort, "allowed-ips", "10.0.0.0/8,192.168.0.0/16"},
			"route add 10.0.0.0/8 dev " + laptopDevice + "\nroute add 192.168.0.0/16 dev " + laptopDevice + "\n",
		},
	} {
		if err := w.startTunnel(side.host, side.device); err != nil {
			return err
		}
		set := append([]string{"set", side.device, "private-key", "/dev/stdin", "listen-port", wireguardPort}, side.peer...)
		cmd := side.host.Command("wg", set...)
		cmd.Stdin = strings.NewReader(side.own)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("setting %s up: %w\n%s", side.device, err, out)
		}
		up := fmt.Sprintf("addr add %s dev %s\nlink set %s up\n", side.prefix, side.device, side.device)
		if err := ip(side.host, up+side.routes); err != nil {
			return err
		}
	}
	return Laptop.UseDNS([]string{DNSAddress})
}

// startTunnel starts WireGuard's program on a host and waits until wg can talk to it.
func (w *World) startTunnel(host Host, name string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := host.Command(self, name)
	cmd.Env = append(os.Environ(), tunnel+"="+name)
	program, err := w.start(cmd)
	if err != nil {
		return err
	}
	w.vpn = append(w.vpn, program)
	for end := time.Now().Add(startPatience); unix.Access("/run/wireguard/"+name+".sock", unix.R_OK) != nil; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) || program.Ended() {
			return fmt.Errorf("the device %s is not there:\n%s", name, program.Log())
		}
	}
	return nil
}

// DisconnectVPN takes the tunnel down, and has the laptop ask public DNS.
func (w *World) DisconnectVPN() error {
	for _, program := range w.vpn {
		program.Stop()
	}
	w.vpn = nil
	for _, name := range []string{gatewayDevice, laptopDevice} {
		_ = os.Remove("/run/wireguard/" + name + ".sock") // of a program that was killed
	}
	return Laptop.UseDNS([]string{PublicResolver})
}

// keyPair is a pair of keys as wg prints them.
type keyPair struct{ private, public string }

func wireguardKeys() (keys [2]keyPair, err error) {
	for i := range keys {
		private, err := exec.Command("wg", "genkey").Output()
		if err != nil {
			return keys, fmt.Errorf("making a key: %w", err)
		}
		cmd := exec.Command("wg", "pubkey")
		cmd.Stdin = strings.NewReader(string(private))
		public, err := cmd.Output()
		if err != nil {
			return keys, fmt.Errorf("making a key: %w", err)
		}
		keys[i] = keyPair{private: string(private), public: strings.TrimSpace(string(public))}
	}
	return keys, nil
}
