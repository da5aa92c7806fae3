package fleet_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/fleet"
	"github.com/auralink/auralink/internal/hint"
)

func TestParseAddress(t *testing.T) {
	tests := []struct {
		url     string
		want    fleet.Address
		wantErr string
	}{
		{url: "etcd://a/prod", want: fleet.Address{Endpoints: []string{"a:2379"}, Prefix: "/prod"}},
		{url: "etcd://a:1,b,10.0.0.1:3/x/y/", want: fleet.Address{Endpoints: []string{"a:1", "b:2379", "10.0.0.1:3"}, Prefix: "/x/y"}},
		{url: "etcd://[::1]:7,[fd00::1],fd00::2/p", want: fleet.Address{Endpoints: []string{"[::1]:7", "[fd00::1]:2379", "[fd00::2]:2379"}, Prefix: "/p"}},
		{url: "etcd://a", wantErr: `"etcd://a" has no prefix that can be`},
		{url: "etcd://a/", wantErr: `"etcd://a/" has no prefix that can be`},
		{url: "etcd://a/x//y", wantErr: `"etcd://a/x//y" has no prefix that can be`},
		{url: "etcd://a/x?y=z", wantErr: "the URL of a fleet takes no parameters"},
		{url: "etcd://a/x?user=me:secret", wantErr: "the URL of a fleet takes no parameters"},
		{url: "etcd://a/x#secret", wantErr: "the URL of a fleet takes no parameters"},
		{url: "etcd://[::1/p", wantErr: `"etcd://[::1/p": "[::1" is not HOST[:PORT]`},
		{url: "etcd://::1]:2379/p", wantErr: `"etcd://::1]:2379/p": "::1]:2379" is not HOST[:PORT]`},
		{url: "etcd://a:2379x/p", wantErr: `"etcd://a:2379x/p": "2379x" is no port`},
		{url: "etcd://a:65536/p", wantErr: `"etcd://a:65536/p": "65536" is no port`},
		{url: "etcd:///p", wantErr: `"etcd:///p": ":2379" is not HOST[:PORT]`},
		{url: "etcd://a,,b/p", wantErr: `"etcd://a,,b/p": ":2379" is not HOST[:PORT]`},
		{url: "etcd://:2379/p", wantErr: `"etcd://:2379/p": ":2379" is not HOST[:PORT]`},
		{url: "ETCD://a/p", want: fleet.Address{Endpoints: []string{"a:2379"}, Prefix: "/p"}},
		{url: "etcd://a:99999/p", wantErr: `"etcd://a:99999/p": "99999" is no port`},
		{url: "etcd://a:http/p", wantErr: `"etcd://a:http/p": "http" is no port`},
		{url: "http://a/p", wantErr: `"http://a/p" is not the URL of a fleet`},
		{url: "http://me:secret@a/p", wantErr: `"…@a/p" is not the URL of a fleet`},
		{url: "etcd://me:secret@a/p", wantErr: "the URL of a fleet has a user in it"},
	}
	for _, tt := range tests {
		got, err := fleet.ParseAddress(tt.url)
		if tt.wantErr != "" {
			if err == nil || hint.Of(err) == "" || err.Error() != tt.wantErr {
				t.Errorf("%s: error %v, want %s", tt.url, err, tt.wantErr)
			}
			continue
		}
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", tt.url, err, diff)
		}
	}
}

// TestAddressKey: one fleet has one key, however its nodes are listed.
func TestAddressKey(t *testing.T) {
	a, _ := fleet.ParseAddress("etcd://a,b:2379/p/")
	b, _ := fleet.ParseAddress("etcd://b,a:2379/p")
	c, _ := fleet.ParseAddress("etcd://b,a:2379/q")
	if a.Key() != b.Key() || a.Key() == c.Key() {
		t.Errorf("%s, %s, %s", a.Key(), b.Key(), c.Key())
	}
}

// pair writes a certificate that signs itself, and its key.
func pair(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: signed}, key: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// TestOpenRefuses: what cannot be is refused before anybody is asked, and no error has
// what stands in the file of a user.
func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	user, junk := file("user", "me:hunter2\n"), file("junk", "hunter2")
	cert, key := pair(t, dir)
	tests := []struct {
		access fleet.Access
		want   string
	}{
		{fleet.Access{User: user}, "coming to etcd: a user without TLS would send the password for all to read"},
		{fleet.Access{Cert: junk, Key: junk}, "coming to etcd: TLS needs all three"},
		{fleet.Access{Cert: junk, Key: junk, CA: junk}, "coming to etcd: reading the certificate"},
		{fleet.Access{Cert: "/dev/zero", Key: junk, CA: junk}, "coming to etcd: reading the certificate: /dev/zero: it is a device"},
		{fleet.Access{Cert: cert, Key: key, CA: "/dev/zero"}, "coming to etcd: reading the CA: /dev/zero: it is a device"},
		{fleet.Access{Cert: cert, Key: key, CA: cert, User: "/dev/zero"}, "coming to etcd: reading the user: /dev/zero: it is a device"},
	}
	for _, tt := range tests {
		_, err := fleet.Open(fleet.Address{Endpoints: []string{"127.0.0.1:1"}, Prefix: "/p"}, tt.access)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%+v: error %v, want %s", tt.access, err, tt.want)
		}
	}
}
