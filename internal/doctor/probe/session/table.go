package session

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/auralink/auralink/internal/dnsname"
	"github.com/auralink/auralink/internal/doctor"
)

// tableReader reads the routing table, which the driver keeps to itself, from what it
// logs of the server's messages. It takes no notice of the client's, in which there
// are credentials.
type tableReader struct {
	mu      sync.Mutex
	ttl     int64
	servers []doctor.RouteServer
}

// LogClientMessage implements the driver's log.BoltLogger.
func (*tableReader) LogClientMessage(string, string, ...any) {}

// LogServerMessage implements the driver's log.BoltLogger. The first table counts.
func (t *tableReader) LogServerMessage(_, message string, args ...any) {
	if !strings.HasPrefix(message, "SUCCESS") || len(args) != 1 {
		return
	}
	var success struct {
		Table *struct {
			TTL                       int64
			Routers, Readers, Writers []string
		} `json:"routing_table"`
	}
	if json.Unmarshal([]byte(fmt.Sprint(args[0])), &success) != nil || success.Table == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.servers != nil {
		return
	}
	t.ttl = success.Table.TTL
	t.add("ROUTE", success.Table.Routers)
	t.add("READ", success.Table.Readers)
	t.add("WRITE", success.Table.Writers)
	slices.SortStableFunc(t.servers, func(a, b doctor.RouteServer) int {
		return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.Host, b.Host), cmp.Compare(a.Port, b.Port))
	})
}

func (t *tableReader) add(role string, addresses []string) {
	for _, address := range addresses {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			host, port = address, strconv.Itoa(doctor.PortBolt)
		}
		number, _ := strconv.ParseUint(port, 10, 16) // 0 is no port, and shows it
		t.servers = append(t.servers, doctor.RouteServer{Role: role, Host: dnsname.TrimDot(dnsname.Lower(host)), Port: uint16(number)})
	}
}
