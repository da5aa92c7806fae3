package existing_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/miekg/dns"

	"github.com/auralink/auralink/internal/existing"
	"github.com/auralink/auralink/internal/hint"
)

func TestParseURL(t *testing.T) {
	tests := []struct {
		name, text string
		want       existing.Target
		wrong      string
	}{
		{"a host", "dns://10.0.0.2", existing.Target{Address: "10.0.0.2:53"}, ""},
		{"a port", "dns://ns.example:5353", existing.Target{Address: "ns.example:5353"}, ""},
		{"a final slash", "dns://10.0.0.2/", existing.Target{Address: "10.0.0.2:53"}, ""},
		{"IPv6", "axfr://[fd00::2]:54", existing.Target{Transfer: true, Address: "[fd00::2]:54"}, ""},
		{"a key with a plus sign", "axfr://10.0.0.2?tsig=hmac-sha256:k:a+b/c=", existing.Target{Transfer: true, Address: "10.0.0.2:53", TSIG: "hmac-sha256:k:a+b/c="}, ""},
		{"an escaped key", "axfr://10.0.0.2?tsig=%40a%20key", existing.Target{Transfer: true, Address: "10.0.0.2:53", TSIG: "@a key"}, ""},
		{"IPv6 without brackets", "dns://fd00::2", existing.Target{Address: "[fd00::2]:53"}, ""},
		{"capitals", "DNS://10.0.0.2", existing.Target{Address: "10.0.0.2:53"}, ""},
		{"no host", "dns://", existing.Target{}, `"dns://" is not the URL of a DNS server: it is dns://HOST:PORT, with a host`},
		{"no slashes", "dns:10.0.0.2", existing.Target{}, `"dns:10.0.0.2" is not the URL of a DNS server: it is dns://HOST:PORT`},
		{"a path", "axfr://10.0.0.2/example.org", existing.Target{}, `"axfr://10.0.0.2/example.org" is not the URL of a DNS server: it is axfr://HOST:PORT, without a path`},
		{"a bad port", "dns://10.0.0.2:dns", existing.Target{}, `"dns://10.0.0.2:…" is not the URL of a DNS server: it is dns://HOST:PORT, with a port from 1 to 65535`},
		{"port 0", "dns://10.0.0.2:0", existing.Target{}, `"dns://10.0.0.2:0" is not the URL of a DNS server: it is dns://HOST:PORT, with a port from 1 to 65535`},
		{"another parameter", "axfr://10.0.0.2?key=x", existing.Target{}, `axfr takes one parameter, tsig, the key`},
		{"a key for questions", "dns://10.0.0.2?tsig=x", existing.Target{}, `dns takes no parameters`},
		{"another scheme", "https://10.0.0.2/dns-query", existing.Target{}, `"https://…" is not the URL of a DNS server: it is dns://HOST[:PORT] or axfr://HOST[:PORT], and a file is named by its path`},
		{"no key", "axfr://10.0.0.2?tsig=", existing.Target{}, `the parameter tsig of "axfr://10.0.0.2" is empty`},
		{"two parameters", "axfr://10.0.0.2?tsig=hmac-sha256:k:YQ==&zone=x", existing.Target{}, `axfr takes one parameter, tsig, the key`},
		{"a file with an ampersand", "axfr://10.0.0.2?tsig=@a&b", existing.Target{Transfer: true, Address: "10.0.0.2:53", TSIG: "@a&b"}, ""},
		{"no host of a network", "dns://0.0.0.1", existing.Target{}, `"dns://0.0.0.1" is not the URL of a DNS server: it is dns://HOST:PORT, and that address is in 0.0.0.0/8, where no host is`},
		{"an address of many", "axfr://[ff02::fb]:53", existing.Target{}, `"axfr://[ff02:…" is not the URL of a DNS server: it is axfr://HOST:PORT, and that address is a multicast address`},
		{"this machine", "dns://127.0.0.1", existing.Target{Address: "127.0.0.1:53"}, ""},
		{"a bad escape", "axfr://10.0.0.2?tsig=%zz", existing.Target{}, `the parameter tsig of "axfr://10.0.0.2" has a % that begins no escape`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := existing.ParseURL(tt.text)
			if got != tt.want || message(err) != tt.wrong {
				t.Errorf("%+v, error %v", got, err)
			}
		})
	}
}

