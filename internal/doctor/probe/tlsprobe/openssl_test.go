package tlsprobe_test

import (
	"cmp"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"encoding/xml"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor/probe/tlsprobe"
	"github.com/auralink/auralink/test/peers"
)

// all is what OpenSSL calls all the suites that it has.
const all = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"

// servers are the servers of OpenSSL that a scan is judged by, each with a
// certificate with an RSA key and one with an ECDSA key, if nothing else is said.
var servers = []struct {
	name string
	args []string
}{
	{"as it comes", nil},
	{"everything", []string{"-cipher", all, "-min_protocol", "TLSv1", "-ciphersuites", "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256"}},
	{"Aura's list", []string{"-cipher", "DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES256-GCM-SHA384", "-min_protocol", "TLSv1.2"}},
	{"1.0 alone", []string{"-tls1", "-cipher", all}},
	{"1.1 alone", []string{"-tls1_1", "-cipher", all}},
	{"1.2 alone", []string{"-tls1_2", "-cipher", all}},
	{"1.3 alone", []string{"-tls1_3"}},
	{"1.3 of another curve", []string{"-tls1_3", "-groups", "P-384"}},
	{"1.3 with one suite", []string{"-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"}},
	{"static RSA", []string{"-tls1_2", "-cipher", "kRSA:@SECLEVEL=0"}},
	{"DHE", []string{"-no_tls1_3", "-min_protocol", "TLSv1", "-cipher", "kDHE:@SECLEVEL=0"}},
	{"one CBC suite", []string{"-tls1_2", "-cipher", "AES128-SHA"}},
	{"anonymous and NULL", []string{"-tls1_2", "-cipher", "aNULL:eNULL:@SECLEVEL=0"}},
	{"the server's preference", []string{"-cipher", all, "-serverpref", "-min_protocol", "TLSv1"}},
}

// TestScanAsSSLScan compares what a scan finds at OpenSSL's servers with what
// sslscan finds there.
func TestScanAsSSLScan(t *testing.T) {
	if testing.Short() {
		t.Skip("makes hundreds of handshakes")
	}
	openssl, sslscan := peers.Find(t, "openssl", "openssl"), peers.Find(t, "sslscan", "sslscan")
	certificates := writeCertificates(t)
	for _, server := range servers {
		t.Run(server.name, func(t *testing.T) {
			at := startOpenSSL(t, openssl, append(certificates, server.args...))
			got := scan(t, at)
			if diff := gocmp.Diff(judged(t, sslscan, at), choices(got.Accepted)); diff != "" {
				t.Errorf("(-sslscan +ours)\n%s", diff)
			}
			if len(got.Unanswered) > 0 || got.Err != nil || !got.Spoke {
				t.Errorf("%d are unanswered: %v; spoke is %t", len(got.Unanswered), got.Err, got.Spoke)
			}
			t.Logf("%d accepted by %d offers", len(got.Accepted), got.Offers)
		})
	}
}

func scan(t *testing.T, at string) tlsprobe.Result {
	t.Helper()
	return tlsprobe.Scan{
		Dial: func(ctx context.Context) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", at)
		},
		ServerName: "abcd1234.production-orch-0000.neo4j.io",
		Patience:   20 * time.Second,
		Parallel:   8,
	}.Run(t.Context())
}

// startOpenSSL starts openssl s_server, which ends with the test.
func startOpenSSL(t *testing.T, openssl string, args []string) string {
	t.Helper()
	at := peers.FreePort(t, peers.Loopback()).String()
	cmd := exec.Command(openssl, append([]string{"s_server", "-accept", at, "-quiet", "-www"}, args...)...)
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		if t.Failed() {
			t.Logf("openssl logged:\n%.2000s", log.String())
		}
	})
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if conn, err := net.Dial("tcp", at); err == nil {
			_ = conn.Close()
			return at
		}
	}
	t.Fatalf("openssl s_server does not listen: %s", log.String())
	return ""
}

// judged returns what sslscan says that the server accepts.
func judged(t *testing.T, sslscan, at string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.xml")
	if out, err := exec.Command(sslscan, "--xml="+file, "--no-check-certificate", "--no-fallback", "--no-heartbleed", "--no-groups", "--no-renegotiation", "--no-compression", at).CombinedOutput(); err != nil {
		t.Fatalf("sslscan: %v\n%s", err, out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Ciphers []struct {
			Version string `xml:"sslversion,attr"`
			ID      string `xml:"id,attr"`
		} `xml:"ssltest>cipher"`
	}
	if err := xml.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	var found []tlsprobe.Choice
	for _, cipher := range report.Ciphers {
		var choice tlsprobe.Choice
		if err := choice.Version.UnmarshalText([]byte(strings.Replace(cipher.Version, "TLSv", "TLS ", 1))); err != nil {
			t.Fatal(err)
		}
		if err := choice.Suite.UnmarshalText([]byte("suite " + cipher.ID)); err != nil {
			t.Fatal(err)
		}
		found = append(found, choice)
	}
	return choices(found)
}

// choices returns choices as texts, sorted by version and number.
func choices(all []tlsprobe.Choice) []string {
	all = slices.SortedFunc(slices.Values(all), func(a, b tlsprobe.Choice) int {
		return cmp.Or(cmp.Compare(a.Version, b.Version), cmp.Compare(a.Suite, b.Suite))
	})
	var texts []string
	for _, choice := range all {
		texts = append(texts, fmt.Sprintf("%s %s", choice.Version, choice.Suite))
	}
	return texts
}

// writeCertificates writes a certificate with an RSA key and one with an ECDSA
// key, and returns the arguments with which openssl s_server takes both.
func writeCertificates(t *testing.T) []string {
	t.Helper()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecdsaKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	one, other := writeCertificate(t, "rsa", rsaKey), writeCertificate(t, "ecdsa", ecdsaKey)
	return []string{"-cert", one, "-key", one, "-dcert", other, "-dkey", other}
}

// writeCertificate writes a certificate and its key into one file.
func writeCertificate(t *testing.T, name string, key crypto.Signer) string {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     []string{"*.production-orch-0000.neo4j.io"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	text = append(text, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	path := filepath.Join(t.TempDir(), name+".pem")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
