package tlsprobe_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/auralink/auralink/internal/doctor"
	"github.com/auralink/auralink/internal/doctor/probe/tlsprobe"
)

// authority signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// issue makes a certificate that is valid from and to so many days from the clock.
func issue(t *testing.T, by *authority, ca bool, from, to int, names ...string) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: names,
		NotBefore: clock.AddDate(0, 0, from), NotAfter: clock.AddDate(0, 0, to), IsCA: ca, BasicConstraintsValid: true,
	}
	parent, signer := template, key
	if by != nil {
		parent, signer = by.certificate, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{certificate, key}
}

var clock = time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)

// TestFlaws: each flaw is found, whatever else is wrong.
func TestFlaws(t *testing.T) {
	const name = "abcd1234.production-orch-0000.neo4j.io"
	root := issue(t, nil, true, -900, 900)
	between := issue(t, &root, true, -500, 500)
	old := issue(t, &root, true, -500, -1)
	stranger := issue(t, nil, true, -900, 900)
	leaf := func(by authority, from, to int, names ...string) []*x509.Certificate {
		return []*x509.Certificate{issue(t, &by, false, from, to, names...).certificate, by.certificate}
	}
	wildcard := "*.production-orch-0000.neo4j.io"
	tests := []struct {
		name  string
		chain []*x509.Certificate
		want  []doctor.Flaw
	}{
		{"well", leaf(between, -9, 9, wildcard), nil},
		{"nothing", nil, []doctor.Flaw{doctor.FlawNoStatement}},
		{"expired", leaf(between, -9, -1, wildcard), []doctor.Flaw{doctor.FlawExpired}},
		{"not yet", leaf(between, 1, 9, wildcard), []doctor.Flaw{doctor.FlawNotYet}},
		{"another name", leaf(between, -9, 9, "*.endpoints.neo4j.io"), []doctor.Flaw{doctor.FlawName}},
		{"one label too many", leaf(between, -9, 9, "*.neo4j.io"), []doctor.Flaw{doctor.FlawName}},
		{"another authority", leaf(stranger, -9, 9, wildcard), []doctor.Flaw{doctor.FlawUntrusted}},
		{"without what is between", leaf(between, -9, 9, wildcard)[:1], []doctor.Flaw{doctor.FlawUntrusted}},
		{"what is between has expired", leaf(old, -9, 9, wildcard), []doctor.Flaw{doctor.FlawExpired}},
		{"expired, by another authority, for another name", leaf(stranger, -9, -1, "x.example"), []doctor.Flaw{doctor.FlawExpired, doctor.FlawName, doctor.FlawUntrusted}},
	}
	roots := x509.NewCertPool()
	roots.AddCert(root.certificate)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, says := tlsprobe.Flaws(tt.chain, name, roots, clock)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s\n%s", diff, says)
			}
		})
	}
}