// TestParameterMeant: what is said of another parameter than tsig has the one that is known.
func TestParameterMeant(t *testing.T) {
	for text, want := range map[string]string{
		"axfr://10.0.0.2?tsgi=@key":  `did you mean "tsig"? axfr://HOST[:PORT]?tsig=@FILE, where FILE has ALGORITHM:NAME:SECRET`,
		"axfr://10.0.0.2?TSIG=@key":  `did you mean "tsig"? axfr://HOST[:PORT]?tsig=@FILE, where FILE has ALGORITHM:NAME:SECRET`,
		"axfr://10.0.0.2?zone=x":     `axfr://HOST[:PORT]?tsig=@FILE, where FILE has ALGORITHM:NAME:SECRET`,
		"axfr://10.0.0.2?tsig=":      `axfr://HOST[:PORT]?tsig=@FILE, where FILE has ALGORITHM:NAME:SECRET`,
		"axfr://10.0.0.2?tsig=a:b&c": `leave out what begins with the ampersand; axfr://HOST[:PORT]?tsig=@FILE, where FILE has ALGORITHM:NAME:SECRET`,
		"dns://10.0.0.2?tsgi=@key":   `leave out what begins with the question mark; a key is for transfers, axfr://HOST[:PORT]?tsig=@FILE, where FILE has ALGORITHM:NAME:SECRET`,
	} {
		if _, err := existing.ParseURL(text); hint.Of(err) != want {
			t.Errorf("%s: %v, hint %q, want %q", text, err, hint.Of(err), want)
		}
	}
}

