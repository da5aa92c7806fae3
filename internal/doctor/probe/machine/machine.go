package machine

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"runtime"
	"slices"

	"github.com/auralink/auralink/internal/doctor"
)

// Source is where a machine is read from.
type Source struct {
	// Files is its root directory.
	Files fs.FS
	// Getenv reads its environment.
	Getenv func(string) string
}

// Resolver returns how the machine asks for names.
func (s Source) Resolver() (Resolver, error) { return configured(s.Files) }

// Read returns what the machine does to names. Entries of its hosts file are only
// those for the names that are wanted.
func (s Source) Read(wanted func(name string) bool) *doctor.Machine {
	m := &doctor.Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, Proxies: Proxies(s.Getenv)}
	note := func(err error) {
		if err != nil {
			m.Errors = append(m.Errors, err.Error())
		}
	}
	resolver, err := s.Resolver()
	note(err)
	m.Servers, m.Search, m.Ndots = resolver.Servers, resolver.Search, resolver.Ndots
	s.readStub(m)
	note(s.readFile("etc/nsswitch.conf", func(r io.Reader) (err error) {
		m.Switch, err = ParseSwitch(r)
		return err
	}))
	note(s.readFile(hostsFile, func(r io.Reader) (err error) {
		m.Hosts, err = ParseHosts(r, hostsName, wanted)
		return err
	}))
	m.Addrs, err = addrs()
	note(err)
	return m
}

func (s Source) readStub(m *doctor.Machine) {
	for _, server := range m.Servers {
		if m.Stub = stub(server); m.Stub != "" {
			break
		}
	}
	if m.Stub == "systemd-resolved" || slices.Contains(m.Switch, "resolve") {
		m.Upstreams = upstreams(s.Files, m.Servers)
	}
}

// readFile reads a file, if there is one.
func (s Source) readFile(name string, read func(io.Reader) error) error {
	file, err := s.Files.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if err := read(file); err != nil {
		return fmt.Errorf("reading %q: %w", name, err)
	}
	return nil
}

// addrs returns the addresses that other machines may see this one by.
func addrs() ([]netip.Addr, error) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("the machine's addresses: %w", err)
	}
	var own []netip.Addr
	for _, addr := range all {
		prefix, err := netip.ParsePrefix(addr.String())
		if err == nil && !prefix.Addr().IsLoopback() && !prefix.Addr().IsLinkLocalUnicast() {
			own = append(own, prefix.Addr())
		}
	}
	return own, nil
}

// proxyVariables are read by programs, in capitals or not.
var proxyVariables = []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"}

// Proxies returns the proxies of an environment, without credentials.
func Proxies(getenv func(string) string) []doctor.Proxy {
	exempt := getenv("NO_PROXY")
	if exempt == "" {
		exempt = getenv("no_proxy")
	}
	var proxies []doctor.Proxy
	for _, variable := range proxyVariables {
		if value := getenv(variable); value != "" {
			proxies = append(proxies, doctor.Proxy{Variable: variable, URL: WithoutCredentials(value), Exempt: exempt})
		}
	}
	return proxies
}

// WithoutCredentials returns a proxy's URL without user and password. It may be
// written without a scheme, as curl takes it.
func WithoutCredentials(text string) string {
	u, err := ParseProxy(text)
	if err != nil {
		return "(not a URL)"
	}
	u.User = nil
	return u.String()
}

// ParseProxy reads a proxy as variables have it: a URL, or "host:port".
func ParseProxy(text string) (*url.URL, error) {
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		return u, nil
	}
	u, err := url.Parse("http://" + text)
	if err != nil || u.Host == "" {
		return nil, errors.New("the proxy is no URL")
	}
	return u, nil
}
