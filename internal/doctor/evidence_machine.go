package doctor

import "net/netip"

// Machine is what a machine does to names before any server is asked, and what it
// still has open.
type Machine struct {
	// OS and Arch are as Go calls them, such as "linux" and "amd64".
	OS   string `json:"os"`
	Arch string `json:"arch"`
	// Servers are the name servers as configured, in order, as "address:port".
	Servers []string `json:"servers,omitempty"`
	// Search and Ndots are of resolv.conf; Ndots is 1 if it does not say.
	Search []string `json:"search,omitempty"`
	Ndots  int      `json:"ndots,omitempty"`
	// Switch are the sources of hosts in nsswitch.conf, in order, such as
	// ["files", "resolve", "dns"].
	Switch []string `json:"nsswitch,omitempty"`
	// Stub is the resolver in between, such as "systemd-resolved" or
	// "NodeLocal DNSCache"; "" for none that is known. Upstreams are the servers
	// behind it, where they can be told.
	Stub      string   `json:"stub,omitempty"`
	Upstreams []string `json:"upstreams,omitempty"`
	// Hosts are the entries of the hosts file for names at or below Aura's or the
	// topology's.
	Hosts []HostsEntry `json:"hosts,omitempty"`
	// Proxies are those of the environment, without credentials.
	Proxies []Proxy `json:"proxies,omitempty"`
	// Addrs are the machine's own addresses.
	Addrs []netip.Addr `json:"addrs,omitempty"`
	// Open are connections to Aura's ports at public addresses.
	Open []OpenConnection `json:"open,omitempty"`
	// Errors are what could not be looked at, in words.
	Errors []string `json:"errors,omitempty"`
}

// HostsEntry is a name in a hosts file.
type HostsEntry struct {
	File string     `json:"file"`
	Line int        `json:"line"`
	Name string     `json:"name"`
	Addr netip.Addr `json:"addr"`
}

// Proxy is a variable of the environment that has programs go through a proxy.
type Proxy struct {
	// Variable is such as "HTTPS_PROXY", and URL the proxy without credentials.
	Variable string `json:"variable"`
	URL      string `json:"url"`
	// Exempt is NO_PROXY as it stands.
	Exempt string `json:"exempt,omitempty"`
}

// OpenConnection is one that this machine has open to one of Aura's ports.
type OpenConnection struct {
	Local  netip.AddrPort `json:"local"`
	Remote netip.AddrPort `json:"remote"`
	// Program is whose it is, such as "java (4711)", where that can be told.
	Program string `json:"program,omitempty"`
}

// Path is how this machine reaches a name server, and as whom.
type Path struct {
	// Server is "address:port", or the URL of an encrypted one.
	Server string `json:"server"`
	// Source is the address that it was asked from.
	Source netip.Addr `json:"source,omitzero"`
	// Ours says that the server is auralink's; View is then the VPC that it has for
	// this client, "" for a stranger.
	Ours bool   `json:"ours"`
	View string `json:"view,omitempty"`
	// UDP and TCP are what became of one small question by each.
	UDP Outcome `json:"udp"`
	TCP Outcome `json:"tcp"`
	// EDNS is the payload size that the server says it takes, in octets; 0 without
	// EDNS (RFC 6891).
	EDNS uint16 `json:"edns,omitempty"`
	// Large is what became of a question over UDP with a large answer, of so many
	// octets as LargeSize says; "" if there was none to ask for.
	Large     Outcome `json:"large,omitempty"`
	LargeSize int     `json:"large_size,omitempty"`
	// RA is whether the server says that it recurses for this client.
	RA    bool   `json:"ra"`
	Error string `json:"error,omitempty"`
}

// Browser is what the browsers of this machine do with a page of the console's
// origins that reaches a private address.
type Browser struct {
	Found []FoundBrowser `json:"found,omitempty"`
	// Canaries are the names by which browsers and systems ask whether they may go
	// round this network's DNS, as the system resolves them.
	Canaries []Canary `json:"canaries,omitempty"`
	// Errors are what could not be looked at, in words.
	Errors []string `json:"errors,omitempty"`
}

// FoundBrowser is a browser on this machine.
type FoundBrowser struct {
	// Name is such as "Chromium", Version such as "156.0.7000.1".
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	// Enforces says that it asks a permission before a public page may reach a
	// private address (Local Network Access).
	Enforces bool `json:"enforces"`
	// Allowed are the origins that a policy allows to, and Policies the files or keys
	// that were read.
	Allowed  []string `json:"allowed,omitempty"`
	Policies []string `json:"policies,omitempty"`
	// DoH is the mode of its own DNS over HTTPS by policy or preference, such as
	// "off", "automatic", "secure"; "" if nothing sets it.
	DoH string `json:"doh,omitempty"`
}

// Canary is such a name and what this network answers.
type Canary struct {
	// Name is such as "use-application-dns.net", For what it is for.
	Name string `json:"name"`
	For  string `json:"for"`
	// Answer is what came.
	Answer Answer `json:"answer"`
}