// TestSecretsStayHidden: however a URL is mistyped, the secret of its key is in no
// message.
func TestSecretsStayHidden(t *testing.T) {
	const secret = "c2VjcmV0"
	for _, text := range []string{
		"axfr://transfer:" + secret + "@10.0.0.2",
		"axfr://hmac-sha256:transfer:" + secret + "@10.0.0.2:5353",
		"axfr://hmac-sha256:transfer:" + secret + "/x@10.0.0.2",
		"AXFR://transfer:" + secret + "@10.0.0.2",
		"axfr:transfer:" + secret + "@10.0.0.2",
		"axfr:/transfer:" + secret + "@10.0.0.2",
		"axfr://hmac-sha256:transfer:" + secret,
		"axfr://transfer:" + secret,
		"axfr://10.0.0.2:" + secret,
		"axfr://10.0.0.2/hmac-sha256:transfer:" + secret,
		"axfr://10.0.0.2#tsig=" + secret,
		"axfr://10.0.0.2&tsig=" + secret,
		"axfr://10.0.0.2;" + secret,
		"axfr://10.0.0.2?hmac-sha256:transfer:" + secret,
		"axfr://10.0.0.2?" + secret + "=",
		"axfr://10.0.0.2?key=" + secret,
		"axfr://10.0.0.2?tsig=" + secret + "%zz",
		"dns://10.0.0.2?tsig=" + secret,
		"dns://user:" + secret + "@10.0.0.2:99999",
		"http://user:" + secret + "@ns.example/zone",
		"https://ns.example:99999/zone?token=" + secret,
		"tls://" + secret + "@10.0.0.2",
		"etcd://user:" + secret + "@10.0.0.2/prod",
	} {
		_, err := existing.ParseURL(text)
		if err == nil {
			t.Errorf("%s is taken", text)
		}
		if !existing.IsURL(text) || strings.Contains(message(err)+existing.Shown(text), secret) {
			t.Errorf("%s: %v; shown as %s", text, err, existing.Shown(text))
		}
	}
	for _, text := range []string{
		"transfer:" + secret, "transfer:hmac-sha256:" + secret, secret + ":transfer:hmac-sha256", "hmac-sha256:" + secret + ":transfer!", secret,
	} {
		if _, err := existing.ParseKey(text); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("key %s: %v", text, err)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestParseKey(t *testing.T) {
	want := existing.Key{Name: "transfer.", Algorithm: dns.HmacSHA256, Secret: "c2Vj//V0"}
	tests := []struct{ name, text, wrong string }{
		{"in a URL", "hmac-sha256:transfer:c2Vj//V0", ""},
		{"in capitals", "HMAC-SHA256:Transfer:c2Vj//V0", ""},
		{"as tsig-keygen prints it", "key \"transfer\" {\n\talgorithm hmac-sha256;\n\tsecret \"c2Vj//V0\";\n};\n", ""},
		{"without quotes, in a line, commented", "# the key\n/* of\nours */ key transfer { secret c2Vj//V0; algorithm hmac-sha256.; }; // end", ""},
		{"nothing", "", `the TSIG key is neither ALGORITHM:NAME:SECRET nor key "NAME" { algorithm ALGORITHM; secret "SECRET"; };`},
		{"half of it", "transfer:c2Vj//V0", `the TSIG key is neither ALGORITHM:NAME:SECRET nor key "NAME" { algorithm ALGORITHM; secret "SECRET"; };`},
		{"an old algorithm", "hmac-md5:transfer:c2Vj//V0", `unknown algorithm of a TSIG key: it is one of hmac-sha1, -sha224, -sha256, -sha384, -sha512`},
		{"no base64", "hmac-sha256:transfer:secret!", `the secret of the TSIG key is not base64`},
		{"no secret", `key "transfer" { algorithm hmac-sha256; };`, `the secret of the TSIG key is not base64`},
		{"no name", "hmac-sha256::c2Vj//V0", `the name of the TSIG key is not a name`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := existing.ParseKey(tt.text)
			if message(err) != tt.wrong {
				t.Fatalf("error %v", err)
			}
			if err == nil && *got != want {
				t.Errorf("key %+v", got)
			}
			if strings.Contains(message(err), "c2Vj//V0") {
				t.Error("the error has the secret in it")
			}
		})
	}
}

// TestProblem: each problem is one helpful sentence.
func TestProblem(t *testing.T) {
	timeout := &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}
	tests := []struct {
		name    string
		problem existing.Problem
		want    string
	}{
		{
			"SERVFAIL",
			existing.Problem{Rcode: dns.RcodeServerFailure},
			"the server could not answer (SERVFAIL): its log says why; most often it is an upstream that does not answer, or a zone that did not load",
		},
		{
			"REFUSED",
			existing.Problem{Rcode: dns.RcodeRefused},
			"the server refuses (REFUSED): it does not serve this client, or this name; --source chooses the address to ask from",
		},
		{"REFUSED with a key", existing.Problem{Rcode: dns.RcodeRefused, Signed: true}, "the server refuses (REFUSED): it does not let this key have it"},
		{"NOTAUTH", existing.Problem{Rcode: dns.RcodeNotAuth}, "the server is not authoritative for it (NOTAUTH)"},
		{
			"BADKEY",
			existing.Problem{Rcode: dns.RcodeBadKey, Signed: true},
			"the server does not accept the key (BADKEY): are name, algorithm and secret the ones it has, and is the time right?",
		},
		{"another code", existing.Problem{Rcode: dns.RcodeNotImplemented}, "the server answers with the error NOTIMP"},
		{"an unknown code", existing.Problem{Rcode: 3841}, "the server answers with the error RCODE3841"},
		{"no DNS", existing.Problem{}, "it answers with something else: is it a DNS server?"},
		{
			"no answer",
			existing.Problem{Err: timeout},
			"no answer in time: is a DNS server there, and does every firewall between let UDP and TCP through?",
		},
		{"nothing listens", existing.Problem{Err: fmt.Errorf("read: %w", syscall.ECONNREFUSED)}, "nothing listens there: is it the right port?"},
		{"no route", existing.Problem{Err: syscall.EHOSTUNREACH}, "there is no route to it"},
		{"closed", existing.Problem{Err: io.EOF}, "it closed the connection: does it serve this client?"},
		{"not our address", existing.Problem{Err: syscall.EADDRNOTAVAIL}, "the address to ask from is not one of this machine's: --source takes one that is"},
		{"no such host", existing.Problem{Err: &net.DNSError{Name: "ns.invalid"}}, `the host "ns.invalid" has no address: give the server's address itself`},
		{"clocks", existing.Problem{Err: dns.ErrTime}, "the clocks of the two are more than 5 minutes apart, so that the signature is not valid"},
		{"signature", existing.Problem{Err: dns.ErrSig}, "its signature does not fit the key: the secrets differ"},
		{"key", existing.Problem{Err: dns.ErrAuth}, "it does not accept the key: are name, algorithm and secret the ones it has?"},
		{"interrupted", existing.Problem{Err: context.Canceled}, "interrupted"},
		{"anything else", existing.Problem{Err: errors.New("something else")}, "something else"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.problem.Server, tt.problem.Question = "10.0.0.2:53", "the A record of x.example"
			if got, want := tt.problem.Error(), "asking 10.0.0.2:53 for the A record of x.example: "+tt.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}
