package standin

import (
	"fmt"
	"net"
	"strings"
)

// session is one Bolt connection.
type session struct {
	ingress   *Ingress
	conn      net.Conn
	behaviour *Behaviour
	name      string // the server name that the client asked for
	at        server
	minor     int

	failed     bool // until the client resets it
	authorized bool
	mode       string // of the transaction that is open: "r" or "w"
	record     bool   // a record waits to be pulled
}

// answer returns what is answered to a message.
func (s *session) answer(message structure) []byte {
	if message.tag == msgReset {
		s.failed, s.mode, s.record = false, "", false
		return success(nil)
	}
	if s.failed {
		return appendMessage(nil, structure{tag: msgIgnored})
	}
	if !s.authorized && message.tag != msgHello && message.tag != msgLogon {
		return s.fail("Neo.ClientError.Request.Invalid", "log on first")
	}
	switch message.tag {
	case msgHello:
		return s.hello(message)
	case msgLogon:
		return s.logon(message)
	case msgLogoff:
		s.authorized = false
		return success(nil)
	case msgRoute:
		return s.route()
	default:
		return s.transact(message)
	}
}

// transact answers a message that is about a transaction.
func (s *session) transact(message structure) []byte {
	switch message.tag {
	case msgBegin:
		s.mode = modeOf(message, 0)
		return success(nil)
	case msgRun:
		return s.run(message)
	case msgPull, msgDiscard:
		return s.pull(message.tag == msgPull)
	case msgCommit:
		s.mode = ""
		return success(map[string]any{"bookmark": "lab:1"})
	case msgRollback, msgTelemetry:
		s.mode = ""
		return success(nil)
	default:
		return s.fail("Neo.ClientError.Request.Invalid", fmt.Sprintf("no such message: %#02x", message.tag))
	}
}

func success(metadata map[string]any) []byte {
	return appendMessage(nil, structure{tag: msgSuccess, fields: []any{metadata}})
}

func (s *session) fail(code, message string) []byte {
	s.failed = true
	return appendMessage(nil, structure{tag: msgFailure, fields: []any{map[string]any{"code": code, "message": message}}})
}

// field returns a field of a message that is a map.
func field(message structure, i int) map[string]any {
	if i >= len(message.fields) {
		return nil
	}
	m, _ := message.fields[i].(map[string]any)
	return m
}

// modeOf returns the access mode in a field of a message. To write is the default.
func modeOf(message structure, i int) string {
	if mode, _ := field(message, i)["mode"].(string); mode == "r" {
		return "r"
	}
	return "w"
}

// hello answers the first message, which until Bolt 5.0 has the credentials in it.
func (s *session) hello(message structure) []byte {
	if s.minor == 0 && !authentic(field(message, 0)) {
		return s.unauthorized()
	}
	s.authorized = s.minor == 0
	return success(map[string]any{"server": "Neo4j/" + serverVersion, "connection_id": "bolt-1", "hints": map[string]any{}})
}

func (s *session) logon(message structure) []byte {
	if !authentic(field(message, 0)) {
		return s.unauthorized()
	}
	s.authorized = true
	return success(nil)
}

func authentic(credentials map[string]any) bool {
	return credentials["principal"] == "neo4j" && credentials["credentials"] == Password
}

func (s *session) unauthorized() []byte {
	return s.fail("Neo.ClientError.Security.Unauthorized", "The client is unauthorized due to authentication failure.")
}

// routingTTL is how long a routing table may be used, in seconds: short, so that
// drivers under test ask again.
const routingTTL = 5

// route answers with the servers of the database, by their names.
func (s *session) route() []byte {
	s.ingress.region.count(func(t *Tally) map[string]int { return t.Routes }, s.name)
	hosts := s.ingress.region.servers(s.at.database)
	port := fmt.Sprintf(":%d", s.ingress.bolt.Port)
	var all, readers, writers []any
	for i, host := range hosts {
		all = append(all, host+port)
		if i > 0 && !s.behaviour.NoReader {
			readers = append(readers, host+port)
		}
		if i == 0 && !s.behaviour.NoWriter {
			writers = append(writers, host+port)
		}
	}
	if further := s.behaviour.FurtherReader; further != "" {
		readers = append(readers, further+port)
	}
	return success(map[string]any{"rt": map[string]any{"ttl": routingTTL, "db": "neo4j", "servers": []any{
		map[string]any{"role": "ROUTE", "addresses": all},
		map[string]any{"role": "READ", "addresses": readers},
		map[string]any{"role": "WRITE", "addresses": writers},
	}}})
}

// fields are the columns of every result.
var fields = []any{"region", "host", "mode"}

// run takes a query. A reader takes no transaction that may write, and neither does
// any server a query that writes in a transaction that may not.
func (s *session) run(message structure) []byte {
	mode := s.mode
	if mode == "" {
		mode = modeOf(message, 2)
	}
	query := ""
	if len(message.fields) > 0 {
		query, _ = message.fields[0].(string)
	}
	switch {
	case s.behaviour.Unavailable:
		return s.fail("Neo.TransientError.General.DatabaseUnavailable", "The database is not available.")
	case s.at.reader && mode == "w":
		return s.fail("Neo.ClientError.Cluster.NotALeader", "No write operations are allowed directly on this server.")
	case mode == "r" && strings.HasPrefix(strings.ToUpper(query), "CREATE"):
		return s.fail("Neo.ClientError.Statement.AccessMode", "Writing in read access mode not allowed.")
	case mode == "r":
		s.ingress.region.count(func(t *Tally) map[string]int { return t.Reads }, s.name)
	default:
		s.ingress.region.count(func(t *Tally) map[string]int { return t.Writes }, s.name)
	}
	s.ingress.region.count(func(t *Tally) map[string]int { return t.Addresses }, s.ingress.bolt.IP.String())
	s.record = true
	return success(map[string]any{"fields": fields, "t_first": 0})
}

// pull answers with the one record that says where this is.
func (s *session) pull(wanted bool) []byte {
	if !s.record {
		return s.fail("Neo.ClientError.Request.Invalid", "there is no result")
	}
	s.record = false
	mode := "w"
	if s.at.reader {
		mode = "r"
	}
	var answer []byte
	if wanted {
		answer = appendMessage(nil, structure{tag: msgRecord, fields: []any{[]any{s.ingress.region.Label, s.name, mode}}})
	}
	return append(answer, success(map[string]any{"type": "r", "t_last": 0, "db": "neo4j", "bookmark": "lab:1"})...)
}
