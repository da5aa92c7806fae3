package tlsprobe_test

import (
	"crypto/tls"
	"encoding/json"
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor/probe/tlsprobe"
	"github.com/auralink/auralink/test/peers"
)

// openSSLSuite finds a suite in what "openssl ciphers -V -stdname" prints.
var openSSLSuite = regexp.MustCompile(`(?m)^\s*0x(..),0x(..) - (TLS_\S+)`)

// TestNamesAsOpenSSL compares the names of suites with those that OpenSSL has.
func TestNamesAsOpenSSL(t *testing.T) {
	openssl := peers.Find(t, "openssl", "openssl")
	out, err := exec.Command(openssl, "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0").Output()
	if err != nil {
		t.Fatal(err)
	}
	found := openSSLSuite.FindAllStringSubmatch(string(out), -1)
	if len(found) < 100 {
		t.Fatalf("openssl knows of %d suites only", len(found))
	}
	for _, match := range found {
		number, err := strconv.ParseUint(match[1]+match[2], 16, 16)
		if err != nil {
			t.Fatal(err)
		}
		if got := tlsprobe.Suite(number).String(); got != match[3] {
			t.Errorf("suite %#04x is %s, and %s in OpenSSL", number, got, match[3])
		}
	}
}

// TestNamesAsGo compares the names of suites with those that crypto/tls has.
func TestNamesAsGo(t *testing.T) {
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if got := tlsprobe.Suite(suite.ID).String(); got != suite.Name {
			t.Errorf("suite %#04x is %s, and %s in crypto/tls", suite.ID, got, suite.Name)
		}
	}
}

func TestTextOfSuitesAndVersions(t *testing.T) {
	type choices struct {
		Suites   []tlsprobe.Suite
		Versions []tlsprobe.Version
	}
	want := choices{
		Suites:   append(tlsprobe.Suites(tlsprobe.TLS12), append(tlsprobe.Suites(tlsprobe.TLS13), 0xFEFE)...),
		Versions: append([]tlsprobe.Version{0x0300}, tlsprobe.Versions...),
	}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got choices
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSuitesOfVersions(t *testing.T) {
	if before, since := len(tlsprobe.Suites(tlsprobe.TLS12)), len(tlsprobe.Suites(tlsprobe.TLS13)); before < 300 || since < 5 || before+since != 350 {
		t.Errorf("there are %d suites before TLS 1.3, and %d for it", before, since)
	}
}

// TestAuraSuites: five suites for TLS 1.2, three for 1.3, nothing older.
func TestAuraSuites(t *testing.T) {
	want := map[tlsprobe.Version][]string{
		tlsprobe.TLS13: {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"},
		tlsprobe.TLS12: {
			"TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
			"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
			"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
		},
	}
	got := make(map[tlsprobe.Version][]string)
	for _, version := range tlsprobe.Versions {
		for _, suite := range tlsprobe.AuraSuites(version) {
			got[version] = append(got[version], suite.String())
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
