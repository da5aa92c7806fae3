package standin

import (
	"crypto/tls"
	"fmt"
	"hash/fnv"
	"maps"
	"strings"
	"sync"
)

// endpoints is the zone of custom endpoints, and public that of public URIs.
const (
	endpoints = ".endpoints.neo4j.io"
	public    = ".databases.neo4j.io"
)

// Password is what each database is opened with, by the user neo4j.
const Password = "lab-password"

// Region is Aura's side of one region.
type Region struct {
	// Label is what the topology calls it.
	Label string
	// Orchestra is its host name, such as production-orch-0000.neo4j.io.
	Orchestra string

	certificates map[Certificate]tls.Certificate

	mu    sync.Mutex
	first string            // the name of its first database
	names map[string]server // by server name
	tally Tally
}

// server is what a server name leads to.
type server struct {
	database string
	// host is the name under which it is in routing tables; empty for a name that
	// leads to whichever server there is.
	host string
	// reader says that it takes no writes.
	reader bool
}

// Tally is what has happened in a region since it was made.
type Tally struct {
	// Reads and Writes are transactions, by the host that the client had connected to.
	Reads, Writes map[string]int
	// Addresses are transactions, by the address of the ingress.
	Addresses map[string]int
	// Routes are routing tables that were asked for, by the host.
	Routes map[string]int
	// Misdirected are connections for server names of other regions, by the name.
	Misdirected map[string]int
	// Discoveries are discovery documents, by the host.
	Discoveries map[string]int
}

// NewRegion makes a region without databases, whose certificates are by the authority.
func NewRegion(authority *Authority, label, orchestra string) (*Region, error) {
	r := &Region{
		Label:     label,
		Orchestra: strings.ToLower(orchestra),
		names:     make(map[string]server),
		tally:     newTally(),
	}
	return r, r.issue(authority)
}

func newTally() Tally {
	return Tally{
		Reads: make(map[string]int), Writes: make(map[string]int), Addresses: make(map[string]int), Routes: make(map[string]int),
		Misdirected: make(map[string]int), Discoveries: make(map[string]int),
	}
}

// issue makes one certificate of each kind.
func (r *Region) issue(authority *Authority) error {
	key, err := rsaKey()
	if err != nil {
		return fmt.Errorf("making a key: %w", err)
	}
	stranger, err := NewAuthority("an authority that nobody knows")
	if err != nil {
		return err
	}
	names := []string{r.Orchestra, "*." + r.Orchestra, "*" + public, "*" + endpoints}
	r.certificates = make(map[Certificate]tls.Certificate)
	for kind, how := range map[Certificate]struct {
		by       *Authority
		validity Validity
		names    []string
	}{
		Good:        {authority, Valid, names},
		Expired:     {authority, Validity{From: -90, To: -1}, names},
		NotYet:      {authority, Validity{From: 1, To: 90}, names},
		OtherName:   {authority, Valid, []string{"ingress.example.net"}},
		OtherIssuer: {stranger, Valid, names},
	} {
		if r.certificates[kind], err = how.by.Issue(key, how.validity, how.names...); err != nil {
			return err
		}
	}
	return nil
}

// AddDatabase makes a database with a writer and two readers, and returns the host
// name of its Private URI. A second database with the same id is the first.
func (r *Region) AddDatabase(id string) (host string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.first == "" {
		r.first = id + "." + r.Orchestra
	}
	r.names[id+"."+r.Orchestra] = server{database: id}
	r.names[id+public] = server{database: id}
	for i, host := range r.servers(id) {
		r.names[host] = server{database: id, host: host, reader: i > 0}
	}
	return id + "." + r.Orchestra
}

// servers returns the host names of a database's servers, the writer first. They look
// as Aura's do: p-c466fb81-f37e-0001.
func (r *Region) servers(id string) []string {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(id + r.Orchestra)) // it never fails
	hosts := make([]string, 3)
	for i := range hosts {
		hosts[i] = fmt.Sprintf("p-%s-%04x-%04d.%s", id, sum.Sum32()&0xFFFF, i+1, r.Orchestra)
	}
	return hosts
}

// Servers returns the host names in the routing tables of a database, the writer
// first.
func (r *Region) Servers(id string) []string { return r.servers(id) }

// AddEndpoint has a custom endpoint lead to a database, and returns its host name.
func (r *Region) AddEndpoint(label, database string) (host string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, prefix := range []string{"", "a-", "b-", "c-", "d-"} {
		r.names[prefix+label+endpoints] = server{database: database}
	}
	return label + endpoints
}

// find returns what a server name leads to.
func (r *Region) find(name string, catchAll bool) (server, bool) {
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	r.mu.Lock()
	defer r.mu.Unlock()
	found, known := r.names[name]
	if known {
		return found, true
	}
	r.tally.Misdirected[name]++
	if !catchAll {
		return server{}, false
	}
	return r.names[r.first], r.first != ""
}

// count notes something in the tally.
func (r *Region) count(of func(*Tally) map[string]int, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	of(&r.tally)[name]++
}

// Tally returns what has happened so far.
func (r *Region) Tally() Tally {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Tally{
		Reads: maps.Clone(r.tally.Reads), Writes: maps.Clone(r.tally.Writes),
		Addresses: maps.Clone(r.tally.Addresses), Routes: maps.Clone(r.tally.Routes),
		Misdirected: maps.Clone(r.tally.Misdirected), Discoveries: maps.Clone(r.tally.Discoveries),
	}
}

// Forget begins the tally anew.
func (r *Region) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tally = newTally()
}
