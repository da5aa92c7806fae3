package notify_test

import (
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/notify"
)

const secret = "c2VjcmV0IHNlY3JldCBzZWNyZXQ="

// serve starts a server that knows the key, and answers by the handler.
func serve(t *testing.T, handler dns.HandlerFunc) netip.AddrPort {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{
		PacketConn: conn, Handler: handler, TsigSecret: map[string]string{"transfer.": secret},
		MsgAcceptFunc: func(dns.Header) dns.MsgAcceptAction { return dns.MsgAccept },
	}
	started := make(chan struct{})
	server.NotifyStartedFunc = func() { close(started) }
	go func() { _ = server.ActivateAndServe() }() // ends by Shutdown
	<-started
	t.Cleanup(func() {
		if err := server.Shutdown(); err != nil {
			t.Error(err)
		}
	})
	return conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

// reply answers as a secondary does that has the zone a. and demands the key.
func reply(w dns.ResponseWriter, r *dns.Msg) {
	m := new(dns.Msg).SetReply(r)
	if r.Opcode != dns.OpcodeNotify || r.Question[0].Qtype != dns.TypeSOA || !r.Authoritative {
		m.Rcode = dns.RcodeFormatError
	}
	key := r.IsTsig()
	if key == nil || w.TsigStatus() != nil || r.Question[0].Name != "a." {
		m.Rcode = dns.RcodeNotAuth
	}
	if key != nil && w.TsigStatus() == nil {
		m.SetTsig(key.Hdr.Name, key.Algorithm, 300, time.Now().Unix())
	}
	_ = w.WriteMsg(m) // the client would miss it
}

func TestServer(t *testing.T) {
	key := &notify.Key{Name: "transfer.", Algorithm: dns.HmacSHA256, Secret: secret}
	wrong := &notify.Key{Name: "transfer.", Algorithm: dns.HmacSHA256, Secret: "d3Jvbmc="}
	at := serve(t, reply)
	careless := serve(t, func(w dns.ResponseWriter, r *dns.Msg) { _ = w.WriteMsg(new(dns.Msg).SetReply(r)) })
	closed := serve(t, reply)
	for _, tt := range []struct {
		name    string
		server  notify.Server
		zone    string
		refused bool
		want    string
	}{
		{"signed", notify.Server{Addr: at, Key: key}, "a.", false, ""},
		{"from an address", notify.Server{Addr: at, Key: key, Source: netip.MustParseAddr("127.0.0.9")}, "a.", false, ""},
		{"not signed", notify.Server{Addr: at}, "a.", true, "it answers NOTAUTH for the zone a."},
		{"another secret", notify.Server{Addr: at, Key: wrong}, "a.", true, "it answers NOTAUTH for the zone a."},
		{"another zone", notify.Server{Addr: at, Key: key}, "b.", true, "it answers NOTAUTH for the zone b."},
		{"not asked for a key", notify.Server{Addr: careless}, "a.", false, ""},
		{"a reply without signature", notify.Server{Addr: careless, Key: key}, "a.", false, "the reply is not signed"},
		{"nobody there", notify.Server{Addr: netip.AddrPortFrom(closed.Addr(), 1), Key: key}, "a.", false, "zone a.: "},
	} {
		err := tt.server.Notify(t.Context(), tt.zone)
		refused := (*notify.RefusedError)(nil)
		if errors.As(err, &refused) != tt.refused || (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q (refused: %v)", tt.name, err, tt.want, tt.refused)
		}
	}
}
