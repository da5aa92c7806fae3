//go:build linux

package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/sync/errgroup"

	"github.com/auralink/auralink/test/peers"
)

// figures are what some transfers at a time took.
type figures struct {
	wall, processor time.Duration
	records, octets int // of one of them
	before, during  int // memory in KiB
}

// String returns the figures as columns of the table.
func (f figures) String() string {
	return fmt.Sprintf("%.1f\t%d\t%d\t%.1f\t%d\t%d", f.wall.Seconds(), f.records, f.octets>>20, f.processor.Seconds(), f.before>>10, f.during>>10)
}

// settled is how long a server is left alone before it is measured.
const settled = 10 * time.Second

// transfer has a server transfer the zone several times at once.
func transfer(server *peers.Server, atATime int) (f figures, err error) {
	time.Sleep(settled)
	process := server.Group()
	if f.before, err = memory(process, "VmRSS:"); err != nil {
		return f, err
	}
	// "5" has the kernel begin anew with the most that is in use (proc(5)).
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", process), []byte("5"), 0); err != nil {
		return f, err
	}
	used, err := processorTime(process)
	if err != nil {
		return f, err
	}
	begun := time.Now()
	var group errgroup.Group
	counts := make([][2]int, atATime)
	for i := range counts {
		group.Go(func() (err error) {
			counts[i][0], counts[i][1], err = receive(server.Addr)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return f, err
	}
	f.wall, f.records, f.octets = time.Since(begun), counts[0][0], counts[0][1]
	for _, c := range counts {
		if c != counts[0] {
			return f, fmt.Errorf("transfers differ: %v and %v records and octets", c, counts[0])
		}
	}
	after, err := processorTime(process)
	if err != nil {
		return f, err
	}
	f.processor = after - used
	f.during, err = memory(process, "VmHWM:")
	return f, err
}

// receive receives the zone, and counts its records and octets.
func receive(from netip.AddrPort) (records, octets int, err error) {
	conn, err := net.Dial("tcp", from.String())
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close()
	request, err := new(dns.Msg).SetAxfr(origin).Pack()
	if err != nil {
		return 0, 0, err
	}
	if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(request))), request...)); err != nil {
		return 0, 0, err
	}
	in := bufio.NewReaderSize(conn, 1<<17)
	message := make([]byte, 1<<16)
	for starts := 0; starts < 2; { // the SOA begins and ends it (RFC 5936, section 2.2)
		var length [2]byte
		if _, err := io.ReadFull(in, length[:]); err != nil {
			return 0, 0, err
		}
		message := message[:binary.BigEndian.Uint16(length[:])]
		if _, err := io.ReadFull(in, message); err != nil {
			return 0, 0, err
		}
		n, soas, err := count(message)
		if err != nil {
			return 0, 0, err
		}
		records, octets, starts = records+n, octets+2+len(message), starts+soas
	}
	return records, octets, nil
}

var errMalformed = errors.New("a malformed message, or a refusal")

// count returns how many records a message has in its answer section, and how many of
// these are SOA. Nothing is made of them: the client is not what is measured.
func count(message []byte) (records, soas int, err error) {
	if len(message) < 12 || message[3]&15 != dns.RcodeSuccess {
		return 0, 0, errMalformed
	}
	questions, answers := int(binary.BigEndian.Uint16(message[4:])), int(binary.BigEndian.Uint16(message[6:]))
	rest := message[12:]
	for range questions {
		if rest = afterName(rest); len(rest) < 4 {
			return 0, 0, errMalformed
		}
		rest = rest[4:]
	}
	for range answers {
		if rest = afterName(rest); len(rest) < 10 {
			return 0, 0, errMalformed
		}
		if binary.BigEndian.Uint16(rest) == dns.TypeSOA {
			soas++
		}
		end := 10 + int(binary.BigEndian.Uint16(rest[8:]))
		if len(rest) < end {
			return 0, 0, errMalformed
		}
		rest = rest[end:]
	}
	return answers, soas, nil
}

// afterName returns what is behind a name, or nothing if that is malformed.
func afterName(rest []byte) []byte {
	for len(rest) > 0 {
		switch length := int(rest[0]); {
		case length >= 0xC0: // a pointer ends it (RFC 1035, section 4.1.4)
			return rest[min(2, len(rest)):]
		case length == 0:
			return rest[1:]
		default:
			rest = rest[min(1+length, len(rest)):]
		}
	}
	return nil
}

// memory returns a line of a process's status, in KiB.
func memory(process int, line string) (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), line)
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0, fmt.Errorf("the kernel does not say %s", line)
	}
	return strconv.Atoi(fields[0])
}

// processorTime returns what a process has used (proc(5): utime and stime, in hundredths
// of a second).
func processorTime(process int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", process))
	if err != nil {
		return 0, err
	}
	_, behind, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(behind)
	if len(fields) < 13 {
		return 0, errors.New("the kernel does not say what a process has used")
	}
	user, err := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond, errors.Join(err, err2)
}
