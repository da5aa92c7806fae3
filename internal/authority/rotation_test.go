package authority_test

import (
	"encoding/binary"
	"math"
	"net/netip"
	"testing"

	"github.com/auralink/auralink/internal/authority"
)

// asking are ways in which clients ask, each as the i-th question. None has much
// in it that is random.
var asking = []struct {
	name string
	ask  func(i int) (id uint16, client netip.AddrPort)
}{
	{"over DoH, each from the next even port", func(i int) (uint16, netip.AddrPort) {
		return 0, netip.AddrPortFrom(netip.MustParseAddr("10.0.0.7"), uint16(32768+2*i))
	}},
	{"one client, whose IDs count up", func(i int) (uint16, netip.AddrPort) {
		return uint16(i), netip.MustParseAddrPort("10.0.0.7:5353")
	}},
	{"one client, whose IDs are all even", func(i int) (uint16, netip.AddrPort) {
		return uint16(2 * i), netip.MustParseAddrPort("[fd00::7]:40000")
	}},
	{"many clients, one after another, with one ID and port", func(i int) (uint16, netip.AddrPort) {
		return 0, netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 53)
	}},
	{"many networks, one after another, of one client each", func(i int) (uint16, netip.AddrPort) {
		return 0, netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 1}), 53)
	}},
	{"many IPv6 clients, one after another", func(i int) (uint16, netip.AddrPort) {
		octets := netip.MustParseAddr("fd00::").As16()
		binary.BigEndian.PutUint16(octets[14:], uint16(i))
		return 7, netip.AddrPortFrom(netip.AddrFrom16(octets), 53)
	}},
	{"many IPv6 networks, one after another", func(i int) (uint16, netip.AddrPort) {
		octets := netip.MustParseAddr("fd00::1").As16()
		binary.BigEndian.PutUint16(octets[4:], uint16(i))
		return 7, netip.AddrPortFrom(netip.AddrFrom16(octets), 53)
	}},
	{"IDs and ports that count up together", func(i int) (uint16, netip.AddrPort) {
		return uint16(i), netip.AddrPortFrom(netip.MustParseAddr("10.0.0.7"), uint16(i))
	}},
}

// TestRotationSpreads: however clients ask, each address comes first in its share
// of the answers, in the first hundred and in the long run, and the next answer
// begins with any of them alike.
func TestRotationSpreads(t *testing.T) {
	for _, tt := range asking {
		for _, asked := range []int{128, 16384} {
			for _, addrs := range []int{2, 3, 4, 5, 6, 8} {
				firsts, pairs := make([]int, addrs), make([]int, addrs*addrs)
				last := 0
				for i := range asked {
					id, client := tt.ask(i)
					first := int(authority.Rotation(id, client)) % addrs
					firsts[first]++
					pairs[last*addrs+first]++
					last = first
				}
				checkShares(t, tt.name, asked, firsts)
				checkShares(t, tt.name+", in pairs", asked, pairs)
			}
		}
	}
}

// checkShares fails if counts differ from each other as those of a fair draw hardly
// ever do: Pearson's chi-squared is then normal in good approximation, with the
// mean and half of the variance being the degrees of freedom. Five standard
// deviations are once in millions.
func checkShares(t *testing.T, what string, asked int, counts []int) {
	t.Helper()
	freedom, share := float64(len(counts)-1), float64(asked)/float64(len(counts))
	squared := 0.0
	for _, n := range counts {
		squared += (float64(n) - share) * (float64(n) - share) / share
	}
	if limit := freedom + 5*math.Sqrt(2*freedom) + 10; squared > limit {
		t.Errorf("%s, %d times: %d, chi-squared %.0f, more than %.0f", what, asked, counts, squared, limit)
	}
}

// TestRotationIsTheClients: a client has one rotation, however a socket spells its
// address.
func TestRotationIsTheClients(t *testing.T) {
	for _, same := range [][2]string{
		{"10.0.0.7:5353", "[::ffff:10.0.0.7]:5353"},
		{"[fe80::7]:5353", "[fe80::7%eth0]:5353"},
	} {
		for id := range uint16(100) {
			one, other := netip.MustParseAddrPort(same[0]), netip.MustParseAddrPort(same[1])
			if authority.Rotation(id, one) != authority.Rotation(id, other) {
				t.Fatalf("%s and %s have other answers", one, other)
			}
		}
	}
}

func BenchmarkRotation(b *testing.B) {
	client := netip.MustParseAddrPort("10.0.0.7:5353")
	sum, id := uint16(0), uint16(0)
	for b.Loop() {
		sum += authority.Rotation(id, client)
		id++
	}
	if sum == 0 {
		b.Log("it is possible")
	}
}
