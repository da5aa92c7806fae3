package tlsprobe_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"testing"
	"time"

	"github.com/auralink/auralink/internal/doctor/probe/tlsprobe"
)

// serverHello returns a record with a ServerHello of a version and a suite.
func serverHello(version, suite uint16) string {
	body := string([]byte{byte(version >> 8), byte(version)}) + string(make([]byte, 32)) + "\x00" + string([]byte{byte(suite >> 8), byte(suite), 0})
	message := "\x02\x00\x00" + string([]byte{byte(len(body))}) + body
	return "\x16\x03\x03\x00" + string([]byte{byte(len(message))}) + message
}

// TestAsk: what is made of all that a server may say.
func TestAsk(t *testing.T) {
	const suite = tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
	hello := serverHello(0x0303, suite)
	tests := []struct {
		name, says string
		want       tlsprobe.Reaction
	}{
		{"it accepts", hello, tlsprobe.Accepted},
		{"it accepts after a warning", "\x15\x03\x03\x00\x02\x01\x70" + hello, tlsprobe.Accepted},
		{"in two records", hello[:3] + "\x00\x08" + hello[5:13] + "\x16\x03\x03\x00" + string([]byte{byte(len(hello) - 13)}) + hello[13:], tlsprobe.Accepted},
		{"an older version", serverHello(0x0301, suite), tlsprobe.Declined},
		{"an alert", "\x15\x03\x03\x00\x02\x02\x28", tlsprobe.Declined},
		{"it closes", "", tlsprobe.Declined},
		{"it closes in the middle", hello[:20], tlsprobe.Declined},
		{"another suite", serverHello(0x0303, tls.TLS_RSA_WITH_AES_128_CBC_SHA), tlsprobe.Unanswered},
		{"HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", tlsprobe.Unanswered},
		{"another message", "\x16\x03\x03\x00\x04\x0b\x00\x00\x00", tlsprobe.Unanswered},
		{"an empty ServerHello", "\x16\x03\x03\x00\x04\x02\x00\x00\x00", tlsprobe.Unanswered},
		{"an empty record", "\x16\x03\x03\x00\x00", tlsprobe.Unanswered},
		{"an alert of three octets", "\x15\x03\x03\x00\x03\x02\x28\x00", tlsprobe.Unanswered},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dial := func(context.Context) (net.Conn, error) { return says(tt.says), nil }
			offer := tlsprobe.Offer{Version: tlsprobe.TLS12, Suites: []tlsprobe.Suite{tlsprobe.Suite(suite)}}
			if got := tlsprobe.Ask(t.Context(), dial, offer, 20*time.Second); got.Reaction != tt.want {
				t.Errorf("%s, want %s: %v", got.Reaction, tt.want, got.Err)
			}
		})
	}
}

// says returns a connection whose other side reads what comes, and says a text.
func says(text string) net.Conn {
	ours, theirs := net.Pipe()
	go func() {
		_, _ = theirs.Read(make([]byte, 1<<15)) // a hello is written at once
		_, _ = io.WriteString(theirs, text)     // or the test has read enough
		_ = theirs.Close()
	}()
	return ours
}

// TestScanOfNobody: a server that says nothing is not waited for again and again.
func TestScanOfNobody(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	result := tlsprobe.Scan{
		Dial: func(ctx context.Context) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", listener.Addr().String())
		},
		Patience: 100 * time.Millisecond, Parallel: 8,
	}.Run(t.Context())
	if result.Offers != 2 || result.Spoke || len(result.Accepted) > 0 || len(result.Unanswered) < 900 || result.Err == nil {
		t.Errorf("%d offers, spoke is %t, %d accepted, %d unanswered: %v", result.Offers, result.Spoke, len(result.Accepted), len(result.Unanswered), result.Err)
	}
}
