// Package scale writes topologies of a given size and names the endpoints in
// them, so that benchmarks of the table, of the plan and of a running server
// measure the same thing. Equal sizes give equal text.
package scale

import (
	"bufio"
	"fmt"
	"io"
	"net/netip"
)

// LinksPerVPC is how many regions each VPC but the first links, where there are
// as many.
const LinksPerVPC = 4

// Size is the size of a topology.
type Size struct {
	// Endpoints, VPCs and Regions are how many there are of each. VPC and
	// region numbers count from 0 in the functions below.
	Endpoints, VPCs, Regions int
	// Local puts the clients on this machine, and those of [Cable], into the
	// first VPC.
	Local bool
}

// String returns the size as a part of a benchmark's name.
func (s Size) String() string {
	return fmt.Sprintf("endpoints=%d/vpcs=%d", s.Endpoints, s.VPCs)
}

// WriteTo writes the topology file. Region r has the orchestra r, padded to
// four digits; endpoint i lives in region i mod Regions; [Size.Linked] says what
// each VPC links.
func (s Size) WriteTo(w io.Writer) (int64, error) {
	counted := &counter{w: w}
	out := bufio.NewWriterSize(counted, 1<<16)
	fmt.Fprintln(out, "regions:")
	for r := range s.Regions {
		fmt.Fprintf(out, "  %s:\n    orchestras: [\"%s\"]\n", Region(r), Orchestra(r))
	}
	fmt.Fprintln(out, "vpcs:")
	for v := range s.VPCs {
		fmt.Fprintf(out, "  vpc-%04d:\n    clients: [%s]\n    links:\n", v, s.clients(v))
		for _, r := range s.Linked(v) {
			addrs := Link(v, r)
			fmt.Fprintf(out, "      %s: [%s, %s]\n", Region(r), addrs[0], addrs[1])
		}
	}
	fmt.Fprintln(out, "custom_endpoints:")
	for i := range s.Endpoints {
		fmt.Fprintf(out, "  %s: %s\n", Label(i), Region(i%s.Regions))
	}
	err := out.Flush()
	return counted.n, err
}

// Region returns the name of a region.
func Region(r int) string { return fmt.Sprintf("aws-region-%02d", r) }

// Orchestra returns the bare id of a region's orchestra.
func Orchestra(r int) string { return fmt.Sprintf("%04d", r) }

// Label returns the label of an endpoint, in the form of Aura's: a name, six
// letters and six digits. Labels are not written in the order in which they
// sort.
func Label(i int) string {
	mixed := uint32(i) * 2654435761 // odd, hence one to one (Knuth, TAOCP 6.4)
	letters := []byte("aaaaaa")
	for k, rest := 0, mixed; k < len(letters); k, rest = k+1, rest/26 {
		letters[k] += byte(rest % 26)
	}
	return fmt.Sprintf("my-endpoint-%s-%06d", letters, i%1_000_000)
}

// Linked returns the regions that a VPC links: the first VPC all, so that it can
// ask for every endpoint, the others LinksPerVPC in a row, counted round.
func (s Size) Linked(vpc int) []int {
	links := min(LinksPerVPC, s.Regions)
	if vpc == 0 {
		links = s.Regions
	}
	linked := make([]int, links)
	for k := range linked {
		linked[k] = (vpc + k) % s.Regions
	}
	return linked
}

// Link returns the addresses of a VPC's private endpoint for a region.
func Link(vpc, region int) [2]netip.Addr {
	subnet := [4]byte{10, byte(vpc >> 8), byte(vpc), byte(region) * 2}
	first := netip.AddrFrom4(subnet)
	return [2]netip.Addr{first, first.Next()}
}

// Client returns an address of a VPC's clients; not of those of [Size.Local].
func Client(vpc int) netip.Addr {
	return netip.AddrFrom4([4]byte{172, 16 + byte(vpc>>8), byte(vpc), 1})
}

// Cable is a network of clients who ask over a link of this machine.
const Cable = "10.99.0.0/16"

func (s Size) clients(vpc int) string {
	if vpc == 0 && s.Local {
		return "127.0.0.0/8, " + Cable
	}
	return netip.PrefixFrom(Client(vpc), 24).Masked().String()
}

// counter counts what is written through it.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
