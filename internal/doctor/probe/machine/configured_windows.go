package machine

import (
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The hosts file, below the root directory and as people call it. The directory of
// Windows is on the drive that it was started from.
const (
	hostsFile = "Windows/System32/drivers/etc/hosts"
	hostsName = `C:\Windows\System32\drivers\etc\hosts`
)

// configured reads how a machine asks for names: the servers of all adapters that are
// up, and the search list of the registry's policy is not read.
func configured(fs.FS) (Resolver, error) {
	resolver := Resolver{Ndots: 1}
	first, err := adapters()
	if err != nil {
		return resolver, fmt.Errorf("the adapters of this machine: %w", err)
	}
	for a := first; a != nil; a = a.Next {
		if a.OperStatus != windows.IfOperStatusUp {
			continue
		}
		if suffix := windows.UTF16PtrToString(a.DnsSuffix); suffix != "" {
			resolver.Search = append(resolver.Search, strings.ToLower(suffix))
		}
		for s := a.FirstDnsServerAddress; s != nil; s = s.Next {
			if addr, ok := netip.AddrFromSlice(s.Address.IP()); ok && !siteLocal.Contains(addr) {
				resolver.addServer(addr.Unmap().String())
			}
		}
	}
	return resolver, nil
}

// siteLocal has the addresses that Windows writes down where there are no others
// (RFC 3879).
var siteLocal = netip.MustParsePrefix("fec0::/10")

// adapters returns the first of a list of all.
func adapters() (*windows.IpAdapterAddresses, error) {
	const flags = windows.GAA_FLAG_SKIP_UNICAST | windows.GAA_FLAG_SKIP_ANYCAST | windows.GAA_FLAG_SKIP_MULTICAST
	for size := uint32(15000); ; { // what Microsoft's documentation begins with
		buffer := make([]byte, size)
		first := (*windows.IpAdapterAddresses)(unsafe.Pointer(&buffer[0]))
		err := windows.GetAdaptersAddresses(windows.AF_UNSPEC, flags, 0, first, &size)
		if err == nil {
			return first, nil
		}
		if err != windows.ERROR_BUFFER_OVERFLOW {
			return nil, os.NewSyscallError("GetAdaptersAddresses", err)
		}
	}
}
