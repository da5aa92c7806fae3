package tlsprobe

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"github.com/auralink/auralink/internal/doctor"
)

// Describe returns what is to be told of a certificate.
func Describe(c *x509.Certificate) doctor.Certificate {
	sum := sha256.Sum256(c.Raw)
	return doctor.Certificate{
		Subject: c.Subject.String(), Issuer: c.Issuer.String(), Names: c.DNSNames,
		NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC(), SHA256: hex.EncodeToString(sum[:]),
	}
}

// Flaws returns what is wrong with a chain, the server's own certificate first, for a
// name by the clock now: all of it, and what the first check said of it. A chain is
// built to roots, or to the system's if they are nil.
func Flaws(chain []*x509.Certificate, name string, roots *x509.CertPool, now time.Time) (flaws []doctor.Flaw, says string) {
	if len(chain) == 0 {
		return []doctor.Flaw{doctor.FlawNoStatement}, ""
	}
	var errs []error
	note := func(flaw doctor.Flaw, err error) {
		if !slices.Contains(flaws, flaw) {
			flaws, errs = append(flaws, flaw), append(errs, err)
		}
	}
	if flaw, err := untimely(chain, now); err != nil {
		note(flaw, err)
	}
	if err := chain[0].VerifyHostname(name); err != nil {
		note(doctor.FlawName, err)
	}
	if err := vouched(chain, roots, timely(chain, now)); err != nil {
		note(flawOf(err, now), err)
	}
	if len(errs) == 0 {
		return nil, ""
	}
	return flaws, errs[0].Error()
}

// untimely returns the flaw of a chain that has a certificate which is not valid now.
func untimely(chain []*x509.Certificate, now time.Time) (doctor.Flaw, error) {
	for _, c := range chain {
		switch {
		case now.After(c.NotAfter):
			return doctor.FlawExpired, errors.New(c.Subject.String() + " expired on " + c.NotAfter.UTC().Format(time.RFC3339))
		case now.Before(c.NotBefore):
			return doctor.FlawNotYet, errors.New(c.Subject.String() + " is valid from " + c.NotBefore.UTC().Format(time.RFC3339))
		}
	}
	return "", nil
}

// timely returns a time at which all certificates of a chain are valid, the closest to
// now; or now, if there is none.
func timely(chain []*x509.Certificate, now time.Time) time.Time {
	from, to := chain[0].NotBefore, chain[0].NotAfter
	for _, c := range chain[1:] {
		if c.NotBefore.After(from) {
			from = c.NotBefore
		}
		if c.NotAfter.Before(to) {
			to = c.NotAfter
		}
	}
	switch {
	case from.After(to):
		return now
	case now.Before(from):
		return from
	case now.After(to):
		return to
	default:
		return now
	}
}

// vouched returns why no root vouches for a chain at a time.
func vouched(chain []*x509.Certificate, roots *x509.CertPool, at time.Time) error {
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at})
	return err
}

// flawOf says what kind of flaw an error of a verification is.
func flawOf(err error, now time.Time) doctor.Flaw {
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &unknown):
		return doctor.FlawUntrusted
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil && now.Before(invalid.Cert.NotBefore):
		return doctor.FlawNotYet
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return doctor.FlawExpired
	default:
		return doctor.FlawOther
	}
}
